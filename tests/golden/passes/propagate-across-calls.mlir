// RUN: propagate-across-calls
// a is 1 in every call, also where f calls itself; b differs; c comes from outside. What main hands to f, f hands to g.
func.func @main(%x: f64) -> (f64, f64) {
  %one = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %uno = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %two = "daphne.constant"() <{value = 2 : si64}> : () -> si64
  %0 = "func.call"(%one, %one, %x) <{callee = @f}> : (si64, si64, f64) -> f64
  %1 = "func.call"(%uno, %two, %x) <{callee = @f}> : (si64, si64, f64) -> f64
  "daphne.return"(%0, %1) : (f64, f64) -> ()
}
func.func @f(%a: si64, %b: si64, %c: f64) -> f64 {
  %0 = "func.call"(%a, %c) <{callee = @g}> : (si64, f64) -> f64
  %1 = "func.call"(%a, %b, %0) <{callee = @f}> : (si64, si64, f64) -> f64
  "daphne.return"(%1) : (f64) -> ()
}
func.func @g(%a: si64, %c: f64) -> f64 {
  %0 = "daphne.ewAdd"(%c, %a) : (f64, si64) -> f64
  "daphne.return"(%0) : (f64) -> ()
}
// ----
func.func @main(%arg0: f64) -> (f64, f64) {
  %0 = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %1 = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %2 = "daphne.constant"() <{value = 2 : si64}> : () -> si64
  %3 = "func.call"(%0, %0, %arg0) <{callee = @f}> : (si64, si64, f64) -> f64
  %4 = "func.call"(%1, %2, %arg0) <{callee = @f}> : (si64, si64, f64) -> f64
  "daphne.return"(%3, %4) : (f64, f64) -> ()
}
func.func @f(%arg0: si64, %arg1: si64, %arg2: f64) -> f64 {
  %0 = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %1 = "func.call"(%0, %arg2) <{callee = @g}> : (si64, f64) -> f64
  %2 = "func.call"(%0, %arg1, %1) <{callee = @f}> : (si64, si64, f64) -> f64
  "daphne.return"(%2) : (f64) -> ()
}
func.func @g(%arg0: si64, %arg1: f64) -> f64 {
  %0 = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %1 = "daphne.ewAdd"(%arg1, %0) : (f64, si64) -> f64
  "daphne.return"(%1) : (f64) -> ()
}
