using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Microsoft.Extensions.Logging.Abstractions;

namespace Daphne.Net.Tests.Distributed.Workers;

/// <summary>What a worker takes on at most, who it obeys, and what it does when the memory is full.</summary>
public sealed class WorkerLimitsTests
{
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));
    static readonly string token = TokenFile.NewToken();
    readonly ManualTime time = new();

    WorkerService Service(WorkerLimits limits, long byteLimit = 0) => new(new() { Run = new ScriptedFragments().Run, Time = time, Limits = limits, ByteLimit = byteLimit });

    static WorkerRefusal Refused(Action action, WorkerFailure reason, params string[] words)
    {
        var e = Assert.Throws<WorkerRefusal>(action);
        Assert.Equal(reason, e.Reason);
        Assert.All(words, word => Assert.Contains(word, e.Message));
        return e;
    }

    [Fact]
    public void Values_of_a_session_are_counted()
    {
        using var service = Service(new() { HandlesPerSession = 3 });
        string one = service.Sessions.Open(TimeSpan.Zero), two = service.Sessions.Open(TimeSpan.Zero);
        Handle[] held = [.. Enumerable.Range(0, 3).Select(i => service.Store(Datum.Of((double)i), one))];
        Refused(() => service.Store(Datum.Of(4.0), one), WorkerFailure.TooLarge, "3 values");
        service.Store(Datum.Of(5.0), two);
        service.Free([held[0].Id], one);
        service.Store(Datum.Of(6.0), one);
        Assert.Equal(new WorkerStats(32, 4), service.Values.Stats);
        Assert.Equal(new WorkerStats(24, 3), service.CloseSession(one));
        Assert.Equal(long.MaxValue, service.Values.Available);
    }

    [Fact]
    public void Sessions_are_counted()
    {
        using var service = Service(new() { Sessions = 2 });
        string first = service.OpenSession(TimeSpan.Zero, null, "a");
        Assert.Equal(first, service.OpenSession(TimeSpan.Zero, null, "a"));   // its answer was lost
        service.OpenSession(TimeSpan.Zero, null, "b");
        Refused(() => service.OpenSession(TimeSpan.Zero, null, "c"), WorkerFailure.Busy, "2 sessions", "at most 2");
        service.CloseSession(first);
        Assert.NotEqual(first, service.OpenSession(TimeSpan.Zero, null, "a"));
    }

    [Fact]
    public void Values_under_way_are_counted()
    {
        using var service = Service(new() { Uploads = 2 });
        using var first = service.Upload("");
        var second = service.Upload("");
        Refused(() => service.Upload(""), WorkerFailure.Busy, "2 values");
        second.Dispose();
        second.Dispose();
        using var third = service.Upload("");
        Assert.Equal(2, service.Uploads);
    }

    [Fact]
    public void A_value_there_is_no_room_for_is_refused_with_its_header()
    {
        using var service = Service(new(), byteLimit: 10_000_000);
        service.Store(TestValues.Matrix(ValueTypeCode.SI8, 9_000_000, 1, seed: 1), "");
        long live = BufferPool.Shared.LiveBytes;
        using var upload = service.Upload("");
        byte[] header = [.. TestValues.Bytes(TestValues.Matrix(ValueTypeCode.SI8, 1, 1, seed: 2)).Take(WireFormat.DenseHeader)];
        // The header of 5,000,000 rows: the number stands twice.
        BitConverter.TryWriteBytes(header.AsSpan(2), 5_000_000L);
        BitConverter.TryWriteBytes(header.AsSpan(35), 5_000_000);
        var e = Refused(() => upload.Feed(header), WorkerFailure.TooLarge, "5000000", "1000000");
        Assert.True(BufferPool.Shared.LiveBytes - live < 5_000_000, e.Message);
        Assert.Equal(1_000_000, service.Values.Available);
    }

    [Fact]
    public async Task Fragments_are_measured_before_they_are_read()
    {
        using var service = Service(new() { FragmentOperations = 3, FragmentNesting = 5 });
        async Task RefusedAsync(string text, string word) => Assert.Contains(word, (await Assert.ThrowsAsync<WorkerRefusal>(() => service.ComputeAsync(text, [], "", "", default))).Message);
        await RefusedAsync(string.Concat(Enumerable.Repeat("\"daphne.ewAdd\"() ", 4)), "4 operations; at most 3");
        await RefusedAsync("((((((", "more than 5 deep");
        await RefusedAsync("{(->{(->{(->", "more than 5 deep");   // the end of an arrow closes nothing
        Assert.Empty(await service.ComputeAsync("(((\"((((((\")))", [], "", "", default));
        Assert.Empty(await service.ComputeAsync("()()()()()()(->)", [], "", "", default));
    }

    [Fact]
    public void A_worker_that_was_stopped_for_too_long_is_too_late_for_what_waited()
    {
        using var service = Service(new());
        string session = service.Sessions.Open(TimeSpan.FromSeconds(10));
        var handle = service.Store(Datum.Of(1.0), session);
        time.Advance(TimeSpan.FromSeconds(11));   // nobody has swept: the process was stopped
        Refused(() => service.Take(handle.Id, session), WorkerFailure.SessionLost);
        Assert.Equal((default, 0), (service.Values.Stats, service.Sessions.Count));
        Assert.Equal(0, service.Free([handle.Id], session));
    }

    [Fact]
    public void One_owner_is_obeyed_and_guests_beside_it()
    {
        using var service = Service(new());
        CoordinatorClaim first = CoordinatorClaim.Of(1), second = CoordinatorClaim.Of(2), rival = CoordinatorClaim.Of(2);
        string guest = service.OpenSession(TimeSpan.Zero, null, "");
        service.Greet(first);
        string script = service.OpenSession(TimeSpan.Zero, first, ""), another = service.OpenSession(TimeSpan.Zero, first, "");
        service.Greet(first);   // a second client of the same owner
        service.Store(Datum.Of(1.0), script);
        service.Greet(second);
        foreach (string ended in (string[])[script, another]) Refused(() => service.Enter(ended), WorkerFailure.SessionLost);
        Assert.Equal((0L, 2L), (service.Values.Stats.Values, service.Sessions.ClaimedGeneration));
        Refused(() => service.Greet(first), WorkerFailure.Superseded, "generation 2", "generation 1");
        Refused(() => service.OpenSession(TimeSpan.Zero, first, ""), WorkerFailure.Superseded);
        Refused(() => service.Greet(rival), WorkerFailure.Superseded);
        Refused(() => service.Greet(first with { Generation = 2 }), WorkerFailure.Superseded);
        service.OpenSession(TimeSpan.Zero, second, "");
        service.Enter(guest);
        service.Greet(null);
        service.Greet(CoordinatorClaim.Of(3) with { Exclusive = true });
        Refused(() => service.Enter(guest), WorkerFailure.SessionLost);
        Refused(() => service.Greet(null), WorkerFailure.Superseded);
        Refused(() => service.OpenSession(TimeSpan.Zero, null, ""), WorkerFailure.Superseded);
    }

    [Fact]
    public async Task A_coordinator_that_was_superseded_hears_so_and_the_new_one_works()
    {
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token }, new ScriptedFragments().Run, default);
        var claim = CoordinatorClaim.Of(1);
        await using var old = new GrpcWorkerClient(host.Address, new() { Token = token, Claim = claim });
        await using var script = new GrpcWorkerClient(host.Address, new() { Token = token, Claim = claim });
        await using var next = new GrpcWorkerClient(host.Address, new() { Token = token, Claim = CoordinatorClaim.Of(2) });
        await old.HelloAsync(budget, default);
        await script.HelloAsync(budget, default);
        await script.StoreAsync(Datum.Of(1.0), budget, default);
        await next.HelloAsync(budget, default);
        await Assert.ThrowsAsync<WorkerException>(async () => await old.StoreAsync(Datum.Of(1.0), budget, default));
        var e = await Assert.ThrowsAsync<WorkerException>(async () => await old.StoreAsync(Datum.Of(1.0), budget, default));
        Assert.Equal(WorkerFailure.Superseded, e.Reason);
        Assert.Equal(WorkerHealth.Superseded, old.Health);
        await next.StoreAsync(Datum.Of(2.0), budget, default);
        Assert.Equal(new WorkerStats(8, 1), host.Stats);
    }

    [Fact]
    public async Task Full_memory_pauses_work_and_then_refuses_it()
    {
        long used = 0;
        var gauge = new MemoryGauge(time, () => (used, 100), NullLogger.Instance);
        async Task<WorkerRefusal?> AdmitAsync(bool others)
        {
            time.Advance(TimeSpan.FromSeconds(1));   // the last look is old
            var admitting = gauge.AdmitAsync(() => others, default).AsTask();
            long began = Stopwatch.GetTimestamp();
            while (!admitting.IsCompleted && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(1);
                time.Advance(TimeSpan.FromMilliseconds(50));
            }
            return await Record.ExceptionAsync(() => admitting) as WorkerRefusal;
        }
        async Task<TimeSpan> TookAsync(bool others)
        {
            long began = time.GetTimestamp();
            Assert.Null(await AdmitAsync(others));
            return time.GetElapsedTime(began);
        }
        used = 79;
        Assert.True(await TookAsync(others: true) < MemoryGauge.LongestWait);
        used = 80;
        Assert.True(await TookAsync(others: false) < MemoryGauge.LongestWait);   // nobody will free anything: go on
        Assert.True(await TookAsync(others: true) >= MemoryGauge.LongestWait);
        used = 95;
        var e = await AdmitAsync(others: true);
        Assert.Equal((WorkerFailure.Busy, "its memory is full: 95 of 100 bytes are in use"), (e!.Reason, e.Message));
        used = 10;
        Assert.True(await TookAsync(others: true) < MemoryGauge.LongestWait);
    }

    [Fact]
    public async Task Without_a_limit_a_worker_has_one_by_its_machine()
    {
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token }, new ScriptedFragments().Run, default);
        await using var client = new GrpcWorkerClient(host.Address, new() { Token = token });
        await client.HelloAsync(budget, default);
        Assert.InRange(WorkerLimits.BytesOfMachine, 1 << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        using var channel = Daphne.Net.Distributed.Grpc.GrpcChannel.ForAddress(host.Address, new() { BearerToken = token });
        var stats = await new Daphne.Net.Distributed.Protocol.V1.Control.ControlClient(channel).StatsAsync(new());
        Assert.Equal((ulong)WorkerLimits.BytesOfMachine, stats.ByteLimit);
        Assert.True(stats.MemoryUsed > 0 && stats.MemoryTotal > stats.MemoryUsed, $"{stats.MemoryUsed} of {stats.MemoryTotal}");
    }

    [Fact]
    public async Task A_thousand_clients_that_register_at_once_are_all_taken()
    {
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token }, new ScriptedFragments().Run, default);
        using var channel = Daphne.Net.Distributed.Grpc.GrpcChannel.ForAddress(host.Address, new() { BearerToken = token });
        var control = new Daphne.Net.Distributed.Protocol.V1.Control.ControlClient(channel);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var sessions = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async _ =>
        {
            await control.HelloAsync(new() { ProtocolMajor = Daphne.Net.Distributed.Protocol.Keys.ProtocolMajor });
            return (await control.OpenSessionAsync(new() { LeaseMilliseconds = 600_000 })).Session;
        }));
        Assert.Equal(1000, sessions.Distinct().Count());
        Assert.Equal(1000ul, (await control.StatsAsync(new())).Sessions);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < 64 << 20, $"{grown} bytes for 1000 sessions");
        // And with connections of their own, each with its beats.
        GrpcWorkerClient[] clients = [.. Enumerable.Range(0, 100).Select(_ => new GrpcWorkerClient(host.Address, new() { Token = token }))];
        await Task.WhenAll(clients.Select(c => c.HelloAsync(budget, default).AsTask()));
        await Task.WhenAll(clients.Select(async c => await c.StoreAsync(Datum.Of(1.0), budget, default)));
        Assert.Equal(100, host.Stats.Values);
        await Task.WhenAll(clients.Select(c => c.DisposeAsync().AsTask()));
        Assert.Equal(default, host.Stats);
        Assert.Equal(1000ul, (await control.StatsAsync(new())).Sessions);
    }
}
