// RUN: fold-shape-queries,dead-code
func.func @main(%x: !daphne.Matrix<?x3xf64>, %y: !daphne.Matrix<?x?xf64>) -> (index, index, index, index, index, index) {
  %two = "daphne.constant"() <{value = 2.0 : f64}> : () -> f64
  %0 = "daphne.numCols"(%x) : (!daphne.Matrix<?x3xf64>) -> index
  %1 = "daphne.numRows"(%x) : (!daphne.Matrix<?x3xf64>) -> index
  %2 = "daphne.ewExp"(%x) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x3xf64>
  %3 = "daphne.ewPow"(%2, %two) : (!daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x3xf64>
  %4 = "daphne.transpose"(%3) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<3x?xf64>
  %5 = "daphne.numCols"(%4) : (!daphne.Matrix<3x?xf64>) -> index
  %6 = "daphne.numCells"(%4) : (!daphne.Matrix<3x?xf64>) -> index
  // Which of two operands decides is not known.
  %7 = "daphne.ewAdd"(%x, %y) : (!daphne.Matrix<?x3xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x3xf64>
  %8 = "daphne.numRows"(%7) : (!daphne.Matrix<?x3xf64>) -> index
  %9 = "daphne.sumAll"(%x) : (!daphne.Matrix<?x3xf64>) -> f64
  %10 = "daphne.cast"(%9) : (f64) -> !daphne.Matrix<1x1xf64>
  %11 = "daphne.numCells"(%10) : (!daphne.Matrix<1x1xf64>) -> index
  "daphne.return"(%0, %1, %5, %6, %8, %11) : (index, index, index, index, index, index) -> ()
}
// ----
func.func @main(%arg0: !daphne.Matrix<?x3xf64>, %arg1: !daphne.Matrix<?x?xf64>) -> (index, index, index, index, index, index) {
  %0 = "daphne.constant"() <{value = 3 : index}> : () -> index
  %1 = "daphne.numRows"(%arg0) : (!daphne.Matrix<?x3xf64>) -> index
  %2 = "daphne.numRows"(%arg0) : (!daphne.Matrix<?x3xf64>) -> index
  %3 = "daphne.numCells"(%arg0) : (!daphne.Matrix<?x3xf64>) -> index
  %4 = "daphne.ewAdd"(%arg0, %arg1) : (!daphne.Matrix<?x3xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x3xf64>
  %5 = "daphne.numRows"(%4) : (!daphne.Matrix<?x3xf64>) -> index
  %6 = "daphne.constant"() <{value = 1 : index}> : () -> index
  "daphne.return"(%0, %1, %2, %3, %5, %6) : (index, index, index, index, index, index) -> ()
}
