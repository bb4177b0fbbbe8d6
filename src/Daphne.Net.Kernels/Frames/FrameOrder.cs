using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Rows of a frame sorted by one or more columns; see <see cref="RowOrder"/>.</summary>
public static class FrameOrder
{
    /// <summary>The rows in order, in a new frame.</summary>
    /// <exception cref="RaisedException">There is no such column.</exception>
    public static Frame Rows(Frame x, ReadOnlySpan<SortColumn> by, TaskRunner? run = null)
    {
        var order = Order(x, by);
        var columns = new Matrix[x.Cols];
        for (int i = 0; i < columns.Length; i++) columns[i] = GatherRows.Of(x[i], order, run);
        order.Release();
        return new(x.Rows, columns, x.Labels);
    }

    /// <summary>The positions that put the rows in order, as a column.</summary>
    /// <exception cref="RaisedException">There is no such column.</exception>
    public static DenseMatrix<ulong> Positions(Frame x, ReadOnlySpan<SortColumn> by)
    {
        var order = Order(x, by);
        var positions = FrameJoin.AsSizes(order);
        order.Release();
        return positions;
    }

    static DenseMatrix<long> Order(Frame x, ReadOnlySpan<SortColumn> by)
    {
        var keys = new OrderKey[by.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            long column = by[i].Column < 0 ? by[i].Column + x.Cols : by[i].Column;
            if ((ulong)column >= (ulong)x.Cols) throw Diag.PositionOutside.Raise("column", by[i].Column, x.Words());
            keys[i] = new(x[(int)column], by[i].Ascending);
        }
        return RowOrder.Of(keys);
    }
}
