// RUN: select-representations,cse,hoist-invariants,dead-code
func.func @main(%c: !daphne.Matrix<?x1xf64>, %d: !daphne.Matrix<8x8xf64>, %n: si64) -> (!daphne.Matrix<?x1xf64>, !daphne.Matrix<8x8xf64>, !daphne.Matrix<8x8xf64>, !daphne.Matrix<8x1xf64>, !daphne.Matrix<8x8xf64>) {
  %rows = "daphne.constant"() <{value = 8 : si64}> : () -> si64
  %one = "daphne.constant"() <{value = 1.0 : f64}> : () -> f64
  %few = "daphne.constant"() <{value = 0.1 : f64}> : () -> f64
  %seed = "daphne.constant"() <{value = 3 : si64}> : () -> si64
  %from = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %no = "daphne.constant"() <{value = false}> : () -> i1
  %yes = "daphne.constant"() <{value = true}> : () -> i1
  %g = "daphne.randMatrix"(%rows, %rows, %one, %one, %few, %seed) : (si64, si64, f64, f64, f64, si64) -> !daphne.Matrix<8x8xf64>
  // The largest of each row of a product: not stored. The transpose of a flag leaves the loop.
  %u = "scf.for"(%from, %n, %from, %c) ({
  ^bb0(%i: si64, %v: !daphne.Matrix<?x1xf64>):
    %0 = "daphne.transpose"(%v) : (!daphne.Matrix<?x1xf64>) -> !daphne.Matrix<1x?xf64>
    %1 = "daphne.ewMul"(%g, %0) : (!daphne.Matrix<8x8xf64>, !daphne.Matrix<1x?xf64>) -> !daphne.Matrix<8x8xf64>
    %2 = "daphne.maxRow"(%1) : (!daphne.Matrix<8x8xf64>) -> !daphne.Matrix<8x1xf64>
    %3 = "daphne.gemv"(%g, %2) : (!daphne.Matrix<8x8xf64>, !daphne.Matrix<8x1xf64>) -> !daphne.Matrix<8x1xf64>
    "scf.yield"(%3) : (!daphne.Matrix<8x1xf64>) -> ()
  }) : (si64, si64, si64, !daphne.Matrix<?x1xf64>) -> !daphne.Matrix<?x1xf64>
  // Sparse and dense meet behind a branch: dense.
  %b = "scf.if"(%yes) ({
    "scf.yield"(%g) : (!daphne.Matrix<8x8xf64>) -> ()
  }, {
    "scf.yield"(%d) : (!daphne.Matrix<8x8xf64>) -> ()
  }) : (i1) -> !daphne.Matrix<8x8xf64>
  // No sparse kernel: dense in front of it, once.
  %e = "daphne.ewExp"(%g) : (!daphne.Matrix<8x8xf64>) -> !daphne.Matrix<8x8xf64>
  %f = "daphne.ewAdd"(%e, %g) : (!daphne.Matrix<8x8xf64>, !daphne.Matrix<8x8xf64>) -> !daphne.Matrix<8x8xf64>
  // Symmetric: its own transpose.
  %column = "daphne.sumRow"(%g) : (!daphne.Matrix<8x8xf64>) -> !daphne.Matrix<8x1xf64>
  %h = "daphne.diagMatrix"(%column) : (!daphne.Matrix<8x1xf64>) -> !daphne.Matrix<8x8xf64>
  %t = "daphne.transpose"(%h) : (!daphne.Matrix<8x8xf64>) -> !daphne.Matrix<8x8xf64>
  %w = "daphne.matMul"(%t, %column, %no, %no) : (!daphne.Matrix<8x8xf64>, !daphne.Matrix<8x1xf64>, i1, i1) -> !daphne.Matrix<8x1xf64>
  // Sparse up to the host, who gets it dense.
  %s = "daphne.matMul"(%g, %g, %yes, %no) : (!daphne.Matrix<8x8xf64>, !daphne.Matrix<8x8xf64>, i1, i1) -> !daphne.Matrix<8x8xf64>
  %y = "daphne.ewAdd"(%s, %g) : (!daphne.Matrix<8x8xf64>, !daphne.Matrix<8x8xf64>) -> !daphne.Matrix<8x8xf64>
  "daphne.return"(%u, %b, %f, %w, %y) : (!daphne.Matrix<?x1xf64>, !daphne.Matrix<8x8xf64>, !daphne.Matrix<8x8xf64>, !daphne.Matrix<8x1xf64>, !daphne.Matrix<8x8xf64>) -> ()
}
// ----
func.func @main(%arg0: !daphne.Matrix<?x1xf64>, %arg1: !daphne.Matrix<8x8xf64>, %arg2: si64) -> (!daphne.Matrix<?x1xf64>, !daphne.Matrix<8x8xf64>, !daphne.Matrix<8x8xf64>, !daphne.Matrix<8x1xf64>, !daphne.Matrix<8x8xf64:sp[1.695298e-01]>) {
  %0 = "daphne.constant"() <{value = 8 : si64}> : () -> si64
  %1 = "daphne.constant"() <{value = 1.000000e+00 : f64}> : () -> f64
  %2 = "daphne.constant"() <{value = 1.000000e-01 : f64}> : () -> f64
  %3 = "daphne.constant"() <{value = 3 : si64}> : () -> si64
  %4 = "daphne.constant"() <{value = 1 : si64}> : () -> si64
  %5 = "daphne.constant"() <{value = false}> : () -> i1
  %6 = "daphne.constant"() <{value = true}> : () -> i1
  %7 = "daphne.randMatrix"(%0, %0, %1, %1, %2, %3) : (si64, si64, f64, f64, f64, si64) -> !daphne.Matrix<8x8xf64:sp[1.000000e-01]:rep[sparse]>
  %8 = "daphne.transpose"(%7) : (!daphne.Matrix<8x8xf64:sp[1.000000e-01]:rep[sparse]>) -> !daphne.Matrix<8x8xf64:sp[1.000000e-01]:rep[sparse]>
  %9 = "scf.for"(%4, %arg2, %4, %arg0) ({
  ^bb0(%arg3: si64, %arg4: !daphne.Matrix<?x1xf64>):
    %21 = "daphne.transpose"(%arg4) : (!daphne.Matrix<?x1xf64>) -> !daphne.Matrix<1x?xf64>
    %22 = "daphne.maxRowTimes"(%7, %21) : (!daphne.Matrix<8x8xf64:sp[1.000000e-01]:rep[sparse]>, !daphne.Matrix<1x?xf64>) -> !daphne.Matrix<8x1xf64>
    %23 = "daphne.matMul"(%8, %22, %5, %5) : (!daphne.Matrix<8x8xf64:sp[1.000000e-01]:rep[sparse]>, !daphne.Matrix<8x1xf64>, i1, i1) -> !daphne.Matrix<8x1xf64>
    "scf.yield"(%23) : (!daphne.Matrix<8x1xf64>) -> ()
  }) : (si64, si64, si64, !daphne.Matrix<?x1xf64>) -> !daphne.Matrix<?x1xf64>
  %10 = "scf.if"(%6) ({
    %21 = "daphne.cast"(%7) : (!daphne.Matrix<8x8xf64:sp[1.000000e-01]:rep[sparse]>) -> !daphne.Matrix<8x8xf64:sp[1.000000e-01]>
    "scf.yield"(%21) : (!daphne.Matrix<8x8xf64:sp[1.000000e-01]>) -> ()
  }, {
    "scf.yield"(%arg1) : (!daphne.Matrix<8x8xf64>) -> ()
  }) : (i1) -> !daphne.Matrix<8x8xf64>
  %11 = "daphne.cast"(%7) : (!daphne.Matrix<8x8xf64:sp[1.000000e-01]:rep[sparse]>) -> !daphne.Matrix<8x8xf64:sp[1.000000e-01]>
  %12 = "daphne.ewExp"(%11) : (!daphne.Matrix<8x8xf64:sp[1.000000e-01]>) -> !daphne.Matrix<8x8xf64>
  %13 = "daphne.ewAdd"(%12, %11) : (!daphne.Matrix<8x8xf64>, !daphne.Matrix<8x8xf64:sp[1.000000e-01]>) -> !daphne.Matrix<8x8xf64>
  %14 = "daphne.sumRow"(%7) : (!daphne.Matrix<8x8xf64:sp[1.000000e-01]:rep[sparse]>) -> !daphne.Matrix<8x1xf64>
  %15 = "daphne.diagMatrix"(%14) : (!daphne.Matrix<8x1xf64>) -> !daphne.Matrix<8x8xf64:sp[1.250000e-01]:rep[sparse]:symmetric[true]>
  %16 = "daphne.matMul"(%15, %14, %5, %5) : (!daphne.Matrix<8x8xf64:sp[1.250000e-01]:rep[sparse]:symmetric[true]>, !daphne.Matrix<8x1xf64>, i1, i1) -> !daphne.Matrix<8x1xf64>
  %17 = "daphne.transpose"(%7) : (!daphne.Matrix<8x8xf64:sp[1.000000e-01]:rep[sparse]>) -> !daphne.Matrix<8x8xf64:sp[1.000000e-01]:rep[sparse]>
  %18 = "daphne.matMul"(%17, %7, %5, %5) : (!daphne.Matrix<8x8xf64:sp[1.000000e-01]:rep[sparse]>, !daphne.Matrix<8x8xf64:sp[1.000000e-01]:rep[sparse]>, i1, i1) -> !daphne.Matrix<8x8xf64:sp[7.725531e-02]:rep[sparse]>
  %19 = "daphne.ewAdd"(%18, %7) : (!daphne.Matrix<8x8xf64:sp[7.725531e-02]:rep[sparse]>, !daphne.Matrix<8x8xf64:sp[1.000000e-01]:rep[sparse]>) -> !daphne.Matrix<8x8xf64:sp[1.695298e-01]:rep[sparse]>
  %20 = "daphne.cast"(%19) : (!daphne.Matrix<8x8xf64:sp[1.695298e-01]:rep[sparse]>) -> !daphne.Matrix<8x8xf64:sp[1.695298e-01]>
  "daphne.return"(%9, %10, %13, %16, %20) : (!daphne.Matrix<?x1xf64>, !daphne.Matrix<8x8xf64>, !daphne.Matrix<8x8xf64>, !daphne.Matrix<8x1xf64>, !daphne.Matrix<8x8xf64:sp[1.695298e-01]>) -> ()
}
