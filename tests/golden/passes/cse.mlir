// RUN: cse
func.func @main(%x: f64, %y: f64, %c: i1) -> (f64, f64, f64, si64, si64) {
  %0 = "daphne.ewMul"(%x, %y) : (f64, f64) -> f64
  %1 = "daphne.ewMul"(%y, %x) : (f64, f64) -> f64
  %2 = "daphne.ewSub"(%x, %y) : (f64, f64) -> f64
  %3 = "daphne.ewSub"(%y, %x) : (f64, f64) -> f64
  %4 = "daphne.ewAdd"(%0, %1) : (f64, f64) -> f64
  %5 = "daphne.ewAdd"(%2, %3) : (f64, f64) -> f64
  // Two zeros are two values; so are two looks at the clock.
  %6 = "daphne.constant"() <{value = 0.0 : f64}> : () -> f64
  %7 = "daphne.constant"() <{value = -0.0 : f64}> : () -> f64
  %8 = "daphne.constant"() <{value = 0.0 : f64}> : () -> f64
  %now1 = "daphne.now"() : () -> si64
  %now2 = "daphne.now"() : () -> si64
  // Inside a branch the product from before counts; what one branch computed does not count in the other.
  %9 = "scf.if"(%c) ({
    %a = "daphne.ewMul"(%x, %y) : (f64, f64) -> f64
    %b = "daphne.ewExp"(%a) : (f64) -> f64
    "scf.yield"(%b) : (f64) -> ()
  }, {
    %a = "daphne.ewExp"(%0) : (f64) -> f64
    %b = "daphne.ewAdd"(%6, %7) : (f64, f64) -> f64
    %d = "daphne.ewAdd"(%8, %b) : (f64, f64) -> f64
    %e = "daphne.ewAdd"(%a, %d) : (f64, f64) -> f64
    "scf.yield"(%e) : (f64) -> ()
  }) : (i1) -> f64
  "daphne.return"(%4, %5, %9, %now1, %now2) : (f64, f64, f64, si64, si64) -> ()
}
// ----
func.func @main(%arg0: f64, %arg1: f64, %arg2: i1) -> (f64, f64, f64, si64, si64) {
  %0 = "daphne.ewMul"(%arg0, %arg1) : (f64, f64) -> f64
  %1 = "daphne.ewSub"(%arg0, %arg1) : (f64, f64) -> f64
  %2 = "daphne.ewSub"(%arg1, %arg0) : (f64, f64) -> f64
  %3 = "daphne.ewAdd"(%0, %0) : (f64, f64) -> f64
  %4 = "daphne.ewAdd"(%1, %2) : (f64, f64) -> f64
  %5 = "daphne.constant"() <{value = 0.000000e+00 : f64}> : () -> f64
  %6 = "daphne.constant"() <{value = -0.000000e+00 : f64}> : () -> f64
  %7 = "daphne.now"() : () -> si64
  %8 = "daphne.now"() : () -> si64
  %9 = "scf.if"(%arg2) ({
    %10 = "daphne.ewExp"(%0) : (f64) -> f64
    "scf.yield"(%10) : (f64) -> ()
  }, {
    %10 = "daphne.ewExp"(%0) : (f64) -> f64
    %11 = "daphne.ewAdd"(%5, %6) : (f64, f64) -> f64
    %12 = "daphne.ewAdd"(%5, %11) : (f64, f64) -> f64
    %13 = "daphne.ewAdd"(%10, %12) : (f64, f64) -> f64
    "scf.yield"(%13) : (f64) -> ()
  }) : (i1) -> f64
  "daphne.return"(%3, %4, %9, %7, %8) : (f64, f64, f64, si64, si64) -> ()
}
