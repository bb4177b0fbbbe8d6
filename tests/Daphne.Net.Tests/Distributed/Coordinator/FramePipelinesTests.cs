using Daphne.Net.Distributed;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>Frames as what goes into pipelines and what comes out: they lie on workers, in as many rows per worker as there are, until somebody here looks at them.</summary>
public sealed class FramePipelinesTests
{
    // 200 rows of two columns: 3200 bytes.
    const string Made = "X = reshape(seq(1.0, 400.0, 1.0), 200, 2);\nF = as.frame(X * 2.0);\n";

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task A_frame_that_a_pipeline_made_is_used_by_the_next_where_it_lies(int workers)
    {
        var runs = await RunsAsync(Made + """
            G = F[[as.matrix<f64>(F[, "col_0"]) > 150.0, ]];
            H = setColLabels(G, "a", "b");
            print(sum(as.matrix<f64>(H[, "b"]) * 3.0));
            print(nrow(H));
            """, workers);
        Assert.Contains(runs, r => r.Operations.Split(", ").Contains("filterRow"));
        // The matrix goes out, the sums of the workers come back; a number goes with them.
        Assert.InRange(runs.Sum(r => r.Traffic.Sent), 3200, 3200 + 200);
        Assert.Equal(8 * workers, runs.Sum(r => r.Traffic.Received));
    }

    [Theory, InlineData(2), InlineData(4)]
    public async Task Of_rows_that_are_left_only_those_come_back(int workers)
    {
        var runs = await RunsAsync(Made + """
            G = F[[as.matrix<f64>(F[, "col_0"]) > 700.0, ]];
            print(G);
            print(G[, "col_1"]);
            """, workers);
        // Rows 351 to 399 of the odd ones: 25 rows, all with the last workers, who have more than others.
        Assert.InRange(runs.Sum(r => r.Traffic.Received), 25 * 16, 25 * 24 + 1000);
    }

    [Theory]
    [InlineData("> 1000.0")]
    [InlineData("> 797.0")]
    [InlineData("== 402.0")]
    [InlineData("< 401.0")]
    public async Task Ranges_of_which_no_row_is_left(string condition)
    {
        await RunsAsync(Made + $$"""
            G = F[[as.matrix<f64>(F[, "col_0"]) {{condition}}, ]];
            print(G);
            print(nrow(G));
            Y = as.matrix<f64>(G) * 2.0;
            print(Y);
            print(sum(Y));
            print(sum(Y, 1));
            Z = Y[[Y[, 1] > 805.0, ]];
            print(Z + 1.0);
            print(t(Z));
            print(as.frame(Z * 2.0));
            """, 4);
    }

    [Theory, InlineData(1), InlineData(3)]
    public async Task A_query_that_goes_row_by_row_runs_where_the_rows_are(int workers)
    {
        var runs = await RunsAsync(Made + """
            registerView("f", setColLabels(F, "a", "b"));
            G = sql("SELECT f.b AS b, f.a * 2.0 AS c FROM f WHERE f.a > 100.0");
            print(sum(as.matrix<f64>(G) * 2.0));
            """, workers);
        Assert.Contains(runs, r => r.Operations.Split(", ").Contains("sql"));
        Assert.Equal(8 * workers, runs.Sum(r => r.Traffic.Received));
    }

    [Theory, InlineData(1), InlineData(3)]
    public async Task The_left_side_of_a_join_is_cut_and_the_right_side_goes_to_all(int workers)
    {
        var runs = await RunsAsync("""
            F = setColLabels(as.frame(as.matrix<si64>(reshape(seq(0.0, 199.0, 1.0), 100, 2) % 7.0) + 1), "k", "x");
            G = {"id": [3, 1, 3, 5], "name": ["c", "a", "cc", "e"]};
            registerView("f", F);
            registerView("g", G);
            print(sql("SELECT f.x AS x, g.name AS name FROM f JOIN g ON f.k = g.id"));
            print(sql("SELECT f.k AS k, g.name AS name FROM f LEFT JOIN g ON f.k = g.id WHERE f.x > 3"));
            print(sql("SELECT g.name AS name, f.x AS x FROM g JOIN f ON f.k = g.id"));
            print(sql("SELECT f.k AS k, count(*) AS n FROM f JOIN g ON f.k = g.id GROUP BY f.k"));
            H = setColLabels(F, "k2", "x2");
            print(innerJoin(F, G, "k", "id"));
            print(antiJoin(F, G, "k", "id"));
            print(leftOuterJoin(F, G, "k", "id"));
            print(innerJoin(F, H, "k", "x2"));
            print(fullOuterJoin(F, G, "k", "id"));
            """, workers);
        foreach (string operation in (string[])["sql", "innerJoin", "antiJoin", "leftOuterJoin"]) Assert.Contains(runs, r => r.Operations.Split(", ").Contains(operation));
    }

    [Fact]
    public async Task Columns_of_all_types_come_back_as_they_are()
    {
        await RunsAsync("""
            n = seq(0.0, 10.0, 1.0);
            F = createFrame(n, as.matrix<f32>(n / 3.0), as.matrix<si64>(n - 5.0), as.matrix<si32>(n), as.matrix<si8>(n), as.matrix<ui64>(n), as.matrix<ui32>(n), as.matrix<ui8>(n), as.matrix<bool>(n % 2.0),
                ["a", "", "ü", "d e", "x\ny", "f", "g", "h", "i", "j", "k"], "f64", "f32", "si64", "si32", "si8", "ui64", "ui32", "ui8", "bool", "str");
            G = F[[as.matrix<f64>(F[, "f64"]) * 2.0 > 5.0, ]];
            print(F);
            print(G);
            print(typeOf(G));
            H = cbind(setColLabelsPrefix(G[, 0:3], "h"), G[, "str"]);
            print(H[[as.matrix<str>(H[, "str"]) != "h", ]]);
            print(rbind(G, F));
            print(order(G, 0, false, false));
            """, 3);
    }

    static async Task<List<PipelineRun>> RunsAsync(string script, int workers)
    {
        await using var set = new WorkerSet(Enumerable.Range(0, workers).Select(i => new InProcessWorker($"in-process {i}")));
        List<PipelineRun> runs = [];
        var options = OnWorkers.On(set, []);
        string there = OnWorkers.Printed(script, options with
        {
            Backend = (engine, statistics) =>
            {
                statistics.Ended += run =>
                {
                    if (run.Where != "local") runs.Add(run);
                };
                return options.Backend!(engine, statistics);
            },
        });
        Assert.Equal(OnWorkers.Printed(script, new()), there);
        return runs;
    }
}
