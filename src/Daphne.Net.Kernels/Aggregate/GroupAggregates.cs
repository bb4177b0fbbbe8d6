using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Aggregates of the rows of each group. A column says to which group a row belongs; rows of a group are taken in their order, on one thread.</summary>
public static class GroupAggregates
{
    // A look at the token now and then costs nothing.
    const int RowsBetweenLooks = 1 << 14;

    /// <summary>The rows of each group folded with an operator cell by cell, from <paramref name="start"/> on; groups without rows are that.</summary>
    /// <exception cref="RaisedException">The column does not fit, or names a group that does not exist.</exception>
    public static DenseMatrix<T> Fold<T>(string function, EwBinaryKernel<T> join, T start, DenseMatrix<T> x, Matrix groups, long count, CancellationToken ct = default) where T : unmanaged
    {
        var result = DenseMatrix<T>.Allocate(count, x.Cols);
        foreach (var (at, length) in result.Chunks()) result.WritableSpan(at, length).Fill(start);
        return Each(function, x, groups, count, result, (row, group) => join.Apply(result.Row(group), x.Row(row), result.WritableRow(group)), ct);
    }

    /// <summary>The number of rows of each group, once for every column of <paramref name="x"/>.</summary>
    /// <exception cref="RaisedException">The column does not fit, or names a group that does not exist.</exception>
    public static DenseMatrix<ulong> Count(string function, Matrix x, Matrix groups, long count, CancellationToken ct = default)
    {
        var result = DenseMatrix<ulong>.Allocate(count, x.Cols, zeroed: true);
        return Each(function, x, groups, count, result, (_, group) =>
        {
            foreach (ref ulong rows in result.WritableRow(group)) rows++;
        }, ct);
    }

    /// <summary>The mean of each column in each group; nan where a group has no rows.</summary>
    /// <exception cref="RaisedException">The column does not fit, or names a group that does not exist.</exception>
    public static DenseMatrix<double> Mean(string function, DenseMatrix<double> x, Matrix groups, long count, CancellationToken ct = default)
    {
        var sums = Fold(function, EwBinary.Kernel<double>(Op.EwAdd)!, 0, x, groups, count, ct);
        return DividedByRows(function, sums, x, groups, count, ct);
    }

    /// <summary>The population variance, or with <paramref name="root"/> the standard deviation, of each column in each group. Two passes: one loses all digits where the mean is large.</summary>
    /// <exception cref="RaisedException">The column does not fit, or names a group that does not exist.</exception>
    public static DenseMatrix<double> Variance(string function, DenseMatrix<double> x, Matrix groups, long count, bool root, CancellationToken ct = default)
    {
        var means = Mean(function, x, groups, count, ct);
        try
        {
            var squares = DenseMatrix<double>.Allocate(count, x.Cols, zeroed: true);
            Each(function, x, groups, count, squares, (row, group) =>
            {
                ReadOnlySpan<double> cells = x.Row(row), mean = means.Row(group);
                var sum = squares.WritableRow(group);
                for (int c = 0; c < sum.Length; c++) sum[c] += (cells[c] - mean[c]) * (cells[c] - mean[c]);
            }, ct);
            var variance = DividedByRows(function, squares, x, groups, count, ct);
            if (root) Elementwise.Unary(EwUnary.Kernel<double>(Op.EwSqrt)!, variance, variance);
            return variance;
        }
        finally
        {
            means.Release();
        }
    }

    static DenseMatrix<double> DividedByRows(string function, DenseMatrix<double> sums, Matrix x, Matrix groups, long count, CancellationToken ct)
    {
        DenseMatrix<ulong> rows;
        try
        {
            rows = Count(function, x, groups, count, ct);
        }
        catch
        {
            sums.Release();
            throw;
        }
        foreach (var (start, length) in sums.Chunks())
        {
            var cells = sums.WritableSpan(start, length);
            var by = rows.Span(start, length);
            for (int i = 0; i < cells.Length; i++) cells[i] /= by[i];
        }
        rows.Release();
        return sums;
    }

    // Calls with the row and its group, row by row; the result is given up where that fails.
    static DenseMatrix<TResult> Each<TResult>(string function, Matrix x, Matrix groups, long count, DenseMatrix<TResult> result, Action<long, long> take, CancellationToken ct) where TResult : unmanaged
    {
        DenseMatrix<long>? ids = null;
        try
        {
            if (groups.Cols != 1 || groups.Rows != x.Rows) throw Diag.GroupColumn.Raise(function, x.Words(), groups.Words());
            ids = Positions.Read(groups, function);
            for (long row = 0; row < x.Rows; row++)
            {
                if (row % RowsBetweenLooks == 0) ct.ThrowIfCancellationRequested();
                long group = ids[row, 0];
                if ((ulong)group >= (ulong)count) throw Diag.GroupOutside.Raise(function, row, group == Positions.None ? Positions.CellText(groups, row) : group, count);
                take(row, group);
            }
            return result;
        }
        catch
        {
            result.Release();
            throw;
        }
        finally
        {
            ids?.Release();
        }
    }
}
