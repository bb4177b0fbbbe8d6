using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.ClusterTests.Chaos;

/// <summary>Real worker processes that are killed or stopped: the survivors give the same bits, and when none is left it is said.</summary>
public sealed class LostWorkerTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_while_nothing_runs()
    {
        var expected = await ChaosWork.ExpectedAsync(3);
        await using var spoiled = await SpoiledCluster.StartAsync(3);
        await using (var quiet = await spoiled.Cluster.RunAsync(ChaosWork.Rounds, ct: Ct))
        {
            Assert.Equal(expected, ChaosWork.Bits(quiet));
            Assert.Equal(0, quiet.Report.Pipelines.Sum(p => p.Retries));
        }
        await spoiled.KillAsync(1);
        await Patience.Until(() => spoiled.Cluster.DeployedWorkers.Usable.Length == 2, "it is known that a worker is gone");
        await using var run = await spoiled.Cluster.RunAsync(ChaosWork.Rounds, ct: Ct);
        await using var again = await spoiled.Cluster.RunAsync(ChaosWork.Rounds, ct: Ct);
        Assert.Equal(ChaosWork.Bits(run), ChaosWork.Bits(again));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(9), InlineData(17)]
    public async Task Killed_between_pipelines_with_results_on_it(int pipeline)
    {
        var expected = await ChaosWork.ExpectedAsync(3);
        await using var spoiled = await SpoiledCluster.StartAsync(3);
        var fault = new AtPipeline(pipeline, () => spoiled.KillAsync(1).GetAwaiter().GetResult());
        await using var run = await spoiled.Cluster.RunAsync(ChaosWork.Rounds, options: new() { Progress = fault }, ct: Ct);
        Assert.Equal(expected, ChaosWork.Bits(run));
        Assert.True(fault.Fired);
        Assert.True(spoiled.Workers[1].Process.HasExited);
    }

    [Theory]
    [InlineData(11), InlineData(12), InlineData(13)]
    public async Task Killed_at_any_moment_of_the_run(int seed)
    {
        var expected = await ChaosWork.ExpectedAsync(2);
        await using var spoiled = await SpoiledCluster.StartAsync(2);
        long sent;
        await using (var quiet = await spoiled.Cluster.RunAsync(ChaosWork.Rounds, ct: Ct)) sent = spoiled.Networks[0].Passed(Way.ToWorker);
        // Somewhere in the bytes of the next run: while it is sent to, computes or answers.
        long at = new Random(seed).NextInt64(sent * 9 / 10);
        spoiled.Networks[0].After(Way.ToWorker, at, () => spoiled.Workers[0].Process.Kill());
        await using var run = await spoiled.Cluster.RunAsync(ChaosWork.Rounds, ct: Ct);
        Assert.True(spoiled.Workers[0].Process.HasExited, $"seed {seed}: killed after {at} of {sent} bytes");
        Assert.Equal(expected, ChaosWork.Bits(run));
    }

    [Fact]
    public async Task Killed_while_it_sends_a_result()
    {
        const string script = "X = rand(60000, 8, -0.5, 0.5, 1.0, 1);\nY = X * 2.0 + 1.0;\nprint(nrow(Y));";
        await using var spoiled = await SpoiledCluster.StartAsync(2);
        await using var run = await spoiled.Cluster.RunAsync(script, ct: Ct);
        // Nothing comes back but answers of a few bytes until a result of nearly 2 MB does.
        spoiled.Networks[1].After(Way.FromWorker, 300_000, () => spoiled.Workers[1].Process.Kill());
        double[,] x = run.Get<double[,]>("X"), y = run.Get<double[,]>("Y");
        await spoiled.Workers[1].Process.WaitForExitAsync(Ct).WaitAsync(Patience.Most, Ct);
        Assert.True(spoiled.Networks[1].Passed(Way.FromWorker) >= 300_000);
        for (int r = 0; r < y.GetLength(0); r++)
            for (int c = 0; c < y.GetLength(1); c++) Assert.Equal(x[r, c] * 2.0 + 1.0, y[r, c]);
    }

    [Fact]
    public async Task All_killed()
    {
        await using var spoiled = await SpoiledCluster.StartAsync(2, grace: TimeSpan.FromSeconds(2));
        var fault = new AtPipeline(3, () =>
        {
            foreach (int worker in new[] { 0, 1 }) spoiled.KillAsync(worker).GetAwaiter().GetResult();
        });
        var e = await Assert.ThrowsAsync<ScriptException>(() => spoiled.Cluster.RunAsync(ChaosWork.Rounds, options: new() { Progress = fault }, ct: Ct));
        Assert.True(fault.Fired);
        Assert.StartsWith("<script>:", Assert.Single(e.Diagnostics).Headline, StringComparison.Ordinal);
        Assert.Contains("no worker", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_for_longer_than_its_lease_and_going_on_afterwards()
    {
        var expected = await ChaosWork.ExpectedAsync(2);
        await using var spoiled = await SpoiledCluster.StartAsync(2, o => o with { Lease = TimeSpan.FromSeconds(4), KeepAlive = TimeSpan.FromSeconds(2) });
        var fault = new AtPipeline(4, () => Signal.Send(spoiled.Workers[0].Process.Id, Signal.Stop));
        try
        {
            await using (var run = await spoiled.Cluster.RunAsync(ChaosWork.Rounds, options: new() { Progress = fault }, ct: Ct))
            {
                Assert.True(fault.Fired);
                Assert.Equal(expected, ChaosWork.Bits(run));
            }
            await Task.Delay(TimeSpan.FromSeconds(5), Ct);
        }
        finally
        {
            Signal.Send(spoiled.Workers[0].Process.Id, Signal.Continue);
        }
        // On waking it finds its lease over, and drops what it held; then it is a worker like any other again.
        await Patience.Until(async () => await spoiled.HoldsAsync(0) is { Values: 0, LiveBytes: 0 }, "what lay on the stopped worker is freed");
        await Patience.Until(async () =>
        {
            long before = spoiled.Networks[0].Passed(Way.ToWorker);
            await using var run = await spoiled.Cluster.RunAsync(ChaosWork.Rounds, ct: Ct);
            // One that comes back in the middle of a run makes the ranges smaller from there on: other last digits.
            return spoiled.Networks[0].Passed(Way.ToWorker) - before > 1_000_000 && expected.AsSpan().SequenceEqual(ChaosWork.Bits(run));
        }, "it gets work again");
    }

    [Fact]
    public async Task A_fragment_that_fails_fails_anywhere_and_the_cluster_stays_usable()
    {
        await using var spoiled = await SpoiledCluster.StartAsync(2);
        var e = await Assert.ThrowsAsync<ScriptException>(() => spoiled.Cluster.RunAsync("X = rand(600, 8, -0.5, 0.5, 1.0, 1); Y = sqrt(X);\nprint(sum(Y));", ct: Ct));
        var diagnostic = Assert.Single(e.Diagnostics);
        Assert.Equal(Diag.WorkerComputeFailed, diagnostic.Def);
        Assert.StartsWith("<script>:1:", diagnostic.Headline, StringComparison.Ordinal);
        await using var run = await spoiled.Cluster.RunAsync("print(sum(rand(600, 8, 0.0, 1.0, 1.0, 1) * 0.0));", ct: Ct);
        Assert.Equal(0, run.Report.Pipelines.Sum(p => p.Retries));
    }
}
