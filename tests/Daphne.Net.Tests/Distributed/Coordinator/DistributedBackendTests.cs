using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>What the coordinator sends, keeps, fetches and frees, seen from workers that record it.</summary>
public sealed class DistributedBackendTests
{
    static readonly CombineKind[] rows = [CombineKind.Rows];

    [Theory]
    [InlineData(10, 2), InlineData(3, 2), InlineData(7, 3), InlineData(2, 5), InlineData(1500, 4)]
    public void Row_ranges_follow_the_rule_and_cover_all_rows(long n, int workers)
    {
        long next = 0, k = n / workers, m = n % workers;
        for (int i = 0; i < workers; i++)
        {
            var (first, count) = RowSplit.Of(n, workers, i);
            Assert.Equal(i * k + Math.Min(i, m), first);
            Assert.Equal(next, first);
            next = first + count;
        }
        Assert.Equal(n, next);
    }

    [Fact]
    public async Task Rows_are_split_a_row_vector_is_broadcast_and_the_result_stays_until_it_is_needed()
    {
        await using var cluster = new Cluster(2, inputs => [Add(inputs[0], inputs[1])]);
        using var x = Owned.Counting(5, 3);
        using var v = Owned.Counting(1, 3);
        using var result = new Owned(cluster.Run(Pipe(2, rows), x, v)[0]);
        Assert.Equal([["store DenseMatrix(3x3, double)", "store DenseMatrix(1x3, double)", "compute"], ["store DenseMatrix(2x3, double)", "store DenseMatrix(1x3, double)", "compute"]],
            cluster.Calls());
        Assert.Equal(Enumerable.Range(0, 15).Select(i => i + i % 3 + 0.0), result.Cells);
        Assert.Equal(2, cluster.Workers.Count(w => w.Calls.Contains("transfer")));
    }

