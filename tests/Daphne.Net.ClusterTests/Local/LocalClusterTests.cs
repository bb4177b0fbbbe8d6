using System.Diagnostics;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.Deployment;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.ClusterTests.Local;

/// <summary>Worker processes that a cluster starts: there while it is, gone when it is, whatever ends it.</summary>
public sealed class LocalClusterTests
{
    static readonly double[,] x = Counting(40, 3);

    // Ten pipelines that each wait for the one before; the rows of X go out once.
    const string Rounds = "X = $x; i = 0; while (i < 10) { X = X + 1.0; i = i + 1; } print(sum(X));";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_processes_are_there_until_it_is_disposed()
    {
        var steps = new Steps();
        var cluster = await DaphneCluster.Local(2).Deploy(steps, Ct);
        int[] processes = [.. cluster.Workers.Select(w => w.ProcessId)];
        Assert.Equal(2, processes.Distinct().Count());
        Assert.DoesNotContain(Environment.ProcessId, processes);
        Assert.All(processes, p => Assert.True(Signal.Lives(p)));
        foreach (var step in new[] { DeployStep.Starting, DeployStep.Listening, DeployStep.Ready }) Assert.Equal(2, steps.Count(step));
        await using (var run = await cluster.RunAsync(Rounds, new { x }, ct: Ct)) Assert.Equal("8340\n", run.Output);
        await cluster.DisposeAsync();
        Assert.All(processes, p => Assert.False(Signal.Lives(p), $"worker {p} was left behind"));
        await cluster.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cluster.RunAsync("print(1);", ct: Ct));
    }

    [Fact]
    public async Task Workers_end_by_themselves_when_the_host_is_killed()
    {
        using var scratch = new Scratch();
        using var host = Tool.Start(scratch, [], Environment.ProcessPath!, HostProgram.Name, "2");
        int[] workers = [.. (await host.LineAsync()).Split(' ').Select(int.Parse)];
        Assert.All(workers, w => Assert.True(Signal.Lives(w)));
        Signal.Send(host.Id, Signal.Kill);
        await Patience.Until(() => workers.All(w => !Signal.Lives(w)), $"the workers {string.Join(", ", workers)} of a killed host end");
    }

    [Fact]
    public async Task Workers_give_everything_back_after_a_run()
    {
        await using var cluster = await DaphneCluster.Local(2).Deploy(ct: Ct);
        await using (var run = await cluster.RunAsync("Y = $x * 2.0; print(sum(Y));", new { x }, ct: Ct))
        {
            Assert.Contains(await Stats(cluster), s => s.LiveBytes > 0);
            Assert.Equal(2, run.Get<double[,]>("Y")[0, 1]);
        }
        await Patience.Until(async () => (await Stats(cluster)).All(s => s is { LiveBytes: 0, Values: 0 }), "all values on the workers are freed");
    }

    [Fact]
    public async Task After_a_worker_was_killed_between_runs_the_next_script_runs_on_the_rest()
    {
        await using var cluster = await DaphneCluster.Local(2).Deploy(ct: Ct);
        await (await cluster.RunAsync(Rounds, new { x }, ct: Ct)).DisposeAsync();
        Signal.Send(cluster.Workers[1].ProcessId, Signal.Kill);
        await using (var run = await cluster.RunAsync(Rounds, new { x }, ct: Ct))
        {
            Assert.Equal("8340\n", run.Output);
            Assert.All(run.Report.Pipelines.Skip(1), p => Assert.Equal(cluster.Workers[0].Address, p.Where));
        }
        await Patience.Until(() => cluster.DeployedWorkers.Usable.Length == 1, "the worker that was killed counts as lost");
    }

    [Fact]
    public async Task A_worker_killed_while_a_script_runs_does_not_change_the_result()
    {
        await using var cluster = await DaphneCluster.Local(2).Deploy(ct: Ct);
        var lost = cluster.Workers[0];
        var progress = new Once(() => Signal.Send(lost.ProcessId, Signal.Kill));
        await using var run = await cluster.RunAsync(Rounds, new { x }, new() { Progress = progress }, Ct);
        Assert.Equal("8340\n", run.Output);
        Assert.True(progress.Done);
        Assert.Equal(cluster.Workers[1].Address, run.Report.Pipelines[^1].Where);
    }

    [Fact]
    public async Task What_a_worker_that_is_stopped_was_to_do_the_other_does()
    {
        await using var cluster = await DaphneCluster.Local(2).Deploy(ct: Ct);
        var asleep = cluster.Workers[1];
        var progress = new Once(() => Signal.Send(asleep.ProcessId, Signal.Stop));
        try
        {
            await using var rest = await cluster.RunAsync(Rounds, new { x }, new() { Progress = progress, ComputeTimeout = TimeSpan.FromSeconds(30) }, Ct);
            Assert.Equal("8340\n", rest.Output);
            Assert.True(progress.Done);
            Assert.Equal(cluster.Workers[0].Address, rest.Report.Pipelines[^1].Where);
        }
        finally
        {
            Signal.Send(asleep.ProcessId, Signal.Continue);
        }
        // It was only late: it is a worker like any other again.
        await using var run = await cluster.RunAsync(Rounds, new { x }, ct: Ct);
        Assert.Equal("8340\n", run.Output);
    }

    [Fact]
    public async Task A_cancelled_run_stops_the_workers_and_leaves_them_usable()
    {
        await using var cluster = await DaphneCluster.Local(2).Deploy(ct: Ct);
        using var stop = new CancellationTokenSource();
        var clock = new Stopwatch();
        // The first pipeline is done: the workers are in the second, which takes minutes.
        var progress = new Once(() => { clock.Start(); stop.CancelAfter(TimeSpan.FromMilliseconds(200)); });
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cluster.RunAsync(Endless, new { x }, new() { Progress = progress }, stop.Token));
        Assert.Equal(stop.Token, e.CancellationToken);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"it took {clock.Elapsed} to stop");
        await using var run = await cluster.RunAsync(Rounds, new { x }, new() { ComputeTimeout = TimeSpan.FromSeconds(30) }, Ct);
        Assert.Equal("8340\n", run.Output);
        await Patience.Until(async () => (await Stats(cluster)).All(s => s.LiveBytes <= 8 * x.Length), "nothing is left of the run that was stopped");
    }

    [Fact]
    public async Task Disposed_while_a_script_runs_it_ends_the_script_and_the_workers_and_nothing_goes_unheard()
    {
        var unheard = new System.Collections.Concurrent.ConcurrentQueue<string>();
        void Hear(object? sender, UnobservedTaskExceptionEventArgs e) => unheard.Enqueue(e.Exception.ToString());
        TaskScheduler.UnobservedTaskException += Hear;
        try
        {
            var cluster = await DaphneCluster.Local(2).Deploy(ct: Ct);
            int[] processes = [.. cluster.Workers.Select(w => w.ProcessId)];
            string[] addresses = [.. cluster.Workers.Select(w => w.Address)];
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var run = cluster.RunAsync(Endless, new { x }, new() { Progress = new Once(begun.SetResult) }, Ct);
            await begun.Task.WaitAsync(Patience.Most, Ct);
            await cluster.DisposeAsync().AsTask().WaitAsync(Patience.Most, Ct);
            // Whichever it meets first: the end of the cluster, or that of its workers.
            var e = await Record.ExceptionAsync(() => run.WaitAsync(Patience.Most, Ct));
            Assert.True(e is OperationCanceledException || e is ScriptException && e.Message.Contains("its cluster was disposed", StringComparison.Ordinal), $"the script ended with {e?.ToString() ?? "nothing"}");
            Assert.All(processes, p => Assert.False(Signal.Lives(p), $"worker {p} was left behind"));
            for (int i = 0; i < 2; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            Assert.DoesNotContain(unheard, said => addresses.Any(a => said.Contains(a, StringComparison.Ordinal)));
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Hear;
        }
    }

    [Fact]
    public async Task A_worker_program_that_is_not_there_is_named()
    {
        var e = await Assert.ThrowsAsync<DeploymentException>(() => DaphneCluster.Local(1, o => o.WorkerProgram = "/no/such/worker").Deploy(ct: Ct));
        Assert.Equal(DeploymentFailure.WorkerProgramMissing, e.Reason);
        Assert.Contains("/no/such/worker", e.Message, StringComparison.Ordinal);
        Assert.Contains("DAPHNE_WORKER", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_refuses_values_beyond_its_limit()
    {
        await using var cluster = await DaphneCluster.Local(2, o => o.WorkerBytes = 500).Deploy(ct: Ct);
        var e = await Assert.ThrowsAsync<ScriptException>(() => cluster.RunAsync("print(sum($x * 2.0));", new { x = Counting(2000, 10) }, ct: Ct));
        Assert.Equal(Diag.WorkerTooLarge, e.Diagnostics.Single().Def);
        Assert.Contains("at most 500", e.Message, StringComparison.Ordinal);
    }

    // Each round is one pipeline on the workers; the cells stay where they are.
    const string Endless = "X = $x; while (sum(X) > 0.0) { X = X * 1.0; } print(1);";

    static async Task<WorkerStats[]> Stats(DaphneCluster cluster) =>
        await Task.WhenAll(cluster.DeployedWorkers.Clients.Select(c => c.StatsAsync(CallBudget.Control, Ct).AsTask()));

    static double[,] Counting(int rows, int cols)
    {
        var cells = new double[rows, cols];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < cols; c++) cells[r, c] = r * cols + c;
        return cells;
    }

    sealed class Once(Action act) : IProgress<PipelineReport>
    {
        public bool Done { get; private set; }

        public void Report(PipelineReport value)
        {
            if (Done) return;
            Done = true;
            act();
        }
    }

    sealed class Steps : IProgress<DeployProgress>
    {
        readonly List<DeployStep> seen = [];

        public int Count(DeployStep step)
        {
            lock (seen) return seen.Count(s => s == step);
        }

        public void Report(DeployProgress value)
        {
            lock (seen) seen.Add(value.Step);
        }
    }
}
