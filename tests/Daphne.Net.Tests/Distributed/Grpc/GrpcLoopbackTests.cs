using System.Diagnostics;
using Daphne.Net.Distributed.Grpc;
using Google.Protobuf;
using Grpc.Core;
using Original = Daphne.Net.Distributed.Protocol.Original;

namespace Daphne.Net.Tests.Distributed.Grpc;

/// <summary>Client and server against each other; against grpcio see the cluster tests.</summary>
public sealed class GrpcLoopbackTests
{
    static Original.Task Ask(string what) => new() { MlirCode = what, Inputs = { new Original.WorkData { F64 = 1.5 }, new Original.WorkData { Stored = new() { Identifier = "m", NumRows = 3 } } } };

    [Fact]
    public async Task A_unary_call_returns_the_answer_and_its_status()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Channel();
        using var call = new Original.Worker.WorkerClient(channel).ComputeAsync(Ask("echo"), default(CallOptions));
        Assert.Equal(Ask("echo").Inputs, (await call).Outputs);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Every_status_arrives_with_text_and_trailers()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Channel();
        var client = new Original.Worker.WorkerClient(channel);
        for (int code = 1; code <= 16; code++)
        {
            var e = await Assert.ThrowsAsync<RpcException>(async () => await client.ComputeAsync(Ask($"status:{code}:schlecht — 100% «böse»\n2. Zeile")));
            Assert.Equal(((StatusCode)code, "schlecht — 100% «böse»\n2. Zeile"), (e.StatusCode, e.Status.Detail));
            Assert.Equal("asked for", e.Trailers.GetValue("x-why"));
            Assert.Equal([0, 255], e.Trailers.Get("x-why-bin")!.ValueBytes);
        }
    }

    [Fact]
    public async Task A_handler_that_fails_tells_the_client_nothing_of_its_inside()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Channel();
        var e = await Assert.ThrowsAsync<RpcException>(async () => await new Original.Worker.WorkerClient(channel).ComputeAsync(Ask("throw")));
        Assert.Equal((StatusCode.Unknown, "the handler failed"), (e.StatusCode, e.Status.Detail));
    }

    [Fact]
    public async Task Unknown_methods_and_services_are_unimplemented()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Channel();
        var client = new Original.Worker.WorkerClient(channel);
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(async () => await client.ReadHDFSAsync(new()))).StatusCode);
        var method = new Method<Original.Data, Original.Data>(MethodType.Unary, "no.Such", "Thing", ProbeServer.Echo.RequestMarshaller, ProbeServer.Echo.ResponseMarshaller);
        var e = await Assert.ThrowsAsync<RpcException>(async () => await channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, new()));
        Assert.Equal((StatusCode.Unimplemented, "there is no method /no.Such/Thing here"), (e.StatusCode, e.Status.Detail));
    }

    [Fact]
    public async Task Metadata_travels_both_ways()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Channel();
        var sent = new Metadata { { "x-a", "one" }, { "x-b", "two, three" }, { "x-c-bin", [0, 1, 255, 10, 44] } };
        using var call = new Original.Worker.WorkerClient(channel).ComputeAsync(Ask("headers"), sent);
        await call;
        string[] expected = ["x-a: one", "x-b: two, three", "x-c-bin: 0001FF0A2C"];
        Assert.Equal(expected, (await call.ResponseHeadersAsync).Select(e => e.ToString()).Where(e => e.StartsWith("x-")).Order());
        Assert.Equal(expected, call.GetTrailers().Select(e => e.ToString()).Order());
    }

    [Fact]
    public async Task Metadata_that_would_break_the_connection_is_refused_by_the_client()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Channel();
        var client = new Original.Worker.WorkerClient(channel);
        foreach (var metadata in (Metadata[])[new() { { "x-bin", [1] }, { "x-bin", [2] } }, new() { { "grpc-timeout", "1S" } }, new() { { "te", "x" } }])
            Assert.Equal(StatusCode.Internal, (await Assert.ThrowsAsync<RpcException>(async () => await client.ComputeAsync(Ask("echo"), metadata))).StatusCode);
    }

    [Fact]
    public async Task Streams_carry_chunks_both_ways()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Channel();
        using (var store = new Original.Worker.WorkerClient(channel).Store())
        {
            for (int i = 0; i < 20; i++) await store.RequestStream.WriteAsync(new() { Bytes = UnsafeByteOperations.UnsafeWrap(new byte[1 << 20]) });
            await store.RequestStream.CompleteAsync();
            var stored = await store;
            Assert.Equal((20UL << 20, 20UL), (stored.NumRows, stored.NumCols));
        }
        using var echo = channel.CreateCallInvoker().AsyncDuplexStreamingCall(ProbeServer.Echo, null, default);
        for (int i = 0; i < 100; i++)
        {
            await echo.RequestStream.WriteAsync(new() { Bytes = ByteString.CopyFromUtf8($"m{i}") });
            Assert.True(await echo.ResponseStream.MoveNext(default));
            Assert.Equal($"m{i}", echo.ResponseStream.Current.Bytes.ToStringUtf8());
        }
        await echo.RequestStream.CompleteAsync();
        Assert.False(await echo.ResponseStream.MoveNext(default));
    }

    [Fact]
    public async Task A_server_that_ends_an_upload_early_is_heard()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Channel();
        using var store = new Original.Worker.WorkerClient(channel).Store(new Metadata { { "x-stop-after", "3" } });
        var e = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            for (int i = 0; i < 300; i++) await store.RequestStream.WriteAsync(new() { Bytes = UnsafeByteOperations.UnsafeWrap(new byte[1 << 20]) });
        });
        Assert.Equal((StatusCode.ResourceExhausted, "the store is full"), (e.StatusCode, e.Status.Detail));
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(async () => await store)).StatusCode);
    }

    [Fact]
    public async Task Messages_over_a_limit_are_refused_by_whoever_has_the_limit()
    {
        await using var server = await ProbeServer.StartAsync(limits: new(1 << 20, 1 << 20));
        using var channel = server.Channel();
        var client = new Original.Worker.WorkerClient(channel);
        using var store = client.Store();
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await store.RequestStream.WriteAsync(new() { Bytes = UnsafeByteOperations.UnsafeWrap(new byte[1 << 20]) });   // may hear of it already
            await store;
        })).StatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(async () => await client.TransferAsync(new() { NumRows = 2 << 20 }))).StatusCode);
        using var narrow = server.Channel(new() { Limits = new(1000, 1000) });
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(async () => await new Original.Worker.WorkerClient(narrow).TransferAsync(new() { NumRows = 2000 }))).StatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(async () => await new Original.Worker.WorkerClient(narrow).ComputeAsync(Ask(new string('x', 2000))))).StatusCode);
    }

    [Theory]
    [InlineData("wait")]
    [InlineData("stubborn")]
    public async Task A_call_ends_at_its_deadline_whatever_the_handler_does(string what)
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Channel();
        long began = Stopwatch.GetTimestamp();
        var options = new CallOptions { Timeout = TimeSpan.FromMilliseconds(150) };
        var e = await Assert.ThrowsAsync<RpcException>(async () => await new Original.Worker.WorkerClient(channel).ComputeAsync(Ask(what), options));
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 140, 30_000);
        server.Calls.Released.SetResult();
        if (what == "wait") await server.Calls.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(60));   // the deadline travelled: the handler was told
    }

    [Fact]
    public async Task Cancelling_a_call_cancels_the_handler()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Channel();
        using var cancel = new CancellationTokenSource();
        using var call = new Original.Worker.WorkerClient(channel).ComputeAsync(Ask("wait"), cancellationToken: cancel.Token);
        await server.Calls.Begun.Task.WaitAsync(TimeSpan.FromSeconds(60));
        cancel.Cancel();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
        await server.Calls.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Leaving_a_response_stream_stops_the_server()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Channel();
        using (var flood = channel.CreateCallInvoker().AsyncServerStreamingCall(ProbeServer.Flood, null, default, new() { Bytes = UnsafeByteOperations.UnsafeWrap(new byte[1 << 20]) }))
            Assert.True(await flood.ResponseStream.MoveNext(default));
        await server.Calls.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_server_without_a_listener_is_unavailable_at_once()
    {
        string address;
        await using (var server = await ProbeServer.StartAsync()) address = server.Address;
        using var channel = GrpcChannel.ForAddress(address, new());
        long began = Stopwatch.GetTimestamp();
        var e = await Assert.ThrowsAsync<RpcException>(async () => await new Original.Worker.WorkerClient(channel).ComputeAsync(Ask("echo"), new CallOptions { Timeout = TimeSpan.FromSeconds(10) }));
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task Three_hundred_calls_at_once_all_end()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Channel();
        var client = new Original.Worker.WorkerClient(channel);
        var calls = Enumerable.Range(0, 300).Select(async i => (await client.ComputeAsync(Ask("echo"))).Outputs.Count);
        Assert.All(await Task.WhenAll(calls), outputs => Assert.Equal(2, outputs));
    }

    [Fact]
    public async Task A_disposed_channel_ends_its_calls()
    {
        await using var server = await ProbeServer.StartAsync();
        var channel = server.Channel();
        using var call = new Original.Worker.WorkerClient(channel).ComputeAsync(Ask("wait"));
        await server.Calls.Begun.Task.WaitAsync(TimeSpan.FromSeconds(60));
        channel.Dispose();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
    }

    [Fact]
    public async Task Only_the_token_opens_the_gate_and_every_refusal_is_counted()
    {
        await using var server = await ProbeServer.StartAsync(token: "the right one");
        string?[] wrong = [null, "", "the right on", "the right one ", "another"];
        foreach (string? token in wrong)
        {
            using var channel = server.Channel(new() { BearerToken = token });
            var e = await Assert.ThrowsAsync<RpcException>(async () => await new Original.Worker.WorkerClient(channel).ComputeAsync(Ask("echo")));
            Assert.Equal((StatusCode.Unauthenticated, "not authenticated"), (e.StatusCode, e.Status.Detail));
        }
        Assert.Equal(wrong.Length, server.Gate!.Refused);
        using var right = server.Channel(new() { BearerToken = "the right one" });
        Assert.Equal(2, (await new Original.Worker.WorkerClient(right).ComputeAsync(Ask("echo"))).Outputs.Count);
        Assert.Equal(wrong.Length, server.Gate.Refused);
    }
}
