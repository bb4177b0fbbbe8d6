// RUN: fuse-pipelines,cse,dead-code
func.func @affine_sum(%x: !daphne.Matrix<?x3xf64>) -> f64 {
  %2 = "daphne.constant"() <{value = 2.0 : f64}> : () -> f64
  %1 = "daphne.constant"() <{value = 1.0 : f64}> : () -> f64
  %a = "daphne.ewMul"(%x, %2) : (!daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x3xf64>
  %b = "daphne.ewAdd"(%a, %1) : (!daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x3xf64>
  %c = "daphne.sumAll"(%b) : (!daphne.Matrix<?x3xf64>) -> f64
  "daphne.return"(%c) : (f64) -> ()
}
// A sum is not there until all rows are done: the division by it is another pipeline. The row of sums is handed out whole.
func.func @two_passes(%x: !daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x3xf64> {
  %a = "daphne.ewExp"(%x) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x3xf64>
  %s = "daphne.sumCol"(%a) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<1x3xf64>
  %b = "daphne.ewDiv"(%a, %s) : (!daphne.Matrix<?x3xf64>, !daphne.Matrix<1x3xf64>) -> !daphne.Matrix<?x3xf64>
  %r = "daphne.sumRow"(%b) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x1xf64>
  // A column of as many rows: it goes along.
  %d = "daphne.ewSub"(%b, %r) : (!daphne.Matrix<?x3xf64>, !daphne.Matrix<?x1xf64>) -> !daphne.Matrix<?x3xf64>
  "daphne.return"(%d) : (!daphne.Matrix<?x3xf64>) -> ()
}
// The rows of %x and %y might differ, those of %x and a matrix filled to its height cannot.
func.func @rows_from_somewhere(%x: !daphne.Matrix<?x?xf64>, %y: !daphne.Matrix<?x?xf64>) -> (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) {
  %2 = "daphne.constant"() <{value = 2.0 : f64}> : () -> f64
  %n = "daphne.numRows"(%x) : (!daphne.Matrix<?x?xf64>) -> index
  %m = "daphne.numCols"(%x) : (!daphne.Matrix<?x?xf64>) -> index
  %f = "daphne.fill"(%2, %n, %m) : (f64, index, index) -> !daphne.Matrix<?x?xf64>
  %a = "daphne.ewAdd"(%x, %f) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
  %b = "daphne.ewAdd"(%a, %y) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
  %c = "daphne.ewSub"(%2, %x) : (f64, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
  "daphne.return"(%b, %c) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
}
// The last sum needs the solution, and the solution needs the first one: two groups.
func.func @no_cycles(%x: !daphne.Matrix<100x3xf64>) -> (f64, !daphne.Matrix<100x3xf64>) {
  %a = "daphne.ewExp"(%x) : (!daphne.Matrix<100x3xf64>) -> !daphne.Matrix<100x3xf64>
  %s = "daphne.sumCum"(%a) : (!daphne.Matrix<100x3xf64>) -> !daphne.Matrix<100x3xf64>
  %b = "daphne.ewMul"(%a, %s) : (!daphne.Matrix<100x3xf64>, !daphne.Matrix<100x3xf64>) -> !daphne.Matrix<100x3xf64>
  %c = "daphne.sumAll"(%b) : (!daphne.Matrix<100x3xf64>) -> f64
  "daphne.return"(%c, %a) : (f64, !daphne.Matrix<100x3xf64>) -> ()
}
// What may fail does not move over a print; what cannot may.
func.func @prints_stay(%x: !daphne.Matrix<100x3xf64>, %f: i1) {
  %a = "daphne.ewSqrt"(%x) : (!daphne.Matrix<100x3xf64>) -> !daphne.Matrix<100x3xf64>
  %e = "daphne.ewExp"(%x) : (!daphne.Matrix<100x3xf64>) -> !daphne.Matrix<100x3xf64>
  "daphne.print"(%f, %f, %f) : (i1, i1, i1) -> ()
  %b = "daphne.ewLn"(%a) : (!daphne.Matrix<100x3xf64>) -> !daphne.Matrix<100x3xf64>
  %g = "daphne.ewAdd"(%e, %x) : (!daphne.Matrix<100x3xf64>, !daphne.Matrix<100x3xf64>) -> !daphne.Matrix<100x3xf64>
  "daphne.print"(%b, %f, %f) : (!daphne.Matrix<100x3xf64>, i1, i1) -> ()
  "daphne.print"(%g, %f, %f) : (!daphne.Matrix<100x3xf64>, i1, i1) -> ()
  "daphne.return"() : () -> ()
}
// Inside a loop; a product with a narrow right side joins, alone it would not.
func.func @kmeans_step(%x: !daphne.Matrix<1000x20xf64>, %c0: !daphne.Matrix<5x20xf64>, %n: si64) -> !daphne.Matrix<5x20xf64> {
  %one = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %no = "daphne.constant"() <{value = false}> : () -> i1
  %yes = "daphne.constant"() <{value = true}> : () -> i1
  %m2 = "daphne.constant"() <{value = -2.0 : f64}> : () -> f64
  %two = "daphne.constant"() <{value = 2.0 : f64}> : () -> f64
  %c = "scf.for"(%one, %n, %one, %c0) ({
  ^bb0(%i: si64, %k: !daphne.Matrix<5x20xf64>):
    %q = "daphne.ewPow"(%k, %two) : (!daphne.Matrix<5x20xf64>, f64) -> !daphne.Matrix<5x20xf64>
    %qs = "daphne.sumRow"(%q) : (!daphne.Matrix<5x20xf64>) -> !daphne.Matrix<5x1xf64>
    %qt = "daphne.transpose"(%qs) : (!daphne.Matrix<5x1xf64>) -> !daphne.Matrix<1x5xf64>
    %0 = "daphne.matMul"(%x, %k, %no, %yes) : (!daphne.Matrix<1000x20xf64>, !daphne.Matrix<5x20xf64>, i1, i1) -> !daphne.Matrix<1000x5xf64>
    %1 = "daphne.ewMul"(%0, %m2) : (!daphne.Matrix<1000x5xf64>, f64) -> !daphne.Matrix<1000x5xf64>
    %2 = "daphne.ewAdd"(%1, %qt) : (!daphne.Matrix<1000x5xf64>, !daphne.Matrix<1x5xf64>) -> !daphne.Matrix<1000x5xf64>
    %3 = "daphne.minRow"(%2) : (!daphne.Matrix<1000x5xf64>) -> !daphne.Matrix<1000x1xf64>
    %4 = "daphne.ewLe"(%2, %3) : (!daphne.Matrix<1000x5xf64>, !daphne.Matrix<1000x1xf64>) -> !daphne.Matrix<1000x5xf64>
    %5 = "daphne.sumRow"(%4) : (!daphne.Matrix<1000x5xf64>) -> !daphne.Matrix<1000x1xf64>
    %6 = "daphne.ewDiv"(%4, %5) : (!daphne.Matrix<1000x5xf64>, !daphne.Matrix<1000x1xf64>) -> !daphne.Matrix<1000x5xf64>
    %7 = "daphne.sumCol"(%6) : (!daphne.Matrix<1000x5xf64>) -> !daphne.Matrix<1x5xf64>
    %8 = "daphne.transpose"(%7) : (!daphne.Matrix<1x5xf64>) -> !daphne.Matrix<5x1xf64>
    %9 = "daphne.matMul"(%6, %x, %yes, %no) : (!daphne.Matrix<1000x5xf64>, !daphne.Matrix<1000x20xf64>, i1, i1) -> !daphne.Matrix<5x20xf64>
    %10 = "daphne.ewDiv"(%9, %8) : (!daphne.Matrix<5x20xf64>, !daphne.Matrix<5x1xf64>) -> !daphne.Matrix<5x20xf64>
    "scf.yield"(%10) : (!daphne.Matrix<5x20xf64>) -> ()
  }) : (si64, si64, si64, !daphne.Matrix<5x20xf64>) -> !daphne.Matrix<5x20xf64>
  %alone = "daphne.matMul"(%c, %x, %no, %yes) : (!daphne.Matrix<5x20xf64>, !daphne.Matrix<1000x20xf64>, i1, i1) -> !daphne.Matrix<5x1000xf64>
  "daphne.return"(%c) : (!daphne.Matrix<5x20xf64>) -> ()
}
// ----
func.func @affine_sum(%arg0: !daphne.Matrix<?x3xf64>) -> f64 {
  %0 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %1 = "daphne.vectorizedPipeline"(%arg0, %0, %0) <{combines = [#daphne<vec_combine ADD>], operandSegmentSizes = array<i32: 1, 1, 1>, splits = [#daphne<vec_split ROWS>]}> ({
  ^bb0(%arg1: !daphne.Matrix<?x3xf64>):
    %3 = "daphne.constant"() <{value = 2.000000e+00 : f64}> : () -> f64
    %4 = "daphne.constant"() <{value = 1.000000e+00 : f64}> : () -> f64
    %5 = "daphne.ewMul"(%arg1, %3) : (!daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x?xf64>
    %6 = "daphne.ewAdd"(%5, %4) : (!daphne.Matrix<?x?xf64>, f64) -> !daphne.Matrix<?x?xf64>
    %7 = "daphne.sumAll"(%6) : (!daphne.Matrix<?x?xf64>) -> f64
    %8 = "daphne.cast"(%7) : (f64) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%8) : (!daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<?x3xf64>, index, index) -> !daphne.Matrix<1x1xf64>
  %2 = "daphne.cast"(%1) : (!daphne.Matrix<1x1xf64>) -> f64
  "daphne.return"(%2) : (f64) -> ()
}
func.func @two_passes(%arg0: !daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x3xf64> {
  %0 = "daphne.numRows"(%arg0) : (!daphne.Matrix<?x3xf64>) -> index
  %1 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %2 = "daphne.constant"() <{value = 3 : index}> : () -> index
  %3:2 = "daphne.vectorizedPipeline"(%arg0, %0, %1, %2, %2) <{combines = [#daphne<vec_combine ROWS>, #daphne<vec_combine ADD>], operandSegmentSizes = array<i32: 1, 2, 2>, splits = [#daphne<vec_split ROWS>]}> ({
  ^bb0(%arg1: !daphne.Matrix<?x3xf64>):
    %5 = "daphne.ewExp"(%arg1) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x?xf64>
    %6 = "daphne.sumCol"(%5) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%5, %6) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<?x3xf64>, index, index, index, index) -> (!daphne.Matrix<?x3xf64>, !daphne.Matrix<1x3xf64>)
  %4 = "daphne.vectorizedPipeline"(%3#0, %3#1, %0, %2) <{combines = [#daphne<vec_combine ROWS>], operandSegmentSizes = array<i32: 2, 1, 1>, splits = [#daphne<vec_split ROWS>, #daphne<vec_split NONE>]}> ({
  ^bb0(%arg1: !daphne.Matrix<?x3xf64>, %arg2: !daphne.Matrix<1x3xf64>):
    %5 = "daphne.ewDiv"(%arg1, %arg2) : (!daphne.Matrix<?x3xf64>, !daphne.Matrix<1x3xf64>) -> !daphne.Matrix<?x?xf64>
    %6 = "daphne.sumRow"(%5) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    %7 = "daphne.ewSub"(%5, %6) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%7) : (!daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<?x3xf64>, !daphne.Matrix<1x3xf64>, index, index) -> !daphne.Matrix<?x3xf64>
  "daphne.return"(%4) : (!daphne.Matrix<?x3xf64>) -> ()
}
func.func @rows_from_somewhere(%arg0: !daphne.Matrix<?x?xf64>, %arg1: !daphne.Matrix<?x?xf64>) -> (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) {
  %0 = "daphne.constant"() <{value = 2.000000e+00 : f64}> : () -> f64
  %1 = "daphne.numRows"(%arg0) : (!daphne.Matrix<?x?xf64>) -> index
  %2 = "daphne.numCols"(%arg0) : (!daphne.Matrix<?x?xf64>) -> index
  %3 = "daphne.fill"(%0, %1, %2) : (f64, index, index) -> !daphne.Matrix<?x?xf64>
  %4:2 = "daphne.vectorizedPipeline"(%arg0, %3, %1, %1, %2, %2) <{combines = [#daphne<vec_combine ROWS>, #daphne<vec_combine ROWS>], operandSegmentSizes = array<i32: 2, 2, 2>, splits = [#daphne<vec_split ROWS>, #daphne<vec_split ROWS>]}> ({
  ^bb0(%arg2: !daphne.Matrix<?x?xf64>, %arg3: !daphne.Matrix<?x?xf64>):
    %6 = "daphne.constant"() <{value = 2.000000e+00 : f64}> : () -> f64
    %7 = "daphne.ewAdd"(%arg2, %arg3) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    %8 = "daphne.ewSub"(%6, %arg2) : (f64, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%7, %8) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>, index, index, index, index) -> (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>)
  %5 = "daphne.ewAdd"(%4#0, %arg1) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
  "daphne.return"(%5, %4#1) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
}
func.func @no_cycles(%arg0: !daphne.Matrix<100x3xf64>) -> (f64, !daphne.Matrix<100x3xf64>) {
  %0 = "daphne.constant"() <{value = 100 : index}> : () -> index
  %1 = "daphne.constant"() <{value = 3 : index}> : () -> index
  %2 = "daphne.vectorizedPipeline"(%arg0, %0, %1) <{combines = [#daphne<vec_combine ROWS>], operandSegmentSizes = array<i32: 1, 1, 1>, splits = [#daphne<vec_split ROWS>]}> ({
  ^bb0(%arg1: !daphne.Matrix<?x3xf64>):
    %7 = "daphne.ewExp"(%arg1) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%7) : (!daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<100x3xf64>, index, index) -> !daphne.Matrix<100x3xf64>
  %3 = "daphne.sumCum"(%2) : (!daphne.Matrix<100x3xf64>) -> !daphne.Matrix<100x3xf64>
  %4 = "daphne.constant"() <{value = 1 : index}> : () -> index
  %5 = "daphne.vectorizedPipeline"(%2, %3, %4, %4) <{combines = [#daphne<vec_combine ADD>], operandSegmentSizes = array<i32: 2, 1, 1>, splits = [#daphne<vec_split ROWS>, #daphne<vec_split ROWS>]}> ({
  ^bb0(%arg1: !daphne.Matrix<?x3xf64>, %arg2: !daphne.Matrix<?x3xf64>):
    %7 = "daphne.ewMul"(%arg1, %arg2) : (!daphne.Matrix<?x3xf64>, !daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x?xf64>
    %8 = "daphne.sumAll"(%7) : (!daphne.Matrix<?x?xf64>) -> f64
    %9 = "daphne.cast"(%8) : (f64) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%9) : (!daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<100x3xf64>, !daphne.Matrix<100x3xf64>, index, index) -> !daphne.Matrix<1x1xf64>
  %6 = "daphne.cast"(%5) : (!daphne.Matrix<1x1xf64>) -> f64
  "daphne.return"(%6, %2) : (f64, !daphne.Matrix<100x3xf64>) -> ()
}
func.func @prints_stay(%arg0: !daphne.Matrix<100x3xf64>, %arg1: i1) {
  %0 = "daphne.constant"() <{value = 100 : index}> : () -> index
  %1 = "daphne.constant"() <{value = 3 : index}> : () -> index
  %2:2 = "daphne.vectorizedPipeline"(%arg0, %0, %0, %1, %1) <{combines = [#daphne<vec_combine ROWS>, #daphne<vec_combine ROWS>], operandSegmentSizes = array<i32: 1, 2, 2>, splits = [#daphne<vec_split ROWS>]}> ({
  ^bb0(%arg2: !daphne.Matrix<?x3xf64>):
    %4 = "daphne.ewSqrt"(%arg2) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x?xf64>
    %5 = "daphne.ewExp"(%arg2) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x?xf64>
    %6 = "daphne.ewAdd"(%5, %arg2) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%4, %6) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<100x3xf64>, index, index, index, index) -> (!daphne.Matrix<100x3xf64>, !daphne.Matrix<100x3xf64>)
  "daphne.print"(%arg1, %arg1, %arg1) : (i1, i1, i1) -> ()
  %3 = "daphne.vectorizedPipeline"(%2#0, %0, %1) <{combines = [#daphne<vec_combine ROWS>], operandSegmentSizes = array<i32: 1, 1, 1>, splits = [#daphne<vec_split ROWS>]}> ({
  ^bb0(%arg2: !daphne.Matrix<?x3xf64>):
    %4 = "daphne.ewLn"(%arg2) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x?xf64>
    "daphne.return"(%4) : (!daphne.Matrix<?x?xf64>) -> ()
  }) : (!daphne.Matrix<100x3xf64>, index, index) -> !daphne.Matrix<100x3xf64>
  "daphne.print"(%3, %arg1, %arg1) : (!daphne.Matrix<100x3xf64>, i1, i1) -> ()
  "daphne.print"(%2#1, %arg1, %arg1) : (!daphne.Matrix<100x3xf64>, i1, i1) -> ()
  "daphne.return"() : () -> ()
}
func.func @kmeans_step(%arg0: !daphne.Matrix<1000x20xf64>, %arg1: !daphne.Matrix<5x20xf64>, %arg2: si64) -> !daphne.Matrix<5x20xf64> {
  %0 = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %1 = "daphne.constant"() <{value = false}> : () -> i1
  %2 = "daphne.constant"() <{value = true}> : () -> i1
  %3 = "scf.for"(%0, %arg2, %0, %arg1) ({
  ^bb0(%arg3: si64, %arg4: !daphne.Matrix<5x20xf64>):
    %4 = "daphne.constant"() <{value = 5 : index}> : () -> index
    %5 = "daphne.constant"() <{value = 1 : index}> : () -> index
    %6 = "daphne.vectorizedPipeline"(%arg4, %4, %5) <{combines = [#daphne<vec_combine ROWS>], operandSegmentSizes = array<i32: 1, 1, 1>, splits = [#daphne<vec_split ROWS>]}> ({
    ^bb0(%arg5: !daphne.Matrix<?x20xf64>):
      %14 = "daphne.constant"() <{value = 2.000000e+00 : f64}> : () -> f64
      %15 = "daphne.ewPow"(%arg5, %14) : (!daphne.Matrix<?x20xf64>, f64) -> !daphne.Matrix<?x?xf64>
      %16 = "daphne.sumRow"(%15) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
      "daphne.return"(%16) : (!daphne.Matrix<?x?xf64>) -> ()
    }) : (!daphne.Matrix<5x20xf64>, index, index) -> !daphne.Matrix<5x1xf64>
    %7 = "daphne.transpose"(%6) : (!daphne.Matrix<5x1xf64>) -> !daphne.Matrix<1x5xf64>
    %8 = "daphne.constant"() <{value = 1000 : index}> : () -> index
    %9:2 = "daphne.vectorizedPipeline"(%arg0, %arg4, %7, %8, %5, %4, %4) <{combines = [#daphne<vec_combine ROWS>, #daphne<vec_combine ADD>], operandSegmentSizes = array<i32: 3, 2, 2>, splits = [#daphne<vec_split ROWS>, #daphne<vec_split NONE>, #daphne<vec_split NONE>]}> ({
    ^bb0(%arg5: !daphne.Matrix<?x20xf64>, %arg6: !daphne.Matrix<5x20xf64>, %arg7: !daphne.Matrix<1x5xf64>):
      %14 = "daphne.constant"() <{value = false}> : () -> i1
      %15 = "daphne.constant"() <{value = true}> : () -> i1
      %16 = "daphne.constant"() <{value = -2.000000e+00 : f64}> : () -> f64
      %17 = "daphne.matMul"(%arg5, %arg6, %14, %15) : (!daphne.Matrix<?x20xf64>, !daphne.Matrix<5x20xf64>, i1, i1) -> !daphne.Matrix<?x?xf64>
      %18 = "daphne.ewMul"(%17, %16) : (!daphne.Matrix<?x?xf64>, f64) -> !daphne.Matrix<?x?xf64>
      %19 = "daphne.ewAdd"(%18, %arg7) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<1x5xf64>) -> !daphne.Matrix<?x?xf64>
      %20 = "daphne.minRow"(%19) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
      %21 = "daphne.ewLe"(%19, %20) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
      %22 = "daphne.sumRow"(%21) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
      %23 = "daphne.ewDiv"(%21, %22) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
      %24 = "daphne.sumCol"(%23) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
      "daphne.return"(%23, %24) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
    }) : (!daphne.Matrix<1000x20xf64>, !daphne.Matrix<5x20xf64>, !daphne.Matrix<1x5xf64>, index, index, index, index) -> (!daphne.Matrix<1000x5xf64>, !daphne.Matrix<1x5xf64>)
    %10 = "daphne.transpose"(%9#1) : (!daphne.Matrix<1x5xf64>) -> !daphne.Matrix<5x1xf64>
    %11 = "daphne.matMul"(%9#0, %arg0, %2, %1) : (!daphne.Matrix<1000x5xf64>, !daphne.Matrix<1000x20xf64>, i1, i1) -> !daphne.Matrix<5x20xf64>
    %12 = "daphne.constant"() <{value = 20 : index}> : () -> index
    %13 = "daphne.vectorizedPipeline"(%11, %10, %4, %12) <{combines = [#daphne<vec_combine ROWS>], operandSegmentSizes = array<i32: 2, 1, 1>, splits = [#daphne<vec_split ROWS>, #daphne<vec_split ROWS>]}> ({
    ^bb0(%arg5: !daphne.Matrix<?x20xf64>, %arg6: !daphne.Matrix<?x1xf64>):
      %14 = "daphne.ewDiv"(%arg5, %arg6) : (!daphne.Matrix<?x20xf64>, !daphne.Matrix<?x1xf64>) -> !daphne.Matrix<?x?xf64>
      "daphne.return"(%14) : (!daphne.Matrix<?x?xf64>) -> ()
    }) : (!daphne.Matrix<5x20xf64>, !daphne.Matrix<5x1xf64>, index, index) -> !daphne.Matrix<5x20xf64>
    "scf.yield"(%13) : (!daphne.Matrix<5x20xf64>) -> ()
  }) : (si64, si64, si64, !daphne.Matrix<5x20xf64>) -> !daphne.Matrix<5x20xf64>
  "daphne.return"(%3) : (!daphne.Matrix<5x20xf64>) -> ()
}
