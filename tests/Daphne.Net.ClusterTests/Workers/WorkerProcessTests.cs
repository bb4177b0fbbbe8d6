using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Distributed.Grpc;
using Daphne.Net.Distributed.Protocol.V1;
using Daphne.Net.Tests.Distributed;

namespace Daphne.Net.ClusterTests.Workers;

/// <summary>What happens to real worker processes: killed, stopped, left alone, kept busy.</summary>
public sealed class WorkerProcessTests
{
    // A chain of additions, 16 million cells long and 4000 operations deep: seconds on any machine, cut into batches of rows.
    static readonly string longChain = $$"""
        func.func @dist(%arg0: !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64> {
          {{string.Join("\n  ", Enumerable.Range(0, 4000).Select(i => $"%{i} = \"daphne.ewAdd\"({(i == 0 ? "%arg0" : $"%{i - 1}")}, %arg0) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>"))}}
          "daphne.return"(%3999) : (!daphne.Matrix<?x?xf64>) -> ()
        }
        """;

    static readonly string token = TokenFile.NewToken();
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));

    static async Task<Task> ComputeLongAsync(GrpcWorkerClient client, CancellationToken ct = default)
    {
        var x = TestValues.Matrix(ValueTypeCode.F64, 4000, 4000, seed: 1);
        var handle = await client.StoreAsync(x, budget, default);
        TestValues.Release(x);
        var computing = client.ComputeAsync(new(longChain, 1), [handle], new(TimeSpan.FromMinutes(5)), ct).AsTask();
        await client.StatsAsync(budget, default);
        return computing;
    }

    [Fact]
    public async Task One_that_is_killed_under_a_call_is_unreachable_at_once()
    {
        await using var worker = await WorkerProcess.StartAsync(token);
        await using var client = await worker.ConnectAsync(token);
        var computing = await ComputeLongAsync(client);
        await worker.SignalAsync("KILL");
        long began = Stopwatch.GetTimestamp();
        var e = await Assert.ThrowsAsync<WorkerException>(() => computing.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(WorkerFailure.Unreachable, e.Reason);
        Assert.StartsWith($"worker {worker.Address}: ", e.Message);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(55));      // nowhere near a time limit
    }

    [Fact]
    public async Task One_that_hangs_times_out_and_goes_on_afterwards()
    {
        await using var worker = await WorkerProcess.StartAsync(token);
        await using var client = await worker.ConnectAsync(token);
        await worker.SignalAsync("STOP");
        var e = await Assert.ThrowsAsync<WorkerException>(async () => await client.StatsAsync(new(TimeSpan.FromMilliseconds(500)), default));
        Assert.Equal(WorkerFailure.TimedOut, e.Reason);
        await worker.SignalAsync("CONT");
        Assert.Equal(default, await client.StatsAsync(budget, default));
    }

    [Fact]
    public async Task One_that_hangs_under_a_long_call_is_noticed_long_before_the_calls_deadline()
    {
        await using var worker = await WorkerProcess.StartAsync(token);
        await using var client = await worker.ConnectAsync(token, keepAliveSeconds: 2);
        var computing = await ComputeLongAsync(client);
        await worker.SignalAsync("STOP");
        long began = Stopwatch.GetTimestamp();
        var e = await Assert.ThrowsAsync<WorkerException>(() => computing.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(WorkerFailure.Unreachable, e.Reason);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 30);
    }

    [Fact]
    public async Task One_that_computes_with_all_it_has_still_answers()
    {
        await using var worker = await WorkerProcess.StartAsync(token);
        await using var client = await worker.ConnectAsync(token);
        using var cancel = new CancellationTokenSource();
        var computing = await ComputeLongAsync(client, cancel.Token);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(8L * 4000 * 4000, (await client.StatsAsync(new(TimeSpan.FromSeconds(20)), default)).LiveBytes);
            await Task.Delay(25);
        }
        Assert.False(computing.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => computing);

        // And stops computing, long before it would have ended.
        using var channel = GrpcChannel.ForAddress(worker.Address, new() { BearerToken = token });
        var control = new Control.ControlClient(channel);
        long began = Stopwatch.GetTimestamp();
        while ((await control.StatsAsync(new())).Running > 0 && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30)) await Task.Delay(25);
        TestContext.Current.TestOutputHelper?.WriteLine($"stopped after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
        Assert.Equal(0u, (await control.StatsAsync(new())).Running);
    }

    [Fact]
    public async Task One_whose_input_ends_ends_with_it()
    {
        await using var worker = await WorkerProcess.StartAsync(token, "--until-stdin-ends");
        worker.Process.StandardInput.Close();
        Assert.Equal(0, await worker.ExitAsync());
    }

    [Fact]
    public async Task One_whose_parent_is_gone_ends()
    {
        using var parent = Process.Start("sleep", "300");
        await using var worker = await WorkerProcess.StartAsync(token, $"--parent-pid={parent.Id}");
        parent.Kill();
        await parent.WaitForExitAsync();
        Assert.Equal(0, await worker.ExitAsync());
    }

    [Fact]
    public async Task One_nobody_calls_ends_if_it_was_told_so()
    {
        await using var worker = await WorkerProcess.StartAsync(token, "--dead-man=1");
        Assert.Equal(0, await worker.ExitAsync());
    }

    [Fact]
    public async Task One_that_is_told_to_end_does()
    {
        await using var worker = await WorkerProcess.StartAsync(token);
        await using var client = await worker.ConnectAsync(token);
        await client.StoreAsync(Datum.Of(1.0), budget, default);
        await worker.SignalAsync("TERM");
        Assert.Equal(0, await worker.ExitAsync());
        Assert.Equal(WorkerFailure.Unreachable, (await Assert.ThrowsAsync<WorkerException>(async () => await client.StatsAsync(budget, default))).Reason);
    }

    [Fact]
    public async Task The_secret_does_not_show_in_the_process_table()
    {
        await using var worker = await WorkerProcess.StartAsync(token);
        Assert.DoesNotContain(token, await File.ReadAllTextAsync($"/proc/{worker.Process.Id}/cmdline"));
        Assert.DoesNotContain(token, await File.ReadAllTextAsync($"/proc/{worker.Process.Id}/environ"));
    }
}
