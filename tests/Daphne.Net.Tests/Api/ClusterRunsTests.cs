using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Api;

/// <summary>Clusters from their description to their end, with workers inside this process.</summary>
public sealed class ClusterRunsTests
{
    const string Endless = "X = $x; while (sum(X) >= 0.0) { X = exp(sqrt(X)) / exp(sqrt(X)) + X * 0.0; }";

    static readonly double[,] x = Counting(60, 5);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_runs_before_it_is_deployed_nor_after_it_was_disposed()
    {
        var matrix = DenseMatrix<double>.Copy([1, 2], 2, 1);
        var cluster = DaphneCluster.InProcess(2);
        Assert.Empty(cluster.Workers);
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.RunAsync("print(1);", new { matrix }, ct: Ct));
        Assert.Equal("the cluster is not deployed; await Deploy() first", e.Message);
        Assert.Same(cluster, await cluster.Deploy(ct: Ct));
        Assert.Equal(["in-process 1", "in-process 2"], cluster.Workers.Select(w => w.Address));
        Assert.Equal("the cluster is deployed already", (await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Deploy(ct: Ct))).Message);
        Assert.Equal("3\n", (await cluster.RunAsync("print(1 + 2);", ct: Ct)).Output);
        await cluster.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cluster.RunAsync("print(1);", new { matrix }, ct: Ct));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cluster.Deploy(ct: Ct));
        await cluster.DisposeAsync();
        Assert.Equal(1, matrix.Owners);
        await DaphneCluster.InProcess(2).DisposeAsync();
    }

    [Fact]
    public async Task A_deployment_that_failed_may_be_tried_again()
    {
        int tries = 0;
        await using var cluster = new DaphneCluster((_, _) => ++tries == 1 ? Task.FromException<ClusterMembers>(new IOException("no")) : Task.FromResult(ClusterMembers.InProcess(1)));
        await Assert.ThrowsAsync<IOException>(() => cluster.Deploy(ct: Ct));
        await cluster.Deploy(ct: Ct);
        Assert.Single(cluster.Workers);
    }

    [Fact]
    public async Task Disposing_while_it_is_deployed_stops_that_and_leaves_nothing()
    {
        var members = ClusterMembers.InProcess(1);
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var cluster = new DaphneCluster(async (_, _) => { begun.SetResult(); await go.Task; return members; });
        var deploying = cluster.Deploy(ct: Ct);
        await begun.Task;
        var disposing = cluster.DisposeAsync();
        go.SetResult();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => deploying);
        await disposing;
        await Assert.ThrowsAnyAsync<Exception>(async () => await members.Workers.Clients[0].StoreAsync(Datum.Of(1.0), Net.Distributed.CallBudget.Control, Ct));

        cluster = new DaphneCluster(async (_, ct) => { await Task.Delay(Timeout.Infinite, ct); return members; });
        deploying = cluster.Deploy(ct: Ct);
        await cluster.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => deploying);
    }

    [Theory]
    [InlineData("a cluster needs the address of at least one worker")]
    [InlineData("'host' is no address of a worker: it has no port", "host")]
    [InlineData("a worker's address stands there twice: a:1, A:1", "a:1", "A:1")]
    public void Addresses_are_checked_when_they_are_given(string message, params string[] addresses) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => DaphneCluster.Attach(addresses)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Several_scripts_run_at_once_on_the_same_workers()
    {
        await using var cluster = await DaphneCluster.InProcess(3).Deploy(ct: Ct);
        // All of them share one matrix, which some need by rows and some as a whole.
        var shared = DenseMatrix<double>.Copy([.. x.Cast<double>()], 60, 5);
        var runs = Enumerable.Range(0, 24).Select(async n =>
        {
            await using var run = await cluster.RunAsync("X = $x; i = 0; while (i < 5) { X = X + $n; i = i + 1; } G = t($x) @ $x; V = $x[0:5, ] * 1.0; print(sum(X)); print(sum($x[0:5, ] @ t($x)));", new { x = shared, n = (double)n }, ct: Ct);
            return run.Output;
        });
        double total = x.Cast<double>().Sum();
        using var session = new DaphneSession();
        string product = (await session.RunAsync("print(sum($x[0:5, ] @ t($x)));", new { x }, ct: Ct)).Output;
        Assert.Equal(Enumerable.Range(0, 24).Select(n => $"{Math.Round(total + 5.0 * n * 300)}\n{product}"), await Task.WhenAll(runs));
        Assert.Equal(1, shared.Owners);
        shared.Release();
        await Eventually(async () => (await Stats(cluster)).All(s => s.Values == 0), "all values on the workers are freed");
    }

    [Fact]
    public async Task A_failing_script_leaves_the_cluster_usable_and_the_workers_empty()
    {
        await using var cluster = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        var e = await Assert.ThrowsAsync<ScriptException>(() => cluster.RunAsync("Y = $x * 2.0;\nprint(sum(Y));\nstop(\"enough\");", new { x }, ct: Ct));
        Assert.Equal("<script>:3:1", e.Diagnostics.Single().Span.ToString());
        e = await Assert.ThrowsAsync<ScriptException>(() => cluster.RunAsync("Y = sqrt($x - 100.0);\nprint(sum(Y));", new { x }, ct: Ct));
        Assert.Equal(Diag.WorkerComputeFailed, e.Diagnostics.Single().Def);
        await Eventually(async () => (await Stats(cluster)).All(s => s.Values == 0), "all values on the workers are freed");
        Assert.Equal("44850\n", (await cluster.RunAsync("print(sum($x));", new { x }, ct: Ct)).Output);
    }

    [Fact]
    public async Task A_report_says_why_and_where_the_time_went()
    {
        await using var cluster = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        foreach (var (rule, where, why) in new[] { (DistributionRule.Always, "in-process 1, in-process 2", "asked for"), (DistributionRule.WhenItPays, "local", " here (computing ") })
        {
            await using var run = await cluster.RunAsync("Y = $x * 2.0;", new { x }, new() { Rule = rule }, Ct);
            var p = Assert.Single(run.Report.Pipelines);
            Assert.Equal(where, p.Where);
            Assert.Contains(why, p.Why, StringComparison.Ordinal);
            // Each figure is cut to a tick of its own.
            Assert.InRange((p.Elapsed - (p.Times.Send + p.Times.Compute + p.Times.Collect + p.Times.Wait)).Ticks, -4, 4);
            Assert.Equal(0, p.Retries);
            Assert.Equal(rule == DistributionRule.Always ? ["in-process 1", "in-process 2"] : [], p.Workers.Select(w => w.Address));
            Assert.Equal(p.BytesSent, p.Workers.Sum(w => w.BytesSent));
            Assert.Equal(2 * x[59, 4], run.Get<double[,]>("Y")[59, 4]);
        }
    }

    [Fact]
    public async Task A_report_says_what_ran_where_and_what_it_moved()
    {
        await using var cluster = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        await using var run = await cluster.RunAsync("X = $x;\ni = 0;\nwhile (i < 4) {\n    X = X * 2.0;\n    i = i + 1;\n}\nv = 1;", new { x }, new() { ScriptName = "s" }, Ct);
        var loop = run.Report.Pipelines;
        Assert.Equal(4, loop.Count);
        Assert.All(loop, p => Assert.Equal(("s:4:9", "ewMul", 60, "in-process 1, in-process 2"), (p.Place, p.Operations, p.Rows, p.Where)));
        // The rows go out once and stay there; nothing comes back until it is asked for.
        Assert.Equal([2400, 0, 0, 0], loop.Select(p => p.BytesSent));
        Assert.Equal([0, 0, 0, 0], loop.Select(p => p.BytesReceived));
        Assert.Equal(16 * x[59, 4], run.Get<double[,]>("X")[59, 4]);
        Assert.Equal([0, 0, 0, 2400], run.Report.Pipelines.Select(p => p.BytesReceived));
        Assert.Matches(@"\n  s:4:9 +4 +60 .* 2400 B +2400 B +0  in-process 1, in-process 2\n    ewMul\n", run.Report.ToString());
        Assert.Contains("sent 2400 B, received 2400 B\n", run.Report.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("session"), InlineData("vectorized loop"), InlineData("workers"), InlineData("scalar loop")]
    public async Task Cancelling_ends_a_run_soon(string how)
    {
        await using var cluster = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        using var session = new DaphneSession(new() { Vectorize = how == "vectorized loop" });
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new RunOptions { Output = new Begun(begun) };
        string script = "print(1);" + (how == "scalar loop" ? "i = 0; while (i >= 0) { i = (i + 1) % 1000; }" : Endless);
        var running = how == "workers" ? cluster.RunAsync(script, new { x }, options, stop.Token) : session.RunAsync(script, new { x }, options, stop.Token);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        var clock = Stopwatch.StartNew();
        await stop.CancelAsync();
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(stop.Token, e.CancellationToken);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"took {clock.Elapsed}");
        await Eventually(async () => (await Stats(cluster)).All(s => s.Values == 0), "all values on the workers are freed");
        Assert.Equal("44850\n", (await cluster.RunAsync("print(sum($x));", new { x }, ct: Ct)).Output);
    }

    [Fact]
    public async Task A_run_that_is_cancelled_before_it_begins_does_not_begin()
    {
        using var session = new DaphneSession();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var output = new StringWriter();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.RunAsync("print(1);", options: new() { Output = output }, ct: stop.Token));
        Assert.Equal("", output.ToString());
    }

    internal static double[,] Counting(int rows, int cols)
    {
        var cells = new double[rows, cols];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < cols; c++) cells[r, c] = r * cols + c;
        return cells;
    }

    static async Task<Net.Distributed.WorkerStats[]> Stats(DaphneCluster cluster) =>
        await Task.WhenAll(cluster.DeployedWorkers.Clients.Select(c => c.StatsAsync(Net.Distributed.CallBudget.Control, Ct).AsTask()));

    static async Task Eventually(Func<Task<bool>> isSo, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), "not yet: " + what);
            await Task.Delay(5, Ct);
        }
    }

    internal sealed class Begun(TaskCompletionSource begun) : StringWriter
    {
        public override void Write(ReadOnlySpan<char> buffer) => begun.TrySetResult();
    }

    [Fact]
    public async Task A_matrix_that_its_owner_changes_between_runs_is_seen_as_it_is()
    {
        await using var cluster = await DaphneCluster.InProcess(2).Deploy(ct: TestContext.Current.CancellationToken);
        var x = Daphne.Net.Data.DenseMatrix<double>.Allocate(4, 2, zeroed: true);
        for (int round = 0; round < 3; round++)
        {
            x.WritableSpan(0, 8).Fill(round);
            await using var run = await cluster.RunAsync("y = sum($x * 2.0 + 1.0);", new Dictionary<string, object?> { ["x"] = x }, ct: TestContext.Current.CancellationToken);
            Assert.Equal(8 * (2.0 * round + 1), run.Get<double>("y"));
        }
        Assert.True(x.IsExclusive);
        x.Release();
    }
}
