using BenchmarkDotNet.Attributes;
using Daphne.Net.Data;
using Daphne.Net.Kernels;

namespace Daphne.Net.Benchmarks.Products;

/// <summary>A product against the loop everybody writes first, from sizes where renting memory counts to sizes where caches do.</summary>
[MemoryDiagnoser]
public class MatMulBench
{
    DenseMatrix<double> a = null!, b = null!;
    double[] x = [], y = [], c = [];

    [Params(4, 10, 100, 300)] public int N;

    [GlobalSetup]
    public void Setup()
    {
        (a, b) = (ProductContestant.Cells<double>(N, N, seed: 1), ProductContestant.Cells<double>(N, N, seed: 2));
        (x, y, c) = (a.ToArray(), b.ToArray(), new double[N * N]);
        TripleLoop();
        double[] ours = MatMul.Apply(a, b).ToArray();
        for (int i = 0; i < c.Length; i++)
            if (Math.Abs(ours[i] - c[i]) > 1e-12 * N) throw new InvalidOperationException("The two sides disagree; do not time them.");
    }

    [Benchmark(Baseline = true)]
    public void TripleLoop()
    {
        Array.Clear(c);
        for (int i = 0; i < N; i++)
            for (int k = 0; k < N; k++)
                for (int j = 0; j < N; j++) c[i * N + j] += x[i * N + k] * y[k * N + j];
    }

    [Benchmark] public void Daphne() => MatMul.Apply(a, b).Release();

    [Benchmark] public void DaphneTurned() => MatMul.Apply(a, b, turnA: true, turnB: true).Release();
}
