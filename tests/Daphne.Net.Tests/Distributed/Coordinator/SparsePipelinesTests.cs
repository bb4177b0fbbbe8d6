using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Runtime.Programs;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>Sparse matrices stay compressed and where they are: what one pipeline leaves on the workers the next one finds there, by rows and by columns.</summary>
public sealed class SparsePipelinesTests
{
    [Theory, InlineData("ROWS", 1), InlineData("ROWS", 3), InlineData("COLS", 1), InlineData("COLS", 3)]
    public async Task A_chain_moves_its_input_once_and_its_result_when_it_is_looked_at(string axis, int workers)
    {
        const string sparse = "!daphne.Matrix<?x?xf64:rep[sparse]>";
        string Squared(string name, string of) => $$"""
              %{{name}} = "daphne.vectorizedPipeline"(%{{of}}, %n, %m) <{combines = [#daphne<vec_combine {{axis}}>], operandSegmentSizes = array<i32: 1, 1, 1>, splits = [#daphne<vec_split {{axis}}>]}> ({
              ^bb0(%a: {{sparse}}):
                %1 = "daphne.ewMul"(%a, %a) : ({{sparse}}, {{sparse}}) -> {{sparse}}
                "daphne.return"(%1) : ({{sparse}}) -> ()
              }) : ({{sparse}}, index, index) -> {{sparse}}
            """;
        string text = $$"""
            func.func @main(%x: {{sparse}}) -> {{sparse}} {
              %n = "daphne.numRows"(%x) : ({{sparse}}) -> index
              %m = "daphne.numCols"(%x) : ({{sparse}}) -> index
            {{Squared("y", "x")}}
            {{Squared("z", "y")}}
              "daphne.return"(%z) : ({{sparse}}) -> ()
            }
            """;
        var x = Sparse(90, 60);
        await using var set = new WorkerSet(Enumerable.Range(0, workers).Select(i => new InProcessWorker($"in-process {i}")));
        using var engine = new TaskEngine(1);
        var statistics = new RunStatistics();
        var result = (Matrix)Assert.Single(IrRun.Build(text).Run([Datum.Of(x)], new RunContext { Pipelines = new DistributedBackend(set, new LocalPipelineBackend(engine), statistics) })).Object;
        long extent = axis == "ROWS" ? x.Rows : x.Cols, each = extent / workers;
        long bytes = Enumerable.Range(0, workers).Sum(w => ValueSize.Of(axis == "ROWS" ? MatrixRows.Range(x, w * each, each) : MatrixCols.Range(x, w * each, each)));
        Assert.Equal(2, statistics.Pipelines.Count);
        Assert.Equal((bytes, 0L), (statistics.Pipelines.Sum(p => p.Traffic.Sent), statistics.Pipelines.Sum(p => p.Traffic.Received)));
        var here = Assert.IsType<CsrMatrix<double>>(result.Here());
        Assert.Equal(bytes, statistics.Pipelines.Sum(p => p.Traffic.Received));
        for (long r = 0; r < x.Rows; r++)
        {
            Assert.Equal(x.ColumnsOf(r).ToArray(), here.ColumnsOf(r).ToArray());
            Assert.Equal(x.ValuesOf(r).ToArray().Select(v => v * v * (v * v)), here.ValuesOf(r).ToArray());
        }
        result.Release();
        x.Release();
    }

    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public async Task Rows_of_sparse_matrices_are_filtered_where_they_are(int workers)
    {
        var ran = await OnWorkers.SameAsync("""
            X = round(rand(80, 30, 1.0, 5.0, 0.05, 7));
            k = seq(1.0, 80.0, 1.0);
            for (i in 1:3) {
                Y = X[[(k % 3.0) == as.f64(i - 1), ]];
                print(Y);
                print(sum(Y * Y));
                print(sum(Y, 1));
            }
            """, workers, selectRepresentations: true);
        Assert.NotEmpty(ran);
    }

    static CsrMatrix<double> Sparse(long rows, long cols)
    {
        var builder = new CsrBuilder<double>(rows, cols);
        for (long r = 0; r < rows; r++)
            for (long c = r % 7; c < cols; c += 11) builder.Put(r, c, 1 + (r + c) % 5);
        return builder.Build();
    }
}
