"""Joins, groups and sorting of frames (a whole script, warm process) beside pandas, round-robin in one run.

tables.py BENCHMARKS [ROUNDS [WORKLOAD ...]]   BENCHMARKS: the benchmark program, built with -c Release. A workload is quoted: "join 1 1000000 100000"
(name, threads of ours, rows, different keys). pandas works on one thread. Needs Debian's python3-pandas: run it with /usr/bin/python3.

"-wide" takes keys that are far apart, which no table of their range holds. The ratio is the median over rounds of our time by that of pandas: below 1
we are faster.
"""
import statistics
import subprocess
import sys
import time

import numpy as np
import pandas as pd

WIDE = 0x5851F42D4C957F2D
WORKLOADS = [f"{name} {threads} {shape}" for name, shape in (
    ("join", "1000000 100000"), ("join-wide", "1000000 100000"), ("group-sum", "1000000 10000"), ("group-sum-wide", "1000000 10000"),
    ("sql", "1000000 100000"),
    ("order-float", "1000000 1000000"), ("order-integer-wide", "1000000 1000000")) for threads in (1, 2)]


def mixed(i):
    x = i.astype(np.uint32) * np.uint32(2654435761)
    return ((x ^ x >> np.uint32(15)) * np.uint32(2246822519)).astype(np.int64)


def make(workload):
    name, _, rows, keys = workload.split()
    rows, keys, factor = int(rows), int(keys), np.int64(WIDE if name.endswith("-wide") else 1)
    i, j = np.arange(rows), np.arange(keys)
    left = pd.DataFrame({"k": mixed(i) % keys * factor, "g": i, "v": mixed(i + rows) / 4294967296.0})
    right = pd.DataFrame({"rk": j * 7 % keys * factor, "w": j * 0.5})
    return {
        "join": lambda: left.merge(right, left_on="k", right_on="rk", how="inner")["w"].sum(),
        "group-sum": lambda: left.groupby("k", sort=True)["v"].sum().iloc[5],
        "sql": lambda: left[left["v"] > 0.25].merge(right, left_on="k", right_on="rk", how="inner").pipe(
            lambda j: j.assign(h=j["g"] % 1000, s=j["v"] * j["w"])).groupby("h", sort=True)["s"].sum().iloc[5],
        "order-float": lambda: left.sort_values("v", kind="stable")["v"].iloc[5],
        "order-integer": lambda: left.sort_values("k", kind="stable")["v"].iloc[5],
    }[name.removesuffix("-wide")]


def main():
    ours = subprocess.Popen([sys.argv[1], "peer-tables"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    for workload in sys.argv[3:] or WORKLOADS:
        peer = make(workload)
        expected = float(peer())

        def run_peer():
            start = time.perf_counter()
            peer()
            return time.perf_counter() - start

        def run_ours():
            ours.stdin.write(workload + "\n")
            seconds, result = ours.stdout.readline().split()
            assert abs(float(result) - expected) <= 1e-9 * max(1, abs(expected)), (workload, result, expected)
            return float(seconds)

        run_ours()
        times = []
        for i in range(rounds):
            times.append((run_ours(), run_peer()) if i % 2 else (run_peer(), run_ours())[::-1])
        mine, theirs = (statistics.median(t[side] for t in times) * 1e3 for side in (0, 1))
        print(f"{workload:38s} daphne {mine:9.3f} ms   pandas {theirs:9.3f} ms   ratio {statistics.median(a / b for a, b in times):6.3f}", flush=True)
    ours.stdin.close()
    ours.wait()


main()
