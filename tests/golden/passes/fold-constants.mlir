// RUN: fold-constants,dead-code
func.func @main(%x: f64) -> (si64, ui8, f64, !daphne.String, i1, f64, si64, si64, f64, f64, f64, f64, ui64, si64, f64) {
  %two = "daphne.constant"() <{value = 2 : si64}> : () -> si64
  %min = "daphne.constant"() <{value = -9223372036854775808 : si64}> : () -> si64
  %one = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %zero = "daphne.constant"() <{value = 0 : si64}> : () -> si64
  %byte = "daphne.constant"() <{value = 200 : ui8}> : () -> ui8
  %half = "daphne.constant"() <{value = 1.5 : f64}> : () -> f64
  %neg = "daphne.constant"() <{value = -1.0 : f64}> : () -> f64
  %text = "daphne.constant"() <{value = "a"}> : () -> !daphne.String
  %yes = "daphne.constant"() <{value = true}> : () -> i1
  // Wraps at the width of the type.
  %0 = "daphne.ewSub"(%min, %one) : (si64, si64) -> si64
  %1 = "daphne.ewAdd"(%byte, %byte) : (ui8, ui8) -> ui8
  // Mixed operands meet in the type of the result.
  %2 = "daphne.ewMul"(%two, %half) : (si64, f64) -> f64
  %3 = "daphne.ewAdd"(%text, %half) : (!daphne.String, f64) -> !daphne.String
  // bool + bool is one bit wide.
  %4 = "daphne.ewAdd"(%yes, %yes) : (i1, i1) -> i1
  // A comparison has the type of its operands.
  %5 = "daphne.ewLt"(%two, %half) : (si64, f64) -> f64
  // What is an error at run time stays.
  %6 = "daphne.ewDiv"(%two, %zero) : (si64, si64) -> si64
  %7 = "daphne.ewMod"(%two, %zero) : (si64, si64) -> si64
  %8 = "daphne.ewSqrt"(%neg) : (f64) -> f64
  // What kernels may round otherwise stays.
  %9 = "daphne.ewExp"(%half) : (f64) -> f64
  // Halves go away from zero.
  %10 = "daphne.ewRound"(%half) : (f64) -> f64
  %11 = "daphne.ewMul"(%neg, %x) : (f64, f64) -> f64
  // Floats are truncated before && looks at them.
  %12 = "daphne.ewAnd"(%half, %yes) : (f64, i1) -> ui64
  %13 = "daphne.cond"(%half, %two, %one) : (f64, si64, si64) -> si64
  %14 = "daphne.cond"(%zero, %two, %half) : (si64, si64, f64) -> f64
  "daphne.return"(%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14) : (si64, ui8, f64, !daphne.String, i1, f64, si64, si64, f64, f64, f64, f64, ui64, si64, f64) -> ()
}
// ----
func.func @main(%arg0: f64) -> (si64, ui8, f64, !daphne.String, i1, f64, si64, si64, f64, f64, f64, f64, ui64, si64, f64) {
  %0 = "daphne.constant"() <{value = 2 : si64}> : () -> si64
  %1 = "daphne.constant"() <{value = 0 : si64}> : () -> si64
  %2 = "daphne.constant"() <{value = 1.500000e+00 : f64}> : () -> f64
  %3 = "daphne.constant"() <{value = -1.000000e+00 : f64}> : () -> f64
  %4 = "daphne.constant"() <{value = 9223372036854775807 : si64}> : () -> si64
  %5 = "daphne.constant"() <{value = 144 : ui8}> : () -> ui8
  %6 = "daphne.constant"() <{value = 3.000000e+00 : f64}> : () -> f64
  %7 = "daphne.constant"() <{value = "a1.500000"}> : () -> !daphne.String
  %8 = "daphne.constant"() <{value = false}> : () -> i1
  %9 = "daphne.constant"() <{value = 0.000000e+00 : f64}> : () -> f64
  %10 = "daphne.ewDiv"(%0, %1) : (si64, si64) -> si64
  %11 = "daphne.ewMod"(%0, %1) : (si64, si64) -> si64
  %12 = "daphne.ewSqrt"(%3) : (f64) -> f64
  %13 = "daphne.ewExp"(%2) : (f64) -> f64
  %14 = "daphne.constant"() <{value = 2.000000e+00 : f64}> : () -> f64
  %15 = "daphne.ewMul"(%3, %arg0) : (f64, f64) -> f64
  %16 = "daphne.constant"() <{value = 1 : ui64}> : () -> ui64
  "daphne.return"(%4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %0, %2) : (si64, ui8, f64, !daphne.String, i1, f64, si64, si64, f64, f64, f64, f64, ui64, si64, f64) -> ()
}
