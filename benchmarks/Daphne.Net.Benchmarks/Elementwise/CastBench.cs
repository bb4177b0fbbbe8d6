using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Daphne.Net.Kernels;

namespace Daphne.Net.Benchmarks;

/// <summary>f64 to si64 and back.</summary>
[MemoryDiagnoser]
public class CastBench
{
    double[] x = [], back = [];
    long[] whole = [];

    [Params(1 << 10, 1 << 20)] public int N;

    [GlobalSetup]
    public void Setup()
    {
        (x, back, whole) = (BenchCells.Doubles(N, seed: 1, least: -1e6, most: 1e6), new double[N], new long[N]);
        TruncateLoop();
        long[] expected = [.. whole];
        Truncate();
        if (!expected.AsSpan().SequenceEqual(whole)) throw new InvalidOperationException("The two sides disagree; do not time them.");
        Widen();
        BenchCells.MustAgree([.. expected.Select(cell => (double)cell)], back);
    }

    [Benchmark(Baseline = true)]
    public void TruncateLoop()
    {
        for (int i = 0; i < x.Length; i++) whole[i] = (long)x[i];
    }

    [Benchmark] public void TruncateTensorPrimitives() => TensorPrimitives.ConvertTruncating<double, long>(x, whole);

    [Benchmark] public void Truncate() => Casts.Apply<double, long>(x, whole);

    [Benchmark] public void Widen() => Casts.Apply<long, double>(whole, back);
}
