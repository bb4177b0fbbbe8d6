using System.Numerics;
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
        for (long row = 0; row < x.Rows; row++)
            dst.WritableSpan(row, 1)[0] = CellType.Result<T, TCell, TAcc>(RowSum.Of<TCell, TAcc, TTerm>(Row(x, row)));
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
        for (long row = 0; row < x.Rows; row++)
            dst.WritableSpan(row, 1)[0] = CellType.Result<T, TCell, TCell>(Extreme.FromFirst<TCell, TOp>(Row(x, row)));
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
        for (long row = 0; row < x.Rows; row++) dst.WritableSpan(row, 1)[0] = (ulong)Extreme.Position<TCell, TOp>(Row(x, row));
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
        for (int i = 0; i < results.Length; i++)
        {
            var row = Row(x, firstRow + i);
            double mean = RowSum.Of<TCell, double, AsDouble<TCell>>(row) / x.Cols;
            double variance = statistic == Statistic.Mean ? 0 : RowSum.Of<TCell, double, SquaredDistance<TCell>>(row, mean) / x.Cols;
            results[i] = statistic switch { Statistic.Mean => mean, Statistic.Variance => variance, _ => Math.Sqrt(variance) };
        }
    }

    public override void OfColumns(Statistic statistic, DenseMatrix<T> x, Span<double> results)
    {
        ColumnTotals<double, AsDouble<TCell>>(x, default, results);
        EwBinary.ApplyRightScalar<double, Divide<double>>(results, x.Rows, results);
        if (statistic == Statistic.Mean) return;
        ColumnTotals<double, SquaredDistance<TCell>>(x, results.ToArray(), results);
        EwBinary.ApplyRightScalar<double, Divide<double>>(results, x.Rows, results);
        if (statistic == Statistic.StandardDeviation) EwUnary.Apply<double, SquareRoot<double>>(results, results);
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
