"""A peer on grpcio, built from the descriptors of the product's own protocol files. What it does is what the original's programs do on the wire.

grpcio_peer.py DESCRIPTORS server            a worker without our Control service; prints its port
grpcio_peer.py DESCRIPTORS client ADDRESS TOKEN CHECK...   runs the named checks against a worker; prints one line each, fails with the first
"""
import struct
import sys
import threading
import time
import concurrent.futures

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

pool = descriptor_pool.DescriptorPool()
for file in descriptor_pb2.FileDescriptorSet.FromString(open(sys.argv[1], "rb").read()).file:
    pool.Add(file)
factory = message_factory.MessageFactory(pool)
UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def message(name):
    return factory.GetPrototype(pool.FindMessageTypeByName(name))


Data, StoredData, WorkData, Task, ComputeResult, Empty = (message("distributed." + n) for n in ("Data", "StoredData", "WorkData", "Task", "ComputeResult", "Empty"))


def dense(rows, cols, cells):
    """The bytes of a dense f64 matrix."""
    return struct.pack("<BBQQB", 1, 1, rows, cols, 7) + struct.pack("<QQIIBB", 0, 0, rows, cols, 1, 7) + cells


def doubled(value):
    """m + m for a dense f64 matrix."""
    cells = struct.unpack("<%dd" % ((len(value) - 45) // 8), value[45:])
    return value[:45] + struct.pack("<%dd" % len(cells), *(2 * c for c in cells))


# ---- a worker ----

class Worker:
    def __init__(self):
        self.values, self.lock = {}, threading.Lock()

    def keep(self, value):
        with self.lock:
            identifier = "tmp_%d" % len(self.values)
            self.values[identifier] = value
        rows, cols = struct.unpack("<QQ", value[2:18]) if value[1] == 1 else (1, 1)
        return StoredData(identifier=identifier, num_rows=rows, num_cols=cols)

    def store(self, chunks, context):
        return self.keep(b"".join(chunk.bytes for chunk in chunks))

    def compute(self, task, context):
        if "daphne.ewAdd" in task.mlir_code:
            outputs = [WorkData(stored=self.keep(doubled(self.values[i.stored.identifier]))) for i in task.inputs]
            return ComputeResult(outputs=outputs)
        if task.mlir_code == "sleep":
            while context.is_active():
                time.sleep(0.01)
        context.abort(grpc.StatusCode.ABORTED, "Fehler: 100% «kaputt»\nzweite Zeile")

    def transfer(self, stored, context):
        if stored.identifier not in self.values:
            context.abort(grpc.StatusCode.NOT_FOUND, "no such value")
        return Data(bytes=self.values[stored.identifier])


def serve():
    worker = Worker()
    one, many = grpc.unary_unary_rpc_method_handler, grpc.stream_unary_rpc_method_handler
    write = lambda m: m.SerializeToString()
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(16), options=UNLIMITED)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("distributed.Worker", {
        "Store": many(worker.store, Data.FromString, write),
        "Compute": one(worker.compute, Task.FromString, write),
        "Transfer": one(worker.transfer, StoredData.FromString, write),
        "FreeMem": one(lambda stored, context: Empty(), StoredData.FromString, write),
    }),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(0).wait()


# ---- a coordinator ----

class Client:
    def __init__(self, address, token):
        self.channel = grpc.insecure_channel(address, UNLIMITED)
        self.metadata = (("authorization", "Bearer " + token),) if token else ()

    def call(self, method, request, answer, **options):
        invoke = self.channel.unary_unary(method, type(request).SerializeToString, answer.FromString)
        return invoke(request, metadata=self.metadata, **options)

    def store(self, chunks):
        invoke = self.channel.stream_unary("/distributed.Worker/Store", Data.SerializeToString, StoredData.FromString)
        return invoke((Data(bytes=c) for c in chunks), metadata=self.metadata, timeout=60)

    def compute(self, text, *inputs, **options):
        return self.call("/distributed.Worker/Compute", Task(mlir_code=text, inputs=[WorkData(stored=i) for i in inputs]), ComputeResult, **options)

    def transfer(self, stored):
        return self.call("/distributed.Worker/Transfer", stored, Data, timeout=60).bytes

    def fails(self, code, action):
        try:
            action()
        except grpc.RpcError as e:
            assert e.code() == code, (e.code(), e.details())
            return e
        raise AssertionError("expected " + str(code))


def pieces(value, size):
    return [value[:max(size, 45)]] + [value[i:i + size] for i in range(max(size, 45), len(value), size)]


def check_round_trip(client):
    value = dense(1000, 100, bytes(range(256)) * 3125)
    for size in (100, 4096, 1 << 20):
        stored = client.store(pieces(value, size))
        assert (stored.num_rows, stored.num_cols) == (1000, 100), stored
        assert client.transfer(stored) == value


def check_asynchronous_form(client):
    value = dense(4, 2, bytes(64))
    assert client.transfer(client.store([struct.pack("<Q", 45), value[:45], value[45:]])) == value


def check_forty_megabytes(client):
    value = dense(5000, 1000, bytes(range(256)) * 156250)
    assert client.transfer(client.store(pieces(value, 1 << 20))) == value


def check_compute(client):
    stored = client.store([dense(2, 2, struct.pack("<4d", 1, 2, 3, 4))])
    result = client.compute("echo", stored, timeout=30)
    assert len(result.outputs) == 1 and result.outputs[0].stored.identifier != stored.identifier
    assert client.transfer(result.outputs[0].stored) == dense(2, 2, struct.pack("<4d", 1, 2, 3, 4))


def check_errors(client):
    e = client.fails(grpc.StatusCode.ABORTED, lambda: client.compute("fail", timeout=30))
    assert "DPH4040" in e.details(), e.details()
    client.fails(grpc.StatusCode.ABORTED, lambda: client.compute("syntax", timeout=30))
    e = client.fails(grpc.StatusCode.NOT_FOUND, lambda: client.transfer(StoredData(identifier="/etc/passwd")))
    assert e.details() == "there is no value '/etc/passwd'", e.details()
    client.fails(grpc.StatusCode.INVALID_ARGUMENT, lambda: client.store([b"\x63" * 100]))
    client.fails(grpc.StatusCode.INVALID_ARGUMENT, lambda: client.store([dense(2, 2, bytes(24))]))
    client.fails(grpc.StatusCode.INVALID_ARGUMENT, lambda: client.store([dense(2, 2, bytes(40))]))
    client.fails(grpc.StatusCode.UNIMPLEMENTED, lambda: client.call("/distributed.Worker/ReadHDFS", message("distributed.HDFSFile")(), StoredData))
    client.fails(grpc.StatusCode.UNIMPLEMENTED, lambda: client.call("/no.Such/Method", Empty(), Empty))
    client.store([dense(1, 1, bytes(8))])


def check_free(client):
    stored = client.store([dense(1, 1, bytes(8))])
    client.call("/distributed.Worker/FreeMem", stored, Empty)
    client.call("/distributed.Worker/FreeMem", stored, Empty)
    client.fails(grpc.StatusCode.NOT_FOUND, lambda: client.transfer(stored))


def check_deadline_and_cancel(client):
    began = time.time()
    client.fails(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: client.compute("wait", timeout=0.3))
    assert time.time() - began < 3
    call = client.channel.unary_unary("/distributed.Worker/Compute", Task.SerializeToString, ComputeResult.FromString).future(Task(mlir_code="wait"), metadata=client.metadata)
    time.sleep(0.2)
    call.cancel()
    client.compute("echo", timeout=30)


def check_control(client):
    hello = client.call("/daphne.v1.Control/Hello", message("daphne.v1.HelloRequest")(protocol_major=1), message("daphne.v1.HelloReply"))
    assert hello.protocol_major == 1 and hello.process_id > 0 and "grpc" in hello.data_planes, hello
    client.fails(grpc.StatusCode.FAILED_PRECONDITION, lambda: client.call("/daphne.v1.Control/Hello", message("daphne.v1.HelloRequest")(protocol_major=9), message("daphne.v1.HelloReply")))
    value = dense(1000, 100, bytes(range(256)) * 3125)
    stored = client.store([value])
    Request, Chunk = message("daphne.v1.TransferRequest"), message("daphne.v1.Chunk")
    chunks = list(client.channel.unary_stream("/daphne.v1.Control/Transfer", Request.SerializeToString, Chunk.FromString)(
        Request(identifier=stored.identifier, chunk_bytes=100000), metadata=client.metadata))
    assert [len(c.bytes) for c in chunks] == [100000] * 8 + [45] and b"".join(c.bytes for c in chunks) == value
    Beat = message("daphne.v1.Beat")
    beats = client.channel.stream_stream("/daphne.v1.Control/Heartbeat", Beat.SerializeToString, Beat.FromString)((Beat(number=n, sent_at=n * 7) for n in range(5)), metadata=client.metadata)
    assert [(b.number, b.sent_at) for b in beats] == [(n, n * 7) for n in range(5)]
    health = client.channel.unary_unary("/grpc.health.v1.Health/Check")(b"\x0a\x12distributed.Worker", metadata=client.metadata)
    assert health == b"\x08\x01", health


def check_token(client):
    stranger = Client(sys.argv[3], "")
    e = client.fails(grpc.StatusCode.UNAUTHENTICATED, lambda: stranger.compute("echo", timeout=10))
    assert e.details() == "not authenticated", e.details()
    client.fails(grpc.StatusCode.UNAUTHENTICATED, lambda: stranger.store([dense(1, 1, bytes(8))] * 3))


def check_many_at_once(client):
    calls = [client.channel.unary_unary("/distributed.Worker/Compute", Task.SerializeToString, ComputeResult.FromString).future(Task(mlir_code="echo"), metadata=client.metadata, timeout=60) for _ in range(300)]
    for call in calls:
        call.result()


def check_compression_is_refused(client):
    client.fails(grpc.StatusCode.UNIMPLEMENTED, lambda: client.compute("echo" * 1000, compression=grpc.Compression.Gzip, timeout=10))


if sys.argv[2] == "server":
    serve()
else:
    client = Client(sys.argv[3], sys.argv[4])
    for name in sys.argv[5:]:
        globals()["check_" + name](client)
        print("passed", name, flush=True)
