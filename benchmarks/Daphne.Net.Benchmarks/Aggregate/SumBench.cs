using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Benchmarks;

/// <summary>Reproducible sums against sums in whatever order is convenient. The orders differ, so they agree to 1e-10 only.</summary>
[MemoryDiagnoser]
public class SumBench
{
    readonly Func<DenseMatrix<double>, double> sumAll = Aggregates.All<double>(Op.SumAll)!, variance = Aggregates.StatisticOfAll<double, double>(Op.VarAll)!;
    readonly Action<DenseMatrix<double>, DenseMatrix<double>> sumRow = Aggregates.Axis<double>(Op.SumRow)!, sumCol = Aggregates.Axis<double>(Op.SumCol)!;
    double[] cells = [], perRow = [], perColumn = [];
    DenseMatrix<double>? x, rows, columns;

    [Params(10, 1000)] public int Cols;
    const int Cells = 4_000_000;

    [GlobalSetup]
    public void Setup()
    {
        (cells, perRow, perColumn) = (BenchCells.Doubles(Cells, seed: 1, least: 0), new double[Cells / Cols], new double[Cols]);
        x = DenseMatrix<double>.Copy(cells, Cells / Cols, Cols);
        (rows, columns) = (DenseMatrix<double>.Allocate(Cells / Cols, 1), DenseMatrix<double>.Allocate(1, Cols));
        const double tolerance = 1e-10;
        BenchCells.MustAgree([AllLoop(), AllTensorPrimitives()], [All(), All()], tolerance);
        RowsLoop();
        Rows();
        BenchCells.MustAgree(perRow, rows.ToArray(), tolerance);
        ColumnsLoop();
        Columns();
        BenchCells.MustAgree(perColumn, columns.ToArray(), tolerance);
    }

    [Benchmark(Baseline = true)]
    public double AllLoop()
    {
        double sum = 0;
        foreach (double cell in cells) sum += cell;
        return sum;
    }

    [Benchmark] public double AllTensorPrimitives() => TensorPrimitives.Sum<double>(cells);

    [Benchmark] public double All() => sumAll(x!);

    [Benchmark]
    public void RowsLoop()
    {
        for (int r = 0, i = 0; r < perRow.Length; r++)
        {
            double sum = 0;
            for (int c = 0; c < perColumn.Length; c++, i++) sum += cells[i];
            perRow[r] = sum;
        }
    }

    [Benchmark] public void Rows() => sumRow(x!, rows!);

    [Benchmark]
    public void ColumnsLoop()
    {
        Array.Clear(perColumn);
        for (int r = 0, i = 0; r < perRow.Length; r++)
            for (int c = 0; c < perColumn.Length; c++, i++) perColumn[c] += cells[i];
    }

    [Benchmark] public void Columns() => sumCol(x!, columns!);

    [Benchmark] public double Variance() => variance(x!);
}
