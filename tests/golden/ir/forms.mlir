// Everything the reader accepts; below the line what the printer makes of it.
#loc = loc("script.daph":1:1)
module @script {
  func.func private @"odd name"(%x: f64) -> f64 attributes {note = "a \22quoted\22 word", list = [1 : ui8, @main, f64, (f64) -> (), []]} {
    // One attribute in each of the two places.
    %c = "daphne.constant"() <{value = 2 : si64}> {origin = "line\0A two \C3\A4"} : () -> si64 loc("script.daph":2:3)
    "daphne.return"(%x) : (f64) -> () loc(#loc)
  }
  func.func @main(%x: !daphne.Matrix<?x3xf64>, %y: !daphne.Matrix<2x?x!daphne.Unknown:sp[0.5]:rep[sparse]:symmetric[true]>,
                  %f: !daphne.Frame<?x[2: si64, !daphne.String], ["a", "b \5C"]>, %g: !daphne.Frame<3x[?: ?], ?>, %l: !daphne.List<!daphne.Matrix<?x?xi1:rep[dense]:symmetric[?]>>,
                  %n: none, %u: !daphne.Unknown, %c: i1) {
    // Numbers: with an exponent, all digits, bits, without a type, texts, truth.
    %0 = "daphne.constant"() {value = 2.0 : f64} : () -> f64
    %1 = "daphne.constant"() {value = 0.1} : () -> f64
    %2 = "daphne.constant"() {value = 1.0e300 : f64} : () -> f64
    %3 = "daphne.constant"() {value = 123456789.125 : f64} : () -> f64
    %4 = "daphne.constant"() {value = 1.5e-7 : f32} : () -> f32
    %5 = "daphne.constant"() {value = 16777217.0 : f64} : () -> f64
    %6 = "daphne.constant"() {value = 0x7FF8000000000000 : f64} : () -> f64
    %7 = "daphne.constant"() {value = 0xFF800000 : f32} : () -> f32
    %8 = "daphne.constant"() {value = -0.0 : f64} : () -> f64
    %9 = "daphne.constant"() {value = -7} : () -> si64
    %10 = "daphne.constant"() {value = 18446744073709551615 : ui64} : () -> ui64
    %11 = "daphne.constant"() {value = "text"} : () -> !daphne.String
    %12 = "daphne.constant"() {value = "text" : !daphne.String} : () -> !daphne.String
    %13 = "daphne.constant"() {value = true} : () -> i1
    %14 = "daphne.constant"() {value = 3 : index} : () -> index
    %15 = "daphne.constant"() {value = 5.0e-324 : f64} : () -> f64
    %16 = "daphne.constant"() {value = 9007199254740993.0 : f64} : () -> f64
    // Several results, one by one or under one name.
    %a, %b = "scf.if"(%c) ({
      "scf.yield"(%0, %1) : (f64, f64) -> ()
    }, {
    ^bb0:
      "scf.yield"(%1, %0) : (f64, f64) -> ()
    }) : (i1) -> (f64, f64)
    %p:2 = "scf.if"(%c) ({
      "scf.yield"(%a, %b) : (f64, f64) -> ()
    }, {
      "scf.yield"(%b, %a) : (f64, f64) -> ()
    }) : (i1) -> (f64, f64)
    %q = "func.call"(%p#1) <{callee = @"odd name"}> : (f64) -> f64
    // The second region of the original's pipelines is empty.
    %v = "daphne.vectorizedPipeline"(%x, %14, %14) <{combines = [#daphne<vec_combine ROWS>], operandSegmentSizes = array<i32: 1, 1, 1, 0>, splits = [#daphne<vec_split ROWS>]}> ({
    ^bb0(%arg0: !daphne.Matrix<?x3xf64>):
      "daphne.return"(%arg0) : (!daphne.Matrix<?x3xf64>) -> ()
    }, {
    }) : (!daphne.Matrix<?x3xf64>, index, index) -> !daphne.Matrix<?x3xf64>
    "daphne.return"() : () -> ()
  }
}
// ----
func.func @"odd name"(%arg0: f64) -> f64 attributes {list = [1 : ui8, @main, f64, (f64) -> (), []], note = "a \22quoted\22 word"} {
  %0 = "daphne.constant"() <{origin = "line\0A two \C3\A4", value = 2 : si64}> : () -> si64
  "daphne.return"(%arg0) : (f64) -> ()
}
func.func @main(%arg0: !daphne.Matrix<?x3xf64>, %arg1: !daphne.Matrix<2x?x!daphne.Unknown:sp[5.000000e-01]:rep[sparse]:symmetric[true]>, %arg2: !daphne.Frame<?x[2: si64, !daphne.String], ["a", "b \\"]>, %arg3: !daphne.Frame<3x[?: ?], ?>, %arg4: !daphne.List<!daphne.Matrix<?x?xi1>>, %arg5: none, %arg6: !daphne.Unknown, %arg7: i1) {
  %0 = "daphne.constant"() <{value = 2.000000e+00 : f64}> : () -> f64
  %1 = "daphne.constant"() <{value = 1.000000e-01 : f64}> : () -> f64
  %2 = "daphne.constant"() <{value = 1.000000e+300 : f64}> : () -> f64
  %3 = "daphne.constant"() <{value = 123456789.125 : f64}> : () -> f64
  %4 = "daphne.constant"() <{value = 1.500000e-07 : f32}> : () -> f32
  %5 = "daphne.constant"() <{value = 0x4170000010000000 : f64}> : () -> f64
  %6 = "daphne.constant"() <{value = 0x7FF8000000000000 : f64}> : () -> f64
  %7 = "daphne.constant"() <{value = 0xFF800000 : f32}> : () -> f32
  %8 = "daphne.constant"() <{value = -0.000000e+00 : f64}> : () -> f64
  %9 = "daphne.constant"() <{value = -7 : si64}> : () -> si64
  %10 = "daphne.constant"() <{value = 18446744073709551615 : ui64}> : () -> ui64
  %11 = "daphne.constant"() <{value = "text"}> : () -> !daphne.String
  %12 = "daphne.constant"() <{value = "text"}> : () -> !daphne.String
  %13 = "daphne.constant"() <{value = true}> : () -> i1
  %14 = "daphne.constant"() <{value = 3 : index}> : () -> index
  %15 = "daphne.constant"() <{value = 4.940656e-324 : f64}> : () -> f64
  %16 = "daphne.constant"() <{value = 0x4340000000000000 : f64}> : () -> f64
  %17:2 = "scf.if"(%arg7) ({
    "scf.yield"(%0, %1) : (f64, f64) -> ()
  }, {
    "scf.yield"(%1, %0) : (f64, f64) -> ()
  }) : (i1) -> (f64, f64)
  %18:2 = "scf.if"(%arg7) ({
    "scf.yield"(%17#0, %17#1) : (f64, f64) -> ()
  }, {
    "scf.yield"(%17#1, %17#0) : (f64, f64) -> ()
  }) : (i1) -> (f64, f64)
  %19 = "func.call"(%18#1) <{callee = @"odd name"}> : (f64) -> f64
  %20 = "daphne.vectorizedPipeline"(%arg0, %14, %14) <{combines = [#daphne<vec_combine ROWS>], operandSegmentSizes = array<i32: 1, 1, 1, 0>, splits = [#daphne<vec_split ROWS>]}> ({
  ^bb0(%arg8: !daphne.Matrix<?x3xf64>):
    "daphne.return"(%arg8) : (!daphne.Matrix<?x3xf64>) -> ()
  }) : (!daphne.Matrix<?x3xf64>, index, index) -> !daphne.Matrix<?x3xf64>
  "daphne.return"() : () -> ()
}
