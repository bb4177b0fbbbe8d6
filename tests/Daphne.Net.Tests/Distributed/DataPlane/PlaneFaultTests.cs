using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Distributed.Protocol;
using Microsoft.Extensions.Logging;
using V1 = Daphne.Net.Distributed.Protocol.V1;

namespace Daphne.Net.Tests.Distributed.DataPlane;

/// <summary>Connections that break, peers that lie and ways that are closed: each is an error with a name, leaves nothing, and the worker goes on.</summary>
public sealed class PlaneFaultTests
{
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));
    static readonly string token = TokenFile.NewToken();

    static Task<WorkerHost> HostAsync(long byteLimit = 0) => WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, ByteLimit = byteLimit, DrainTimeout = TimeSpan.FromSeconds(1) }, new ScriptedFragments().Run, default);

    static int PortOf(WorkerHost host) => IPEndPoint.Parse(host.Address).Port;

    static async Task<GrpcWorkerClient> GreetedAsync(WorkerHost host, Tunnel tunnel)
    {
        var client = new GrpcWorkerClient(host.Address, new() { Token = token, Connect = tunnel.OpenAsync });
        await client.HelloAsync(budget, default);
        return client;
    }

    static async Task EmptyAsync(WorkerHost host, string what, long values = 0)
    {
        long began = Stopwatch.GetTimestamp();
        while (host.Stats.Values != values && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(60)) await Task.Delay(5);
        Assert.True(host.Stats.Values == values, $"{what}: {host.Stats} stayed");
    }

    [Fact]
    public async Task Values_travel_beside_grpc_and_their_connection_is_kept()
    {
        await using var host = await HostAsync();
        var tunnel = new Tunnel(PortOf(host));
        await using var client = await GreetedAsync(host, tunnel);
        var value = TestValues.Matrix(ValueTypeCode.F64, 1000, 300, seed: 1);
        for (int i = 0; i < 5; i++)
        {
            var back = await client.TransferAsync(await client.StoreAsync(value, budget, default), budget, default);
            Assert.True(TestValues.Bytes(value).AsSpan().SequenceEqual(TestValues.Bytes(back)));
            TestValues.Release(back);
        }
        TestValues.Release(value);
        Assert.Equal(1, tunnel.Connections);
        Assert.InRange(tunnel.Sent, 5 * 2_400_000, 5 * 2_401_000);
        Assert.InRange(tunnel.Received, 5 * 2_400_000, 5 * 2_401_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_cut_behind_any_byte_costs_another_try_and_nothing_comes_twice(bool toWorker)
    {
        await using var host = await HostAsync();
        var value = TestValues.Matrix(ValueTypeCode.UI8, 5, 7, seed: 2);
        long whole;
        var uncut = new Tunnel(PortOf(host));
        await using (var client = await GreetedAsync(host, uncut))
        {
            TestValues.Release(await client.TransferAsync(await client.StoreAsync(value, budget, default), budget, default));
            whole = toWorker ? uncut.Sent : uncut.Received;
            Assert.Equal(0, client.Retries);
        }
        int again = 0;
        for (long most = 0; most < whole; most++)
        {
            var tunnel = toWorker ? new Tunnel(PortOf(host), mostOut: most) : new Tunnel(PortOf(host), mostIn: most);
            await using var client = await GreetedAsync(host, tunnel);
            var back = await client.TransferAsync(await client.StoreAsync(value, budget, default), budget, default);
            Assert.True(TestValues.Bytes(value).AsSpan().SequenceEqual(TestValues.Bytes(back)), $"cut behind {most}");
            TestValues.Release(back);
            await EmptyAsync(host, $"cut behind {most}", 1);
            if (client.Retries > 0) again++;
            await client.DisposeAsync();
            await EmptyAsync(host, $"cut behind {most}, then left");
        }
        // Not those cut before a connection had come up, while it was greeted: a header and a ticket or a proof.
        Assert.InRange(whole - again, PlaneHeader.Length, PlaneHeader.Length + 64);
        TestValues.Release(value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_cut_behind_any_byte_is_made_again_and_computed_once(bool toWorker)
    {
        int runs = 0;
        var fragments = new ScriptedFragments();
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, DrainTimeout = TimeSpan.FromSeconds(1) },
            (text, inputs, ct) => { Interlocked.Increment(ref runs); return fragments.Run(text, inputs, ct); }, default);
        var uncut = new Tunnel(PortOf(host));
        long whole = await CutAsync(uncut);
        whole = toWorker ? uncut.Sent : uncut.Received;
        long again = 0;
        for (long most = 0; most < whole; most++) again += await CutAsync(toWorker ? new Tunnel(PortOf(host), mostOut: most) : new Tunnel(PortOf(host), mostIn: most));
        Assert.InRange(again, whole / 2, whole);

        async Task<long> CutAsync(Tunnel tunnel)
        {
            Volatile.Write(ref runs, 0);
            await using (var client = await GreetedAsync(host, tunnel))
            {
                var input = await client.StoreAsync(Datum.Of(2.5), budget, default);
                var made = Assert.Single(await client.ComputeAsync(new("echo", 1), [input], budget, default));
                await client.FreeAsync([input], budget, default);
                Assert.Equal(2.5, (await client.TransferAsync(made, budget, default)).As<double>());
                Assert.Equal(1, Volatile.Read(ref runs));
                await EmptyAsync(host, $"cut behind {tunnel.Sent}, {tunnel.Received}", 1);
                tunnel.Retries = client.Retries;
            }
            await EmptyAsync(host, "after the end");
            return tunnel.Retries > 0 ? 1 : 0;
        }
    }

    [Fact]
    public async Task Calls_take_half_of_the_connections_and_others_go_over_grpc()
    {
        var fragments = new ScriptedFragments(waits: 2);
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, Lanes = 2, DrainTimeout = TimeSpan.FromSeconds(1) }, fragments.Run, default);
        var tunnel = new Tunnel(PortOf(host));
        await using var client = await GreetedAsync(host, tunnel);
        var input = await client.StoreAsync(Datum.Of(2.5), budget, default);
        Task<IReadOnlyList<Handle>>[] computing = [.. Enumerable.Range(0, 2).Select(_ => client.ComputeAsync(new("wait", 1), [input], budget, default).AsTask())];
        await fragments.Begun;
        var other = await client.StoreAsync(Datum.Of(3.5), budget, default);   // not held up by them
        fragments.Go.Set();
        foreach (var made in await Task.WhenAll(computing)) Assert.Equal(2.5, (await client.TransferAsync(made[0], budget, default)).As<double>());
        Assert.Equal(2, tunnel.Connections);
        // A plan that is longer than such a call may be.
        long before = tunnel.Sent;
        Assert.Single(await client.ComputeAsync(new(new string(' ', PlaneConnection.MostMessage), 1), [other], budget, default));
        Assert.Equal(before, tunnel.Sent);
    }

    [Fact]
    public async Task A_call_that_fails_there_says_why_and_leaves_its_connection()
    {
        await using var host = await HostAsync();
        var tunnel = new Tunnel(PortOf(host));
        await using var client = await GreetedAsync(host, tunnel);
        var input = await client.StoreAsync(Datum.Of(2.5), budget, default);
        foreach (var (text, from, reason) in ((string, Handle, WorkerFailure)[])[
            ("fail", input, WorkerFailure.ComputeFailed), ("syntax", input, WorkerFailure.BadRequest), ("crash", input, WorkerFailure.Internal), ("echo", input with { Id = "nobody" }, WorkerFailure.UnknownHandle)])
            Assert.Equal(reason, (await Assert.ThrowsAsync<WorkerException>(async () => await client.ComputeAsync(new(text, 1), [from], budget, default))).Reason);
        Assert.Equal(WorkerFailure.Internal, (await Assert.ThrowsAsync<WorkerException>(async () => await client.ComputeAsync(new("echo", 2), [input], budget, default))).Reason);
        Assert.Equal(1, tunnel.Connections);
    }

    [Fact]
    public async Task A_way_that_is_closed_is_said_once_and_values_go_over_grpc()
    {
        await using var host = await HostAsync();
        int port = PortOf(host);
        var log = new Lines();
        await using var client = new GrpcWorkerClient(host.Address, new()
        {
            Token = token, Log = log,
            Connect = (name, to, ct) => to == port ? Tunnel.ConnectAsync(name, to, ct) : throw new SocketException((int)SocketError.ConnectionRefused),
        });
        await client.HelloAsync(budget, default);
        for (int i = 0; i < 3; i++) Assert.Equal(2.5, (await client.TransferAsync(await client.StoreAsync(Datum.Of(2.5), budget, default), budget, default)).As<double>());
        Assert.Single(log.Written, line => line.Contains("they go over gRPC"));
    }

    [Fact]
    public async Task Whoever_shows_no_good_ticket_is_not_let_in()
    {
        await using var host = await HostAsync();
        var reply = await TicketAsync(host);
        Assert.Equal(PlaneKind.Refused, (await AskAsync(reply.Port, PlaneKind.Open, new string('0', 64)))!.Value.Kind);
        Assert.Equal(PlaneKind.Refused, (await AskAsync(reply.Port, PlaneKind.Store, reply.Ticket))!.Value.Kind);
        Assert.Equal(reply.Proof, (await AskAsync(reply.Port, PlaneKind.Open, reply.Ticket))!.Value.Text);
        Assert.Equal(PlaneKind.Refused, (await AskAsync(reply.Port, PlaneKind.Open, reply.Ticket))!.Value.Kind);   // it was good once
        await WorksAsync(host);
    }

    [Fact]
    public void A_ticket_is_good_for_half_a_minute()
    {
        var time = new ManualTime();
        var tickets = new PlaneTickets(time);
        var (one, two) = (tickets.Give("s"), tickets.Give("s"));
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(new PlaneVisit("s", one.Proof, null), tickets.Take(one.Text));
        Assert.Null(tickets.Take(one.Text));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(tickets.Take(two.Text));
        for (int i = 0; i < 3000; i++) one = tickets.Give("s");
        Assert.NotNull(tickets.Take(one.Text));
    }

    [Theory]
    [InlineData("short", WorkerFailure.BadRequest)]
    [InlineData("long", null)]
    [InlineData("huge piece", null)]
    [InlineData("no value", WorkerFailure.BadRequest)]
    [InlineData("too large", WorkerFailure.TooLarge)]
    [InlineData("no request", null)]
    [InlineData("huge call", null)]
    [InlineData("no call", null)]
    public async Task What_is_no_message_is_refused_or_cut_off(string what, WorkerFailure? answer)
    {
        await using var host = await HostAsync(byteLimit: 2000);
        var reply = await TicketAsync(host);
        using var connection = await EnterAsync(reply);
        byte[] value = TestValues.Bytes(TestValues.Matrix(ValueTypeCode.F64, 10, 10, 3));
        byte[] other = TestValues.Bytes(TestValues.Matrix(ValueTypeCode.UI8, 3000, 1, 3));
        var (announced, pieces) = what switch
        {
            "short" => (value.Length, new[] { value[..^8] }),
            "long" => (value.Length - 1, [value]),
            "huge piece" => (1000, []),
            "no value" => (60, [new byte[60]]),
            "too large" => (other.Length, [other]),
            "huge call" => (PlaneConnection.MostMessage + 1, []),
            "no call" => (4, []),   // the length of no piece: four bytes that are no message
            _ => (0, []),
        };
        try
        {
            await connection.WriteAsync(what switch { "no request" => PlaneKind.Go, "huge call" or "no call" => PlaneKind.Compute, _ => PlaneKind.Store }, "", default, announced, 10_000);
            if (what == "huge piece") await connection.WriteAsync(PlaneKind.Store, "", default);   // read as the length of a piece
            await connection.WriteValueAsync(pieces.Select(p => new System.Buffers.ReadOnlySequence<byte>(p)), () => { }, default);
            PlaneMessage? said = null;
            try
            {
                said = await connection.ReadAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
            }
            catch (IOException)
            {
                // Cut off.
            }
            Assert.Equal(answer, said is { Kind: PlaneKind.Refused } ? said.Value.Header.Failure : null);
            if (answer is null) return;
            // A refusal leaves the connection as it was.
            byte[] good = TestValues.Bytes(Datum.Of(2.5));
            await connection.WriteAsync(PlaneKind.Store, "", default, good.Length, 10_000);
            await connection.WriteValueAsync([new(good)], () => { }, default);
            Assert.Equal(PlaneKind.Stored, (await connection.ReadAsync(default)).Kind);
        }
        finally
        {
            await EmptyAsync(host, what, answer is null ? 0 : 1);
            await WorksAsync(host);
        }
    }

    [Fact]
    public async Task A_large_value_is_refused_before_it_is_sent_and_one_that_just_fits_is_not()
    {
        const int Most = 2 << 20;
        await using var host = await HostAsync(byteLimit: Most);
        var tunnel = new Tunnel(PortOf(host));
        await using var client = await GreetedAsync(host, tunnel);
        var large = TestValues.Matrix(ValueTypeCode.UI8, Most + 1, 1, 4);
        Assert.Equal(WorkerFailure.TooLarge, (await Assert.ThrowsAsync<WorkerException>(async () => await client.StoreAsync(large, budget, default))).Reason);
        Assert.InRange(tunnel.Sent, 1, 1000);
        var fits = TestValues.Matrix(ValueTypeCode.UI8, Most, 1, 4);
        await client.StoreAsync(fits, budget, default);
        Assert.Equal((new WorkerStats(Most, 1), 1), (host.Stats, tunnel.Connections));
        TestValues.Release(large);
        TestValues.Release(fits);
    }

    [Fact]
    public async Task A_peer_that_stops_amid_a_value_does_not_hold_the_worker_or_its_memory()
    {
        await using var host = await HostAsync();
        var reply = await TicketAsync(host);
        using var connection = await EnterAsync(reply);
        byte[] value = TestValues.Bytes(TestValues.Matrix(ValueTypeCode.F64, 10, 10, 3));
        await connection.WriteAsync(PlaneKind.Store, "", default, value.Length, second: 200);   // its own deadline
        await connection.FlushAsync(default);
        await Assert.ThrowsAnyAsync<IOException>(async () => await connection.ReadAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token));
        await WorksAsync(host);
    }

    [Fact]
    public async Task A_worker_that_does_not_answer_is_late_and_a_call_can_be_cancelled()
    {
        await using var host = await HostAsync();
        int port = PortOf(host);
        var silent = new Silent();
        await using var client = new GrpcWorkerClient(host.Address, new()
        {
            Token = token,
            Connect = async (name, to, ct) => to == port ? await Tunnel.ConnectAsync(name, to, ct) : silent.Behind(await Tunnel.ConnectAsync(name, to, ct)),
        });
        await client.HelloAsync(budget, default);
        await client.StoreAsync(Datum.Of(1.5), budget, default);
        silent.Now = true;
        var e = await Assert.ThrowsAsync<WorkerException>(async () => await client.StoreAsync(Datum.Of(2.5), new(TimeSpan.FromMilliseconds(200)), default));
        Assert.Equal(WorkerFailure.TimedOut, e.Reason);
        silent.Now = false;
        var kept = await client.StoreAsync(Datum.Of(3.5), budget, default);
        silent.Now = true;
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await client.TransferAsync(kept, budget, cancel.Token));
        silent.Now = false;
        Assert.Equal(3.5, (await client.TransferAsync(kept, budget, default)).As<double>());
        await EmptyAsync(host, "what nobody heard of", values: 2);
    }

    static async Task<V1.OpenDataReply> TicketAsync(WorkerHost host)
    {
        using var channel = Daphne.Net.Distributed.Grpc.GrpcChannel.ForAddress(host.Address, new() { BearerToken = token });
        var control = new V1.Control.ControlClient(channel.CreateCallInvoker());
        string session = (await control.OpenSessionAsync(new(), default(global::Grpc.Core.CallOptions))).Session;
        return await control.OpenDataAsync(new(), new global::Grpc.Core.CallOptions(new() { { Keys.Session, session } }, null, default));
    }

    static async Task<PlaneConnection> ConnectAsync(uint port) => new(await Tunnel.ConnectAsync("127.0.0.1", (int)port, default), null);

    static async Task<PlaneConnection> EnterAsync(V1.OpenDataReply reply)
    {
        var connection = await ConnectAsync(reply.Port);
        await connection.WriteAsync(PlaneKind.Open, reply.Ticket, default);
        await connection.FlushAsync(default);
        Assert.Equal(PlaneKind.Opened, (await connection.ReadAsync(default)).Kind);
        return connection;
    }

    static async Task<PlaneMessage?> AskAsync(uint port, PlaneKind kind, string text)
    {
        using var connection = await ConnectAsync(port);
        await connection.WriteAsync(kind, text, default);
        await connection.FlushAsync(default);
        return await connection.ReadAsync(default);
    }

    static async Task WorksAsync(WorkerHost host)
    {
        var tunnel = new Tunnel(PortOf(host));
        await using var client = await GreetedAsync(host, tunnel);
        Assert.Equal(2.5, (await client.TransferAsync(await client.StoreAsync(Datum.Of(2.5), budget, default), budget, default)).As<double>());
        Assert.Equal(1, tunnel.Connections);
    }

    sealed class Lines : ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Enqueue(formatter(state, exception));
    }

    /// <summary>Answers are held back while it is so.</summary>
    sealed class Silent
    {
        public volatile bool Now;

        public Stream Behind(Stream inner) => new Held(inner, this);

        sealed class Held(Stream inner, Silent silent) : Stream
        {
            public override bool CanRead => true;
            public override bool CanSeek => false;
            public override bool CanWrite => true;
            public override long Length => throw new NotSupportedException();
            public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

            public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                if (silent.Now) await Task.Delay(Timeout.Infinite, cancellationToken);
                return await inner.ReadAsync(buffer, cancellationToken);
            }

            public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

            public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

            public override void Flush() => inner.Flush();
            public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
            public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
            public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
            public override void SetLength(long value) => throw new NotSupportedException();

            protected override void Dispose(bool disposing) => inner.Dispose();
        }
    }
}
