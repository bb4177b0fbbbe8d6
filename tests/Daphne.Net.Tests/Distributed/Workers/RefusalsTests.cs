using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Daphne.Net.Distributed;
using Daphne.Net.Distributed.Grpc;
using Daphne.Net.Distributed.Protocol.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Daphne.Net.Tests.Distributed.Workers;

/// <summary>Those who are not let in are counted, slowed down and learn nothing; and however much there is to say of them, the log stays short.</summary>
public sealed class RefusalsTests
{
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));
    static readonly string token = TokenFile.NewToken();
    readonly ManualTime time = new();
    readonly Lines log = new();

    [Fact]
    public void An_address_that_comes_too_often_is_known_for_a_minute_and_others_are_not_concerned()
    {
        var refusals = new Refusals(time, log);
        IPAddress one = IPAddress.Parse("10.0.0.1"), two = IPAddress.Parse("10.0.0.2");
        for (int i = 0; i < Refusals.Free; i++) Assert.False(refusals.Add(one, "why"));
        Assert.True(refusals.Add(one, "why"));
        Assert.True(refusals.IsTooOften(one));
        Assert.False(refusals.Add(two, "why") || refusals.IsTooOften(two) || refusals.IsTooOften(null));
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.False(refusals.IsTooOften(one) || refusals.Add(one, "why"));
        Assert.Equal(Refusals.Free + 3, refusals.Count);
        Assert.Equal(4, log.Written.Count);   // the first of each, the hundred and first, and the first of the next minute
    }

    [Fact]
    public void Many_addresses_take_a_bounded_memory()
    {
        var refusals = new Refusals(time, log);
        for (int i = 0; i < 100_000; i++) refusals.Add(new IPAddress(i), "why");
        Assert.Equal(100_000, refusals.Count);
        Assert.InRange(refusals.Addresses, 1, 1024);
    }

    [Fact]
    public void A_flood_of_one_event_leaves_the_others_their_place()
    {
        var bounded = new BoundedLog(log, time);
        for (int second = 0; second < 3; second++)
        {
            for (int i = 0; i < 10_000; i++) DistributedLog.PlaneAccept(bounded, "flood");
            DistributedLog.PortTaken(bounded, second);
            time.Advance(TimeSpan.FromSeconds(2));
        }
        Assert.Equal(3 * (10_000 - BoundedLog.MostPerSecond), bounded.Dropped);
        Assert.Equal(3 * BoundedLog.MostPerSecond, log.Written.Count(l => l.Contains("flood")));
        Assert.Equal(3, log.Written.Count(l => l.Contains("is taken")));
        Assert.Equal(2, log.Written.Count(l => l.Contains($"{10_000 - BoundedLog.MostPerSecond} more messages of event 5011")));
    }

    [Fact]
    public async Task Guesses_are_refused_and_counted_and_who_knows_the_secret_is_served_meanwhile()
    {
        // However long it takes here: it is one minute.
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, Log = log, Time = time }, new ScriptedFragments().Run, default);
        await using var member = new GrpcWorkerClient(host.Address, new() { Token = token });
        await member.HelloAsync(budget, default);
        int refused = 0, cut = 0;
        using (var channel = GrpcChannel.ForAddress(host.Address, new() { BearerToken = TokenFile.NewToken() }))
            for (int i = 0; i < Refusals.Free + 50; i++)
            {
                var e = await Assert.ThrowsAsync<RpcException>(async () => await new Control.ControlClient(channel).HelloAsync(new()));
                if (e.StatusCode == StatusCode.Unauthenticated)
                {
                    refused++;
                    Assert.Equal("not authenticated", e.Status.Detail);
                }
                else cut++;
            }
        Assert.Equal((Refusals.Free, 50), (refused, cut));
        Assert.Equal(default, await member.StatsAsync(budget, default));
        using var known = GrpcChannel.ForAddress(host.Address, new() { BearerToken = token });
        Assert.Equal((ulong)Refusals.Free + 50, (await new Control.ControlClient(known).StatsAsync(new())).Unauthenticated);
        Assert.InRange(log.Written.Count(l => l.Contains("was refused")), 1, 3);
        Assert.DoesNotContain(log.Written, l => l.Contains(token));
    }

    [Fact]
    public async Task Another_version_and_another_cluster_are_refused_with_what_they_are_and_counted()
    {
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, ClusterId = "mine" }, new ScriptedFragments().Run, default);
        using var channel = GrpcChannel.ForAddress(host.Address, new() { BearerToken = token });
        var control = new Control.ControlClient(channel);
        var e = await Assert.ThrowsAsync<RpcException>(async () => await control.HelloAsync(new() { ProtocolMajor = 7, ProtocolMinor = 3, ProductVersion = "9.9.9" }));
        Assert.Equal(StatusCode.FailedPrecondition, e.StatusCode);
        Assert.Contains("7.3 (product 9.9.9)", e.Status.Detail);
        Assert.Contains(ProductVersion.Text, e.Status.Detail);
        await using var other = new GrpcWorkerClient(host.Address, new() { Token = token, ClusterId = "theirs" });
        Assert.Contains("another cluster", (await Assert.ThrowsAsync<WorkerException>(async () => await other.HelloAsync(budget, default))).Detail);
        Assert.Equal(2ul, (await control.StatsAsync(new())).Unauthenticated);
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    public async Task Clocks_that_differ_by_ten_minutes_do_not_matter(int minutes)
    {
        var clock = new ManualTime();
        clock.Advance(DateTimeOffset.UtcNow.AddMinutes(minutes) - clock.GetUtcNow());
        using var authority = new ClusterAuthority("skewed", TimeSpan.FromMinutes(5), clock);
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Identity = authority.Issue("worker") }, new ScriptedFragments().Run, default);
        await using var client = new GrpcWorkerClient(host.Address, new() { Identity = authority.Issue("coordinator") });
        Assert.False((await client.HelloAsync(budget, default)).Foreign);
    }

    [Theory]
    [InlineData(-3)]   // expired: the slack is a day
    [InlineData(3)]    // not valid yet
    public async Task Certificates_out_of_their_time_are_refused_on_both_sides_and_counted(int days)
    {
        var clock = new ManualTime();
        clock.Advance(DateTimeOffset.UtcNow.AddDays(days) - clock.GetUtcNow());
        using var late = new ClusterAuthority("mine", TimeSpan.FromHours(1), clock);
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Identity = late.Issue("worker"), Log = log }, new ScriptedFragments().Run, default);
        await using var member = new GrpcWorkerClient(host.Address, new() { Identity = late.Issue("coordinator") });
        var e = await Assert.ThrowsAsync<WorkerException>(async () => await member.HelloAsync(budget, default));
        Assert.Equal(WorkerFailure.Unauthenticated, e.Reason);
        string why = days < 0 ? "expired" : "not yet valid";
        Assert.Contains(why, e.Detail);
        using var shown = late.Issue("coordinator");
        await CallAsync(host, shown);
        Assert.Contains(log.Written, l => l.Contains("was refused") && l.Contains(why));
        Assert.Equal(default, host.Stats);
    }

    [Theory]
    [InlineData("no certificate")]
    [InlineData("another authority")]
    [InlineData("no TLS")]
    public async Task Whoever_does_not_show_a_certificate_of_the_cluster_is_counted_where_it_comes_to_that(string stranger)
    {
        using var authority = new ClusterAuthority("mine", TimeSpan.FromHours(1));
        using var other = new ClusterAuthority("mine", TimeSpan.FromHours(1));
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Identity = authority.Issue("worker"), Log = log }, new ScriptedFragments().Run, default);
        if (stranger == "no TLS")
        {
            using var caller = new TcpClient();
            await caller.ConnectAsync(IPEndPoint.Parse(host.Address));
            await caller.GetStream().WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
            await EndAsync(caller.GetStream());
        }
        else
        {
            using var shown = other.Issue("coordinator");
            await CallAsync(host, stranger == "no certificate" ? null : shown);
        }
        using var channel = GrpcChannel.ForAddress(host.Address, new() { Identity = authority.Issue("coordinator") });
        var stats = await new Control.ControlClient(channel).StatsAsync(new());
        Assert.Equal((0ul, stranger == "no TLS" ? 0ul : 1ul), (stats.Sessions, stats.Unauthenticated));
        Assert.Equal(stranger == "no certificate", log.Written.Any(l => l.Contains("no certificate was shown")));
    }

    // Somebody who takes any worker for the right one.
    static async Task CallAsync(WorkerHost host, PeerIdentity? shown)
    {
        using var caller = new TcpClient();
        await caller.ConnectAsync(IPEndPoint.Parse(host.Address));
        await using var tls = new SslStream(caller.GetStream());
        var options = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13, RemoteCertificateValidationCallback = (_, _, _, _) => true, TargetHost = "mine",
            ClientCertificates = shown is null ? [] : [shown.Certificate], LocalCertificateSelectionCallback = (_, _, _, _, _) => shown?.Certificate!, ApplicationProtocols = [SslApplicationProtocol.Http2],
        };
        try
        {
            await tls.AuthenticateAsClientAsync(options);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            return;
        }
        // With TLS 1.3 the client has done its part before it is refused.
        await EndAsync(tls);
    }

    static async Task EndAsync(Stream stream)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            while (await stream.ReadAsync(new byte[256], late.Token) > 0) { }
        }
        catch (IOException)
        {
            // Reset instead of ended.
        }
    }

    [Fact]
    public async Task Mutated_messages_of_the_control_service_end_in_a_status_and_leave_nothing()
    {
        const int seed = 31415;
        var random = new Random(seed);
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, Limits = new() { Sessions = 50 } }, new ScriptedFragments().Run, default);
        using var channel = GrpcChannel.ForAddress(host.Address, new() { BearerToken = token });
        var control = new Control.ControlClient(channel);
        var claim = new Claim { Coordinator = "a", Generation = 0, Exclusive = true };
        (string Method, Google.Protobuf.IMessage Seed)[] messages =
        [
            ("Hello", new HelloRequest { ProtocolMajor = 1, ProductVersion = "1", ClusterId = "c", Claim = claim }), ("OpenSession", new OpenSessionRequest { LeaseMilliseconds = 1000, Replaces = "x", Claim = claim }),
            ("Cancel", new CancelRequest { Request = "r" }), ("Free", new FreeRequest { Identifiers = { "a", "b" } }), ("CloseSession", new CloseSessionRequest { Session = "s" }), ("OpenData", new OpenDataRequest()),
            ("Stats", new StatsRequest()),
        ];
        var bytes = Marshallers.Create<byte[]>((value, to) => to.Complete(value), from => System.Buffers.BuffersExtensions.ToArray(from.PayloadAsReadOnlySequence()));
        Dictionary<StatusCode, int> ends = [];
        for (int round = 0; round < 700; round++)
        {
            var (method, message) = messages[round % messages.Length];
            byte[] body = Google.Protobuf.MessageExtensions.ToByteArray(message);
            for (int n = random.Next(4); n > 0 && body.Length > 0; n--)
                body = random.Next(4) switch
                {
                    0 => body[..random.Next(body.Length)],                                            // cut
                    1 => [.. body, 0xFA, 0x3F, (byte)random.Next(8), .. new byte[random.Next(8)]],    // a field nobody knows
                    2 => [.. body, .. body],
                    _ => Flip(body),
                };
            Metadata headers = random.Next(2) == 0 ? [] : new() { { "daphne-session", Word() }, { "daphne-request", Word() } };
            StatusCode end = StatusCode.OK;
            try
            {
                using var call = channel.CreateCallInvoker().AsyncUnaryCall(new Method<byte[], byte[]>(MethodType.Unary, "daphne.v1.Control", method, bytes, bytes), null, new CallOptions(headers) { Timeout = TimeSpan.FromSeconds(60) }, body);
                await call.ResponseAsync;
            }
            catch (RpcException e)
            {
                end = e.StatusCode;
            }
            Assert.True(end is StatusCode.OK or StatusCode.Internal or StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.ResourceExhausted,
                $"{end} for {method} {Convert.ToHexString(body)} (seed {seed}, round {round})");
            ends[end] = ends.GetValueOrDefault(end) + 1;
        }
        Assert.True(ends.Count >= 3 && ends[StatusCode.OK] > 100 && ends[StatusCode.Internal] > 20, string.Join(", ", ends));
        Assert.Equal(default, host.Stats);
        await using var member = new GrpcWorkerClient(host.Address, new() { Token = token, Claim = CoordinatorClaim.Of(long.MaxValue) with { Exclusive = true } });
        await member.HelloAsync(budget, default);   // which ends all sessions that were opened, by whatever claims
        var stats = await control.StatsAsync(new());
        Assert.Equal((0u, 1ul), (stats.Uploads, stats.Sessions));

        byte[] Flip(byte[] body)
        {
            byte[] copy = [.. body];
            copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
            return copy;
        }

        string Word() => new([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(33, 127))]);
    }

    [Theory]
    [InlineData("threads=4;batch=65536", 4, 65536)]
    [InlineData("batch=1", 0, 1)]
    [InlineData("later=thing;threads=2", 2, 0)]
    public void Options_of_a_fragment_are_read_as_written(string text, int threads, int batch) =>
        Assert.Equal(new FragmentOptions { Threads = threads, BatchBytes = batch }, FragmentOptions.Read(text));

    [Theory]
    [InlineData("threads")]
    [InlineData("=")]
    [InlineData("threads=-1")]
    [InlineData("threads=99999999999")]
    [InlineData("threads=1;")]
    public void Malformed_options_are_refused(string text) => Assert.Equal(WorkerFailure.BadRequest, Assert.Throws<WorkerRefusal>(() => FragmentOptions.Read(text)).Reason);

    [Fact]
    public async Task A_fragment_is_computed_as_its_coordinator_wants_and_foreign_ones_do_not_say()
    {
        var asked = new List<string>();
        RunFragment Run(string how) => (_, inputs, _) =>
        {
            lock (asked) asked.Add(how);
            return [];
        };
        using var service = new WorkerService(new() { Run = Run("as it likes"), RunWith = options => Run(options.Write()) });
        await service.ComputeAsync("x", [], "", "", default);
        await service.ComputeAsync(new FragmentCall("x", new() { Threads = 3 }), [], "", "", default);
        Assert.Equal(["as it likes", "threads=3;batch=0"], asked);
        // And through the wire, with the engine: the bits do not depend on it.
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, Threads = 3 });
        await using var client = new GrpcWorkerClient(host.Address, new() { Token = token });
        await client.HelloAsync(budget, default);
        var value = TestValues.Matrix(Dialect.ValueTypeCode.F64, 3000, 40, seed: 5);
        var handle = await client.StoreAsync(value, budget, default);
        const string text = """
            func.func @dist(%arg0: !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64> {
              %0 = "daphne.ewAdd"(%arg0, %arg0) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
              "daphne.return"(%0) : (!daphne.Matrix<?x?xf64>) -> ()
            }
            """;
        var results = new HashSet<string>();
        FragmentOptions?[] ways = [null, new() { Threads = 1 }, new() { Threads = 2, BatchBytes = 5000 }, new() { BatchBytes = 1 }, new() { Threads = 1000 }, new() { BatchBytes = 7000 }, new() { BatchBytes = 9000 }, new() { BatchBytes = 8000 }];
        foreach (var how in ways)
        {
            var back = await client.TransferAsync((await client.ComputeAsync(new(text, 1) { Options = how }, [handle], budget, default))[0], budget, default);
            results.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(TestValues.Bytes(back))));
            TestValues.Release(back);
        }
        Assert.Single(results);
        TestValues.Release(value);
    }

    [Fact]
    public async Task A_taken_port_leads_to_the_next_one_where_that_is_allowed()
    {
        await using var first = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token }, new ScriptedFragments().Run, default);
        await using var second = await WorkerHost.StartAsync(new() { Listen = first.Address, Token = token, NextPorts = 200, Log = log }, new ScriptedFragments().Run, default);
        Assert.NotEqual(first.Address, second.Address);
        Assert.Contains(log.Written, l => l.Contains("is taken; the next one is tried"));
    }

    sealed class Lines : ILogger
    {
        readonly List<string> written = [];

        public IReadOnlyList<string> Written
        {
            get
            {
                lock (written) return [.. written];
            }
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel level) => level >= LogLevel.Information;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format)
        {
            lock (written) written.Add(format(state, exception));
        }
    }
}
