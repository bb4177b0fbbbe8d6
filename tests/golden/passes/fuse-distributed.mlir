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
    %22 = "daphne.constant"() <{value = true}> : () -> i1
    %23 = "daphne.ewSqrt"(%arg3) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x?xf64>
    %24 = "daphne.syrk"(%23, %22) : (!daphne.Matrix<?x?xf64>, i1) -> !daphne.Matrix<?x?xf64>
    %25 = "daphne.gemv"(%23, %arg4) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x1xf64>) -> !daphne.Matrix<?x?xf64>
    %26 = "daphne.transpose"(%23) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%23, %24, %25, %26) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<100x3xf64>, !daphne.Matrix<100x1xf64>, index, index, index, index, index, index, index, index) -> (!daphne.Matrix<100x3xf64>, !daphne.Matrix<3x3xf64>, !daphne.Matrix<3x1xf64>, !daphne.Matrix<3x100xf64>)
  %10 = "daphne.minCol"(%9#0) : (!daphne.Matrix<100x3xf64>) -> !daphne.Matrix<1x3xf64>
  %11 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %12 = "daphne.numCols"(%arg1) : (!daphne.Matrix<?x?xf64>) -> index
  %13 = "daphne.vectorizedPipeline"(%arg1, %11, %12) <{combines = [#daphne<vec_combine MIN>], operandSegmentSizes = array<i32: 1, 1, 1>, splits = [#daphne<vec_split ROWS>]}> ({
  ^bb0(%arg3: !daphne.Matrix<?x?xf64>):
    %22 = "daphne.cast"(%arg3) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xsi64>
    %23 = "daphne.minCol"(%22) : (!daphne.Matrix<?x?xsi64>) -> !daphne.Matrix<?x?xsi64>
    "daphne.return"(%23) : (!daphne.Matrix<?x?xsi64>) -> ()
  }) : (!daphne.Matrix<?x?xf64>, index, index) -> !daphne.Matrix<1x?xsi64>
  %14 = "daphne.numRows"(%arg1) : (!daphne.Matrix<?x?xf64>) -> index
  %15 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %16 = "daphne.numCols"(%arg1) : (!daphne.Matrix<?x?xf64>) -> index
  %17 = "daphne.numCols"(%arg1) : (!daphne.Matrix<?x?xf64>) -> index
  %18 = "daphne.ewAdd"(%16, %17) : (index, index) -> index
  %19 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %20:2 = "daphne.vectorizedPipeline"(%arg1, %14, %15, %18, %19) <{combines = [#daphne<vec_combine ROWS>, #daphne<vec_combine MAX>], operandSegmentSizes = array<i32: 1, 2, 2>, splits = [#daphne<vec_split ROWS>]}> ({
  ^bb0(%arg3: !daphne.Matrix<?x?xf64>):
    %22 = "daphne.colBind"(%arg3, %arg3) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    %23 = "daphne.maxAll"(%22) : (!daphne.Matrix<?x?xf64>) -> f64
    %24 = "daphne.cast"(%23) : (f64) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%22, %24) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<?x?xf64>, index, index, index, index) -> (!daphne.Matrix<?x?xf64>, !daphne.Matrix<1x1xf64>)
  %21 = "daphne.cast"(%20#1) : (!daphne.Matrix<1x1xf64>) -> f64
  "daphne.return"(%9#1, %9#2, %9#3, %10, %13, %20#0, %21) : (!daphne.Matrix<3x3xf64>, !daphne.Matrix<3x1xf64>, !daphne.Matrix<3x100xf64>, !daphne.Matrix<1x3xf64>, !daphne.Matrix<1x?xsi64>, !daphne.Matrix<?x?xf64>, f64) -> ()
}
