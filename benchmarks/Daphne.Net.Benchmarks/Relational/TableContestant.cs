using System.Diagnostics;
using System.Globalization;
using Daphne.Net.Data;

namespace Daphne.Net.Benchmarks.Relational;

/// <summary>
/// Our side of <c>peers/tables.py</c>: a line such as <c>join 1 1000000 100000</c> (workload, threads, rows, keys) runs that script once in a warm process,
/// text in, result out, and prints the seconds and the result. Columns are handed over, frames are made of them by the script.
/// </summary>
static class TableContestant
{
    const int WarmUps = 5;

    // An odd factor: keys of 64 bits, far apart, as many as before.
    const long Wide = 0x5851F42D4C957F2D;

    static readonly Dictionary<string, string> scripts = new()
    {
        ["join"] = "J = innerJoin(createFrame($k, $g, $v, \"k\", \"g\", \"v\"), createFrame($rk, $w, \"rk\", \"w\"), \"k\", \"rk\"); r = sum(as.matrix(J[, \"w\"]));",
        ["group-sum"] = "G = groupSum(createFrame($k, $v, \"k\", \"v\"), \"k\", \"v\"); r = as.scalar<f64>(G[5, 1]);",
        ["order-float"] = "S = order(createFrame($k, $g, $v, \"k\", \"g\", \"v\"), 2, true, false); r = as.scalar<f64>(S[5, 2]);",
        ["sql"] = "registerView(\"t\", createFrame($k, $g, $v, \"k\", \"g\", \"v\")); registerView(\"u\", createFrame($rk, $w, \"rk\", \"w\")); "
            + "S = sql(\"SELECT t.g % 1000 AS h, sum(t.v * u.w) AS s FROM t JOIN u ON t.k = u.rk WHERE t.v > 0.25 GROUP BY t.g % 1000\"); r = as.scalar<f64>(S[5, 1]);",
        ["order-integer"] = "S = order(createFrame($k, $g, $v, \"k\", \"g\", \"v\"), 0, true, false); r = as.scalar<f64>(S[5, 2]);",
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
            long start = Stopwatch.GetTimestamp();
            double result = run();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:R} {result:R}"));
        }
    }

    static Func<double> Make(string[] words)
    {
        bool wide = words[0].EndsWith("-wide", StringComparison.Ordinal);
        string script = scripts[wide ? words[0][..^5] : words[0]];
        var session = new DaphneSession(new() { Threads = int.Parse(words[1], CultureInfo.InvariantCulture) });
        int rows = int.Parse(words[2], CultureInfo.InvariantCulture), keys = int.Parse(words[3], CultureInfo.InvariantCulture);
        long factor = wide ? Wide : 1;
        var args = new Dictionary<string, object?>
        {
            ["k"] = Column(rows, i => unchecked(Mixed(i) % keys * factor)),
            ["g"] = Column(rows, i => (long)i),
            ["v"] = Column(rows, i => Mixed(i + rows) / 4294967296.0),
            // Every key once, in another order: 7 and the number of keys have no common factor.
            ["rk"] = Column(keys, i => unchecked((long)i * 7 % keys * factor)),
            ["w"] = Column(keys, i => i * 0.5),
        };
        return () =>
        {
            var run = session.RunAsync(script, args, new() { Outputs = ["r"] }).GetAwaiter().GetResult();
            double result = run.Get<double>("r");
            run.DisposeAsync().AsTask().Wait();
            return result;
        };
    }

    static DenseMatrix<T> Column<T>(int rows, Func<int, T> cell) where T : unmanaged => DenseMatrix<T>.Copy([.. Enumerable.Range(0, rows).Select(cell)], rows, 1);

    // 32 bits in no visible order, without a generator to agree on with the peer.
    static long Mixed(int i)
    {
        uint x = unchecked((uint)i * 2654435761u);
        return unchecked((x ^ x >> 15) * 2246822519u);
    }
}
