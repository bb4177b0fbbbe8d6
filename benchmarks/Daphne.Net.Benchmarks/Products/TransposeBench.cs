using BenchmarkDotNet.Attributes;
using Daphne.Net.Data;
using Daphne.Net.Kernels;

namespace Daphne.Net.Benchmarks.Products;

/// <summary>Register blocks against a cell by cell transpose.</summary>
[MemoryDiagnoser]
public class TransposeBench
{
    const int Rows = 2000, Cols = 1000;
    DenseMatrix<double> x = null!;
    double[] from = [], to = [];

    [GlobalSetup]
    public void Setup()
    {
        x = ProductContestant.Cells<double>(Rows, Cols);
        (from, to) = (x.ToArray(), new double[Rows * Cols]);
        CellByCell();
        if (!Transpose.Apply(x).ToArray().AsSpan().SequenceEqual(to)) throw new InvalidOperationException("The two sides disagree; do not time them.");
    }

    [Benchmark(Baseline = true)]
    public void CellByCell()
    {
        for (int r = 0; r < Rows; r++)
            for (int c = 0; c < Cols; c++) to[c * Rows + r] = from[r * Cols + c];
    }

    [Benchmark] public void Daphne() => Transpose.Apply(x).Release();
}
