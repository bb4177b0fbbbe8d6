// RUN: cast-operands,cse
func.func @main(%x: !daphne.Matrix<?x3xf64>, %i: !daphne.Matrix<?x3xsi64>, %s: si64, %u: ui8, %t: !daphne.String) {
  %no = "daphne.constant"() <{value = false}> : () -> i1
  %0 = "daphne.ewAdd"(%i, %x) : (!daphne.Matrix<?x3xsi64>, !daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x3xf64>
  %1 = "daphne.ewMul"(%0, %s) : (!daphne.Matrix<?x3xf64>, si64) -> !daphne.Matrix<?x3xf64>
  %2 = "daphne.ewSqrt"(%i) : (!daphne.Matrix<?x3xsi64>) -> !daphne.Matrix<?x3xf64>
  // Compared as si64.
  %3 = "daphne.ewLt"(%s, %u) : (si64, ui8) -> si64
  %4 = "daphne.ewEq"(%t, %u) : (!daphne.String, ui8) -> si64
  %5 = "daphne.ewAnd"(%x, %u) : (!daphne.Matrix<?x3xf64>, ui8) -> !daphne.Matrix<?x3xui64>
  %6 = "daphne.meanRow"(%i) : (!daphne.Matrix<?x3xsi64>) -> !daphne.Matrix<?x1xf64>
  // The condition keeps its type; so do the flags of a product.
  %7 = "daphne.cond"(%i, %x, %s) : (!daphne.Matrix<?x3xsi64>, !daphne.Matrix<?x3xf64>, si64) -> !daphne.Matrix<?x3xf64>
  %8 = "daphne.matMul"(%x, %i, %no, %no) : (!daphne.Matrix<?x3xf64>, !daphne.Matrix<?x3xsi64>, i1, i1) -> !daphne.Matrix<?x3xf64>
  // Keeps the type of its operand.
  %9 = "daphne.sumRow"(%i) : (!daphne.Matrix<?x3xsi64>) -> !daphne.Matrix<?x1xsi64>
  "daphne.print"(%1, %no, %no) : (!daphne.Matrix<?x3xf64>, i1, i1) -> ()
  "daphne.return"() : () -> ()
}
// ----
func.func @main(%arg0: !daphne.Matrix<?x3xf64>, %arg1: !daphne.Matrix<?x3xsi64>, %arg2: si64, %arg3: ui8, %arg4: !daphne.String) {
  %0 = "daphne.constant"() <{value = false}> : () -> i1
  %1 = "daphne.cast"(%arg1) : (!daphne.Matrix<?x3xsi64>) -> !daphne.Matrix<?x3xf64>
  %2 = "daphne.ewAdd"(%1, %arg0) : (!daphne.Matrix<?x3xf64>, !daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x3xf64>
  %3 = "daphne.cast"(%arg2) : (si64) -> f64
  %4 = "daphne.ewMul"(%2, %3) : (!daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x3xf64>
  %5 = "daphne.ewSqrt"(%1) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x3xf64>
  %6 = "daphne.cast"(%arg3) : (ui8) -> si64
  %7 = "daphne.ewLt"(%arg2, %6) : (si64, si64) -> si64
  %8 = "daphne.cast"(%arg3) : (ui8) -> !daphne.String
  %9 = "daphne.ewEq"(%arg4, %8) : (!daphne.String, !daphne.String) -> si64
  %10 = "daphne.cast"(%arg0) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x3xui64>
  %11 = "daphne.cast"(%arg3) : (ui8) -> ui64
  %12 = "daphne.ewAnd"(%10, %11) : (!daphne.Matrix<?x3xui64>, ui64) -> !daphne.Matrix<?x3xui64>
  %13 = "daphne.meanRow"(%1) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x1xf64>
  %14 = "daphne.cond"(%arg1, %arg0, %3) : (!daphne.Matrix<?x3xsi64>, !daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x3xf64>
  %15 = "daphne.matMul"(%arg0, %1, %0, %0) : (!daphne.Matrix<?x3xf64>, !daphne.Matrix<?x3xf64>, i1, i1) -> !daphne.Matrix<?x3xf64>
  %16 = "daphne.sumRow"(%arg1) : (!daphne.Matrix<?x3xsi64>) -> !daphne.Matrix<?x1xsi64>
  "daphne.print"(%4, %0, %0) : (!daphne.Matrix<?x3xf64>, i1, i1) -> ()
  "daphne.return"() : () -> ()
}
