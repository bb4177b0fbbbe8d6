using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Benchmarks;

/// <summary>Smallest cells and where they are. k-means spends its time in the position per row of a few columns.</summary>
[MemoryDiagnoser]
public class ExtremeBench
{
    readonly Func<DenseMatrix<double>, double> minAll = Aggregates.All<double>(Op.MinAll)!;
    readonly Action<DenseMatrix<double>, DenseMatrix<double>> minCol = Aggregates.Axis<double>(Op.MinCol)!;
    readonly Action<DenseMatrix<double>, DenseMatrix<ulong>> idxMinRow = Aggregates.Positions<double>(Op.IdxMinRow)!;
    double[] cells = [], perColumn = [];
    ulong[] positions = [];
    DenseMatrix<double>? x, columns;
    DenseMatrix<ulong>? rows;

    [Params(5, 1000)] public int Cols;
    const int Cells = 1_000_000;

    [GlobalSetup]
    public void Setup()
    {
        (cells, perColumn, positions) = (BenchCells.Doubles(Cells, seed: 1), new double[Cols], new ulong[Cells / Cols]);
        x = DenseMatrix<double>.Copy(cells, Cells / Cols, Cols);
        (rows, columns) = (DenseMatrix<ulong>.Allocate(Cells / Cols, 1), DenseMatrix<double>.Allocate(1, Cols));
        BenchCells.MustAgree([AllLoop(), AllTensorPrimitives()], [All(), All()]);
        ColumnsLoop();
        Columns();
        BenchCells.MustAgree(perColumn, columns.ToArray());
        PositionsLoop();
        Positions();
        if (!positions.AsSpan().SequenceEqual(rows.ToArray())) throw new InvalidOperationException("The two sides disagree; do not time them.");
    }

    [Benchmark(Baseline = true)]
    public double AllLoop()
    {
        double best = double.PositiveInfinity;
        foreach (double cell in cells) best = cell < best ? cell : best;
        return best;
    }

    [Benchmark] public double AllTensorPrimitives() => TensorPrimitives.Min<double>(cells);

    [Benchmark] public double All() => minAll(x!);

    [Benchmark]
    public void ColumnsLoop()
    {
        Array.Fill(perColumn, double.PositiveInfinity);
        for (int i = 0; i < cells.Length;)
            for (int c = 0; c < perColumn.Length; c++, i++) perColumn[c] = cells[i] < perColumn[c] ? cells[i] : perColumn[c];
    }

    [Benchmark] public void Columns() => minCol(x!, columns!);

    [Benchmark]
    public void PositionsLoop()
    {
        for (int r = 0; r < positions.Length; r++)
        {
            var row = cells.AsSpan(r * perColumn.Length, perColumn.Length);
            int at = 0;
            for (int c = 1; c < row.Length; c++)
                if (row[c] < row[at]) at = c;
            positions[r] = (ulong)at;
        }
    }

    [Benchmark] public void Positions() => idxMinRow(x!, rows!);
}
