"""Start of `daphne hello.daphne` beside an empty ReadyToRun .NET program, round-robin in one run.

startup.py DAPHNE EMPTY [ROUNDS]   prints medians in ms and the median of per-round ratios
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

daphne, empty = sys.argv[1], sys.argv[2]
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 21
script = os.path.join(tempfile.mkdtemp(), "hello.daphne")
with open(script, "w") as f:
    f.write('print("hello");\n')

contestants = {"empty": [empty], "daphne": [daphne, script]}
times = {name: [] for name in contestants}
for i in range(rounds + 3):
    order = list(contestants) if i % 2 == 0 else list(contestants)[::-1]
    for name in order:
        start = time.perf_counter()
        out = subprocess.run(contestants[name], capture_output=True, check=True).stdout
        elapsed = (time.perf_counter() - start) * 1000
        assert out == b"hello\n", (name, out)
        if i >= 3:
            times[name].append(elapsed)

ratios = [d / e for d, e in zip(times["daphne"], times["empty"])]
for name, all_times in times.items():
    print(f"{name:8} median {statistics.median(all_times):7.1f} ms   min {min(all_times):7.1f} ms")
print(f"ratio    median {statistics.median(ratios):7.2f}")
