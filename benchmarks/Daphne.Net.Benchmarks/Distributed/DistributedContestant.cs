using System.Diagnostics;
using System.Globalization;
using Daphne.Net.Data;
using Daphne.Net.Distributed;

namespace Daphne.Net.Benchmarks.Distributed;

/// <summary>
/// Our side of <c>peers/clusters.py</c>: a line such as <c>kmeans sync</c> (workload, where it runs) runs that script once, text in, result out, and prints the
/// seconds, the result, and the bytes of values that were sent and received. <c>local</c> is one process with two threads; <c>sync</c> and <c>async</c> are two worker processes of one
/// thread each, to which every pipeline goes and the data with each run; with <c>rule</c> only what pays goes there. Followed by <c>placed</c> the data lies there from before the clock starts.
/// </summary>
static class DistributedContestant
{
    // Three processes compile what is hot on two cores; that is most of what the coordinator does in the first ten seconds.
    static readonly TimeSpan warmUp = TimeSpan.FromSeconds(15);

    static readonly Dictionary<string, (string Script, int Rows, int Cols)> workloads = new()
    {
        ["kmeans"] = ("""
            C = $X[0:5, ];
            i = 0;
            while (i < 20) {
                dist = ($X @ t(C)) * -2.0 + t(sum(C * C, 0));
                near = dist <= aggMin(dist, 0);
                near = near / sum(near, 0);
                C = (t(near) @ $X) / t(sum(near, 1));
                i = i + 1;
            }
            r = sum(C);
            """, 100_000, 20),
        ["linreg"] = ("""
            X = $X;
            mu = sum(X, 1) / nrow(X);
            Z = X - mu;
            scale = sqrt(sum(Z * Z, 1) / nrow(X));
            Z = Z / scale;
            y = X[, 0] + X[, 1] * 2.0;
            w = solve(t(Z) @ Z + diagMatrix(fill(0.001, ncol(X), 1)), t(Z) @ (y - sum(y) / nrow(X)));
            r = sum(w);
            """, 100_000, 100),
        ["chain-sum"] = ("r = sum(sqrt(abs($X * 2.0 + 1.0)) - $X / 3.0);", 20_000, 1000),
        // 200 pipelines with next to nothing to do.
        ["empty"] = ("Y = $X; i = 0; while (i < 200) { Y = Y + 1.0; i = i + 1; } r = sum(Y);", 4, 1),
    };

    /// <summary>Answers lines until the input ends.</summary>
    public static async Task RunAsync()
    {
        Dictionary<string, Func<Task<(double Result, RunReport Report)>>> ready = [];
        // One per workload: what one way of running has placed is not in another's way.
        Dictionary<string, DaphneCluster> clusters = [];
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (!ready.TryGetValue(line, out var run))
            {
                run = ready[line] = await MakeAsync(line.Split(' '), clusters);
                for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < warmUp;) await run();
            }
            long start = Stopwatch.GetTimestamp();
            var (result, report) = await run();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{seconds:R} {result:R} {report.Pipelines.Sum(p => p.BytesSent)} {report.Pipelines.Sum(p => p.BytesReceived)}"));
        }
        foreach (var cluster in clusters.Values) await cluster.DisposeAsync();
    }

    static async Task<Func<Task<(double, RunReport)>>> MakeAsync(string[] words, Dictionary<string, DaphneCluster> clusters)
    {
        var (script, rows, cols) = workloads[words[0]];
        var args = new Dictionary<string, object?> { ["X"] = Cells(rows, cols) };
        var options = new RunOptions { Outputs = ["r"] };
        if (words[1] == "local")
        {
            var session = new DaphneSession(new() { Threads = 2 });
            return () => EndAsync(session.RunAsync(script, args, options));
        }
        if (!clusters.TryGetValue(words[0], out var cluster)) clusters.Add(words[0], cluster = await DaphneCluster.Local(2, o => o.WorkerThreads = 1).Deploy());
        options = options with
        {
            Rule = words[1] == "rule" ? DistributionRule.WhenItPays : DistributionRule.Always,
            Dispatch = words[1] == "async" ? DispatchMode.Asynchronous : DispatchMode.Synchronous,
        };
        // It goes with the cluster.
        if (words[^1] == "placed") args["X"] = await cluster.PlaceAsync(args["X"]!, new() { Dispatch = options.Dispatch });
        return () => EndAsync(cluster.RunAsync(script, args, options));
    }

    static async Task<(double, RunReport)> EndAsync(Task<DaphneRun> running)
    {
        await using var run = await running;
        return (run.Get<double>("r"), run.Report);
    }

    // The same numbers in [-1, 1) as the peer's, without a generator to agree on: the golden ratio's multiples.
    static DenseMatrix<double> Cells(int rows, int cols) =>
        DenseMatrix<double>.Copy([.. Enumerable.Range(0, rows * cols).Select(i => unchecked((uint)i * 2654435761u) / 2147483648.0 - 1)], rows, cols);
}
