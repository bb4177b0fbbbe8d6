"""Products, solving, transposing and sorting beside NumPy on OpenBLAS, one thread each, round-robin in one run.

openblas.py BENCHMARKS [ROUNDS [WORKLOAD ...]]   BENCHMARKS: the benchmark program, built with -c Release. A workload is quoted: "matmul-f64 2000 2000 2000".
Needs Debian's python3-numpy and libopenblas0-pthread, so run it with /usr/bin/python3.

The ratio is the median over rounds of our time by NumPy's: below 1 we are faster.
"""
import os
import statistics
import subprocess
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"
# OpenBLAS 0.3.21 does not know Xeons newer than itself and falls back to code without AVX; that would be no peer.
if "avx512f" in open("/proc/cpuinfo").read():
    os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")

import numpy as np

WORKLOADS = ["matmul-f64 2000 2000 2000", "matmul-f32 2000 2000 2000", "matmul-f64 100000 20 5", "syrk 100000 100", "gemv 100000 100",
             "gemv-turned 100000 100", "solve 1000 1", "transpose 20000 1000", "order 1000000"]


def cells(*shape, dtype=np.float64):
    return (np.random.default_rng(1).random(shape) * 2 - 1).astype(dtype)


def make(workload):
    name, *n = workload.split()
    n = [int(i) for i in n]
    if name in ("matmul-f64", "matmul-f32"):
        dtype = np.float64 if name == "matmul-f64" else np.float32
        a, b = cells(n[0], n[1], dtype=dtype), cells(n[1], n[2], dtype=dtype)
        return lambda: a @ b
    if name == "syrk":
        a = cells(*n)
        return lambda: a.T @ a
    if name == "gemv":
        a, x = cells(*n), cells(n[1])
        return lambda: a @ x
    if name == "gemv-turned":
        a, x = cells(*n), cells(n[0])
        return lambda: a.T @ x
    if name == "solve":
        a, b = cells(n[0], n[0]), cells(n[0], n[1])
        return lambda: np.linalg.solve(a, b)
    if name == "transpose":
        a = cells(*n)
        return lambda: np.ascontiguousarray(a.T)
    if name == "order":
        a = cells(n[0])
        return lambda: np.argsort(a, kind="stable")
    raise SystemExit(f"unknown workload {name}")


def main():
    ours = subprocess.Popen([sys.argv[1], "peer-products"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    for workload in sys.argv[3:] or WORKLOADS:
        peer = make(workload)

        def run_peer():
            start = time.perf_counter()
            peer()
            return time.perf_counter() - start

        def run_ours():
            ours.stdin.write(workload + "\n")
            return float(ours.stdout.readline())

        run_peer(), run_ours()
        times = []
        for i in range(rounds):
            pair = (run_ours(), run_peer()) if i % 2 else (run_peer(), run_ours())[::-1]
            times.append(pair)
        mine, theirs = (statistics.median(t[side] for t in times) * 1e3 for side in (0, 1))
        print(f"{workload:28s} daphne {mine:9.3f} ms   numpy {theirs:9.3f} ms   ratio {statistics.median(a / b for a, b in times):6.3f}", flush=True)
    ours.stdin.close()
    ours.wait()


main()
