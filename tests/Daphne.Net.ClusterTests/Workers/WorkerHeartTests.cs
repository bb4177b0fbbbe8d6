using System.Collections.Concurrent;
using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Tests.Distributed;

namespace Daphne.Net.ClusterTests.Workers;

/// <summary>What a client notices of a real worker process: stopped, woken, killed, busy with all it has.</summary>
public sealed class WorkerHeartTests
{
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));
    static readonly string token = TokenFile.NewToken();

    static async Task<(GrpcWorkerClient Client, ConcurrentQueue<WorkerHealth> Heard)> ConnectAsync(WorkerProcess worker, TimeSpan lease)
    {
        var client = new GrpcWorkerClient(worker.Address, new() { Token = token, Beat = TimeSpan.FromMilliseconds(200), MissedBeats = 5, Lease = lease });
        var heard = new ConcurrentQueue<WorkerHealth>();
        client.HealthChanged += heard.Enqueue;
        await client.HelloAsync(budget, default);
        return (client, heard);
    }

    static async Task UntilAsync(Func<bool> isSo, string what)
    {
        long began = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(60), what);
            await Task.Delay(10);
        }
    }

    [Fact]
    public async Task One_that_is_stopped_falls_silent_and_is_back_with_what_it_held()
    {
        await using var worker = await WorkerProcess.StartAsync(token);
        var (client, heard) = await ConnectAsync(worker, TimeSpan.FromMinutes(5));
        await using (client)
        {
            var handle = await client.StoreAsync(Datum.Of(2.5), budget, default);
            await worker.SignalAsync("STOP");
            await UntilAsync(() => client.Health == WorkerHealth.Silent, "not silent");
            await worker.SignalAsync("CONT");
            await UntilAsync(() => client.Health == WorkerHealth.Answering, "not back");
            Assert.Equal(1, client.Generation);
            Assert.DoesNotContain(heard, h => h is WorkerHealth.SessionLost or WorkerHealth.Gone);
            Assert.Equal(2.5, (await client.TransferAsync(handle, budget, default)).As<double>());
        }
    }

    [Fact]
    public async Task One_that_is_woken_after_its_lease_has_dropped_everything_and_answers_nothing_late()
    {
        await using var worker = await WorkerProcess.StartAsync(token);
        var (client, _) = await ConnectAsync(worker, TimeSpan.FromSeconds(3));
        // Asks without a session of its own: what the worker itself holds.
        await using var other = await worker.ConnectAsync(token);
        await using (client)
        {
            var value = TestValues.Matrix(ValueTypeCode.F64, 500, 500, seed: 1);
            var handle = await client.StoreAsync(value, budget, default);
            TestValues.Release(value);
            Assert.Equal(1, (await other.StatsAsync(budget, default)).Values);
            await worker.SignalAsync("STOP");
            // It lies in the worker's socket when that wakes, before anybody has swept.
            var late = client.ComputeAsync(new("func.func @dist() -> () { }", 0), [handle], budget, default).AsTask();
            await UntilAsync(() => client.Health == WorkerHealth.SessionLost, "not lost");
            await Task.Delay(500);
            await worker.SignalAsync("CONT");
            Assert.Equal(WorkerFailure.SessionLost, (await Assert.ThrowsAsync<WorkerException>(() => late)).Reason);
            await UntilAsync(() => client.Health == WorkerHealth.Answering, "not back");
            Assert.True(client.Generation > 1);
            await UntilAsync(() => other.StatsAsync(budget, default).AsTask().GetAwaiter().GetResult().Values == 0, "what it held stayed");
            Assert.Equal(WorkerFailure.SessionLost, (await Assert.ThrowsAsync<WorkerException>(async () => await client.TransferAsync(handle, budget, default))).Reason);
            Assert.Equal(client.Generation, (await client.StoreAsync(Datum.Of(1.0), budget, default)).Generation);
        }
    }

    [Fact]
    public async Task One_that_is_killed_is_gone_at_once()
    {
        await using var worker = await WorkerProcess.StartAsync(token);
        var (client, _) = await ConnectAsync(worker, TimeSpan.FromMinutes(5));
        await using (client)
        {
            long began = Stopwatch.GetTimestamp();
            await worker.SignalAsync("KILL");
            await UntilAsync(() => client.Health == WorkerHealth.Gone, "not gone");
            TestContext.Current.TestOutputHelper?.WriteLine($"gone after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
            Assert.Equal(WorkerFailure.Unreachable, (await Assert.ThrowsAsync<WorkerException>(async () => await client.StoreAsync(Datum.Of(1.0), budget, default))).Reason);
        }
    }

    [Fact]
    public Task One_that_computes_with_all_it_has_is_heard_all_the_time() => BusyAsync(TimeSpan.FromSeconds(4));

    [Fact(Explicit = true)]
    public Task One_that_computes_with_all_it_has_is_heard_for_a_minute() => BusyAsync(TimeSpan.FromSeconds(60));

    // The default of suspicion: 3 beats of 2 seconds. More fragments than lanes, each of them for many times the time of the test on any machine.
    static async Task BusyAsync(TimeSpan time)
    {
        string chain = $$"""
            func.func @dist(%arg0: !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64> {
              {{string.Join("\n  ", Enumerable.Range(0, 20_000).Select(i => $"%{i} = \"daphne.ewAdd\"({(i == 0 ? "%arg0" : $"%{i - 1}")}, %arg0) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>"))}}
              "daphne.return"(%19999) : (!daphne.Matrix<?x?xf64>) -> ()
            }
            """;
        await using var worker = await WorkerProcess.StartAsync(token);
        var heard = new ConcurrentQueue<WorkerHealth>();
        await using var client = new GrpcWorkerClient(worker.Address, new() { Token = token });
        client.HealthChanged += heard.Enqueue;
        await client.HelloAsync(budget, default);
        var value = TestValues.Matrix(ValueTypeCode.F64, 4000, 4000, seed: 1);
        var handle = await client.StoreAsync(value, budget, default);
        TestValues.Release(value);
        using var cancel = new CancellationTokenSource();
        Task[] computing = [.. Enumerable.Range(0, 4).Select(_ => client.ComputeAsync(new(chain, 1), [handle], new(TimeSpan.FromMinutes(30)), cancel.Token).AsTask())];
        await Task.Delay(500);
        using var process = Process.GetProcessById(worker.Process.Id);
        var before = process.TotalProcessorTime;
        long began = Stopwatch.GetTimestamp();
        await Task.Delay(time);
        process.Refresh();
        double cores = (process.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(began);
        TestContext.Current.TestOutputHelper?.WriteLine($"{cores:0.0} cores for {time.TotalSeconds} s; {string.Join(", ", heard)}");
        Assert.True(cores > 0.05, $"the worker used {cores:0.00} cores: it was not busy");   // what others leave it
        Assert.Empty(heard);
        Assert.All(computing, c => Assert.False(c.IsCompleted));
        await cancel.CancelAsync();
        foreach (var task in computing) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
    }
}