    [Fact]
    public async Task The_next_pipeline_over_the_same_rows_moves_nothing()
    {
        await using var cluster = new Cluster(2, inputs => [Add(inputs[0], inputs[^1])]);
        using var x = Owned.Counting(10, 4);
        using var once = new Owned(cluster.Run(Pipe(2, rows), x, x)[0]);
        int stores = cluster.Calls().Sum(c => c.Count(s => s.StartsWith("store", StringComparison.Ordinal)));
        using var twice = new Owned(cluster.Run(Pipe(2, rows), once, x)[0]);
        Assert.Equal(2, stores);
        Assert.Equal(2, cluster.Calls().Sum(c => c.Count(s => s.StartsWith("store", StringComparison.Ordinal))));
        Assert.Equal(0, cluster.Statistics.Pipelines.Last().Traffic.Sent);
        Assert.Equal(320, cluster.Statistics.Pipelines.First().Traffic.Sent);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => 3.0 * i), twice.Cells);
    }

    [Fact]
    public async Task Everything_placed_is_freed_with_its_owners()
    {
        await using var cluster = new Cluster(3, inputs => [Add(inputs[0], inputs[0])]);
        using (var x = Owned.Counting(9, 2))
        using (var result = new Owned(cluster.Run(Pipe(1, rows), x)[0]))
            Assert.All(cluster.Workers, w => Assert.Equal(2, w.Values.Count));
        await cluster.Set.DisposeAsync();
        Assert.All(cluster.Workers, w => Assert.Empty(w.Values));
    }

    [Fact]
    public async Task Sums_are_added_in_worker_order()
    {
        // 1e16 + 1 - 1e16: the result tells the order.
        double[] parts = [1e16, 1, -1e16];
        int worker = 0;
        await using var cluster = new Cluster(3, _ => [], perWorker: () => { double part = parts[worker++]; return _ => [DenseMatrix<double>.Copy([part], 1, 1)]; });
        using var x = Owned.Counting(3, 1);
        using var sum = new Owned(cluster.Run(Pipe(1, [CombineKind.Add]), x)[0]);
        Assert.Equal([1e16 + 1 - 1e16], sum.Cells);
    }

    [Fact]
    public async Task Fetched_cells_are_never_overwritten_in_place()
    {
        await using var cluster = new Cluster(2, inputs => [Add(inputs[0], inputs[0])]);
        using var x = Owned.Counting(4, 1);
        using (var result = new Owned(cluster.Run(Pipe(1, rows), x)[0]))
            Assert.False(((DenseMatrix<double>)((Matrix)result.Datum.Object).Here()).IsExclusive);
        await cluster.Set.DisposeAsync();
        Assert.All(cluster.Workers, w => Assert.Single(w.Values)); // the rows of x, which is still alive
    }

    [Fact]
    public async Task Columns_are_put_beside_each_other()
    {
        await using var cluster = new Cluster(2, inputs => [Transposed((DenseMatrix<double>)inputs[0].Object)]);
        using var x = Owned.Counting(5, 2);
        using var t = new Owned(cluster.Run(Pipe(1, [CombineKind.Cols]), x)[0]);
        Assert.Equal([0.0, 2, 4, 6, 8, 1, 3, 5, 7, 9], t.Cells);
    }

    [Fact]
    public async Task What_a_worker_that_breaks_was_to_do_the_others_do_and_all_is_freed()
    {
        await using var cluster = new Cluster(3, inputs => [Add(inputs[0], inputs[0])]);
        var bad = cluster.Workers[1];
        bad.Before = (_, _) => bad.Calls.Contains("compute") ? throw new WorkerException(bad.Identity, WorkerFailure.Unreachable, "connection refused") : Task.CompletedTask;
        using (var x = Owned.Counting(9, 2))
        using (var result = new Owned(cluster.Run(Pipe(1, rows), x)[0]))
        {
            Assert.Equal(Enumerable.Range(0, 18).Select(i => 2.0 * i), result.Cells);
            Assert.Contains("compute", bad.Calls);
            Assert.True(cluster.Backend.Retries > 0);
            Assert.True(cluster.Statistics.Pipelines.Single().Figures.Retries > 0);
        }
        bad.Before = null;
        await cluster.Set.DisposeAsync();
        Assert.All(cluster.Workers, w => Assert.True(w.Values.IsEmpty || w == bad));
    }

    [Fact]
    public async Task Where_all_workers_break_the_run_fails_after_its_grace_and_names_them()
    {
        await using var cluster = new Cluster(2, inputs => [Add(inputs[0], inputs[0])], options: new() { Grace = TimeSpan.FromSeconds(1) });
        foreach (var worker in cluster.Workers) worker.Before = (_, _) => throw new WorkerException(worker.Identity, WorkerFailure.Unreachable, "connection refused");
        using var x = Owned.Counting(9, 2);
        var e = Assert.Throws<ScriptException>(() => cluster.Run(Pipe(1, rows), x));
        Assert.Equal(Diag.NoWorkersLeft, e.Diagnostics.Single().Def);
        Assert.Contains("worker 0: connection refused; worker 1: connection refused", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_that_do_not_fit_together_are_an_error_and_are_freed()
    {
        int made = 0;
        await using var cluster = new Cluster(2, inputs => [Add(inputs[0], inputs[0]), DenseMatrix<double>.Allocate(1, Interlocked.Increment(ref made), zeroed: true)]);
        using (var x = Owned.Counting(4, 2))
        {
            var e = Assert.Throws<ScriptException>(() => cluster.Run(Pipe(1, [CombineKind.Rows, CombineKind.Add]), x));
            Assert.Equal(Diag.WorkerFailed, e.Diagnostics.Single().Def);
        }
        await cluster.Set.DisposeAsync();
        Assert.All(cluster.Workers, w => Assert.Empty(w.Values));
    }

    [Theory]
    [InlineData(-1, 2), InlineData(2, -1), InlineData(long.MaxValue, 2), InlineData(2, long.MinValue)]
    public async Task A_worker_that_lies_about_the_shape_of_a_result_is_named(long rows, long cols)
    {
        await using var cluster = new Cluster(2, inputs => [Add(inputs[0], inputs[0])]);
        cluster.Workers[1].Shape = (rows, cols);
        using var x = Owned.Counting(4, 2);
        var e = Assert.Throws<ScriptException>(() => cluster.Run(Pipe(1, DistributedBackendTests.rows), x));
        Assert.Equal(Diag.WorkerFailed, e.Diagnostics.Single().Def);
        Assert.Contains("worker 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_the_calls_that_are_under_way()
    {
        await using var cluster = new Cluster(2, inputs => [Add(inputs[0], inputs[0])]);
        using var cancel = new CancellationTokenSource();
        foreach (var worker in cluster.Workers)
            worker.Before = async (call, ct) =>
            {
                if (call != "compute") return;
                await cancel.CancelAsync();
                await Task.Delay(Timeout.Infinite, ct);
            };
        using var x = Owned.Counting(4, 2);
        Assert.ThrowsAny<OperationCanceledException>(() => cluster.Run(Pipe(1, rows), [x], cancel.Token));
    }

    [Fact]
    public async Task Two_runs_that_send_the_same_matrix_at_once_do_not_free_each_others_copy()
    {
        await using var cluster = new Cluster(1, inputs => [Add(inputs[0], inputs[0])]);
        var worker = cluster.Workers[0];
        Meeting stores = new(2), computes = new(2);
        worker.Before = async (call, ct) =>
        {
            if (call.StartsWith("store", StringComparison.Ordinal)) await stores.Arrive(ct);
            if (call != "compute") return;
            // Both have placed it. A copy that one of them freed for the other would be gone in a moment.
            await computes.Arrive(ct);
            for (int i = 0; i < 20 && !worker.Calls.Contains("free"); i++) await Task.Delay(5, ct);
        };
        using var x = Owned.Counting(4, 2);
        var runs = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(() => new Owned(cluster.NewRun().Run(Pipe(1, rows), [x.Datum], default)[0]), TaskCreationOptions.LongRunning)).ToArray();
        foreach (var run in runs)
        {
            using var result = await run.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal([0.0, 2, 4, 6, 8, 10, 12, 14], result.Cells);
        }
        Assert.Equal(2, worker.Calls.Count(c => c.StartsWith("store", StringComparison.Ordinal)));
        // The next one finds what is there.
        using (new Owned(cluster.NewRun().Run(Pipe(1, rows), [x.Datum], default)[0])) Assert.Equal(2, worker.Calls.Count(c => c.StartsWith("store", StringComparison.Ordinal)));
    }

    /// <summary>Those who arrive go on together; who comes later goes straight on.</summary>
    sealed class Meeting(int size)
    {
        readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int here;

        public Task Arrive(CancellationToken ct)
        {
            if (Interlocked.Increment(ref here) == size) complete.SetResult();
            return complete.Task.WaitAsync(TimeSpan.FromSeconds(30), ct);
        }
    }

    [Fact]
    public async Task A_single_row_runs_here()
    {
        await using var cluster = new Cluster(2, inputs => [Add(inputs[0], inputs[0])]);
        using var x = Owned.Counting(1, 4);
        Assert.Throws<LocalCalledException>(() => cluster.Run(Pipe(1, rows), x));
        Assert.All(cluster.Calls(), Assert.Empty);
    }

    [Fact]
    public async Task Different_numbers_of_rows_are_an_error_that_names_both()
    {
        await using var cluster = new Cluster(2, inputs => [Add(inputs[0], inputs[1])]);
        using var x = Owned.Counting(4, 2);
        using var y = Owned.Counting(6, 2);
        var e = Assert.Throws<ScriptException>(() => cluster.Run(Pipe(2, rows), x, y));
        Assert.Equal(Diag.PipelineRowsDiffer, e.Diagnostics.Single().Def);
    }

    [Fact]
    public async Task Columns_are_split_a_column_vector_is_broadcast_and_different_numbers_of_columns_are_an_error()
    {
        await using var cluster = new Cluster(2, inputs => [Add(inputs[0], inputs[0])]);
        using var x = Owned.Counting(3, 5);
        using var v = Owned.Counting(3, 1);
        using var y = Owned.Counting(3, 4);
        using (var result = new Owned(cluster.Run(Pipe(2, [CombineKind.Cols], SplitKind.Cols), x, v)[0]))
            Assert.Equal(Enumerable.Range(0, 15).Select(i => 2.0 * i), result.Cells);
        Assert.Equal([["store DenseMatrix(3x3, double)", "store DenseMatrix(3x1, double)", "compute", "transfer"], ["store DenseMatrix(3x2, double)", "store DenseMatrix(3x1, double)", "compute", "transfer"]],
            cluster.Calls());
        var e = Assert.Throws<ScriptException>(() => cluster.Run(Pipe(2, [CombineKind.Cols], SplitKind.Cols), x, y));
        Assert.Equal(Diag.PipelineColumnsDiffer, e.Diagnostics.Single().Def);
        using var one = Owned.Counting(4, 1);
        Assert.Throws<LocalCalledException>(() => cluster.Run(Pipe(1, [CombineKind.Cols], SplitKind.Cols), one));
    }

    static DenseMatrix<double> Add(Datum x, Datum y)
    {
        var (a, b) = ((DenseMatrix<double>)x.Object, (DenseMatrix<double>)y.Object);
        double[] sum = [.. a.ToArray().Select((c, i) => c + b.ToArray()[i % (int)b.Cells])];
        return DenseMatrix<double>.Copy(sum, a.Rows, a.Cols);
    }

    static DenseMatrix<double> Transposed(DenseMatrix<double> x)
    {
        var cells = new double[x.Cells];
        for (int r = 0; r < x.Rows; r++)
            for (int c = 0; c < x.Cols; c++) cells[c * x.Rows + r] = x[r, c];
        return DenseMatrix<double>.Copy(cells, x.Cols, x.Rows);
    }

    static Pipeline Pipe(int inputs, CombineKind[] combines, SplitKind axis = SplitKind.Rows)
    {
        var op = new Operation(Op.VectorizedPipeline, [], combines.Select(_ => IrType.Matrix(ValueTypeCode.F64)));
        for (int i = 0; i < inputs; i++) op.Regions[0].Block.AddArgument(IrType.Matrix(ValueTypeCode.F64));
        return new(op, [.. Enumerable.Repeat(axis, inputs)], [.. combines], "");
    }

    sealed class LocalCalledException : Exception;

    sealed class Local : IPipelineBackend
    {
        public DataObject[] Run(Pipeline pipeline, ReadOnlySpan<Datum> inputs, CancellationToken ct) => throw new LocalCalledException();
    }

    sealed class Owned(DataObject value) : IDisposable
    {
        public static Owned Counting(int rows, int cols) => new(DenseMatrix<double>.Copy([.. Enumerable.Range(0, rows * cols).Select(i => (double)i)], rows, cols));

        public Datum Datum => Datum.Of(value);

        public double[] Cells => ((DenseMatrix<double>)((Matrix)value).Here()).ToArray();

        public void Dispose() => value.Release();
    }

    sealed class Cluster : IAsyncDisposable
    {
        public Cluster(int workers, Func<IReadOnlyList<Datum>, DataObject[]> compute, Func<Func<IReadOnlyList<Datum>, DataObject[]>>? perWorker = null, WorkerSetOptions? options = null)
        {
            Workers = [.. Enumerable.Range(0, workers).Select(i => new ScriptedWorker("worker " + i, perWorker?.Invoke() ?? compute))];
            Set = new(Workers, options: options);
            Backend = NewRun();
        }

        public ScriptedWorker[] Workers { get; }

        public WorkerSet Set { get; }

        public RunStatistics Statistics { get; } = new();

        public DataObject[] Run(Pipeline pipeline, params Owned[] inputs) => Run(pipeline, inputs, CancellationToken.None);

        public DataObject[] Run(Pipeline pipeline, Owned[] inputs, CancellationToken ct) => Backend.Run(pipeline, [.. inputs.Select(i => i.Datum)], ct);

        public DistributedBackend Backend { get; }

        public DistributedBackend NewRun() => new(Set, new Local(), Statistics);

        // The stores in one order, whatever order the inputs went out in.
        public string[][] Calls() => [.. Workers.Select(w => w.Calls.Where(IsStore).OrderByDescending(c => c, StringComparer.Ordinal).Concat(w.Calls.Where(c => !IsStore(c) && c != "free")).ToArray())];

        static bool IsStore(string call) => call.StartsWith("store", StringComparison.Ordinal);

        public ValueTask DisposeAsync() => Set.DisposeAsync();
    }
}
