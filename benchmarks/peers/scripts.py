"""Whole scripts (text in, result out, warm process) beside the same computation in NumPy, round-robin in one run.

scripts.py BENCHMARKS [ROUNDS [WORKLOAD ...]]   BENCHMARKS: the benchmark program, built with -c Release. A workload is quoted: "chain-sum 1 20000 1000"
(name, threads of ours, rows, columns). NumPy works element by element on one thread. Needs Debian's python3-numpy: run it with /usr/bin/python3.

The ratio is the median over rounds of our time by NumPy's: below 1 we are faster. "fresh" counts the blocks of memory our last run had to ask the system for.
"""
import os
import statistics
import subprocess
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"
if "avx512f" in open("/proc/cpuinfo").read():
    os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")

import numpy as np

WORKLOADS = [f"{name} {threads} {shape}" for name, shape in (
    ("chain-sum", "20000 1000"), ("chain-map", "20000 1000"), ("sum", "20000 1000"), ("row-sums", "20000 1000"), ("column-sums", "20000 1000"),
    ("normal-equations", "100000 100")) for threads in (1, 2)]


def chain(x):
    return np.sqrt(np.abs(x * 2.0 + 1.0)) - x / 3.0


def normal_equations(x):
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    y = x[:, 0] + x[:, 1] * 2.0
    return np.linalg.solve(z.T @ z + np.diag(np.full(z.shape[1], 0.001)), z.T @ (y - y.mean())).sum()


PEERS = {
    "chain-sum": lambda x: chain(x).sum(), "chain-map": lambda x: chain(x)[0, 0], "sum": lambda x: x.sum(), "row-sums": lambda x: x.sum(axis=1).max(),
    "column-sums": lambda x: x.sum(axis=0).sum(), "normal-equations": normal_equations,
}


def main():
    ours = subprocess.Popen([sys.argv[1], "peer-scripts"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    for workload in sys.argv[3:] or WORKLOADS:
        name, _, rows, cols = workload.split()
        # The same numbers as ours: multiples of the golden ratio, in [-1, 1).
        x = ((np.arange(int(rows) * int(cols), dtype=np.uint32) * np.uint32(2654435761)) / 2147483648.0 - 1).reshape(int(rows), int(cols))
        expected = float(PEERS[name](x))

        def run_peer():
            start = time.perf_counter()
            PEERS[name](x)
            return time.perf_counter() - start

        def run_ours():
            ours.stdin.write(workload + "\n")
            seconds, result, fresh = ours.stdout.readline().split()
            run_ours.fresh = int(fresh)
            # A sum of millions of numbers of both signs: relative to what was added, not to what is left.
            assert abs(float(result) - expected) <= 1e-9 * max(abs(expected), x.size * 1e-3), (workload, result, expected)
            return float(seconds)

        run_peer(), run_ours()
        times = []
        for i in range(rounds):
            times.append((run_ours(), run_peer()) if i % 2 else (run_peer(), run_ours())[::-1])
        mine, theirs = (statistics.median(t[side] for t in times) * 1e3 for side in (0, 1))
        print(f"{workload:32s} daphne {mine:9.3f} ms   numpy {theirs:9.3f} ms   ratio {statistics.median(a / b for a, b in times):6.3f}   fresh {run_ours.fresh}", flush=True)
    ours.stdin.close()
    ours.wait()


main()
