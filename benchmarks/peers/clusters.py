"""Whole scripts on two worker processes of one thread each, beside one process with two threads and beside dask.distributed on two such processes, round-robin in one run.

clusters.py BENCHMARKS [ROUNDS [WORKLOAD ...]]   BENCHMARKS: the benchmark program, built with -c Release. Needs Debian's python3-distributed: run it with
/usr/bin/python3. With "sync" and "async" every pipeline goes to the workers, with "rule" those that pay. Dask has its data on the workers before the clock starts, and so has ours where it
is "placed"; else it is sent in every run. "empty" is 200 pipelines (for dask: tasks) with next to nothing to do.

Ratios are medians over rounds; below 1 the first is faster.
"""
import os
import statistics
import subprocess
import sys
import time

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"
if "avx512f" in open("/proc/cpuinfo").read():
    os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")

import numpy as np

SHAPES = {"kmeans": (100_000, 20), "linreg": (100_000, 100), "chain-sum": (20_000, 1000), "empty": (4, 1)}
WARM_UPS = 2


def cells(rows, cols):
    return ((np.arange(rows * cols, dtype=np.uint32) * np.uint32(2654435761)) / 2147483648.0 - 1).reshape(rows, cols)


def kmeans(dask, x, centroids):
    for _ in range(20):
        dist = (x @ centroids.T) * -2.0 + (centroids ** 2).sum(axis=1)[None, :]
        near = (dist <= dist.min(axis=1, keepdims=True)).astype(np.float64)
        near = near / near.sum(axis=1, keepdims=True)
        sums, members = dask.compute(near.T @ x, near.sum(axis=0))
        centroids = sums / members[:, None]
    return centroids.sum()


def linreg(dask, x, _):
    mean = x.sum(axis=0) / x.shape[0]
    z = x - mean
    z = z / np.sqrt((z * z).sum(axis=0) / x.shape[0])
    y = x[:, 0] + x[:, 1] * 2.0
    a, b = dask.compute(z.T @ z, z.T @ (y - y.sum() / x.shape[0]))
    a[np.diag_indices_from(a)] += 0.001
    return np.linalg.solve(a, b).sum()


def chain_sum(dask, x, _):
    return (np.sqrt(np.fabs(x * 2.0 + 1.0)) - x / 3.0).sum().compute()


class Dask:
    def __init__(self):
        import dask
        import dask.array
        from distributed import Client, LocalCluster, wait
        self.dask, self.array, self.wait = dask, dask.array, wait
        self.cluster = LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1", memory_limit=0)
        self.client = Client(self.cluster)
        self.data = {}

    def run(self, name):
        if name not in self.data:
            whole = cells(*SHAPES[name])
            placed = self.array.from_array(whole, chunks=(whole.shape[0] // 2, whole.shape[1])).persist()
            self.wait(placed)
            self.data[name] = placed, whole[:5].copy()
        x, first = self.data[name]
        # Time for the scheduler to forget the results of the last round, which have the same names.
        time.sleep(0.5)
        start = time.perf_counter()
        if name == "empty":
            for _ in range(200):
                self.client.submit(int, pure=False).result()
            return time.perf_counter() - start, None
        result = {"kmeans": kmeans, "linreg": linreg, "chain-sum": chain_sum}[name](self.dask, x, first)
        return time.perf_counter() - start, float(result)

    def stop(self):
        self.client.close()
        self.cluster.close()


def main():
    ours = subprocess.Popen([sys.argv[1], "peer-distributed"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    peer = Dask()
    moved = {}

    def run_ours(name, where):
        ours.stdin.write(f"{name} {where}\n")
        seconds, result, sent, received = ours.stdout.readline().split()
        moved[where] = int(sent), int(received)
        return float(seconds), float(result)

    ways = ["local", "sync", "async", "rule", "sync placed", "async placed", "rule placed"]
    contestants = {way: lambda n, way=way: run_ours(n, way) for way in ways} | {"dask": peer.run}
    for name in sys.argv[3:] or SHAPES:
        times = {who: [] for who in contestants}
        results = {}
        for i in range(rounds + WARM_UPS):
            for who in list(contestants)[:: 1 if i % 2 == 0 else -1]:
                seconds, results[who] = contestants[who](name)
                if i >= WARM_UPS:
                    times[who].append(seconds)
        for who, result in results.items():
            # Equal first: only the order of additions differs.
            assert result is None or abs(result - results["local"]) <= 1e-6 * max(1, abs(results["local"])), (name, results)
        for who in contestants:
            line = f"{name:10} {who:12} median {statistics.median(times[who]) * 1e3:9.3f} ms   best {min(times[who]) * 1e3:9.3f}"
            if name == "empty":
                line += f"   per pipeline {statistics.median(times[who]) / 200 * 1e6:7.0f} us"
            elif who in moved and who != "local":
                line += f"   moved {moved[who][0]:>10} B there {moved[who][1]:>9} B back"
            if who not in ("local", "dask"):
                for other in ("local", "dask"):
                    line += f"   {statistics.median(a / b for a, b in zip(times[who], times[other])):5.2f} of {other}'s"
            print(line, flush=True)
    ours.stdin.close()
    ours.wait()
    peer.stop()


if __name__ == "__main__":   # dask starts its workers from here as well
    main()
