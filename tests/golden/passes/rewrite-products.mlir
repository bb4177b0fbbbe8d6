// RUN: rewrite-products,cse,dead-code
func.func @main(%x: !daphne.Matrix<?x3xf64>, %y: !daphne.Matrix<?x4xf64>, %v: !daphne.Matrix<?x1xf64>, %i: !daphne.Matrix<?x3xsi64>) -> (!daphne.Matrix<3x3xf64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<3x1xf64>, !daphne.Matrix<3x4xf64>, !daphne.Matrix<3x?xf64>, !daphne.Matrix<1x3xf64>) {
  %no = "daphne.constant"() <{value = false}> : () -> i1
  %0 = "daphne.transpose"(%x) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<3x?xf64>
  %1 = "daphne.matMul"(%0, %x, %no, %no) : (!daphne.Matrix<3x?xf64>, !daphne.Matrix<?x3xf64>, i1, i1) -> !daphne.Matrix<3x3xf64>
  %2 = "daphne.matMul"(%x, %0, %no, %no) : (!daphne.Matrix<?x3xf64>, !daphne.Matrix<3x?xf64>, i1, i1) -> !daphne.Matrix<?x?xf64>
  %3 = "daphne.matMul"(%0, %v, %no, %no) : (!daphne.Matrix<3x?xf64>, !daphne.Matrix<?x1xf64>, i1, i1) -> !daphne.Matrix<3x1xf64>
  %4 = "daphne.matMul"(%0, %y, %no, %no) : (!daphne.Matrix<3x?xf64>, !daphne.Matrix<?x4xf64>, i1, i1) -> !daphne.Matrix<3x4xf64>
  // Another value type: no syrk.
  %5 = "daphne.transpose"(%i) : (!daphne.Matrix<?x3xsi64>) -> !daphne.Matrix<3x?xsi64>
  %6 = "daphne.matMul"(%5, %x, %no, %no) : (!daphne.Matrix<3x?xsi64>, !daphne.Matrix<?x3xf64>, i1, i1) -> !daphne.Matrix<3x?xf64>
  %7 = "daphne.transpose"(%v) : (!daphne.Matrix<?x1xf64>) -> !daphne.Matrix<1x?xf64>
  %8 = "daphne.matMul"(%7, %x, %no, %no) : (!daphne.Matrix<1x?xf64>, !daphne.Matrix<?x3xf64>, i1, i1) -> !daphne.Matrix<1x3xf64>
  "daphne.return"(%1, %2, %3, %4, %6, %8) : (!daphne.Matrix<3x3xf64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<3x1xf64>, !daphne.Matrix<3x4xf64>, !daphne.Matrix<3x?xf64>, !daphne.Matrix<1x3xf64>) -> ()
}
// ----
func.func @main(%arg0: !daphne.Matrix<?x3xf64>, %arg1: !daphne.Matrix<?x4xf64>, %arg2: !daphne.Matrix<?x1xf64>, %arg3: !daphne.Matrix<?x3xsi64>) -> (!daphne.Matrix<3x3xf64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<3x1xf64>, !daphne.Matrix<3x4xf64>, !daphne.Matrix<3x?xf64>, !daphne.Matrix<1x3xf64>) {
  %0 = "daphne.constant"() <{value = false}> : () -> i1
  %1 = "daphne.constant"() <{value = true}> : () -> i1
  %2 = "daphne.syrk"(%arg0, %1) : (!daphne.Matrix<?x3xf64>, i1) -> !daphne.Matrix<3x3xf64>
  %3 = "daphne.syrk"(%arg0, %0) : (!daphne.Matrix<?x3xf64>, i1) -> !daphne.Matrix<?x?xf64>
  %4 = "daphne.gemv"(%arg0, %arg2) : (!daphne.Matrix<?x3xf64>, !daphne.Matrix<?x1xf64>) -> !daphne.Matrix<3x1xf64>
  %5 = "daphne.matMul"(%arg0, %arg1, %1, %0) : (!daphne.Matrix<?x3xf64>, !daphne.Matrix<?x4xf64>, i1, i1) -> !daphne.Matrix<3x4xf64>
  %6 = "daphne.matMul"(%arg3, %arg0, %1, %0) : (!daphne.Matrix<?x3xsi64>, !daphne.Matrix<?x3xf64>, i1, i1) -> !daphne.Matrix<3x3xf64>
  %7 = "daphne.matMul"(%arg2, %arg0, %1, %0) : (!daphne.Matrix<?x1xf64>, !daphne.Matrix<?x3xf64>, i1, i1) -> !daphne.Matrix<1x3xf64>
  "daphne.return"(%2, %3, %4, %5, %6, %7) : (!daphne.Matrix<3x3xf64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<3x1xf64>, !daphne.Matrix<3x4xf64>, !daphne.Matrix<3x3xf64>, !daphne.Matrix<1x3xf64>) -> ()
}
