using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Frames by rows: every column is treated alike, labels stay.</summary>
public static class FrameRows
{
    /// <summary>A range of rows; see <see cref="Kernels.Slice.Rows{T}"/>.</summary>
    /// <exception cref="RaisedException">The range does not lie in the frame.</exception>
    public static Frame Slice(Frame x, long lower, long upper)
    {
        var (first, count) = Kernels.Slice.Resolve("row", lower, upper, x.Rows);
        return Each(x, count, column => ColumnCells.Slice(column, first, count));
    }

    /// <summary>The rows at the positions in a column of any numeric type; see <see cref="Extract.Rows{T}"/>.</summary>
    /// <exception cref="RaisedException">A position lies outside, or they are not a column.</exception>
    public static Frame At(Frame x, Matrix positions, TaskRunner? run = null)
    {
        var at = Positions.Resolve(positions, x.Rows, "row", "indexing by positions", x);
        var result = Gather(x, at, run);
        at.Release();
        return result;
    }

    /// <summary>The rows where a column of 0 and 1 has 1; see <see cref="Filter.Rows{T}"/>.</summary>
    /// <exception cref="RaisedException">The filter is no column of 0 and 1, or not as long as the frame has rows.</exception>
    public static Frame Where(Frame x, Matrix keep, TaskRunner? run = null)
    {
        var kept = Filter.Kept(keep, x.Rows, "row", x, out long count);
        var at = kept.RowRange(0, count);
        var result = Gather(x, at, run);
        at.Release();
        kept.Release();
        return result;
    }

    /// <summary>The rows of one frame and, below them, those of another one.</summary>
    /// <exception cref="RaisedException">The frames differ in the number, the labels or the value types of their columns.</exception>
    public static Frame Above(Frame upper, Frame lower)
    {
        if (upper.Cols != lower.Cols) throw Diag.BindShapes.Raise("rbind", "columns", upper.Shape(), lower.Shape());
        for (int i = 0; i < upper.Cols; i++)
        {
            if (upper.Labels[i] != lower.Labels[i]) throw Diag.RowBindLabels.Raise(i, upper.Labels[i], lower.Labels[i]);
            if (upper.ValueType(i) != lower.ValueType(i)) throw Diag.RowBindTypes.Raise(upper.Labels[i], upper.ValueType(i).DslName(), lower.ValueType(i).DslName());
        }
        int next = 0;
        return Each(upper, Bind.Sum(upper.Rows, lower.Rows, "rows"), column => ColumnCells.Above(column, lower[next++]));
    }

    static Frame Gather(Frame x, DenseMatrix<long> rows, TaskRunner? run) => Each(x, rows.Rows, column => GatherRows.Of(column, rows, run));

    static Frame Each(Frame x, long rows, Func<Matrix, Matrix> change)
    {
        var columns = new Matrix[x.Cols];
        for (int i = 0; i < columns.Length; i++) columns[i] = change(x[i]);
        return new(rows, columns, x.Labels);
    }
}
