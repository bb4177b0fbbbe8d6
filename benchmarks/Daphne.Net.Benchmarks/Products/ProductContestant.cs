using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Kernels;

namespace Daphne.Net.Benchmarks.Products;

/// <summary>
/// Our side of <c>peers/openblas.py</c>: a line such as <c>matmul-f64 2000 2000 2000</c> runs that product once on one thread and prints the seconds.
/// Operands are made, and the code is compiled, before a line is timed for the first time.
/// </summary>
static class ProductContestant
{
    const int WarmUps = 3;

    /// <summary>Answers lines until the input ends.</summary>
    public static void Run()
    {
        var ready = new Dictionary<string, Action>();
        while (Console.In.ReadLine() is { } line)
        {
            if (!ready.TryGetValue(line, out var product))
            {
                product = ready[line] = Make(line.Split(' '));
                for (int i = 0; i < WarmUps; i++) product();
            }
            long start = Stopwatch.GetTimestamp();
            product();
            Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    static Action Make(string[] words)
    {
        long[] n = [.. words.Skip(1).Select(w => long.Parse(w, CultureInfo.InvariantCulture))];
        switch (words[0])
        {
            case "matmul-f64": return Product<double>(n);
            case "matmul-f32": return Product<float>(n);
            case "syrk":
                var x = Cells<double>(n[0], n[1]);
                return () => Syrk.Apply(x, turnFirst: true).Release();
            case "gemv":
                var (matrix, vector) = (Cells<double>(n[0], n[1]), Cells<double>(n[1], 1));
                return () => MatMul.Apply(matrix, vector).Release();
            case "gemv-turned":
                var (rows, weights) = (Cells<double>(n[0], n[1]), Cells<double>(n[0], 1));
                return () => Gemv.Apply(rows, weights).Release();
            case "solve":
                var (a, b) = (Cells<double>(n[0], n[0]), Cells<double>(n[0], n[1]));
                return () => Solve.Apply(a, b).Release();
            case "transpose":
                var t = Cells<double>(n[0], n[1]);
                return () => Transpose.Apply(t).Release();
            case "order":
                var keys = Cells<double>(n[0], 1);
                return () => Order.Positions(keys, [new(0, true)]).Release();
            default: throw new ArgumentException($"unknown workload {words[0]}");
        }
    }

    static Action Product<T>(long[] n) where T : unmanaged, INumber<T>
    {
        var (a, b) = (Cells<T>(n[0], n[1]), Cells<T>(n[1], n[2]));
        return () => MatMul.Apply(a, b).Release();
    }

    internal static DenseMatrix<T> Cells<T>(long rows, long cols, int seed = 1) where T : unmanaged, INumber<T>
    {
        var random = new Random(seed);
        T[] cells = [.. Enumerable.Range(0, checked((int)(rows * cols))).Select(_ => T.CreateTruncating(random.NextDouble() * 2 - 1))];
        return DenseMatrix<T>.Copy(cells, rows, cols);
    }
}
