using BenchmarkDotNet.Attributes;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Benchmarks;

/// <summary>X - row and X - column, for few and for many columns.</summary>
[MemoryDiagnoser]
public class BroadcastBench
{
    readonly EwBinaryKernel<double> subtract = EwBinary.Kernel<double>(Op.EwSub)!;
    double[] cells = [], means = [], firsts = [], result = [];
    DenseMatrix<double>? x, row, column, dst;

    [Params(3, 1000)] public int Cols;
    const int Cells = 300_000;

    [GlobalSetup]
    public void Setup()
    {
        (cells, means, firsts, result) = (BenchCells.Doubles(Cells, seed: 1), BenchCells.Doubles(Cols, seed: 2), BenchCells.Doubles(Cells / Cols, seed: 3), new double[Cells]);
        x = DenseMatrix<double>.Copy(cells, Cells / Cols, Cols);
        row = DenseMatrix<double>.Copy(means, 1, Cols);
        column = DenseMatrix<double>.Copy(firsts, Cells / Cols, 1);
        dst = DenseMatrix<double>.Allocate(Cells / Cols, Cols);
        RowLoop();
        Row();
        BenchCells.MustAgree(result, dst.ToArray());
        ColumnLoop();
        Column();
        BenchCells.MustAgree(result, dst.ToArray());
    }

    [Benchmark(Baseline = true)]
    public void RowLoop()
    {
        for (int r = 0, i = 0; i < cells.Length; r++)
            for (int c = 0; c < means.Length; c++, i++) result[i] = cells[i] - means[c];
    }

    [Benchmark] public void Row() => Elementwise.Binary(subtract, x!, row!, dst!);

    [Benchmark]
    public void ColumnLoop()
    {
        for (int r = 0, i = 0; i < cells.Length; r++)
            for (int c = 0; c < means.Length; c++, i++) result[i] = cells[i] - firsts[r];
    }

    [Benchmark] public void Column() => Elementwise.Binary(subtract, x!, column!, dst!);
}
