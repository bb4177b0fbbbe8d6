using System.Numerics;
using System.Runtime.InteropServices;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>The aggregates of <typeparamref name="T"/>, computed as <typeparamref name="TCell"/> and summed as <typeparamref name="TAcc"/>.</summary>
sealed class AggregateLoops<T, TCell, TAcc, TTerm> : AggregateTable<T>
    where T : unmanaged where TCell : unmanaged, INumber<TCell>, IMinMaxValue<TCell> where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<TCell, TAcc>
{
    public static AggregateTable<T> Table() => new AggregateLoops<T, TCell, TAcc, TTerm>
    {
        All = new()
        {
            [Op.SumAll] = SumAll,
            [Op.MinAll] = ExtremeOfAll<Smallest<TCell>>,
            [Op.MaxAll] = ExtremeOfAll<Largest<TCell>>,
        },
        Axis = new()
        {
            [Op.SumRow] = SumRows,
            [Op.SumCol] = SumColumns,
            [Op.MinRow] = ExtremeOfRows<Smallest<TCell>>,
            [Op.MinCol] = static (x, dst) => ExtremeOfColumns<Smallest<TCell>>(x, dst, first: true),
            [Op.MaxRow] = ExtremeOfRows<Largest<TCell>>,
            [Op.MaxCol] = static (x, dst) => ExtremeOfColumns<Largest<TCell>>(x, dst, first: true),
        },
        LaterRows = new()
        {
            [Op.MinCol] = static (x, dst) => ExtremeOfColumns<Smallest<TCell>>(x, dst, first: false),
            [Op.MaxCol] = static (x, dst) => ExtremeOfColumns<Largest<TCell>>(x, dst, first: false),
        },
        Positions = new()
        {
            [Op.IdxMinRow] = PositionInRows<Smallest<TCell>>,
            [Op.IdxMinCol] = PositionInColumns<Smallest<TCell>>,
            [Op.IdxMaxRow] = PositionInRows<Largest<TCell>>,
            [Op.IdxMaxCol] = PositionInColumns<Largest<TCell>>,
        },
    };

    static T SumAll(DenseMatrix<T> x) => CellType.Result<T, TCell, TAcc>(Total<TAcc, TTerm>(x));

    static TSum Total<TSum, TOfCell>(DenseMatrix<T> x, TSum center = default) where TSum : unmanaged, INumber<TSum> where TOfCell : struct, ICellTerm<TCell, TSum>
    {
        // Up to one segment is one row of lanes, with nothing to allocate.
        if (x.Cells <= ReductionBlocks.SegmentCells) return RowSum.Of<TCell, TSum, TOfCell>(x.Cells<T, TCell>(0, (int)x.Cells), center);
        var sum = new BlockSum<TCell, TSum, TOfCell>(x.Cols, center: center);
        foreach (var (start, length) in x.Chunks()) sum.Push(x.Cells<T, TCell>(start, length));
        return sum.Total();
    }

    static void SumRows(DenseMatrix<T> x, DenseMatrix<T> dst)
    {
        AggregateShape.Column(x, dst);
        Span<TAcc> batch = stackalloc TAcc[Batch];
        for (long row = 0; row < x.Rows; row += Batch)
        {
            var sums = batch[..(int)Math.Min(Batch, x.Rows - row)];
            RowTotals<TAcc, TTerm>(x, row, default, sums);
            var cells = dst.WritableSpan(row, sums.Length);
            for (int i = 0; i < cells.Length; i++) cells[i] = CellType.Result<T, TCell, TAcc>(sums[i]);
        }
    }

    static void RowTotals<TSum, TOfCell>(DenseMatrix<T> x, long firstRow, ReadOnlySpan<TSum> centers, Span<TSum> sums)
        where TSum : unmanaged, INumber<TSum> where TOfCell : struct, ICellTerm<TCell, TSum>
    {
        if (x.Cols is > 0 and <= NarrowRows.MostCols) NarrowRows.Sum<TCell, TSum, TOfCell>(x.Cells<T, TCell>(firstRow * x.Cols, sums.Length * (int)x.Cols), (int)x.Cols, centers, sums);
        else
            for (int i = 0; i < sums.Length; i++) sums[i] = RowSum.Of<TCell, TSum, TOfCell>(Row(x, firstRow + i), centers.IsEmpty ? default : centers[i]);
    }

    static void SumColumns(DenseMatrix<T> x, DenseMatrix<T> dst)
    {
        AggregateShape.Row(x, dst);
        var sums = new TAcc[x.Cols];
        ColumnTotals<TAcc, TTerm>(x, default, sums);
        var cells = dst.WritableRow(0);
        for (int j = 0; j < sums.Length; j++) cells[j] = CellType.Result<T, TCell, TAcc>(sums[j]);
    }

    static void ColumnTotals<TSum, TOfCell>(DenseMatrix<T> x, ReadOnlySpan<TSum> centers, Span<TSum> sums)
        where TSum : unmanaged, INumber<TSum> where TOfCell : struct, ICellTerm<TCell, TSum>
    {
        int cols = checked((int)x.Cols);
        var sum = new ColumnBlockSum<TCell, TSum, TOfCell>(cols, columnCenters: centers);
        foreach (var rows in RowChunks(x)) sum.PushRows(x.Cells<T, TCell>(rows.Start, rows.Length));
        sum.Total(sums);
    }

    static T ExtremeOfAll<TOp>(DenseMatrix<T> x) where TOp : struct, IExtreme<TCell>
    {
        var best = TOp.Identity;
        foreach (var (start, length) in x.Chunks()) best = TOp.Invoke(best, Extreme.Of<TCell, TOp>(x.Cells<T, TCell>(start, length)));
        return CellType.Result<T, TCell, TCell>(best);
    }

    static void ExtremeOfRows<TOp>(DenseMatrix<T> x, DenseMatrix<T> dst) where TOp : struct, IExtreme<TCell>
    {
        AggregateShape.Column(x, dst);
        for (long row = 0; row < x.Rows; row += Batch)
        {
            var cells = MemoryMarshal.Cast<T, TCell>(dst.WritableSpan(row, (int)Math.Min(Batch, x.Rows - row)));
            if (x.Cols is > 0 and <= NarrowRows.MostCols) NarrowRows.Extremes<TCell, TOp>(x.Cells<T, TCell>(row * x.Cols, cells.Length * (int)x.Cols), (int)x.Cols, cells);
            else
                for (int i = 0; i < cells.Length; i++) cells[i] = Extreme.FromFirst<TCell, TOp>(Row(x, row + i));
        }
    }

    static void ExtremeOfColumns<TOp>(DenseMatrix<T> x, DenseMatrix<T> dst, bool first) where TOp : struct, IExtreme<TCell>
    {
        AggregateShape.Row(x, dst);
        var extremes = new ColumnExtremes<TCell, TOp>(checked((int)x.Cols), first);
        foreach (var rows in RowChunks(x)) extremes.PushRows(x.Cells<T, TCell>(rows.Start, rows.Length));
        var cells = dst.WritableRow(0);
        for (int j = 0; j < cells.Length; j++) cells[j] = CellType.Result<T, TCell, TCell>(extremes.Best[j]);
    }

    static void PositionInRows<TOp>(DenseMatrix<T> x, DenseMatrix<ulong> dst) where TOp : struct, IExtreme<TCell>
    {
        AggregateShape.Column(x, dst);
        for (long row = 0; row < x.Rows; row += Batch)
        {
            var positions = dst.WritableSpan(row, (int)Math.Min(Batch, x.Rows - row));
            if (x.Cols is > 0 and <= NarrowRows.MostCols) NarrowRows.Positions<TCell, TOp>(x.Cells<T, TCell>(row * x.Cols, positions.Length * (int)x.Cols), (int)x.Cols, positions);
            else
                for (int i = 0; i < positions.Length; i++) positions[i] = (ulong)Extreme.Position<TCell, TOp>(Row(x, row + i));
        }
    }

    static void PositionInColumns<TOp>(DenseMatrix<T> x, DenseMatrix<ulong> dst) where TOp : struct, IExtreme<TCell>
    {
        AggregateShape.Row(x, dst);
        var best = new TCell[x.Cols];
        var at = dst.WritableRow(0);
        at.Clear();
        for (long row = 0; row < x.Rows; row++) ColumnPositions.Push<TCell, TOp>(Row(x, row), row, best, at);
    }

    public override double OfAll(Statistic statistic, DenseMatrix<T> x)
    {
        double mean = Total<double, AsDouble<TCell>>(x) / x.Cells;
        if (statistic == Statistic.Mean) return mean;
        double variance = Total<double, SquaredDistance<TCell>>(x, mean) / x.Cells;
        return statistic == Statistic.Variance ? variance : Math.Sqrt(variance);
    }

    public override void OfRows(Statistic statistic, DenseMatrix<T> x, long firstRow, Span<double> results)
    {
        RowTotals<double, AsDouble<TCell>>(x, firstRow, default, results);
        EwBinary.ApplyRightScalar<double, Divide<double>>(results, x.Cols, results);
        if (statistic == Statistic.Mean) return;
        Span<double> means = stackalloc double[Batch];
        results.CopyTo(means);
        RowTotals<double, SquaredDistance<TCell>>(x, firstRow, means, results);
        Finish(statistic, x.Cols, results);
    }

    public override void OfColumns(Statistic statistic, DenseMatrix<T> x, Span<double> results)
    {
        ColumnTotals<double, AsDouble<TCell>>(x, default, results);
        EwBinary.ApplyRightScalar<double, Divide<double>>(results, x.Rows, results);
        if (statistic == Statistic.Mean) return;
        ColumnTotals<double, SquaredDistance<TCell>>(x, results.ToArray(), results);
        Finish(statistic, x.Rows, results);
    }

    static void Finish(Statistic statistic, long count, Span<double> squares)
    {
        EwBinary.ApplyRightScalar<double, Divide<double>>(squares, count, squares);
        if (statistic == Statistic.StandardDeviation) EwUnary.Apply<double, SquareRoot<double>>(squares, squares);
    }

    static ReadOnlySpan<TCell> Row(DenseMatrix<T> x, long row) => x.Cells<T, TCell>(row * x.Cols, checked((int)x.Cols));

    static IEnumerable<(long Start, int Length)> RowChunks(DenseMatrix<T> x)
    {
        if (x.Cells == 0) yield break;
        long rows = Math.Max(1, Elementwise.MostCells / x.Cols);
        for (long row = 0; row < x.Rows; row += rows) yield return (row * x.Cols, (int)(Math.Min(rows, x.Rows - row) * x.Cols));
    }
}

static class AggregateShape
{
    public static void Column(Matrix x, Matrix dst)
    {
        if (dst.Rows != x.Rows || dst.Cols != 1) throw new ArgumentException($"one cell per row of a {x.Shape()} matrix does not go into a {dst.Shape()} one", nameof(dst));
    }

    public static void Row(Matrix x, Matrix dst)
    {
        if (dst.Rows != 1 || dst.Cols != x.Cols) throw new ArgumentException($"one cell per column of a {x.Shape()} matrix does not go into a {dst.Shape()} one", nameof(dst));
    }
}
