"""160 MB to a worker (Store) and back (Transfer), and small calls, over loopback: our client and worker beside grpcio's, dask's scatter and gather and a bare socket,
round-robin in one run. Ours move values over gRPC (as they do towards foreign peers), and between themselves over a local socket or TCP, without and with TLS.

grpc_transfer.py BENCHMARKS [ROUNDS]   BENCHMARKS: the benchmark program, built with -c Release. Needs python3-grpcio;
dask.distributed takes part where it is installed.

grpcio moves ready-made messages of 1 MiB as plain bytes, without a protobuf codec; its server joins them, its client copies what comes into one buffer.
"""
import concurrent.futures
import os
import statistics
import subprocess
import sys
import tempfile
import time

import grpc

SIZE, CHUNK, ASKS = 160_000_000, 1 << 20, 200
OPTIONS = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
TURNS = ("up", "down", "ask")
same = lambda b: b


def serve():
    kept = {}

    def put(messages, context):
        kept["x"] = b"".join(messages)
        return b"ok"

    def get(request, context):
        view = memoryview(kept["x"])
        for at in range(0, len(view), CHUNK):
            yield bytes(view[at:at + CHUNK])

    server = grpc.server(concurrent.futures.ThreadPoolExecutor(4), options=OPTIONS)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("t", {
        "put": grpc.stream_unary_rpc_method_handler(put, same, same),
        "get": grpc.unary_stream_rpc_method_handler(get, same, same),
        "ask": grpc.unary_unary_rpc_method_handler(lambda request, context: request, same, same),
    }),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(f"listening on 127.0.0.1:{port}", flush=True)
    sys.stdin.read()


def transfer(address):
    channel = grpc.insecure_channel(address, options=OPTIONS)
    put, get, ask = channel.stream_unary("/t/put", same, same), channel.unary_stream("/t/get", same, same), channel.unary_unary("/t/ask", same, same)
    value = memoryview(os.urandom(1 << 20) * (SIZE // (1 << 20)) + bytes(SIZE % (1 << 20)))
    messages = [bytes(value[at:at + CHUNK]) for at in range(0, SIZE, CHUNK)]
    put(iter(messages))
    print("ready", flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        if line.strip() == "up":
            put(iter(messages))
        elif line.strip() == "ask":
            for _ in range(ASKS):
                ask(b"")
        else:
            back, at = bytearray(SIZE), 0
            for m in get(b""):
                back[at:at + len(m)] = m
                at += len(m)
            assert at == SIZE
        print(time.perf_counter() - start, flush=True)


def dask_serve():
    from distributed import LocalCluster
    cluster = LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None)
    print(f"listening on {cluster.scheduler_address}", flush=True)
    sys.stdin.read()
    cluster.close()


def dask_transfer(address):
    import numpy
    from distributed import Client
    client = Client(address)
    value = numpy.random.default_rng(1).random((5000, 4000))
    kept = client.scatter(value, hash=False)
    print("ready", flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        if line.strip() == "up":
            there = client.scatter(value, hash=False)
            seconds = time.perf_counter() - start
            del there
        elif line.strip() == "ask":
            for _ in range(ASKS):
                client.submit(int, pure=False).result()
            seconds = time.perf_counter() - start
        else:
            assert client.gather(kept).nbytes == SIZE
            seconds = time.perf_counter() - start
        print(seconds, flush=True)
    client.close()


def children(pid):
    found = [pid]
    for thread in os.listdir(f"/proc/{pid}/task"):
        for child in open(f"/proc/{pid}/task/{thread}/children").read().split():
            found += children(int(child))
    return found


class Contestant:
    def __init__(self, command):
        pipes = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.server = subprocess.Popen(command + ["worker"], **pipes)
        address = self.server.stdout.readline().split()[-1]
        self.client = subprocess.Popen(command + ["client", address], **pipes)
        assert self.client.stdout.readline().strip() == "ready"

    def cpu(self):
        ticks = 0
        for process in children(self.server.pid) + children(self.client.pid):
            ticks += sum(map(int, open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def run(self, what):
        before = self.cpu()
        self.client.stdin.write(what + "\n")
        return float(self.client.stdout.readline()), self.cpu() - before

    def stop(self):
        for process in (self.client, self.server):
            process.stdin.close()
            process.wait()


WAYS = {"daphne grpc": "grpc", "daphne local": "local", "daphne tcp": "tcp", "daphne grpc+tls": "grpc-tls", "daphne tcp+tls": "tcp-tls", "bare socket": "raw"}


def main():
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    os.environ["DAPHNE_BENCH_FOLDER"] = tempfile.mkdtemp()
    contestants = {"grpcio": Contestant([sys.executable, __file__])}
    if subprocess.run([sys.executable, "-c", "import distributed"], stderr=subprocess.DEVNULL).returncode == 0:
        contestants["dask"] = Contestant([sys.executable, __file__, "dask"])
    else:
        print("dask.distributed is not installed and does not take part")
    for name, way in WAYS.items():
        contestants[name] = Contestant([sys.argv[1], "grpc-transfer", way])
    results = {(name, what): [] for name in contestants for what in TURNS}
    for i in range(rounds + 3):
        for name in list(contestants)[:: 1 if i % 2 == 0 else -1]:
            for what in TURNS:
                result = contestants[name].run(what)
                if i >= 3:   # the first three warm up
                    results[name, what].append(result)
    for contestant in contestants.values():
        contestant.stop()
    for what in TURNS:
        for name in contestants:
            seconds, cpus = zip(*results[name, what])
            if what == "ask":
                print(f"{what:5} {name:15} median {statistics.median(seconds) / ASKS * 1e6:6.0f} us     best {min(seconds) / ASKS * 1e6:6.0f}")
            else:
                print(f"{what:5} {name:15} median {SIZE / 1e6 / statistics.median(seconds):6.0f} MB/s   best {SIZE / 1e6 / min(seconds):6.0f}   processor {statistics.median(cpus):.2f} s")
    both = {name: [up[0] + down[0] for up, down in zip(results[name, "up"], results[name, "down"])] for name in contestants}
    for name in contestants:
        ratios = [f"{statistics.median(ours / theirs for ours, theirs in zip(both[name], both[peer])):5.2f} of {peer}'s" for peer in ("grpcio", "dask", "bare socket") if peer in both]
        print(f"there and back {name:15} {statistics.median(both[name]) * 1e3:4.0f} ms, {', '.join(ratios)}")


if __name__ == "__main__":   # dask starts its worker from here as well
    if sys.argv[1] == "worker":
        serve()
    elif sys.argv[1] == "client":
        transfer(sys.argv[2])
    elif sys.argv[1:3] == ["dask", "worker"]:
        dask_serve()
    elif sys.argv[1] == "dask":
        dask_transfer(sys.argv[3])
    else:
        main()
