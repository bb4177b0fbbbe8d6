// RUN: fold-identities,dead-code
func.func @main(%x: !daphne.Matrix<?x3xf64>, %i: !daphne.Matrix<?x3xsi64>, %s: si32, %d: f64) {
  %no = "daphne.constant"() <{value = false}> : () -> i1
  %one = "daphne.constant"() <{value = 1.0 : f64}> : () -> f64
  %zero = "daphne.constant"() <{value = 0.0 : f64}> : () -> f64
  %minuszero = "daphne.constant"() <{value = -0.0 : f64}> : () -> f64
  %izero = "daphne.constant"() <{value = 0 : si64}> : () -> si64
  // All of these are %x.
  %0 = "daphne.transpose"(%x) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<3x?xf64>
  %1 = "daphne.transpose"(%0) : (!daphne.Matrix<3x?xf64>) -> !daphne.Matrix<?x3xf64>
  %2 = "daphne.ewMul"(%1, %one) : (!daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x3xf64>
  %3 = "daphne.ewDiv"(%2, %one) : (!daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x3xf64>
  %4 = "daphne.ewSub"(%3, %zero) : (!daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x3xf64>
  %5 = "daphne.ewAdd"(%4, %minuszero) : (!daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x3xf64>
  %6 = "daphne.cast"(%5) : (!daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x3xf64>
  "daphne.print"(%6, %no, %no) : (!daphne.Matrix<?x3xf64>, i1, i1) -> ()
  // -0.0 + 0.0 is 0.0, so these stay.
  %7 = "daphne.ewAdd"(%x, %zero) : (!daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x3xf64>
  %8 = "daphne.ewSub"(%7, %minuszero) : (!daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x3xf64>
  "daphne.print"(%8, %no, %no) : (!daphne.Matrix<?x3xf64>, i1, i1) -> ()
  // Integers have one zero; times 1.0 is a conversion.
  %9 = "daphne.ewAdd"(%i, %izero) : (!daphne.Matrix<?x3xsi64>, si64) -> !daphne.Matrix<?x3xsi64>
  %10 = "daphne.ewMul"(%9, %one) : (!daphne.Matrix<?x3xsi64>, f64) -> !daphne.Matrix<?x3xf64>
  "daphne.print"(%10, %no, %no) : (!daphne.Matrix<?x3xf64>, i1, i1) -> ()
  // Integer powers go through f64.
  %ione = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %p0 = "daphne.ewPow"(%i, %ione) : (!daphne.Matrix<?x3xsi64>, si64) -> !daphne.Matrix<?x3xsi64>
  %p1 = "daphne.ewPow"(%d, %one) : (f64, f64) -> f64
  "daphne.print"(%p0, %no, %no) : (!daphne.Matrix<?x3xsi64>, i1, i1) -> ()
  "daphne.print"(%p1, %no, %no) : (f64, i1, i1) -> ()
  // There and back: nothing is lost over f64, much over si8.
  %11 = "daphne.cast"(%s) : (si32) -> f64
  %12 = "daphne.cast"(%11) : (f64) -> si32
  "daphne.print"(%12, %no, %no) : (si32, i1, i1) -> ()
  %13 = "daphne.cast"(%d) : (f64) -> si8
  %14 = "daphne.cast"(%13) : (si8) -> f64
  "daphne.print"(%14, %no, %no) : (f64, i1, i1) -> ()
  "daphne.return"() : () -> ()
}
// ----
func.func @main(%arg0: !daphne.Matrix<?x3xf64>, %arg1: !daphne.Matrix<?x3xsi64>, %arg2: si32, %arg3: f64) {
  %0 = "daphne.constant"() <{value = false}> : () -> i1
  %1 = "daphne.constant"() <{value = 1.000000e+00 : f64}> : () -> f64
  %2 = "daphne.constant"() <{value = 0.000000e+00 : f64}> : () -> f64
  %3 = "daphne.constant"() <{value = -0.000000e+00 : f64}> : () -> f64
  "daphne.print"(%arg0, %0, %0) : (!daphne.Matrix<?x3xf64>, i1, i1) -> ()
  %4 = "daphne.ewAdd"(%arg0, %2) : (!daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x3xf64>
  %5 = "daphne.ewSub"(%4, %3) : (!daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x3xf64>
  "daphne.print"(%5, %0, %0) : (!daphne.Matrix<?x3xf64>, i1, i1) -> ()
  %6 = "daphne.ewMul"(%arg1, %1) : (!daphne.Matrix<?x3xsi64>, f64) -> !daphne.Matrix<?x3xf64>
  "daphne.print"(%6, %0, %0) : (!daphne.Matrix<?x3xf64>, i1, i1) -> ()
  %7 = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %8 = "daphne.ewPow"(%arg1, %7) : (!daphne.Matrix<?x3xsi64>, si64) -> !daphne.Matrix<?x3xsi64>
  "daphne.print"(%8, %0, %0) : (!daphne.Matrix<?x3xsi64>, i1, i1) -> ()
  "daphne.print"(%arg3, %0, %0) : (f64, i1, i1) -> ()
  "daphne.print"(%arg2, %0, %0) : (si32, i1, i1) -> ()
  %9 = "daphne.cast"(%arg3) : (f64) -> si8
  %10 = "daphne.cast"(%9) : (si8) -> f64
  "daphne.print"(%10, %0, %0) : (f64, i1, i1) -> ()
  "daphne.return"() : () -> ()
}
