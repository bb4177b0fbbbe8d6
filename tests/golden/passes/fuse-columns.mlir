// RUN: fuse-distributed
// What goes down whole columns is cut by columns, and what works cell by cell goes with it.
func.func @down(%x: !daphne.Matrix<100x20xf64>, %s: f64) -> (!daphne.Matrix<100x20xf64>, !daphne.Matrix<1x20xf64>, !daphne.Matrix<1x20xindex>, !daphne.Matrix<20x100xf64>, f64) {
  %0 = "daphne.ewMul"(%x, %s) : (!daphne.Matrix<100x20xf64>, f64) -> !daphne.Matrix<100x20xf64>
  %1 = "daphne.sumCum"(%0) : (!daphne.Matrix<100x20xf64>) -> !daphne.Matrix<100x20xf64>
  %2 = "daphne.ewExp"(%1) : (!daphne.Matrix<100x20xf64>) -> !daphne.Matrix<100x20xf64>
  %3 = "daphne.stddevCol"(%2) : (!daphne.Matrix<100x20xf64>) -> !daphne.Matrix<1x20xf64>
  %4 = "daphne.ewSqrt"(%3) : (!daphne.Matrix<1x20xf64>) -> !daphne.Matrix<1x20xf64>
  %5 = "daphne.idxmaxCol"(%1) : (!daphne.Matrix<100x20xf64>) -> !daphne.Matrix<1x20xindex>
  %6 = "daphne.transpose"(%2) : (!daphne.Matrix<100x20xf64>) -> !daphne.Matrix<20x100xf64>
  %7 = "daphne.sumAll"(%2) : (!daphne.Matrix<100x20xf64>) -> f64
  "daphne.return"(%2, %4, %5, %6, %7) : (!daphne.Matrix<100x20xf64>, !daphne.Matrix<1x20xf64>, !daphne.Matrix<1x20xindex>, !daphne.Matrix<20x100xf64>, f64) -> ()
}
// Values that others cut by rows stay cut by rows; one row of means is cheap to bring to them.
func.func @both(%x: !daphne.Matrix<100x20xf64>, %w: !daphne.Matrix<20x2xf64>) -> (!daphne.Matrix<100x2xf64>, !daphne.Matrix<100x20xf64>) {
  %no = "daphne.constant"() <{value = false}> : () -> i1
  %0 = "daphne.meanCol"(%x) : (!daphne.Matrix<100x20xf64>) -> !daphne.Matrix<1x20xf64>
  %1 = "daphne.ewSub"(%x, %0) : (!daphne.Matrix<100x20xf64>, !daphne.Matrix<1x20xf64>) -> !daphne.Matrix<100x20xf64>
  %2 = "daphne.matMul"(%1, %w, %no, %no) : (!daphne.Matrix<100x20xf64>, !daphne.Matrix<20x2xf64>, i1, i1) -> !daphne.Matrix<100x2xf64>
  %3 = "daphne.prodCum"(%1) : (!daphne.Matrix<100x20xf64>) -> !daphne.Matrix<100x20xf64>
  "daphne.return"(%2, %3) : (!daphne.Matrix<100x2xf64>, !daphne.Matrix<100x20xf64>) -> ()
}
// One long row, and a product with one; not a short one, nor moving cells alone.
func.func @row(%v: !daphne.Matrix<1x9000xf64>, %m: !daphne.Matrix<9000x7xf64>, %short: !daphne.Matrix<1x20xf64>, %r: !daphne.Matrix<?x?xf64>, %q: !daphne.Matrix<?x?xf64>) -> (!daphne.Matrix<1x7xf64>, !daphne.Matrix<1x20xf64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) {
  %no = "daphne.constant"() <{value = false}> : () -> i1
  %0 = "daphne.ewAbs"(%v) : (!daphne.Matrix<1x9000xf64>) -> !daphne.Matrix<1x9000xf64>
  %1 = "daphne.matMul"(%0, %m, %no, %no) : (!daphne.Matrix<1x9000xf64>, !daphne.Matrix<9000x7xf64>, i1, i1) -> !daphne.Matrix<1x7xf64>
  %2 = "daphne.ewAbs"(%short) : (!daphne.Matrix<1x20xf64>) -> !daphne.Matrix<1x20xf64>
  %3 = "daphne.reverse"(%r) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
  %4 = "daphne.reverse"(%q) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
  %5 = "daphne.minCum"(%4) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
  "daphne.return"(%1, %2, %3, %5) : (!daphne.Matrix<1x7xf64>, !daphne.Matrix<1x20xf64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
}
// ----
func.func @down(%arg0: !daphne.Matrix<100x20xf64>, %arg1: f64) -> (!daphne.Matrix<100x20xf64>, !daphne.Matrix<1x20xf64>, !daphne.Matrix<1x20xindex>, !daphne.Matrix<20x100xf64>, f64) {
  %0 = "daphne.constant"() <{value = 100 : index}> : () -> index
  %1 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %2 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %3 = "daphne.constant"() <{value = 20 : index}> : () -> index
  %4 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %5 = "daphne.constant"() <{value = 20 : index}> : () -> index
  %6 = "daphne.constant"() <{value = 20 : index}> : () -> index
  %7 = "daphne.constant"() <{value = 20 : index}> : () -> index
  %8 = "daphne.constant"() <{value = 100 : index}> : () -> index
  %9 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %10:5 = "daphne.vectorizedPipeline"(%arg0, %arg1, %0, %1, %2, %3, %4, %5, %6, %7, %8, %9) <{combines = [#daphne<vec_combine COLS>, #daphne<vec_combine COLS>, #daphne<vec_combine COLS>, #daphne<vec_combine ROWS>, #daphne<vec_combine ADD>], operandSegmentSizes = array<i32: 2, 5, 5>, splits = [#daphne<vec_split COLS>, #daphne<vec_split NONE>]}> ({
  ^bb0(%arg2: !daphne.Matrix<100x?xf64>, %arg3: f64):
    %12 = "daphne.ewMul"(%arg2, %arg3) : (!daphne.Matrix<100x?xf64>, f64) -> !daphne.Matrix<?x?xf64>
    %13 = "daphne.sumCum"(%12) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    %14 = "daphne.ewExp"(%13) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    %15 = "daphne.stddevCol"(%14) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    %16 = "daphne.ewSqrt"(%15) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    %17 = "daphne.idxmaxCol"(%13) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xindex>
    %18 = "daphne.transpose"(%14) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    %19 = "daphne.sumAll"(%14) : (!daphne.Matrix<?x?xf64>) -> f64
    %20 = "daphne.cast"(%19) : (f64) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%14, %16, %17, %18, %20) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xindex>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<100x20xf64>, f64, index, index, index, index, index, index, index, index, index, index) -> (!daphne.Matrix<100x20xf64>, !daphne.Matrix<1x20xf64>, !daphne.Matrix<1x20xindex>, !daphne.Matrix<20x100xf64>, !daphne.Matrix<1x1xf64>)
  %11 = "daphne.cast"(%10#4) : (!daphne.Matrix<1x1xf64>) -> f64
  "daphne.return"(%10#0, %10#1, %10#2, %10#3, %11) : (!daphne.Matrix<100x20xf64>, !daphne.Matrix<1x20xf64>, !daphne.Matrix<1x20xindex>, !daphne.Matrix<20x100xf64>, f64) -> ()
}
func.func @both(%arg0: !daphne.Matrix<100x20xf64>, %arg1: !daphne.Matrix<20x2xf64>) -> (!daphne.Matrix<100x2xf64>, !daphne.Matrix<100x20xf64>) {
  %0 = "daphne.constant"() <{value = false}> : () -> i1
  %1 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %2 = "daphne.constant"() <{value = 20 : index}> : () -> index
  %3 = "daphne.vectorizedPipeline"(%arg0, %1, %2) <{combines = [#daphne<vec_combine COLS>], operandSegmentSizes = array<i32: 1, 1, 1>, splits = [#daphne<vec_split COLS>]}> ({
  ^bb0(%arg2: !daphne.Matrix<100x?xf64>):
    %12 = "daphne.meanCol"(%arg2) : (!daphne.Matrix<100x?xf64>) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%12) : (!daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<100x20xf64>, index, index) -> !daphne.Matrix<1x20xf64>
  %4 = "daphne.constant"() <{value = 100 : index}> : () -> index
  %5 = "daphne.constant"() <{value = 100 : index}> : () -> index
  %6 = "daphne.constant"() <{value = 20 : index}> : () -> index
  %7 = "daphne.constant"() <{value = 2 : index}> : () -> index
  %8:2 = "daphne.vectorizedPipeline"(%arg0, %3, %arg1, %4, %5, %6, %7) <{combines = [#daphne<vec_combine ROWS>, #daphne<vec_combine ROWS>], operandSegmentSizes = array<i32: 3, 2, 2>, splits = [#daphne<vec_split ROWS>, #daphne<vec_split NONE>, #daphne<vec_split NONE>]}> ({
  ^bb0(%arg2: !daphne.Matrix<?x20xf64>, %arg3: !daphne.Matrix<1x20xf64>, %arg4: !daphne.Matrix<20x2xf64>):
    %12 = "daphne.constant"() <{value = false}> : () -> i1
    %13 = "daphne.ewSub"(%arg2, %arg3) : (!daphne.Matrix<?x20xf64>, !daphne.Matrix<1x20xf64>) -> !daphne.Matrix<?x?xf64>
    %14 = "daphne.matMul"(%13, %arg4, %12, %12) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<20x2xf64>, i1, i1) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%13, %14) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<100x20xf64>, !daphne.Matrix<1x20xf64>, !daphne.Matrix<20x2xf64>, index, index, index, index) -> (!daphne.Matrix<100x20xf64>, !daphne.Matrix<100x2xf64>)
  %9 = "daphne.constant"() <{value = 100 : index}> : () -> index
  %10 = "daphne.constant"() <{value = 20 : index}> : () -> index
  %11 = "daphne.vectorizedPipeline"(%8#0, %9, %10) <{combines = [#daphne<vec_combine COLS>], operandSegmentSizes = array<i32: 1, 1, 1>, splits = [#daphne<vec_split COLS>]}> ({
  ^bb0(%arg2: !daphne.Matrix<100x?xf64>):
    %12 = "daphne.prodCum"(%arg2) : (!daphne.Matrix<100x?xf64>) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%12) : (!daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<100x20xf64>, index, index) -> !daphne.Matrix<100x20xf64>
  "daphne.return"(%8#1, %11) : (!daphne.Matrix<100x2xf64>, !daphne.Matrix<100x20xf64>) -> ()
}
func.func @row(%arg0: !daphne.Matrix<1x9000xf64>, %arg1: !daphne.Matrix<9000x7xf64>, %arg2: !daphne.Matrix<1x20xf64>, %arg3: !daphne.Matrix<?x?xf64>, %arg4: !daphne.Matrix<?x?xf64>) -> (!daphne.Matrix<1x7xf64>, !daphne.Matrix<1x20xf64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) {
  %0 = "daphne.constant"() <{value = false}> : () -> i1
  %1 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %2 = "daphne.constant"() <{value = 9000 : index}> : () -> index
  %3 = "daphne.vectorizedPipeline"(%arg0, %1, %2) <{combines = [#daphne<vec_combine COLS>], operandSegmentSizes = array<i32: 1, 1, 1>, splits = [#daphne<vec_split COLS>]}> ({
  ^bb0(%arg5: !daphne.Matrix<1x?xf64>):
    %12 = "daphne.ewAbs"(%arg5) : (!daphne.Matrix<1x?xf64>) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%12) : (!daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<1x9000xf64>, index, index) -> !daphne.Matrix<1x9000xf64>
  %4 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %5 = "daphne.constant"() <{value = 7 : index}> : () -> index
  %6 = "daphne.vectorizedPipeline"(%3, %arg1, %4, %5) <{combines = [#daphne<vec_combine COLS>], operandSegmentSizes = array<i32: 2, 1, 1>, splits = [#daphne<vec_split NONE>, #daphne<vec_split COLS>]}> ({
  ^bb0(%arg5: !daphne.Matrix<1x9000xf64>, %arg6: !daphne.Matrix<9000x?xf64>):
    %12 = "daphne.constant"() <{value = false}> : () -> i1
    %13 = "daphne.matMul"(%arg5, %arg6, %12, %12) : (!daphne.Matrix<1x9000xf64>, !daphne.Matrix<9000x?xf64>, i1, i1) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%13) : (!daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<1x9000xf64>, !daphne.Matrix<9000x7xf64>, index, index) -> !daphne.Matrix<1x7xf64>
  %7 = "daphne.ewAbs"(%arg2) : (!daphne.Matrix<1x20xf64>) -> !daphne.Matrix<1x20xf64>
  %8 = "daphne.reverse"(%arg3) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
  %9 = "daphne.numRows"(%arg4) : (!daphne.Matrix<?x?xf64>) -> index
  %10 = "daphne.numCols"(%arg4) : (!daphne.Matrix<?x?xf64>) -> index
  %11 = "daphne.vectorizedPipeline"(%arg4, %9, %10) <{combines = [#daphne<vec_combine COLS>], operandSegmentSizes = array<i32: 1, 1, 1>, splits = [#daphne<vec_split COLS>]}> ({
  ^bb0(%arg5: !daphne.Matrix<?x?xf64>):
    %12 = "daphne.reverse"(%arg5) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    %13 = "daphne.minCum"(%12) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%13) : (!daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<?x?xf64>, index, index) -> !daphne.Matrix<?x?xf64>
  "daphne.return"(%6, %7, %8, %11) : (!daphne.Matrix<1x7xf64>, !daphne.Matrix<1x20xf64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
}
