using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>Pipelines cut by columns: what workers make of column ranges is what this process makes of the whole.</summary>
public sealed class ColumnPipelinesTests
{
    public static TheoryData<string, int> TypesAndWorkers
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string type in (string[])["f64", "f32", "si64", "si32", "si8", "ui64", "ui32", "ui8"])
                foreach (int workers in (int[])[1, 2, 5]) data.Add(type, workers);
            return data;
        }
    }

    [Theory, MemberData(nameof(TypesAndWorkers))]
    public async Task Down_the_columns_of_matrices_of_every_type(string type, int workers)
    {
        // Whole and small, so that sums are exact in any order.
        var ran = await OnWorkers.SameAsync($$"""
            X = as.matrix<{{type}}>(reshape(seq(1.0, 28.0, 1.0), 4, 7) % 3.0);
            s = as.{{type}}(2);
            Y = cumSum(X * s + X);
            print(Y);
            print(cumProd(X + X[1, ]));
            print(cumMin(X));
            print(cumMax(Y));
            print(idxMin(Y, 1));
            print(idxMax(X, 1));
            print(mean(Y, 1));
            print(sum(Y));
            print(t(Y));
            print(reverse(Y) == Y);
            """, workers);
        Assert.Contains(ran, p => p.Contains("sumCum", StringComparison.Ordinal) && p.Contains("ewMul", StringComparison.Ordinal) && p.Contains("transpose", StringComparison.Ordinal) && p.Contains("sumAll", StringComparison.Ordinal));
        Assert.Contains(ran, p => p.Contains("idxmaxCol", StringComparison.Ordinal));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(5)]
    public async Task What_columns_hold_and_where_they_begin(int workers)
    {
        // Columns that begin with a nan, and more workers than columns.
        var ran = await OnWorkers.SameAsync("""
            X = [nan, 1.0, 2.0, 0.5, nan, -1.0, 3.0, 4.0, nan](3, 3);
            print(aggMin(X, 1));
            print(aggMax(X, 1));
            print(cumMin(X));
            print(cumSum(X));
            print(idxMin(X, 1));
            ids = [0, 1, 0];
            print(sum(X, ids, 2));
            print(aggMax(X + 1.0, ids, 2));
            """, workers);
        Assert.Contains(ran, p => p.Contains("minCol", StringComparison.Ordinal));
        Assert.Contains(ran, p => p.Contains("sumGrp", StringComparison.Ordinal));
    }

    [Theory, InlineData(2), InlineData(5)]
    public async Task Mean_and_variance_per_column(int workers)
    {
        var ran = await OnWorkers.SameAsync("""
            X = reshape(seq(1.0, 32.0, 1.0), 4, 8) % 8.0;
            print(mean(X, 1));
            print(var(X, 1) * 16.0);
            print(round(stddev(X * 4.0, 1) * 1000.0));
            """, workers);
        Assert.Contains(ran, p => p.Contains("varCol", StringComparison.Ordinal));
    }

    [Theory, InlineData(1), InlineData(3)]
    public async Task One_long_row_and_its_product(int workers)
    {
        var ran = await OnWorkers.SameAsync("""
            v = reshape(seq(1.0, 5000.0, 1.0), 1, 5000) % 7.0;
            w = abs(v - 3.0) * 2.0 + v;
            print(sum(w));
            print(aggMax(w));
            M = reshape(seq(1.0, 20000.0, 1.0), 5000, 4) % 3.0;
            print(w @ M);
            """, workers);
        Assert.Contains(ran, p => p.Contains("ewAbs", StringComparison.Ordinal) && p.Contains("sumAll", StringComparison.Ordinal));
        Assert.Contains("matMul", ran);
    }

    [Theory, InlineData(2), InlineData(4)]
    public async Task Sparse_matrices(int workers)
    {
        var ran = await OnWorkers.SameAsync("""
            X = rand(30, 40, 1.0, 4.0, 0.05, 7);
            Y = round(X);
            print(mean(Y, 1));
            print(aggMin(Y, 1));
            print(reverse(Y));
            v = fill(2.0, 1, 30);
            print(v @ Y);
            Z = reverse(Y * 2.0);
            print(aggMax(Z, 1));
            print(Z);
            """, workers, selectRepresentations: true);
        Assert.Contains(ran, p => p.Contains("meanCol", StringComparison.Ordinal));
        Assert.Contains(ran, p => p.Contains("reverse", StringComparison.Ordinal));
    }

    [Theory, InlineData(2), InlineData(3), InlineData(5)]
    public async Task Fractions_keep_their_bits_and_sums_of_columns_their_bound(int workers)
    {
        const string script = """
            X = rand(300, 11, -1.0, 1.0, 1.0, 3);
            E0 = cumSum(exp(X) * 0.3);
            E1 = cumProd(X + 1.0);
            E2 = cumMin(X / 3.0) - cumMax(X);
            E3 = as.matrix<f64>(idxMax(X, 1));
            E4 = aggMin(sqrt(abs(X)), 1);
            E5 = t(reverse(cumSum(X)));
            ids = seq(0, 299, 1) % 7;
            E6 = sum(X, ids, 7);
            N0 = mean(X, 1);
            N1 = var(exp(X), 1);
            N2 = mean(X, ids, 7) + stddev(X, 1);
            v = rand(1, 300, -1.0, 1.0, 1.0, 5);
            N3 = v @ X;
            N4 = fill(sum(cumSum(X)), 1, 1);
            """;
        string[] exact = ["E0", "E1", "E2", "E3", "E4", "E5", "E6"], near = ["N0", "N1", "N2", "N3", "N4"];
        await using var set = new WorkerSet(Enumerable.Range(0, workers).Select(i => new InProcessWorker($"in-process {i}")));
        List<string> ran = [];
        ScriptOptions wanted = new() { Outputs = new HashSet<string>([.. exact, .. near]) };
        var here = ScriptEngine.Run(new SourceText(script), options: wanted);
        var there = ScriptEngine.Run(new SourceText(script), options: OnWorkers.On(set, ran) with { Outputs = wanted.Outputs });
        foreach (string name in exact) Assert.Equal(Cells(here, name).Select(BitConverter.DoubleToUInt64Bits), Cells(there, name).Select(BitConverter.DoubleToUInt64Bits));
        foreach (string name in near)
            Assert.All(Cells(here, name).Zip(Cells(there, name)), c => Assert.True(Math.Abs(c.First - c.Second) <= 1e-12 * Math.Max(1, Math.Abs(c.First)), $"{name}: {c.First:R} here, {c.Second:R} there"));
        foreach (string operation in (string[])["sumCum", "prodCum", "maxCum", "idxmaxCol", "minCol", "sumGrp", "meanCol", "varCol", "stddevCol", "meanGrp", "matMul"])
            Assert.Contains(ran, p => p.Split(", ").Contains(operation));
        foreach (var value in here.Outputs.Values.Concat(there.Outputs.Values)) value.Object.Release();

        static double[] Cells(ScriptResult result, string name) => ((DenseMatrix<double>)((Matrix)result.Outputs[name].Object).Here()).ToArray();
    }

    [Fact]
    public async Task What_lies_on_workers_by_columns_is_not_moved_for_the_next_pipeline()
    {
        await using var set = new WorkerSet(Enumerable.Range(0, 3).Select(i => new InProcessWorker($"in-process {i}")));
        var statistics = new List<PipelineRun>();
        var options = OnWorkers.On(set, []);
        OnWorkers.Printed("""
            X = reshape(seq(1.0, 600.0, 1.0), 60, 10);
            Y = X;
            for (i in 1:3) { Y = cumSum(Y) % 7.0; }
            print(Y[59, ]);
            """, options with
        {
            Backend = (engine, found) =>
            {
                found.Ended += statistics.Add;
                return options.Backend!(engine, found);
            },
        });
        var sums = statistics.Where(p => p.Operations.Contains("sumCum", StringComparison.Ordinal)).ToArray();
        Assert.Equal([4800, 0, 0], sums.Select(p => p.Traffic.Sent));
        Assert.All(sums, p => Assert.Equal(3, p.Tasks));
    }

    [Fact]
    public void Peers_of_another_making_are_not_given_columns()
    {
        var set = new WorkerSet([new InProcessWorker("in-process 0"), new Foreign()]);
        List<string> ran = [];
        string printed = OnWorkers.Printed("""
            X = reshape(seq(1.0, 12.0, 1.0), 3, 4);
            print(cumSum(X));
            """, OnWorkers.On(set, ran));
        Assert.Equal("DenseMatrix(3x4, double)\n1 2 3 4\n6 8 10 12\n15 18 21 24\n", printed);
        Assert.Empty(ran);
    }

    sealed class Foreign : IWorkerClient
    {
        public WorkerIdentity Identity { get; } = new("peer", Foreign: true);
        public ValueTask<WorkerIdentity> HelloAsync(CallBudget budget, CancellationToken ct) => new(Identity);
        public ValueTask<Handle> StoreAsync(Datum value, CallBudget budget, CancellationToken ct) => throw new InvalidOperationException("stored");
        public ValueTask<IReadOnlyList<Handle>> ComputeAsync(Fragment fragment, IReadOnlyList<Handle> inputs, CallBudget budget, CancellationToken ct) => throw new InvalidOperationException("computed");
        public ValueTask<Datum> TransferAsync(Handle handle, CallBudget budget, CancellationToken ct) => throw new InvalidOperationException("transferred");
        public ValueTask FreeAsync(IReadOnlyList<Handle> handles, CallBudget budget, CancellationToken ct) => default;
        public ValueTask<WorkerStats> StatsAsync(CallBudget budget, CancellationToken ct) => new(new WorkerStats(0, 0));
        public ValueTask DisposeAsync() => default;
    }
}
