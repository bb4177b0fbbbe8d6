// RUN: hoist-invariants
func.func @main(%x: !daphne.Matrix<?x3xf64>, %y: !daphne.Matrix<?x3xf64>, %n: si64, %s: f64) -> f64 {
  %one = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %sum = "scf.for"(%one, %n, %one, %s) ({
  ^bb0(%i: si64, %a: f64):
    %inner = "scf.for"(%one, %n, %one, %a) ({
    ^bb0(%k: si64, %b: f64):
      // Through both loops.
      %two = "daphne.constant"() <{value = 2.0 : f64}> : () -> f64
      %0 = "daphne.ewMul"(%x, %two) : (!daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x3xf64>
      %1 = "daphne.sumAll"(%0) : (!daphne.Matrix<?x3xf64>) -> f64
      // Out of the inner loop only.
      %2 = "daphne.ewMul"(%a, %1) : (f64, f64) -> f64
      // These may fail, and the loop may run zero times.
      %3 = "daphne.ewAdd"(%x, %y) : (!daphne.Matrix<?x3xf64>, !daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x3xf64>
      %4 = "daphne.ewSqrt"(%s) : (f64) -> f64
      %5 = "daphne.sumAll"(%3) : (!daphne.Matrix<?x3xf64>) -> f64
      %6 = "daphne.ewAdd"(%4, %5) : (f64, f64) -> f64
      %7 = "daphne.ewAdd"(%b, %6) : (f64, f64) -> f64
      %8 = "daphne.ewAdd"(%7, %2) : (f64, f64) -> f64
      "scf.yield"(%8) : (f64) -> ()
    }) : (si64, si64, si64, f64) -> f64
    "scf.yield"(%inner) : (f64) -> ()
  }) : (si64, si64, si64, f64) -> f64
  "daphne.return"(%sum) : (f64) -> ()
}
// ----
func.func @main(%arg0: !daphne.Matrix<?x3xf64>, %arg1: !daphne.Matrix<?x3xf64>, %arg2: si64, %arg3: f64) -> f64 {
  %0 = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %1 = "daphne.constant"() <{value = 2.000000e+00 : f64}> : () -> f64
  %2 = "daphne.ewMul"(%arg0, %1) : (!daphne.Matrix<?x3xf64>, f64) -> !daphne.Matrix<?x3xf64>
  %3 = "daphne.sumAll"(%2) : (!daphne.Matrix<?x3xf64>) -> f64
  %4 = "scf.for"(%0, %arg2, %0, %arg3) ({
  ^bb0(%arg4: si64, %arg5: f64):
    %5 = "daphne.ewMul"(%arg5, %3) : (f64, f64) -> f64
    %6 = "scf.for"(%0, %arg2, %0, %arg5) ({
    ^bb0(%arg6: si64, %arg7: f64):
      %7 = "daphne.ewAdd"(%arg0, %arg1) : (!daphne.Matrix<?x3xf64>, !daphne.Matrix<?x3xf64>) -> !daphne.Matrix<?x3xf64>
      %8 = "daphne.ewSqrt"(%arg3) : (f64) -> f64
      %9 = "daphne.sumAll"(%7) : (!daphne.Matrix<?x3xf64>) -> f64
      %10 = "daphne.ewAdd"(%8, %9) : (f64, f64) -> f64
      %11 = "daphne.ewAdd"(%arg7, %10) : (f64, f64) -> f64
      %12 = "daphne.ewAdd"(%11, %5) : (f64, f64) -> f64
      "scf.yield"(%12) : (f64) -> ()
    }) : (si64, si64, si64, f64) -> f64
    "scf.yield"(%6) : (f64) -> ()
  }) : (si64, si64, si64, f64) -> f64
  "daphne.return"(%4) : (f64) -> ()
}
