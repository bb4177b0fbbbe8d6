"""Reading and writing files beside pandas, round-robin in one run.

files.py BENCHMARKS [ROUNDS]   BENCHMARKS: the benchmark program, built with -c Release. Needs Debian's python3-pandas: run it with /usr/bin/python3.

A matrix of 1,000,000 x 10 doubles in 17 digits, and a frame of 1,000,000 rows with whole numbers, text and doubles. The ratio is the median over rounds of
our time by pandas': below 1 we are faster. "peak" is by how much the memory of the process grew at most while reading, as a multiple of what was read.
pandas reads with its fast parser, which does not round correctly; it has no Parquet engine here, so ours stands against its CSV.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import pandas as pd

ROWS = 1_000_000


def main():
    ours = subprocess.Popen([sys.argv[1], "peer-files"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory(prefix="daphne-bench-") as folder:
        def ask(what, name, threads):
            ours.stdin.write(f"{what} {folder}/{name} {threads}\n")
            return [float(x) for x in ours.stdout.readline().split()]

        random = np.random.default_rng(1)
        matrix = pd.DataFrame(random.random((ROWS, 10)) * 1000 - 500)
        frame = pd.DataFrame({"id": np.arange(ROWS), "name": np.char.add("name ", (np.arange(ROWS) % 5000).astype(str)), "x": random.random(ROWS)})
        metas = {"m": f'{{"numRows": {ROWS}, "numCols": 10, "valueType": "f64"}}',
                 "f": f'{{"numRows": {ROWS}, "numCols": 3, "schema": [{{"label": "id", "valueType": "si64"}}, {{"label": "name", "valueType": "str"}}, {{"label": "x", "valueType": "f64"}}]}}'}
        for name, data in (("m", matrix), ("f", frame)):
            data.to_csv(f"{folder}/{name}.csv", header=False, index=False)
            with open(f"{folder}/{name}.csv.meta", "w") as meta:
                meta.write(metas[name])

        def peer(run):
            start = time.perf_counter()
            run()
            return time.perf_counter() - start

        def compare(title, mine, run, result_bytes=None):
            times, peaks = [], []
            for _ in range(rounds):
                theirs = peer(run)
                seconds, _, grown = mine()
                times.append((seconds, theirs))
                peaks.append(grown)
            a, b = (statistics.median(t[side] for t in times) * 1e3 for side in (0, 1))
            peak = f"   peak {statistics.median(peaks) * 2**20 / result_bytes:4.2f} x" if result_bytes else ""
            print(f"{title:34s} daphne {a:9.1f} ms   pandas {b:9.1f} ms   ratio {statistics.median(x / y for x, y in times):6.3f}{peak}", flush=True)

        for threads in (1, 2):
            seconds, total, _ = ask("read", "m.csv", threads)
            assert abs(total - float(matrix.to_numpy().sum())) < 1e-3, total
            compare(f"read matrix, CSV, {threads} threads", lambda: ask("read", "m.csv", threads), lambda: pd.read_csv(f"{folder}/m.csv", header=None), ROWS * 80)
            compare(f"write matrix, CSV, {threads} threads", lambda: ask("write", "w.csv", threads), lambda: matrix.to_csv(f"{folder}/p.csv", header=False, index=False))
            ask("write", "m.parquet", threads)
            compare(f"write matrix, Parquet, {threads} threads", lambda: ask("write", "m.parquet", threads), lambda: matrix.to_csv(f"{folder}/p.csv", header=False, index=False))
            compare(f"read matrix, Parquet, {threads} threads", lambda: ask("read", "m.parquet", threads), lambda: pd.read_csv(f"{folder}/m.csv", header=None), ROWS * 80)
            # A string of n characters takes 22 + 2n bytes, rounded up to 8, and a reference to it 8.
            strings = int(((22 + 2 * frame["name"].str.len() + 7) // 8 * 8 + 8).sum())
            compare(f"read frame, CSV, {threads} threads", lambda: ask("read-frame", "f.csv", threads), lambda: pd.read_csv(f"{folder}/f.csv", header=None), ROWS * 16 + strings)
            compare(f"write frame, CSV, {threads} threads", lambda: ask("write", "w.csv", threads), lambda: frame.to_csv(f"{folder}/p.csv", header=False, index=False))
    ours.stdin.close()
    ours.wait()


main()
