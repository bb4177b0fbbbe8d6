using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Workers;

/// <summary>The gRPC client against a worker host in this process, over loopback.</summary>
public sealed class GrpcWorkerClientTests : WorkerClientContract
{
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));
    static readonly string token = TokenFile.NewToken();

    private protected override async Task<WorkerUnderTest> StartAsync(RunFragment run, long byteLimit = 0)
    {
        var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, ByteLimit = byteLimit, DrainTimeout = TimeSpan.FromSeconds(1) }, run, default);
        // Chunks that are no multiple of anything, so that cells are cut.
        var client = new GrpcWorkerClient(host.Address, new() { Token = token, ChunkBytes = 99_991 });
        await client.HelloAsync(budget, default);
        return new(client, () => host.Stats, host.DisposeAsync);
    }

    [Fact]
    public async Task Hello_learns_who_the_worker_is()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        Assert.Equal((false, Environment.ProcessId, true), (worker.Client.Identity.Foreign, worker.Client.Identity.ProcessId, worker.Client.Identity.Version!.StartsWith("0.1.0")));
    }

    [Fact]
    public async Task A_wrong_token_is_refused_without_a_word_more()
    {
        await using var host = await WorkerHost.StartAsync(new() { Listen = "localhost:0", Token = token }, new ScriptedFragments().Run, default);
        foreach (var options in (GrpcWorkerClientOptions[])[new() { Token = TokenFile.NewToken() }, new() { AllowInsecure = true }])
        {
            await using var client = new GrpcWorkerClient(host.Address, options);
            var e = await Assert.ThrowsAsync<WorkerException>(async () => await client.HelloAsync(budget, default));
            Assert.Equal((WorkerFailure.Unauthenticated, "not authenticated"), (e.Reason, e.Detail));
        }
    }

    [Fact]
    public void A_client_without_token_needs_consent() =>
        Assert.Throws<ArgumentException>(() => new GrpcWorkerClient("127.0.0.1:1", new()));

    [Fact]
    public async Task Values_of_one_session_are_unknown_in_another()
    {
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token }, new ScriptedFragments().Run, default);
        await using var one = new GrpcWorkerClient(host.Address, new() { Token = token });
        await using var two = new GrpcWorkerClient(host.Address, new() { Token = token });
        await one.HelloAsync(budget, default);
        await two.HelloAsync(budget, default);
        var handle = await one.StoreAsync(Datum.Of(2.5), budget, default);
        await two.FreeAsync([handle], budget, default);
        Assert.Equal(WorkerFailure.UnknownHandle, (await Assert.ThrowsAsync<WorkerException>(async () => await two.TransferAsync(handle, budget, default))).Reason);
        await two.DisposeAsync();
        Assert.Equal(2.5, (await one.TransferAsync(handle, budget, default)).As<double>());
    }

    [Fact]
    public async Task Nobody_at_the_address_is_unreachable_at_once_and_names_it()
    {
        string address;
        await using (var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token }, new ScriptedFragments().Run, default)) address = host.Address;
        await using var client = new GrpcWorkerClient(address, new() { Token = token });
        long began = Stopwatch.GetTimestamp();
        var e = await Assert.ThrowsAsync<WorkerException>(async () => await client.HelloAsync(budget, default));
        Assert.Equal(WorkerFailure.Unreachable, e.Reason);
        Assert.StartsWith($"worker {address}: not reachable", e.Message);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_worker_that_stops_under_a_call_is_unreachable()
    {
        var fragments = new ScriptedFragments();
        await using var worker = await StartAsync(fragments.Run);
        var computing = worker.Client.ComputeAsync(new("wait", 0), [], budget, default).AsTask();
        await fragments.Begun;
        await worker.Stop();   // drains a second, then cuts
        Assert.Equal(WorkerFailure.Unreachable, (await Assert.ThrowsAsync<WorkerException>(() => computing)).Reason);
        Assert.Equal(WorkerFailure.Unreachable, (await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.StatsAsync(budget, default))).Reason);
    }

    [Fact]
    public async Task A_value_without_encoding_is_a_bad_request()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        var e = await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.StoreAsync(Datum.Of(DenseMatrix<double>.Allocate(1L << 32, 0)), budget, default));
        Assert.Equal(WorkerFailure.BadRequest, e.Reason);
        Assert.Equal(default, worker.Stats());
    }

    [Fact]
    public async Task Greeting_again_keeps_the_session()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        var handle = await worker.Client.StoreAsync(Datum.Of(2.5), budget, default);
        await worker.Client.HelloAsync(budget, default);
        Assert.Equal(2.5, (await worker.Client.TransferAsync(handle, budget, default)).As<double>());
    }

    [Fact]
    public async Task What_a_dead_client_placed_is_freed_and_what_a_silent_one_placed_stays()
    {
        var time = new ManualTime();
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, Time = time }, new ScriptedFragments().Run, default);
        using var stop = new CancellationTokenSource();
        var serving = host.RunAsync(stop.Token);
        await using var alive = new GrpcWorkerClient(host.Address, new() { Token = token, Lease = TimeSpan.FromSeconds(10), Beat = TimeSpan.FromMilliseconds(10) });
        await using var dead = new GrpcWorkerClient(host.Address, new() { Token = token, Lease = TimeSpan.FromSeconds(10), Beat = TimeSpan.FromHours(1) });
        await alive.HelloAsync(budget, default);
        await dead.HelloAsync(budget, default);
        var kept = await alive.StoreAsync(Datum.Of(2.5), budget, default);
        await dead.StoreAsync(Datum.Of(3.5), budget, default);
        Assert.Equal(2, host.Stats.Values);
        for (int second = 0; second < 20; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(60);
        }
        Assert.Equal(new WorkerStats(8, 1), host.Stats);
        Assert.Equal(2.5, (await alive.TransferAsync(kept, budget, default)).As<double>());
        await stop.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task A_client_that_slept_for_longer_than_its_lease_gets_a_new_session()
    {
        var time = new ManualTime();
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, Time = time }, new ScriptedFragments().Run, default);
        using var stop = new CancellationTokenSource();
        var serving = host.RunAsync(stop.Token);
        await using var client = new GrpcWorkerClient(host.Address, new() { Token = token, Lease = TimeSpan.FromSeconds(1), Beat = TimeSpan.FromMilliseconds(200) });
        await client.HelloAsync(budget, default);
        await client.StoreAsync(Datum.Of(2.5), budget, default);
        long began = Stopwatch.GetTimestamp();
        while (host.Stats.Values > 0 && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(60))
        {
            time.Advance(TimeSpan.FromSeconds(3));
            await Task.Delay(5);
        }
        Assert.Equal(0, host.Stats.Values);
        Handle? stored = null;
        while (stored is null && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(60))
        {
            try
            {
                stored = await client.StoreAsync(Datum.Of(4.5), budget, default);
            }
            catch (WorkerException e) when (e.Reason == WorkerFailure.SessionLost)
            {
                await Task.Delay(20);
            }
        }
        Assert.NotNull(stored);
        await stop.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task Calls_that_are_cancelled_at_any_moment_leave_nothing_on_the_worker()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        var input = await worker.Client.StoreAsync(Datum.Of(2.5), budget, default);
        for (int i = 0; i < 300; i++)
        {
            using var cancel = new CancellationTokenSource();
            Task call = i % 2 == 0 ? worker.Client.ComputeAsync(new("echo", 1), [input], budget, cancel.Token).AsTask() : worker.Client.StoreAsync(Datum.Of(1.5), budget, cancel.Token).AsTask();
            // Sooner and later, up to when the answer comes.
            for (int spin = 0; spin < i % 60; spin++) Thread.SpinWait(200);
            await cancel.CancelAsync();
            try
            {
                await call;
                await worker.Client.FreeAsync(call is Task<Handle> store ? [await store] : await (Task<IReadOnlyList<Handle>>)call, budget, default);
            }
            catch (OperationCanceledException)
            {
                // As intended.
            }
        }
        long began = Stopwatch.GetTimestamp();
        while (worker.Stats().Values > 1 && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(3)) await Task.Delay(10);
        Assert.Equal(new WorkerStats(8, 1), worker.Stats());
    }

    [Fact]
    public async Task A_client_that_was_disposed_says_so()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        var handle = await worker.Client.StoreAsync(Datum.Of(2.5), budget, default);
        await worker.Client.DisposeAsync();
        var e = await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.TransferAsync(handle, budget, default));
        Assert.Equal((WorkerFailure.Cancelled, "its cluster was disposed, and what lay on it is gone"), (e.Reason, e.Detail));
    }
}
