namespace Daphne.Net.Benchmarks;

/// <summary>Seeded cells, and the check that both sides of a benchmark yield the same before they are timed.</summary>
static class BenchCells
{
    public static double[] Doubles(int count, int seed, double least = -1, double most = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => least + random.NextDouble() * (most - least))];
    }

    /// <exception cref="InvalidOperationException">A cell differs by more than the tolerance, which is relative; by default by anything.</exception>
    public static void MustAgree(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double tolerance = 0)
    {
        if (a.Length != b.Length) throw new InvalidOperationException($"{a.Length} cells against {b.Length}");
        for (int i = 0; i < a.Length; i++)
            if (!(Math.Abs(a[i] - b[i]) <= tolerance * Math.Abs(a[i]))) throw new InvalidOperationException($"The two sides disagree in cell {i}, {a[i]:R} and {b[i]:R}; do not time them.");
    }
}
