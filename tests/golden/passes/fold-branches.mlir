// RUN: fold-branches,dead-code
func.func @main(%x: f64) -> (f64, f64, f64) {
  %yes = "daphne.constant"() <{value = true}> : () -> i1
  %no = "daphne.constant"() <{value = false}> : () -> i1
  %one = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %0 = "scf.if"(%yes) ({
    %1 = "scf.if"(%no) ({
      "scf.yield"(%x) : (f64) -> ()
    }, {
      %2 = "daphne.ewExp"(%x) : (f64) -> f64
      "scf.yield"(%2) : (f64) -> ()
    }) : (i1) -> f64
    "scf.yield"(%1) : (f64) -> ()
  }, {
    "daphne.print"(%x, %yes, %no) : (f64, i1, i1) -> ()
    "scf.yield"(%x) : (f64) -> ()
  }) : (i1) -> f64
  "scf.if"(%no) ({
    "daphne.print"(%x, %yes, %no) : (f64, i1, i1) -> ()
    "scf.yield"() : () -> ()
  }, {}) : (i1) -> ()
  %3 = "scf.for"(%one, %one, %one, %x) ({
  ^bb0(%i: si64, %a: f64):
    %4 = "daphne.ewAdd"(%a, %a) : (f64, f64) -> f64
    "scf.yield"(%4) : (f64) -> ()
  }) : (si64, si64, si64, f64) -> f64
  %5 = "scf.while"(%x) ({
  ^bb0(%a: f64):
    %6 = "daphne.ewMinus"(%a) : (f64) -> f64
    "scf.condition"(%no, %6) : (i1, f64) -> ()
  }, {
  ^bb0(%a: f64):
    "scf.yield"(%a) : (f64) -> ()
  }) : (f64) -> f64
  "daphne.return"(%0, %3, %5) : (f64, f64, f64) -> ()
}
// ----
func.func @main(%arg0: f64) -> (f64, f64, f64) {
  %0 = "daphne.ewExp"(%arg0) : (f64) -> f64
  %1 = "daphne.ewMinus"(%arg0) : (f64) -> f64
  "daphne.return"(%0, %arg0, %1) : (f64, f64, f64) -> ()
}
