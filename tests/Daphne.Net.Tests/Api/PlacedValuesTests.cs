using Daphne.Net.Data;
using Daphne.Net.Distributed;
using Daphne.Net.Tests.Distributed.Coordinator;

namespace Daphne.Net.Tests.Api;

/// <summary>Values that stay on the workers from run to run.</summary>
public sealed class PlacedValuesTests
{
    const int Rows = 600, Cols = 5;
    const long AllBytes = 8L * Rows * Cols;

    // Numbers with digits, so that the order of additions shows.
    static readonly double[,] x = Digits(Rows, Cols);

    static readonly WorkerSetOptions quick = new() { LostAfter = TimeSpan.FromSeconds(0.5), AskTime = TimeSpan.FromSeconds(0.3), AskAgain = TimeSpan.FromMilliseconds(50) };

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, InlineData(DispatchMode.Synchronous), InlineData(DispatchMode.Asynchronous)]
    public async Task Once_placed_it_is_not_sent_by_any_run(DispatchMode dispatch)
    {
        await using var cluster = await DaphneCluster.InProcess(3).Deploy(ct: Ct);
        var options = Always(dispatch);
        var (expected, sent) = await SumAsync(cluster, x, options);
        Assert.Equal(AllBytes, sent);
        await using var placed = await cluster.PlaceAsync(x, new() { Dispatch = dispatch }, Ct);
        Assert.Equal((Rows, Cols), (placed.Rows, placed.Cols));
        for (int run = 0; run < 3; run++) Assert.Equal((expected, 0), await SumAsync(cluster, placed, options));
    }

    [Fact]
    public async Task What_is_placed_when_it_is_needed_goes_with_the_first_run_and_as_the_run_needs_it()
    {
        await using var cluster = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        await using var placed = await cluster.PlaceAsync(x, new() { Layout = PlaceLayout.WhenNeeded }, Ct);
        Assert.Equal([0, 0], (await Stats(cluster)).Select(s => s.Values));
        var (expected, _) = await SumAsync(cluster, x, Always());
        Assert.Equal((expected, AllBytes), await SumAsync(cluster, placed, Always()));
        Assert.Equal((expected, 0), await SumAsync(cluster, placed, Always()));
        // Four ranges per worker are others than one.
        var (_, sent) = await SumAsync(cluster, placed, Always(DispatchMode.Asynchronous));
        Assert.Equal(AllBytes, sent);
        (_, sent) = await SumAsync(cluster, placed, Always(DispatchMode.Asynchronous));
        Assert.Equal(0, sent);
    }

    [Fact]
    public async Task What_every_worker_needs_whole_lies_there_whole()
    {
        await using var cluster = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        double[,] factor = Digits(Cols, 7);
        await using var left = await cluster.PlaceAsync(x, ct: Ct);
        await using var right = await cluster.PlaceAsync(factor, new() { Layout = PlaceLayout.Whole }, Ct);
        await using var row = await cluster.PlaceAsync(new Shaped<double>(new double[Cols], 1, Cols), ct: Ct);
        await using var sent = await cluster.RunAsync("r = sum(($a + $b) @ $c);", new { a = x, b = new Shaped<double>(new double[Cols], 1, Cols), c = factor }, Always(), Ct);
        await using var run = await cluster.RunAsync("r = sum(($a + $b) @ $c);", new { a = left, b = row, c = right }, Always(), Ct);
        Assert.Equal(AllBytes + 2 * 8 * (Cols + Cols * 7), Sent(sent));
        Assert.Equal(0, Sent(run));
        Assert.Equal(sent.Get<double>("r"), run.Get<double>("r"));
    }

    [Fact]
    public async Task Sparse_matrices_and_frames_are_placed_too()
    {
        await using var cluster = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        long[] offsets = [.. Enumerable.Range(0, Rows + 1).Select(r => (long)r)];
        var sparse = CsrMatrix<double>.Copy(offsets, [.. Enumerable.Range(0, Rows).Select(r => r % Cols)], [.. Enumerable.Range(0, Rows).Select(r => r / 7.0)], Rows, Cols);
        var frame = new Frame(Rows, [DenseMatrix<double>.Copy([.. offsets[1..].Select(o => o / 3.0)], Rows, 1), DenseMatrix<long>.Copy(offsets[1..], Rows, 1)], ["a", "b"]);
        foreach (var (value, script) in new (object, string)[] { (sparse, "r = sum($x * 3.0);"), (frame, "r = sum(as.matrix<f64>($x) * 3.0);") })
        {
            await using var sent = await cluster.RunAsync(script, new { x = value }, Always(), Ct);
            Assert.True(Sent(sent) > 8 * Rows);
            await using var placed = await cluster.PlaceAsync(value, ct: Ct);
            for (int i = 0; i < 2; i++)
            {
                await using var run = await cluster.RunAsync(script, new Dictionary<string, object?> { ["x"] = placed }, Always(), Ct);
                Assert.Equal(sent.Get<double>("r"), run.Get<double>("r"));
                Assert.Equal(0, Sent(run));
            }
        }
        await EmptyAsync(cluster);
        Assert.Equal((1, 1), (sparse.Owners, frame.Owners));
    }

    [Fact]
    public async Task A_worker_lost_between_runs_changes_no_digit_and_only_its_rows_are_sent_again()
    {
        FaultyWorkerClient[] workers = [.. Enumerable.Range(0, 3).Select(i => new FaultyWorkerClient($"worker {i}"))];
        await using var cluster = await On(workers);
        await using var placed = await cluster.PlaceAsync(x, ct: Ct);
        var (expected, _) = await SumAsync(cluster, placed, Always());
        await workers[1].DieAsync();
        Assert.Equal((expected, AllBytes / 3), await SumAsync(cluster, placed, Always()));
        for (int i = 0; i < 2; i++) Assert.Equal((expected, 0), await SumAsync(cluster, placed, Always()));
        await Eventually.Holds(() => cluster.DeployedWorkers.Usable.Length == 2, "the dead worker counts as lost");
        for (int i = 0; i < 2; i++) Assert.Equal((expected, 0), await SumAsync(cluster, placed, Always()));
    }

    [Fact]
    public async Task A_session_that_is_lost_is_filled_again()
    {
        FaultyWorkerClient[] workers = [.. Enumerable.Range(0, 2).Select(i => new FaultyWorkerClient($"worker {i}"))];
        await using var cluster = await On(workers);
        await using var placed = await cluster.PlaceAsync(x, ct: Ct);
        var (expected, sent) = await SumAsync(cluster, placed, Always());
        Assert.Equal(0, sent);
        await workers[0].LoseSessionAsync();
        Assert.Equal((expected, AllBytes / 2), await SumAsync(cluster, placed, Always()));
        Assert.Equal((expected, 0), await SumAsync(cluster, placed, Always()));
        await placed.DisposeAsync();
        await EmptyAsync(workers);
    }

    [Theory, InlineData(Fault.DiesBefore), InlineData(Fault.DiesAfter), InlineData(Fault.Breaks), InlineData(Fault.SessionLost)]
    public async Task A_worker_that_is_lost_while_a_value_is_placed_is_no_error(Fault fault)
    {
        FaultyWorkerClient[] workers = [.. Enumerable.Range(0, 3).Select(i => new FaultyWorkerClient($"worker {i}", i == 2 ? fault : Fault.None, at: 1))];
        await using var cluster = await On(workers);
        await using var placed = await cluster.PlaceAsync(x, ct: Ct);
        Assert.True(workers[2].Fired);
        await using var well = await DaphneCluster.InProcess(3).Deploy(ct: Ct);
        var (expected, _) = await SumAsync(well, x, Always());
        Assert.Equal((expected, AllBytes / 3), await SumAsync(cluster, placed, Always()));
        Assert.Equal((expected, 0), await SumAsync(cluster, placed, Always()));
    }

    [Fact]
    public async Task Rows_are_dealt_anew_once_where_workers_have_joined_and_old_ranges_are_freed()
    {
        FaultyWorkerClient[] workers = [.. Enumerable.Range(0, 3).Select(i => new FaultyWorkerClient($"worker {i}"))];
        await using var cluster = await On(workers[..2]);
        await using var placed = await cluster.PlaceAsync(x, ct: Ct);
        await using var other = await cluster.PlaceAsync(x, ct: Ct);
        await SumAsync(cluster, placed, Always());
        cluster.DeployedWorkers.Add(workers[2]);
        await using var well = await DaphneCluster.InProcess(3).Deploy(ct: Ct);
        var (expected, _) = await SumAsync(well, x, Always());
        Assert.Equal((expected, AllBytes), await SumAsync(cluster, placed, Always()));
        Assert.Equal((expected, 0), await SumAsync(cluster, placed, Always()));
        Assert.True(workers[2].Computed > 0);
        // Two values whose rows were dealt at different times lie alike in the first run that gets both.
        await using (var run = await cluster.RunAsync("r = sum($a - $b);", new { a = placed, b = other }, Always(), Ct)) Assert.Equal((0.0, AllBytes), (run.Get<double>("r"), Sent(run)));
        await using (var run = await cluster.RunAsync("r = sum($a - $b);", new { a = placed, b = other }, Always(), Ct)) Assert.Equal(0, Sent(run));
        await Eventually.Holds(async () => await LiveBytes(workers) == 2 * AllBytes, "what is left is one copy of each");
    }

    [Fact]
    public async Task Disposing_it_frees_what_the_workers_have_and_gives_the_memory_back()
    {
        await using var cluster = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        long[] before = [.. (await Stats(cluster)).Select(s => s.LiveBytes)];
        var matrix = DenseMatrix<double>.Copy([.. x.Cast<double>()], Rows, Cols);
        for (int round = 0; round < 3; round++)
        {
            await using (var placed = await cluster.PlaceAsync(matrix, ct: Ct))
            {
                Assert.Equal(AllBytes, (await Stats(cluster)).Sum(s => s.LiveBytes) - before.Sum());
                await SumAsync(cluster, placed, Always());
                await using var columns = await cluster.RunAsync("r = sum(cumSum($x) * 0.5) + sum($x @ t($x)[, 0:3]);", new { x = placed }, Always(), Ct);
            }
            await Eventually.Holds(async () => (await Stats(cluster)).Select(s => s.LiveBytes).SequenceEqual(before), "the workers are as they were");
        }
        Assert.True(matrix.IsExclusive);
        matrix.Release();
    }

    [Fact]
    public async Task Runs_at_once_share_it_also_while_it_is_disposed()
    {
        await using var cluster = await DaphneCluster.InProcess(3).Deploy(ct: Ct);
        var placed = await cluster.PlaceAsync(x, ct: Ct);
        var (expected, _) = await SumAsync(cluster, placed, Always());
        var runs = Enumerable.Range(0, 8).Select(_ => SumAsync(cluster, placed, Always())).ToArray();
        Assert.All(await Task.WhenAll(runs), run => Assert.Equal((expected, 0), run));
        runs = [.. Enumerable.Range(0, 8).Select(_ => SumAsync(cluster, placed, Always()))];
        await placed.DisposeAsync();
        Assert.All(await Task.WhenAll(runs), run => Assert.Equal(expected, run.Result));
        await EmptyAsync(cluster);
    }

    [Fact]
    public async Task Who_asks_whether_it_pays_knows_that_nothing_is_sent()
    {
        await using var cluster = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        var options = new RunOptions { Rule = DistributionRule.WhenItPays };
        await using var sending = await cluster.RunAsync("r = sum($x);", new { x }, options, Ct);
        Assert.Contains("sending 24 kB", Assert.Single(sending.Report.Pipelines).Why, StringComparison.Ordinal);
        await using var placed = await cluster.PlaceAsync(x, ct: Ct);
        await using var run = await cluster.RunAsync("r = sum($x);", new { x = placed }, options, Ct);
        Assert.Contains("nothing to send", Assert.Single(run.Report.Pipelines).Why, StringComparison.Ordinal);
        Assert.Equal(sending.Get<double>("r"), run.Get<double>("r"));
    }

    [Fact]
    public async Task Of_a_round_of_k_means_only_the_step_over_all_rows_goes_to_the_workers()
    {
        const string script = """
            C = $x[0:4, ];
            i = 0;
            while (i < 5) {
                dist = ($x @ t(C)) * -2.0 + t(sum(C * C, 0));
                near = dist <= aggMin(dist, 0);
                near = near / sum(near, 0);
                C = (t(near) @ $x) / t(sum(near, 1));
                i = i + 1;
            }
            """;
        await using var cluster = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        await using var placed = await cluster.PlaceAsync(x, ct: Ct);
        await using var run = await cluster.RunAsync(script, new { x = placed }, Always(), Ct);
        var all = run.Report.Pipelines;
        var there = all.Where(p => p.Where != "local").ToArray();
        // The first centroids were not added up from parts: their step goes, too.
        Assert.Equal(6, there.Length);
        Assert.All(there[1..], p => Assert.Equal((Rows, 0), (p.Rows, p.Retries)));
        // Centroids and their squares go out, sums and members come back: per worker two values each way, and the work.
        Assert.All(there[2..], p => Assert.Equal((2 * 5, 2 * 8 * (4 * Cols + 4), 2 * 8 * (4 * Cols + 4)), (p.Messages, p.BytesSent, p.BytesReceived)));
        Assert.All(all.Where(p => p.Where == "local"), p => Assert.Contains("added up here", p.Why, StringComparison.Ordinal));
        await using var ruled = await cluster.RunAsync(script, new { x }, new() { Rule = DistributionRule.WhenItPays }, Ct);
        Assert.Equal(ruled.Get<double[,]>("C"), run.Get<double[,]>("C"));
    }

    [Fact]
    public async Task Elsewhere_and_afterwards_it_is_refused_with_its_name_and_what_to_do()
    {
        await using var cluster = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        await using var other = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        using var session = new DaphneSession();
        var placed = await cluster.PlaceAsync(x, ct: Ct);
        Assert.Equal("600x5, placed", placed.ToString());
        Assert.Equal("the script argument X is placed on another cluster; place it on this one with PlaceAsync, or pass the array, matrix or frame itself",
            (await Assert.ThrowsAsync<ArgumentException>(() => other.RunAsync("print(sum($X));", new { X = placed }, ct: Ct))).Message);
        Assert.Equal("the script argument X is placed on a cluster, and a session runs in this process; pass the array, matrix or frame itself",
            (await Assert.ThrowsAsync<ArgumentException>(() => session.RunAsync("print(sum($X));", new { X = placed }, ct: Ct))).Message);
        await placed.DisposeAsync();
        await placed.DisposeAsync();
        var e = await Assert.ThrowsAsync<ObjectDisposedException>(() => cluster.RunAsync("print(sum($X));", new { X = placed }, ct: Ct));
        Assert.StartsWith("the script argument X was placed, but is disposed; place it again with PlaceAsync, or pass the array, matrix or frame itself", e.Message, StringComparison.Ordinal);

        foreach (object wrong in new object[] { 1, "text", new DateTime(2026, 1, 1), placed })
            await Assert.ThrowsAsync<ArgumentException>(() => cluster.PlaceAsync(wrong, ct: Ct));
        await Assert.ThrowsAsync<InvalidOperationException>(() => DaphneCluster.InProcess(2).PlaceAsync(x, ct: Ct));
    }

    [Fact]
    public async Task The_end_of_the_cluster_is_its_end()
    {
        var cluster = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        var matrix = DenseMatrix<double>.Copy([.. x.Cast<double>()], Rows, Cols);
        var placed = await cluster.PlaceAsync(matrix, ct: Ct);
        await SumAsync(cluster, placed, Always());
        await cluster.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cluster.RunAsync("print(sum($x));", new { x = placed }, ct: Ct));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cluster.PlaceAsync(matrix, ct: Ct));
        await placed.DisposeAsync();
        await Eventually.Holds(() => matrix.IsExclusive, "nobody needs the cells");
        matrix.Release();
    }

    [Fact]
    public async Task Giving_it_up_leaves_nothing()
    {
        FaultyWorkerClient[] workers = [.. Enumerable.Range(0, 2).Select(i => new FaultyWorkerClient($"worker {i}"))];
        await using var cluster = await On(workers, new());
        using var stop = new CancellationTokenSource();
        workers[1].Hang();
        var placing = cluster.PlaceAsync(x, ct: stop.Token);
        await Eventually.Holds(async () => await LiveBytes(workers) == AllBytes / 2, "the first worker has its rows");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => placing);
        workers[1].Resume();
        await EmptyAsync(workers);
    }

    static RunOptions Always(DispatchMode dispatch = DispatchMode.Synchronous) => new() { Rule = DistributionRule.Always, Dispatch = dispatch };

    static Task<DaphneCluster> On(FaultyWorkerClient[] workers, WorkerSetOptions? options = null) =>
        new DaphneCluster((_, _) => Task.FromResult(ClusterMembers.Of(new(workers, options: options ?? quick)))).Deploy(ct: Ct);

    // What is in the run beside the matrix: nothing, so that its bytes are those of the matrix.
    static async Task<(double Result, long Sent)> SumAsync(DaphneCluster cluster, object value, RunOptions options)
    {
        await using var run = await cluster.RunAsync("r = sum(sqrt($x) + $x);", new Dictionary<string, object?> { ["x"] = value }, options, Ct);
        Assert.All(run.Report.Pipelines, p => Assert.NotEqual("local", p.Where));
        return (run.Get<double>("r"), Sent(run));
    }

    static long Sent(DaphneRun run) => run.Report.Pipelines.Sum(p => p.BytesSent);

    static async Task<WorkerStats[]> Stats(DaphneCluster cluster) => await Task.WhenAll(cluster.DeployedWorkers.Clients.Select(c => c.StatsAsync(CallBudget.Control, Ct).AsTask()));

    static async Task<long> LiveBytes(FaultyWorkerClient[] workers) => (await Task.WhenAll(workers.Select(w => w.HoldsAsync()))).Sum(s => s.LiveBytes);

    static Task EmptyAsync(DaphneCluster cluster) => Eventually.Holds(async () => (await Stats(cluster)).All(s => s.Values == 0), "the workers are empty");

    static Task EmptyAsync(FaultyWorkerClient[] workers) => Eventually.Holds(async () => await LiveBytes(workers) == 0, "the workers are empty");

    static double[,] Digits(int rows, int cols)
    {
        var cells = new double[rows, cols];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < cols; c++) cells[r, c] = (r * cols + c + 1) / 7.0;
        return cells;
    }
}
