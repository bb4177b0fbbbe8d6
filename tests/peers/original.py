#!/usr/bin/python3
"""Runs the algorithms and examples of the original DAPHNE here and compares what they compute with NumPy, SciPy, scikit-learn and pandas.

original.py SCRIPTS [TOOL]

SCRIPTS is the folder 'scripts' of a checkout of daphne-eu/daphne (its scripts are not part of this repository), TOOL the daphne program to test
(default: the one the build made). Where a script draws its own random input, a copy of it that also writes that input is run. Every script is run
twice, plainly and with --vec, and must print and write the same. Exit status 1 if one differs.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np
import pandas as pd
import scipy.sparse
import scipy.sparse.csgraph

scripts = pathlib.Path(sys.argv[1]).resolve()
here = pathlib.Path(__file__).resolve().parents[2]
tool = pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else here / "artifacts/bin/Daphne.Net.Cli/release/daphne"
work = pathlib.Path(tempfile.mkdtemp(prefix="daphne-original-"))
rng = np.random.default_rng(7)
checks = []


def check(f):
    checks.append(f)
    return f


def write(name, values, value_type="f64"):
    values = np.atleast_2d(values)
    np.savetxt(work / name, values, delimiter=",", fmt="%d" if value_type.startswith("si") else "%r")
    (work / f"{name}.meta").write_text(f'{{"numRows":{values.shape[0]},"numCols":{values.shape[1]},"valueType":"{value_type}"}}')
    return name


def read(name):
    return np.loadtxt(work / name, delimiter=",", ndmin=2)


def run(script, *arguments, text=None, changes=()):
    """Standard output of a script; with changes (pattern, replacement) of a changed copy beside its original."""
    path = scripts / script if script else None
    if changes:
        text = path.read_text()
        for old, new in changes:
            assert old in text, f"{script} does not hold {old!r} any more"
            text = text.replace(old, new)
    if text is not None:
        path = work / "driver.daphne"
        path.write_text(text)
    outputs = []
    for options in ([], ["--vec"]):
        done = subprocess.run([tool, *options, path, *arguments], cwd=work, capture_output=True, text=True, timeout=300)
        if done.returncode:
            raise AssertionError(f"{script or 'driver'} {' '.join(options)} ended with {done.returncode}: {done.stdout}{done.stderr}")
        outputs.append(done.stdout)
    # Scripts that show times or draw at random print something else every time.
    if not re.search(r"now\(\)|, -1\)", path.read_text()):
        assert outputs[0] == outputs[1], f"{script}: --vec prints something else"
    return outputs[1]


def matrices(output):
    """The matrices and frames that were printed."""
    found, lines = [], output.split("\n")
    for i, line in enumerate(lines):
        if m := re.match(r"(?:DenseMatrix|CSRMatrix|Frame)\((\d+)x(\d+)", line):
            found.append(np.array([[float(c) for c in row.split()] for row in lines[i + 1:i + 1 + int(m[1])]]).reshape(int(m[1]), int(m[2])))
    return found


def close(a, b, rtol=1e-8, atol=0.0):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    assert a.shape == b.shape, f"shapes {a.shape} and {b.shape}"
    assert np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True), f"largest difference {np.abs(a - b).max()} of {np.abs(b).max()}"
    scale = np.abs(b).max() if b.size else 0
    return float(np.abs(a - b).max() / scale) if scale else 0.0


def regression_data():
    x = rng.normal(size=(1000, 11)) * np.arange(1, 12) + 3
    y = x @ rng.normal(size=11) + rng.normal(size=1000)
    return write("XY.csv", np.column_stack([x, y])), x, y


@check
def components():
    run("algorithms/components.daph", "n=300", "e=200", 'C="C.csv"', changes=[("c = seq(", 'writeMatrix(G, "G.csv");\nc = seq(')])
    g, c = read("G.csv"), read("C.csv")[:, 0]
    count, label = scipy.sparse.csgraph.connected_components(scipy.sparse.csr_matrix(g), directed=False)
    expected = np.array([1 + np.flatnonzero(label == label[i]).max() for i in range(len(g))])
    return close(c, expected), f"{count} components"


@check
def gnmf():
    # From start values of both signs the iteration is chaotic: no two implementations agree.
    run("algorithms/gnmf.daph", "rank=3", "n=60", "e=500", 'W="W.csv"', 'H="H.csv"',
        changes=[("rand(nrow(X), rnk, -0.05, 0.05", "rand(nrow(X), rnk, 0.05, 1.0"),
                 ("H = rand(rnk, ncol(X), -0.05, 0.05, 1.0, -1);", 'H = rand(rnk, ncol(X), 0.05, 1.0, 1.0, -1);\nwriteMatrix(X, "X.csv"); writeMatrix(W, "W0.csv"); writeMatrix(H, "H0.csv");')])
    x, w, h, eps = read("X.csv"), read("W0.csv"), read("H0.csv"), 1e-8
    for _ in range(21):
        h = h * ((w.T @ x) / (((w.T @ w) @ h) + eps))
        w = w * ((x @ h.T) / ((w @ (h @ h.T)) + eps))
    return max(close(read("W.csv"), w, 1e-5, 1e-9), close(read("H.csv"), h, 1e-5, 1e-9))


def linear_model(name, *extra):
    data, x, y = regression_data()
    worst = 0.0
    for icpt in (0, 1, 2):
        b = matrices(run(f"algorithms/{name}.daph", f'XY="{data}"', f"icpt={icpt}", "reg=0.0000001", *extra, "verbose=true"))[-1]
        a = np.column_stack([x, np.ones(len(x))]) if icpt else x
        expected, *_ = np.linalg.lstsq(a, y, rcond=None)
        worst = max(worst, close(b[:, 0], expected, 1e-4, 1e-5))
    return worst, "printed digits"


@check
def lmDS():
    return linear_model("lmDS")


@check
def lmCG():
    return linear_model("lmCG", "tol=0.0000000001", "maxi=0")


@check
def lm_on_random_data():
    for name in ("lmDS_rnd", "lmCG_rnd"):
        run(f"algorithms/{name}.daphne", "r=200", "c=5", "icpt=0", "rep=2")
    return "they run"


@check
def pca():
    data, x, _ = regression_data()
    x = read(data)
    run("algorithms/pca.daph", f'X="{data}"', "K=3", "center=true", "scale=false", 'Xout="Xout.csv"', 'Mout="Mout.csv"')
    centred = x - x.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(centred, rowvar=False))
    vectors = vectors[:, np.argsort(values)[::-1][:3]]
    m = read("Mout.csv")
    vectors = vectors * np.sign((vectors * m).sum(axis=0))
    return max(close(m, vectors, 1e-6, 1e-9), close(read("Xout.csv"), centred @ vectors, 1e-6, 1e-9))


@check
def pagerank():
    g = (rng.random((80, 80)) < 0.05) * rng.random((80, 80))
    write("G.csv", g)
    run("algorithms/pagerank.daph", 'G="G.csv"', "alpha=0.85", "maxiter=15")
    p = np.ones(80)
    for _ in range(15):
        p = g @ p * 0.85 + p.sum() * (1 - 0.85)
    return close(read("pr-out.csv")[:, 0], p)


@check
def multiLogReg():
    n, classes = 600, 10
    y = rng.integers(0, classes, size=n)
    data = write("classes.csv", np.column_stack([np.ones(n), rng.normal(size=(n, 6)) + y[:, None] / 3, y]))
    run("algorithms/multiLogReg.daph", f'XY="{data}"', 'B="B.csv"')
    return close(read("B.csv"), multi_log_reg(read(data), classes), 1e-6, 1e-9)


def multi_log_reg(xy, classes, tol=1e-6, reg=1.0, outer=100, inner=20):
    # The columns between the first and the last one, as the script takes them.
    x = xy[:, 1:-2]
    (n, d), k = x.shape, classes - 1
    y = np.eye(classes)[np.maximum(xy[:, -1], 0).astype(int)]
    lam = np.ones((d, k)) * reg
    delta = 0.5 * np.sqrt(d) / np.sqrt((x ** 2).sum(axis=1)).max()
    b, p = np.zeros((d, k)), np.ones((n, k + 1)) / (k + 1)
    obj = n * np.log10(k + 1)
    grad = x.T @ (p[:, :k] - y[:, :k]) + lam * b
    norm = first = np.sqrt((grad ** 2).sum())
    step, done = 1, norm < tol
    while not done:
        s, r = np.zeros((d, k)), -grad
        v, delta2, i = r.copy(), delta ** 2, 1
        rr = (r ** 2).sum()
        stop, boundary, pk = np.sqrt(rr) <= 0.1 * norm, False, p[:, :k]
        while not stop:
            q = pk * (x @ v)
            hv = x.T @ (q - pk * q.sum(axis=1, keepdims=True)) + v * lam
            alpha = rr / (v * hv).sum()
            new = s + v * alpha
            if (new ** 2).sum() <= delta2:
                s, r = new, r - hv * alpha
                rr = (r ** 2).sum()
                stop = np.sqrt(rr) <= 0.1 * norm
            else:
                boundary = True
                sv, v2, s2 = (s * v).sum(), (v ** 2).sum(), (s ** 2).sum()
                rad = np.sqrt(sv ** 2 + v2 * (delta2 - s2))
                alpha = (delta2 - s2) / (sv + rad) if sv >= 0 else (rad - sv) / v2
                s, r, stop = s + v * alpha, r - hv * alpha, True
            i += 1
            stop = stop or i > inner
        gs = (s * grad).sum()
        qk = -0.5 * (gs - (s * r).sum())
        bn = b + s
        lt = np.column_stack([x @ bn, np.zeros(n)])
        lt = lt - lt.max(axis=1, keepdims=True)
        e = np.exp(lt)
        pn = e / e.sum(axis=1, keepdims=True)
        objn = -(y * lt).sum() + np.log10(e.sum(axis=1)).sum() + 0.5 * (lam * bn ** 2).sum()
        reduction, size = obj - objn, np.sqrt((s ** 2).sum())
        rho = reduction / qk
        if step == 1:
            delta = min(delta, size)
        alpha2 = objn - obj - gs
        alpha = 4.0 if alpha2 <= 0 else max(0.25, -0.5 * gs / alpha2)
        if rho < 0.0001:
            delta = min(max(alpha, 0.25) * size, 0.5 * delta)
        elif rho < 0.25:
            delta = max(0.25 * delta, min(alpha * size, 0.5 * delta))
        elif rho < 0.75:
            delta = max(0.25 * delta, min(alpha * size, 4.0 * delta))
        else:
            delta = max(delta, min(alpha * size, 4.0 * delta))
        if rho > 0.0001:
            b, p = bn, pn
            grad = x.T @ (p[:, :k] - y[:, :k]) + lam * b
            norm, obj = np.sqrt((grad ** 2).sum()), objn
        step += 1
        done = norm < tol * first or step > outer or (not boundary and abs(reduction) < (abs(obj) + abs(objn)) * 1e-14)
    return b


def tree_data():
    # Binned features from 1 on; the label follows from two of them, with some noise.
    x = rng.integers(1, 9, size=(500, 4))
    y = 1 + ((x[:, 0] > 4) & (x[:, 2] <= 5)).astype(int)
    y = np.where(rng.random(500) < 0.03, 3 - y, y)
    return write("X.csv", x), write("y.csv", y[:, None]), x, y


@check
def decisionTree():
    from sklearn.tree import DecisionTreeClassifier
    xs, ys, x, y = tree_data()
    out = run(None, text=f'''import "{scripts}/algorithms/decisionTree_.daph" as "tree";
import "{scripts}/algorithms/decisionTreePredict_.daph" as "predict";
X = readMatrix("{xs}"); y = readMatrix("{ys}"); types = reshape([1.0, 1.0, 1.0, 1.0, 2.0], 1, 5);
M = tree.decisionTree(X, y, types, 4, 5, 10, 1.0, 1.0, 0.25, "gini", 7, false);
print(predict.decisionTreePredict(X, types, M, "TT", false));''')
    ours = matrices(out)[0][:, 0]
    sklearn = DecisionTreeClassifier(max_depth=3, min_samples_leaf=5, min_samples_split=10).fit(x, y)
    a, b = (ours == y).mean(), (sklearn.predict(x) == y).mean()
    assert a >= b - 0.01 and a > 0.9, f"accuracy {a}, scikit-learn {b}"
    return f"accuracy {a:.3f}, scikit-learn {b:.3f}"


@check
def randomForest():
    xs, ys, x, y = tree_data()
    out = run(None, text=f'''import "{scripts}/algorithms/randomForest_.daph" as "forest";
import "{scripts}/algorithms/randomForestPredict_.daph" as "predict";
X = readMatrix("{xs}"); y = readMatrix("{ys}"); types = reshape([1.0, 1.0, 1.0, 1.0, 2.0], 1, 5);
M = forest.randomForest(X, y, types, 9, 0.7, 1.0, 5, 5, 10, 1.0, 1.0, "gini", 7, false);
print(predict.randomForestPredict(X, y, types, M, false));''')
    a = (matrices(out)[0][:, 0] == y).mean()
    assert a > 0.9, f"accuracy {a}"
    return f"accuracy {a:.3f}"


@check
def RamerDouglasPeucker():
    x = np.arange(60.0)
    y = np.cumsum(rng.normal(size=60))
    write("x.csv", x[:, None]), write("y.csv", y[:, None])
    out = run(None, text=f'''import "{scripts}/algorithms/RamerDouglasPeucker.daph" as "rdp";
print(rdp.rdpLine(readMatrix("x.csv"), readMatrix("y.csv"), 12, 0.0));''')
    p = np.column_stack([(x - x.min()) / (x.max() - x.min()), (y - y.min()) / (y.max() - y.min())])
    kept = [0, 59]
    while len(kept) < 12:
        best = (-1.0, None)
        for a, b in zip(kept, kept[1:]):
            if b - a > 1:
                line, rest = p[b] - p[a], p[a] - p[a + 1:b]
                distance = np.abs(rest[:, 1] * line[0] - rest[:, 0] * line[1]) / np.hypot(*line)
                best = max(best, (distance.max(), a + 1 + int(distance.argmax())))
        kept = sorted(kept + [best[1]])
    return close(matrices(out)[0][:, 0], kept)


@check
def VisvalingamWhyatt():
    x = np.arange(60.0)
    y = np.cumsum(rng.normal(size=60))
    write("x.csv", x[:, None]), write("y.csv", y[:, None])
    out = run(None, text=f'''import "{scripts}/algorithms/VisvalingamWhyatt.daph" as "vw";
print(vw.vwLine(readMatrix("x.csv"), readMatrix("y.csv"), 15, 15, 1000000.0));''')
    kept = list(range(60))
    while len(kept) > 15:
        a = [0.5 * abs(x[i] * (y[j] - y[k]) + x[j] * (y[k] - y[i]) + x[k] * (y[i] - y[j])) for i, j, k in zip(kept, kept[1:], kept[2:])]
        del kept[int(np.argmin(a)) + 1]
    return close(matrices(out)[0][:, 0], kept)


@check
def hello_and_distributed():
    assert run("examples/hello-world.daph") == "Hello World!\n"
    a, b, c = matrices(run("examples/distributed.daph"))
    return close(c, a + b, 1e-5)


@check
def conv2d():
    assert "X_conv dims: 5x57600" in run("examples/dnn-conv2d.daph"), "the result has another shape"
    return "shape 5x57600"


@check
def products():
    for name in ("fpga-sgemm", "fpga-sgemv"):
        assert run(f"examples/{name}.daph").endswith("Bye!\n")
    m = np.ones((256, 256))
    m[255, 0] = 2
    expected = m.T @ m
    return max(close(row[0], expected[i]) for row, i in zip(matrices(run("examples/fpga-syrk.daph")), (0, 1, 2, 255)))


def views(script):
    x, y, result = matrices(run(f"examples/{script}.daph"))
    return pd.DataFrame(x, columns=["a", "b"]), pd.DataFrame(y, columns=["d", "c"]), result


@check
def sql_group():
    x, y, result = views("sql-group")
    g = x.merge(y, how="cross").groupby(["a", "d"]).agg(n=("b", "count"), avg=("c", "mean"), total=("c", lambda c: (c - 1).sum())).reset_index()
    return close(result, np.column_stack([g.a, g.d, g.n, g.avg + 2, g.total]), 1e-5)


@check
def sql_join():
    x, y, result = views("sql-join")
    j = x.merge(y, left_on="a", right_on="d")
    return close(result, np.column_stack([j.a, j.d, j.b + 15, j.c, j.c - 1]))


@check
def sql_where():
    x, y, result = views("sql-where")
    j = x.merge(y, how="cross")
    return close(result, np.column_stack([j.a, j.d, j.b + 15, j.c, j.c - 1]))


@check
def theta_join():
    x, y, result = views("theta-join")
    j = x.merge(y, how="cross").query("a < d and b < c")
    return close(result, np.column_stack([j.a, j.d, j.b + 15, j.c, j.c - 1]))


failed = 0
for f in checks:
    try:
        print(f"{f.__name__:24} ok    {f()}")
    except Exception as e:                      # the edge of the program: every check is reported
        failed += 1
        print(f"{f.__name__:24} FAILED {type(e).__name__}: {e}")
print(f"{len(checks) - failed} passed, {failed} failed")
sys.exit(failed > 0)
