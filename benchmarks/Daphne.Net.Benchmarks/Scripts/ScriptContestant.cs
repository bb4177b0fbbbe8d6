using System.Diagnostics;
using System.Globalization;
using Daphne.Net.Data;

namespace Daphne.Net.Benchmarks.Scripts;

/// <summary>
/// Our side of <c>peers/scripts.py</c>: a line such as <c>chain-sum 1 20000 1000</c> (workload, threads, shape) runs that script once in a warm process, text in,
/// result out, and prints the seconds, the result, and how many blocks of fresh memory it took.
/// </summary>
static class ScriptContestant
{
    const int WarmUps = 5;

    static readonly Dictionary<string, string> scripts = new()
    {
        ["chain-sum"] = "r = sum(sqrt(abs($X * 2.0 + 1.0)) - $X / 3.0);",
        ["chain-map"] = "m = sqrt(abs($X * 2.0 + 1.0)) - $X / 3.0; r = as.scalar(m[0, 0]);",
        ["sum"] = "r = sum($X);",
        ["column-sums"] = "r = sum(sum($X, 1));",
        ["row-sums"] = "r = aggMax(sum($X, 0));",
        ["normal-equations"] = """
            mu = mean($X, 1);
            Z = ($X - mu) / stddev($X, 1);
            y = $X[, 0] + $X[, 1] * 2.0;
            w = solve(t(Z) @ Z + diagMatrix(fill(0.001, ncol(Z), 1)), t(Z) @ (y - mean(y)));
            r = sum(w);
            """,
    };

    /// <summary>Answers lines until the input ends.</summary>
    public static void Run()
    {
        Dictionary<string, Func<double>> ready = [];
        while (Console.In.ReadLine() is { } line)
        {
            if (!ready.TryGetValue(line, out var run))
            {
                run = ready[line] = Make(line.Split(' '));
                for (int i = 0; i < WarmUps; i++) run();
            }
            long fresh = BufferPool.Shared.Fresh, start = Stopwatch.GetTimestamp();
            double result = run();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:R} {result:R} {BufferPool.Shared.Fresh - fresh}"));
        }
    }

    static Func<double> Make(string[] words)
    {
        string script = scripts[words[0]];
        var session = new DaphneSession(new() { Threads = int.Parse(words[1], CultureInfo.InvariantCulture) });
        var x = Cells(int.Parse(words[2], CultureInfo.InvariantCulture), int.Parse(words[3], CultureInfo.InvariantCulture));
        var args = new Dictionary<string, object?> { ["X"] = x };
        return () =>
        {
            var run = session.RunAsync(script, args, new() { Outputs = ["r"] }).GetAwaiter().GetResult();
            double result = run.Get<double>("r");
            run.DisposeAsync().AsTask().Wait();
            return result;
        };
    }

    // The same numbers in [-1, 1) as the peer's, without a generator to agree on: the golden ratio's multiples.
    static DenseMatrix<double> Cells(int rows, int cols) =>
        DenseMatrix<double>.Copy([.. Enumerable.Range(0, rows * cols).Select(i => unchecked((uint)i * 2654435761u) / 2147483648.0 - 1)], rows, cols);
}
