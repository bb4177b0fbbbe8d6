using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Runtime.Programs;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>Pipelines of every kind on workers: several results put together in different ways, none at all, numbers in and out, one matrix in several places.</summary>
public sealed class PipelineKindsTests
{
    static bool Has(string pipeline, params string[] operations) => operations.All(o => pipeline.Split(", ").Contains(o));

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(5)]
    public async Task Results_that_are_put_together_in_different_ways(int workers)
    {
        var ran = await OnWorkers.SameAsync("""
            X = reshape(seq(1.0, 33.0, 1.0), 11, 3) % 5.0;
            Y = X * 2.0 + 1.0;
            print(Y);
            print(t(Y));
            print(sum(Y));
            print(aggMin(Y));
            print(aggMax(Y));
            print(sum(Y, 1));
            print(sum(Y, 0));
            """, workers);
        Assert.Contains(ran, p => Has(p, "ewMul", "ewAdd", "transpose", "sumAll", "minAll", "maxAll", "sumCol", "sumRow"));
    }

    [Fact]
    public async Task Columns_of_what_workers_get_anyway_are_taken_there()
    {
        const string rows = "X = reshape(seq(1.0, 60.0, 1.0), 12, 5);";
        var ran = await OnWorkers.SameAsync(rows + " m = sum(X, 1); y = X[, 0] + X[, 1] * 2.0; print(sum(y)); print(t(X - m) @ y);", 2);
        Assert.Contains(ran, p => Has(p, "sliceCol", "ewMul"));
        // Who needs one column only is not sent all of them.
        ran = await OnWorkers.SameAsync(rows + " print(sum(X[, 0] * 2.0));", 2);
        Assert.DoesNotContain(ran, p => Has(p, "sliceCol"));
    }

    [Theory, InlineData("f64"), InlineData("f32"), InlineData("si64"), InlineData("si32"), InlineData("si8"), InlineData("ui64"), InlineData("ui32"), InlineData("ui8"), InlineData("bool")]
    public async Task Numbers_of_every_type_go_in_and_come_out(string type)
    {
        string cells = type == "bool" ? "reshape(seq(0, 11, 1), 6, 2) > 4" : "reshape(seq(0, 11, 1), 6, 2)";
        // What the compiler does not know is no constant of the fragment, but an input.
        var ran = await OnWorkers.SameAsync($$"""
            X = as.matrix<{{type}}>({{cells}});
            s = as.scalar(X[2, 1]);
            print(X == s);
            print(replace(X, s, as.scalar(X[0, 0])));
            a = sum(X);
            print(a);
            print(a + 1);
            print(aggMin(X == s));
            print(X * as.scalar(X[1, 0]));
            """, 3);
        Assert.Contains(ran, p => Has(p, "ewEq"));
        Assert.Contains(ran, p => Has(p, "replace"));
        Assert.Contains(ran, p => Has(p, "sumAll"));
    }

    [Fact]
    public async Task Strings_as_scalars_and_as_cells()
    {
        var ran = await OnWorkers.SameAsync("""
            F = {"a": ["x", "yy", "x", "", "ü"]};
            S = as.matrix<str>(F[, "a"]);
            s = as.scalar(S[0, 0]);
            print(S == s);
            print(S + s);
            print(concat(S, S));
            print(S < "y");
            """, 2);
        Assert.Contains(ran, p => Has(p, "ewEq"));
        Assert.Contains(ran, p => Has(p, "ewConcat"));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(4)]
    public async Task Frames_go_out_by_rows_where_a_matrix_is_made_of_them(int workers)
    {
        var ran = await OnWorkers.SameAsync("""
            F = {"a": [1, 2, 3, 4, 5], "b": [0.5, 1.5, 2.5, nan, 4.5], "n": [7, 8, 9, 10, 11]};
            print(as.matrix<f64>(F) * 2.0);
            print(sum(as.matrix<si64>(F[, "n"]) + 1));
            X = as.matrix<f64>(F[, [0, 2] ]);
            print(X @ t(X));
            print(as.matrix<f64>(F[, "a"]) + as.matrix<f64>(F[, "n"]));
            G = {"s": ["x", "yy", "x", "", "ü"], "t": ["a", "yy", "", "", "ü"]};
            print(as.matrix<str>(G[, "s"]) == as.matrix<str>(G[, "t"]));
            print(as.matrix<f64>(F[[as.matrix<si64>(F[, "n"]) > 8, ]]) - 1.0);
            """, workers);
        Assert.Contains(ran, p => Has(p, "cast", "ewMul"));
        Assert.Contains(ran, p => Has(p, "cast", "ewEq"));
        Assert.Contains(ran, p => Has(p, "cast", "ewAdd", "sumAll"));
    }

    [Fact]
    public async Task What_is_wrong_in_a_frame_is_said_as_it_is_here()
    {
        await using var set = new WorkerSet(Enumerable.Range(0, 2).Select(i => new InProcessWorker($"in-process {i}")));
        List<string> ran = [];
        const string script = "F = {\"s\": [\"1\", \"2\", \"pear\"]};\nprint(as.matrix<f64>(F) * 2.0);";
        var here = Assert.Throws<ScriptException>(() => OnWorkers.Printed(script, new()));
        var there = Assert.Throws<ScriptException>(() => OnWorkers.Printed(script, OnWorkers.On(set, ran)));
        Assert.Contains("pear", here.Message, StringComparison.Ordinal);
        Assert.Contains("pear", there.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(4)]
    public async Task One_matrix_in_several_places_whole_and_in_ranges(int workers)
    {
        var ran = await OnWorkers.SameAsync("""
            X = reshape(seq(1.0, 25.0, 1.0), 5, 5) % 4.0;
            print(X @ X);
            print(X @ X + X);
            print((X * X) @ X - X);
            r = X[0, ];
            print(X + r);
            p = fill(3.0, 1, 1);
            print((X[, 0] @ p) + p);
            print(cumSum(X) + X);
            """, workers);
        Assert.Contains(ran, p => Has(p, "matMul", "ewAdd"));
        Assert.Contains(ran, p => Has(p, "matMul", "ewSub"));
        Assert.Contains(ran, p => Has(p, "sumCum"));
    }

    [Theory, InlineData(1), InlineData(3)]
    public async Task Of_what_lies_on_workers_only_the_selected_columns_or_rows_come_back(int workers)
    {
        const string script = """
            X = reshape(seq(1.0, 2000.0, 1.0), 100, 20);
            Y = X * 2.0;
            A = Y[, 3];
            B = Y[, 4:6];
            C = Y[, [19, 0, -2] ];
            D = cumSum(X)[99, ];
            print(A);
            print(B);
            print(C);
            print(D);
            """;
        await using var set = new WorkerSet(Enumerable.Range(0, workers).Select(i => new InProcessWorker($"in-process {i}")));
        List<PipelineRun> runs = [];
        var options = OnWorkers.On(set, []);
        string there = OnWorkers.Printed(script, options with
        {
            Backend = (engine, statistics) =>
            {
                statistics.Ended += runs.Add;
                return options.Backend!(engine, statistics);
            },
        });
        Assert.Equal(OnWorkers.Printed(script, new()), there);
        Assert.Equal(8 * (100 * 6 + 20), runs.Sum(r => r.Traffic.Received));
    }

    [Theory, InlineData("ROWS"), InlineData("COLS")]
    public async Task One_matrix_whole_and_in_ranges_of_one_pipeline_cut_either_way(string axis)
    {
        (string split, string product) = axis == "ROWS" ? ("ROWS>, #daphne<vec_split NONE", "(%a, %b, %no, %no)") : ("COLS>, #daphne<vec_split NONE", "(%b, %a, %no, %no)");
        string text = $$"""
            func.func @main(%x: !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64> {
              %n = "daphne.numRows"(%x) : (!daphne.Matrix<?x?xf64>) -> index
              %0 = "daphne.vectorizedPipeline"(%x, %x, %n, %n) <{combines = [#daphne<vec_combine {{axis}}>], operandSegmentSizes = array<i32: 2, 1, 1>, splits = [#daphne<vec_split {{split}}>]}> ({
              ^bb0(%a: !daphne.Matrix<?x?xf64>, %b: !daphne.Matrix<?x?xf64>):
                %no = "daphne.constant"() <{value = false}> : () -> i1
                %1 = "daphne.matMul"{{product}} : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>, i1, i1) -> !daphne.Matrix<?x?xf64>
                "daphne.return"(%1) : (!daphne.Matrix<?x?xf64>) -> ()
              }) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>, index, index) -> !daphne.Matrix<?x?xf64>
              "daphne.return"(%0) : (!daphne.Matrix<?x?xf64>) -> ()
            }
            """;
        await using var workers = new Workers(2);
        var x = IrRun.Matrix(3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        var result = (Matrix)Assert.Single(workers.Run(text, Datum.Of(x))).Object;
        Assert.Equal([30.0, 36, 42, 66, 81, 96, 102, 126, 150], ((DenseMatrix<double>)result.Here()).ToArray());
        Assert.Equal(2, Assert.Single(workers.Statistics.Pipelines).Tasks);
        // Half of it to each, and all of it to each.
        Assert.Equal(9 * 8 + 2 * 9 * 8, workers.Statistics.Pipelines.Single().Traffic.Sent);
        result.Release();
        x.Release();
    }

    const string NoResults = """
        func.func @main(%x: !daphne.Matrix<?x?xf64>) -> () {
          "daphne.vectorizedPipeline"(%x) <{combines = [], operandSegmentSizes = array<i32: 1, 0, 0>, splits = [#daphne<vec_split ROWS>]}> ({
          ^bb0(%a: !daphne.Matrix<?x?xf64>):
            %1 = "daphne.ewSqrt"(%a) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
            "daphne.return"() : () -> ()
          }) : (!daphne.Matrix<?x?xf64>) -> ()
          "daphne.return"() : () -> ()
        }
        """;

    [Fact]
    public async Task A_pipeline_without_results_runs_and_its_errors_show()
    {
        await using var workers = new Workers(2);
        var good = IrRun.Matrix(4, 1, 1, 4, 9, 16);
        Assert.Empty(workers.Run(NoResults, Datum.Of(good)));
        Assert.Equal(2, Assert.Single(workers.Statistics.Pipelines).Tasks);
        var bad = IrRun.Matrix(4, 1, 1, 4, 9, -16);
        var e = Assert.Throws<ScriptException>(() => workers.Run(NoResults, Datum.Of(bad)));
        Assert.Contains("sqrt", e.Message, StringComparison.Ordinal);
        good.Release();
        bad.Release();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_nobody_uses_vanishes_unless_it_may_fail(bool optimize)
    {
        await using var set = new WorkerSet(Enumerable.Range(0, 2).Select(i => new InProcessWorker($"in-process {i}")));
        List<string> ran = [];
        string text = """
            X = reshape(seq(1.0, 8.0, 1.0), 4, 2);
            print("before");
            unused = X * 2.0 + 1.0;
            Y = X + 1.0;
            print(sum(Y));
            missed = sqrt((X * X) - 2.0);
            print("never");
            """;
        var output = new StringWriter();
        var e = Assert.Throws<ScriptException>(() => ScriptEngine.Run(new SourceText(text), options: OnWorkers.On(set, ran) with { Output = output, Optimize = optimize }));
        Assert.Equal("before\n44\n", output.ToString());
        Assert.Contains("sqrt", e.Message, StringComparison.Ordinal);
        Assert.Contains(ran, p => p.Contains("ewAdd", StringComparison.Ordinal));
        Assert.DoesNotContain(ran, p => optimize && p.Split(", ").Count(o => o == "ewMul") > 1);
    }

    sealed class Workers : IAsyncDisposable
    {
        readonly WorkerSet set;
        readonly TaskEngine engine = new(1);

        public Workers(int count) => set = new(Enumerable.Range(0, count).Select(i => new InProcessWorker($"in-process {i}")));

        public RunStatistics Statistics { get; } = new();

        public Datum[] Run(string text, params Datum[] inputs) =>
            IrRun.Build(text).Run(inputs, new RunContext { Pipelines = new DistributedBackend(set, new LocalPipelineBackend(engine), Statistics) });

        public async ValueTask DisposeAsync()
        {
            await set.DisposeAsync();
            engine.Dispose();
        }
    }
}
