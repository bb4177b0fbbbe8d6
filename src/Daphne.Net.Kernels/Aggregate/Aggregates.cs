using System.Runtime.InteropServices;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// Aggregates over whole matrices, looked up by operation and cell type; null where there is no such pairing. The forms per row write n x 1, those per
/// column 1 x m. Sums are reproducible (<see cref="ReductionBlocks"/>). Of no cells: sum 0; minimum inf or the largest integer; mean, variance nan.
/// </summary>
public static class Aggregates
{
    /// <summary>sumAll, minAll, maxAll: the result has the type of the cells.</summary>
    public static Func<DenseMatrix<T>, T>? All<T>(OpDef op) where T : unmanaged => AggregateTable<T>.Instance?.All.GetValueOrDefault(op);

    /// <summary>sumRow, sumCol, minRow, minCol, maxRow, maxCol.</summary>
    public static Action<DenseMatrix<T>, DenseMatrix<T>>? Axis<T>(OpDef op) where T : unmanaged => AggregateTable<T>.Instance?.Axis.GetValueOrDefault(op);

    /// <summary>
    /// minCol and maxCol of a range of rows that is not the first: a nan in the first row of a matrix stays, one in the first row of a later range does
    /// not. Parts are joined with the elementwise minimum or maximum, the earlier part on the left.
    /// </summary>
    public static Action<DenseMatrix<T>, DenseMatrix<T>>? LaterRows<T>(OpDef op) where T : unmanaged => AggregateTable<T>.Instance?.LaterRows.GetValueOrDefault(op);

    /// <summary>idxminRow, idxminCol, idxmaxRow, idxmaxCol: positions from 0.</summary>
    public static Action<DenseMatrix<T>, DenseMatrix<ulong>>? Positions<T>(OpDef op) where T : unmanaged => AggregateTable<T>.Instance?.Positions.GetValueOrDefault(op);

    /// <summary>meanAll, varAll, stddevAll. <typeparamref name="TResult"/> is float for float cells, else double.</summary>
    public static Func<DenseMatrix<T>, TResult>? StatisticOfAll<T, TResult>(OpDef op) where T : unmanaged where TResult : unmanaged =>
        Kind(op) is { Axis: null } kind && AggregateTable<T>.Instance is { } table ? x => Round<TResult>(table.OfAll(kind.Statistic, x)) : null;

    /// <summary>meanRow, meanCol, varRow, varCol, stddevRow, stddevCol. <typeparamref name="TResult"/> is float for float cells, else double.</summary>
    public static Action<DenseMatrix<T>, DenseMatrix<TResult>>? StatisticOfAxis<T, TResult>(OpDef op) where T : unmanaged where TResult : unmanaged =>
        Kind(op) is { Axis: { } axis } kind && AggregateTable<T>.Instance is { } table
            ? axis == 0 ? (x, dst) => Rows(table, kind.Statistic, x, dst) : (x, dst) => Columns(table, kind.Statistic, x, dst)
            : null;

    static (Statistic Statistic, int? Axis)? Kind(OpDef op) =>
        op == Op.MeanAll ? (Statistic.Mean, null) : op == Op.MeanRow ? (Statistic.Mean, 0) : op == Op.MeanCol ? (Statistic.Mean, 1) :
        op == Op.VarAll ? (Statistic.Variance, null) : op == Op.VarRow ? (Statistic.Variance, 0) : op == Op.VarCol ? (Statistic.Variance, 1) :
        op == Op.StddevAll ? (Statistic.StandardDeviation, null) : op == Op.StddevRow ? (Statistic.StandardDeviation, 0) : op == Op.StddevCol ? (Statistic.StandardDeviation, 1) : null;

    static void Rows<T, TResult>(AggregateTable<T> table, Statistic statistic, DenseMatrix<T> x, DenseMatrix<TResult> dst) where T : unmanaged where TResult : unmanaged
    {
        AggregateShape.Column(x, dst);
        Span<double> batch = stackalloc double[AggregateTable<T>.Batch];
        for (long row = 0; row < x.Rows; row += batch.Length)
        {
            var results = batch[..(int)Math.Min(batch.Length, x.Rows - row)];
            table.OfRows(statistic, x, row, results);
            Round(results, dst.WritableSpan(row, results.Length));
        }
    }

    static void Columns<T, TResult>(AggregateTable<T> table, Statistic statistic, DenseMatrix<T> x, DenseMatrix<TResult> dst) where T : unmanaged where TResult : unmanaged
    {
        AggregateShape.Row(x, dst);
        var results = new double[x.Cols];
        table.OfColumns(statistic, x, results);
        Round(results, dst.WritableRow(0));
    }

    static void Round<TResult>(ReadOnlySpan<double> results, Span<TResult> dst) where TResult : unmanaged
    {
        if (typeof(TResult) == typeof(double)) MemoryMarshal.Cast<double, TResult>(results).CopyTo(dst);
        else
            for (int i = 0; i < results.Length; i++) dst[i] = Round<TResult>(results[i]);
    }

    static TResult Round<TResult>(double x) where TResult : unmanaged =>
        typeof(TResult) == typeof(double) ? (TResult)(object)x :
        typeof(TResult) == typeof(float) ? (TResult)(object)(float)x :
        throw new NotSupportedException($"a mean is f64 or f32, not {typeof(TResult)}");
}
