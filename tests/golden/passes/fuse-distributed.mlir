// RUN: fuse-distributed
func.func @main(%x: !daphne.Matrix<100x3xf64>, %u: !daphne.Matrix<?x?xf64>, %v: !daphne.Matrix<100x1xf64>) -> (!daphne.Matrix<3x3xf64>, !daphne.Matrix<3x1xf64>, !daphne.Matrix<3x100xf64>, !daphne.Matrix<1x3xf64>, !daphne.Matrix<1x?xsi64>, !daphne.Matrix<?x?xf64>, f64) {
  %yes = "daphne.constant"() <{value = true}> : () -> i1
  %a = "daphne.ewSqrt"(%x) : (!daphne.Matrix<100x3xf64>) -> !daphne.Matrix<100x3xf64>
  %0 = "daphne.syrk"(%a, %yes) : (!daphne.Matrix<100x3xf64>, i1) -> !daphne.Matrix<3x3xf64>
  %1 = "daphne.gemv"(%a, %v) : (!daphne.Matrix<100x3xf64>, !daphne.Matrix<100x1xf64>) -> !daphne.Matrix<3x1xf64>
  %2 = "daphne.transpose"(%a) : (!daphne.Matrix<100x3xf64>) -> !daphne.Matrix<3x100xf64>
  // A range that begins with a nan would keep it, the whole column would not.
  %3 = "daphne.minCol"(%a) : (!daphne.Matrix<100x3xf64>) -> !daphne.Matrix<1x3xf64>
  %i = "daphne.cast"(%u) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xsi64>
  %4 = "daphne.minCol"(%i) : (!daphne.Matrix<?x?xsi64>) -> !daphne.Matrix<1x?xsi64>
  %5 = "daphne.colBind"(%u, %u) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
  %6 = "daphne.maxAll"(%5) : (!daphne.Matrix<?x?xf64>) -> f64
  "daphne.return"(%0, %1, %2, %3, %4, %5, %6) : (!daphne.Matrix<3x3xf64>, !daphne.Matrix<3x1xf64>, !daphne.Matrix<3x100xf64>, !daphne.Matrix<1x3xf64>, !daphne.Matrix<1x?xsi64>, !daphne.Matrix<?x?xf64>, f64) -> ()
}
// X'Y is the sum of the products of row ranges; with Y' it would not be.
func.func @products(%x: !daphne.Matrix<?x5xf64>) -> (!daphne.Matrix<5x?xf64>, !daphne.Matrix<5x?xf64>) {
  %yes = "daphne.constant"() <{value = true}> : () -> i1
  %no = "daphne.constant"() <{value = false}> : () -> i1
  %a = "daphne.ewExp"(%x) : (!daphne.Matrix<?x5xf64>) -> !daphne.Matrix<?x5xf64>
  %b = "daphne.colBind"(%a, %x) : (!daphne.Matrix<?x5xf64>, !daphne.Matrix<?x5xf64>) -> !daphne.Matrix<?x?xf64>
  %0 = "daphne.matMul"(%a, %b, %yes, %no) : (!daphne.Matrix<?x5xf64>, !daphne.Matrix<?x?xf64>, i1, i1) -> !daphne.Matrix<5x?xf64>
  %1 = "daphne.matMul"(%x, %b, %yes, %yes) : (!daphne.Matrix<?x5xf64>, !daphne.Matrix<?x?xf64>, i1, i1) -> !daphne.Matrix<5x?xf64>
  "daphne.return"(%0, %1) : (!daphne.Matrix<5x?xf64>, !daphne.Matrix<5x?xf64>) -> ()
}
// Columns are selected where they were made, and not of what lies here.
func.func @selected(%x: !daphne.Matrix<?x6xf64>, %at: !daphne.Matrix<2x1xsi64>) -> (!daphne.Matrix<?x2xf64>, !daphne.Matrix<?x2xf64>, !daphne.Matrix<?x2xf64>) {
  %one = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %three = "daphne.constant"() <{value = 3 : si64}> : () -> si64
  %a = "daphne.ewExp"(%x) : (!daphne.Matrix<?x6xf64>) -> !daphne.Matrix<?x6xf64>
  %0 = "daphne.sliceCol"(%a, %one, %three) : (!daphne.Matrix<?x6xf64>, si64, si64) -> !daphne.Matrix<?x2xf64>
  %1 = "daphne.extractCol"(%a, %at) : (!daphne.Matrix<?x6xf64>, !daphne.Matrix<2x1xsi64>) -> !daphne.Matrix<?x2xf64>
  %2 = "daphne.sliceCol"(%x, %one, %three) : (!daphne.Matrix<?x6xf64>, si64, si64) -> !daphne.Matrix<?x2xf64>
  "daphne.return"(%0, %1, %2) : (!daphne.Matrix<?x2xf64>, !daphne.Matrix<?x2xf64>, !daphne.Matrix<?x2xf64>) -> ()
}
// ----
func.func @main(%arg0: !daphne.Matrix<100x3xf64>, %arg1: !daphne.Matrix<?x?xf64>, %arg2: !daphne.Matrix<100x1xf64>) -> (!daphne.Matrix<3x3xf64>, !daphne.Matrix<3x1xf64>, !daphne.Matrix<3x100xf64>, !daphne.Matrix<1x3xf64>, !daphne.Matrix<1x?xsi64>, !daphne.Matrix<?x?xf64>, f64) {
  %0 = "daphne.constant"() <{value = true}> : () -> i1
  %1 = "daphne.constant"() <{value = 100 : index}> : () -> index
  %2 = "daphne.constant"() <{value = 3 : index}> : () -> index
  %3 = "daphne.constant"() <{value = 3 : index}> : () -> index
  %4 = "daphne.constant"() <{value = 3 : index}> : () -> index
  %5 = "daphne.constant"() <{value = 3 : index}> : () -> index
  %6 = "daphne.constant"() <{value = 3 : index}> : () -> index
  %7 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %8 = "daphne.constant"() <{value = 100 : index}> : () -> index
  %9:4 = "daphne.vectorizedPipeline"(%arg0, %arg2, %1, %2, %3, %4, %5, %6, %7, %8) <{combines = [#daphne<vec_combine ROWS>, #daphne<vec_combine ADD>, #daphne<vec_combine ADD>, #daphne<vec_combine COLS>], operandSegmentSizes = array<i32: 2, 4, 4>, splits = [#daphne<vec_split ROWS>, #daphne<vec_split ROWS>]}> ({
  ^bb0(%arg3: !daphne.Matrix<?x3xf64>, %arg4: !daphne.Matrix<?x1xf64>):
    %23 = "daphne.constant"() <{value = true}> : () -> i1
    %24 = "daphne.ewSqrt"(%arg3) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x?xf64>
    %25 = "daphne.syrk"(%24, %23) : (!daphne.Matrix<?x?xf64>, i1) -> !daphne.Matrix<?x?xf64>
    %26 = "daphne.gemv"(%24, %arg4) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x1xf64>) -> !daphne.Matrix<?x?xf64>
    %27 = "daphne.transpose"(%24) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%24, %25, %26, %27) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<100x3xf64>, !daphne.Matrix<100x1xf64>, index, index, index, index, index, index, index, index) -> (!daphne.Matrix<100x3xf64>, !daphne.Matrix<3x3xf64>, !daphne.Matrix<3x1xf64>, !daphne.Matrix<3x100xf64>)
  %10 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %11 = "daphne.constant"() <{value = 3 : index}> : () -> index
  %12 = "daphne.vectorizedPipeline"(%9#0, %10, %11) <{combines = [#daphne<vec_combine COLS>], operandSegmentSizes = array<i32: 1, 1, 1>, splits = [#daphne<vec_split COLS>]}> ({
  ^bb0(%arg3: !daphne.Matrix<100x?xf64>):
    %23 = "daphne.minCol"(%arg3) : (!daphne.Matrix<100x?xf64>) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%23) : (!daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<100x3xf64>, index, index) -> !daphne.Matrix<1x3xf64>
  %13 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %14 = "daphne.numRows"(%arg1) : (!daphne.Matrix<?x?xf64>) -> index
  %15 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %16 = "daphne.numCols"(%arg1) : (!daphne.Matrix<?x?xf64>) -> index
  %17 = "daphne.numCols"(%arg1) : (!daphne.Matrix<?x?xf64>) -> index
  %18 = "daphne.numCols"(%arg1) : (!daphne.Matrix<?x?xf64>) -> index
  %19 = "daphne.ewAdd"(%17, %18) : (index, index) -> index
  %20 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %21:3 = "daphne.vectorizedPipeline"(%arg1, %13, %14, %15, %16, %19, %20) <{combines = [#daphne<vec_combine MIN>, #daphne<vec_combine ROWS>, #daphne<vec_combine MAX>], operandSegmentSizes = array<i32: 1, 3, 3>, splits = [#daphne<vec_split ROWS>]}> ({
  ^bb0(%arg3: !daphne.Matrix<?x?xf64>):
    %23 = "daphne.cast"(%arg3) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xsi64>
    %24 = "daphne.minCol"(%23) : (!daphne.Matrix<?x?xsi64>) -> !daphne.Matrix<?x?xsi64>
    %25 = "daphne.colBind"(%arg3, %arg3) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    %26 = "daphne.maxAll"(%25) : (!daphne.Matrix<?x?xf64>) -> f64
    %27 = "daphne.cast"(%26) : (f64) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%24, %25, %27) : (!daphne.Matrix<?x?xsi64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<?x?xf64>, index, index, index, index, index, index) -> (!daphne.Matrix<1x?xsi64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<1x1xf64>)
  %22 = "daphne.cast"(%21#2) : (!daphne.Matrix<1x1xf64>) -> f64
  "daphne.return"(%9#1, %9#2, %9#3, %12, %21#0, %21#1, %22) : (!daphne.Matrix<3x3xf64>, !daphne.Matrix<3x1xf64>, !daphne.Matrix<3x100xf64>, !daphne.Matrix<1x3xf64>, !daphne.Matrix<1x?xsi64>, !daphne.Matrix<?x?xf64>, f64) -> ()
}
func.func @products(%arg0: !daphne.Matrix<?x5xf64>) -> (!daphne.Matrix<5x?xf64>, !daphne.Matrix<5x?xf64>) {
  %0 = "daphne.constant"() <{value = true}> : () -> i1
  %1 = "daphne.constant"() <{value = false}> : () -> i1
  %2 = "daphne.numRows"(%arg0) : (!daphne.Matrix<?x5xf64>) -> index
  %3 = "daphne.constant"() <{value = 5 : index}> : () -> index
  %4 = "daphne.constant"() <{value = 5 : index}> : () -> index
  %5 = "daphne.constant"() <{value = 5 : index}> : () -> index
  %6 = "daphne.ewAdd"(%4, %5) : (index, index) -> index
  %7 = "daphne.constant"() <{value = 5 : index}> : () -> index
  %8 = "daphne.constant"() <{value = 5 : index}> : () -> index
  %9 = "daphne.ewAdd"(%7, %8) : (index, index) -> index
  %10:2 = "daphne.vectorizedPipeline"(%arg0, %2, %3, %6, %9) <{combines = [#daphne<vec_combine ROWS>, #daphne<vec_combine ADD>], operandSegmentSizes = array<i32: 1, 2, 2>, splits = [#daphne<vec_split ROWS>]}> ({
  ^bb0(%arg1: !daphne.Matrix<?x5xf64>):
    %12 = "daphne.constant"() <{value = true}> : () -> i1
    %13 = "daphne.constant"() <{value = false}> : () -> i1
    %14 = "daphne.ewExp"(%arg1) : (!daphne.Matrix<?x5xf64>) -> !daphne.Matrix<?x?xf64>
    %15 = "daphne.colBind"(%14, %arg1) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x5xf64>) -> !daphne.Matrix<?x?xf64>
    %16 = "daphne.matMul"(%14, %15, %12, %13) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>, i1, i1) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%15, %16) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<?x5xf64>, index, index, index, index) -> (!daphne.Matrix<?x?xf64>, !daphne.Matrix<5x?xf64>)
  %11 = "daphne.matMul"(%arg0, %10#0, %0, %0) : (!daphne.Matrix<?x5xf64>, !daphne.Matrix<?x?xf64>, i1, i1) -> !daphne.Matrix<5x?xf64>
  "daphne.return"(%10#1, %11) : (!daphne.Matrix<5x?xf64>, !daphne.Matrix<5x?xf64>) -> ()
}
func.func @selected(%arg0: !daphne.Matrix<?x6xf64>, %arg1: !daphne.Matrix<2x1xsi64>) -> (!daphne.Matrix<?x2xf64>, !daphne.Matrix<?x2xf64>, !daphne.Matrix<?x2xf64>) {
  %0 = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %1 = "daphne.constant"() <{value = 3 : si64}> : () -> si64
  %2 = "daphne.numRows"(%arg0) : (!daphne.Matrix<?x6xf64>) -> index
  %3 = "daphne.numRows"(%arg0) : (!daphne.Matrix<?x6xf64>) -> index
  %4 = "daphne.constant"() <{value = 2 : index}> : () -> index
  %5 = "daphne.constant"() <{value = 2 : index}> : () -> index
  %6:2 = "daphne.vectorizedPipeline"(%arg0, %arg1, %2, %3, %4, %5) <{combines = [#daphne<vec_combine ROWS>, #daphne<vec_combine ROWS>], operandSegmentSizes = array<i32: 2, 2, 2>, splits = [#daphne<vec_split ROWS>, #daphne<vec_split NONE>]}> ({
  ^bb0(%arg2: !daphne.Matrix<?x6xf64>, %arg3: !daphne.Matrix<2x1xsi64>):
    %8 = "daphne.constant"() <{value = 1 : si64}> : () -> si64
    %9 = "daphne.constant"() <{value = 3 : si64}> : () -> si64
    %10 = "daphne.ewExp"(%arg2) : (!daphne.Matrix<?x6xf64>) -> !daphne.Matrix<?x?xf64>
    %11 = "daphne.sliceCol"(%10, %8, %9) : (!daphne.Matrix<?x?xf64>, si64, si64) -> !daphne.Matrix<?x?xf64>
    %12 = "daphne.extractCol"(%10, %arg3) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<2x1xsi64>) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%11, %12) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<?x6xf64>, !daphne.Matrix<2x1xsi64>, index, index, index, index) -> (!daphne.Matrix<?x2xf64>, !daphne.Matrix<?x2xf64>)
  %7 = "daphne.sliceCol"(%arg0, %0, %1) : (!daphne.Matrix<?x6xf64>, si64, si64) -> !daphne.Matrix<?x2xf64>
  "daphne.return"(%6#0, %6#1, %7) : (!daphne.Matrix<?x2xf64>, !daphne.Matrix<?x2xf64>, !daphne.Matrix<?x2xf64>) -> ()
}
