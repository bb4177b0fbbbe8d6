// RUN: dead-code
func.func @never(%x: f64) -> f64 {
  "daphne.return"(%x) : (f64) -> ()
}
func.func @called(%x: f64) -> f64 {
  %0 = "func.call"(%x) <{callee = @inner}> : (f64) -> f64
  "daphne.return"(%0) : (f64) -> ()
}
func.func @inner(%x: f64) -> f64 {
  "daphne.return"(%x) : (f64) -> ()
}
func.func @main(%x: f64, %c: i1, %n: si64) -> (f64, f64) {
  %chain0 = "daphne.ewExp"(%x) : (f64) -> f64
  %chain1 = "daphne.ewExp"(%chain0) : (f64) -> f64
  %effect = "func.call"(%x) <{callee = @called}> : (f64) -> f64
  // Neither branch does anything.
  %unused = "scf.if"(%c) ({
    %a = "daphne.ewExp"(%x) : (f64) -> f64
    "scf.yield"(%a) : (f64) -> ()
  }, {
    "scf.yield"(%x) : (f64) -> ()
  }) : (i1) -> f64
  %one = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  // The second carried value goes round for nothing, the third for the first.
  %loop:3 = "scf.for"(%one, %n, %one, %x, %x, %x) ({
  ^bb0(%i: si64, %a: f64, %b: f64, %d: f64):
    %a1 = "daphne.ewAdd"(%a, %d) : (f64, f64) -> f64
    %b1 = "daphne.ewMul"(%b, %x) : (f64, f64) -> f64
    %d1 = "daphne.ewSub"(%d, %x) : (f64, f64) -> f64
    "scf.yield"(%a1, %b1, %d1) : (f64, f64, f64) -> ()
  }) : (si64, si64, si64, f64, f64, f64) -> (f64, f64, f64)
  %while:2 = "scf.while"(%x, %x, %x) ({
  ^bb0(%a: f64, %b: f64, %d: f64):
    %0 = "daphne.ewLt"(%a, %x) : (f64, f64) -> f64
    %1 = "daphne.cast"(%0) : (f64) -> i1
    "scf.condition"(%1, %a, %b) : (i1, f64, f64) -> ()
  }, {
  ^bb0(%a: f64, %b: f64):
    "scf.yield"(%a, %x, %x) : (f64, f64, f64) -> ()
  }) : (f64, f64, f64) -> (f64, f64)
  "daphne.return"(%loop#0, %while#0) : (f64, f64) -> ()
}
// ----
func.func @called(%arg0: f64) -> f64 {
  %0 = "func.call"(%arg0) <{callee = @inner}> : (f64) -> f64
  "daphne.return"(%0) : (f64) -> ()
}
func.func @inner(%arg0: f64) -> f64 {
  "daphne.return"(%arg0) : (f64) -> ()
}
func.func @main(%arg0: f64, %arg1: i1, %arg2: si64) -> (f64, f64) {
  %0 = "func.call"(%arg0) <{callee = @called}> : (f64) -> f64
  %1 = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %2:2 = "scf.for"(%1, %arg2, %1, %arg0, %arg0) ({
  ^bb0(%arg3: si64, %arg4: f64, %arg5: f64):
    %4 = "daphne.ewAdd"(%arg4, %arg5) : (f64, f64) -> f64
    %5 = "daphne.ewSub"(%arg5, %arg0) : (f64, f64) -> f64
    "scf.yield"(%4, %5) : (f64, f64) -> ()
  }) : (si64, si64, si64, f64, f64) -> (f64, f64)
  %3 = "scf.while"(%arg0) ({
  ^bb0(%arg3: f64):
    %4 = "daphne.ewLt"(%arg3, %arg0) : (f64, f64) -> f64
    %5 = "daphne.cast"(%4) : (f64) -> i1
    "scf.condition"(%5, %arg3) : (i1, f64) -> ()
  }, {
  ^bb0(%arg3: f64):
    "scf.yield"(%arg3) : (f64) -> ()
  }) : (f64) -> f64
  "daphne.return"(%2#0, %3) : (f64, f64) -> ()
}
