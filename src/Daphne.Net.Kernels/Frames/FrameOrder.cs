using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// Rows of a frame sorted by one or more columns, by the laws of <see cref="Order"/>; strings are in byte order, false comes before true.
/// </summary>
public static unsafe class FrameOrder
{
    /// <summary>The rows in order, in a new frame.</summary>
    /// <exception cref="RaisedException">There is no such column.</exception>
    public static Frame Rows(Frame x, ReadOnlySpan<SortColumn> by)
    {
        var positions = Positions(x, by);
        var result = FrameRows.Gather(x, (long*)positions.Cell0, x.Rows);
        positions.Release();
        return result;
    }

    /// <summary>The positions that put the rows in order, as a column.</summary>
    /// <exception cref="RaisedException">There is no such column.</exception>
    public static DenseMatrix<ulong> Positions(Frame x, ReadOnlySpan<SortColumn> by)
    {
        foreach (var column in by)
            if ((ulong)Resolve(column, x) >= (ulong)x.Cols) throw Diag.PositionOutside.Raise("column", column.Column, x.Words());

        var positions = DenseMatrix<ulong>.Allocate(x.Rows, 1);
        for (long i = 0; i < x.Rows; i++) positions.Cell0[i] = (ulong)i;
        using var scratch = new Scratch<ulong>(3 * x.Rows);
        for (int i = by.Length - 1; i >= 0; i--)
        {
            FillKeys(x[(int)Resolve(by[i], x)], by[i].Ascending, positions.Cell0, scratch.Cell0);
            RadixSort.Sort(scratch.Cell0, positions.Cell0, x.Rows, scratch.Cell0 + x.Rows);
        }
        return positions;
    }

    static void FillKeys(Matrix column, bool ascending, ulong* rows, ulong* keys)
    {
        switch (column)
        {
            case DenseMatrix<double> c: SortKeys.Fill(c, 0, ascending, rows, keys); break;
            case DenseMatrix<float> c: SortKeys.Fill(c, 0, ascending, rows, keys); break;
            case DenseMatrix<long> c: SortKeys.Fill(c, 0, ascending, rows, keys); break;
            case DenseMatrix<ulong> c: SortKeys.Fill(c, 0, ascending, rows, keys); break;
            case DenseMatrix<int> c: SortKeys.Fill(c, 0, ascending, rows, keys); break;
            case DenseMatrix<uint> c: SortKeys.Fill(c, 0, ascending, rows, keys); break;
            case DenseMatrix<sbyte> c: SortKeys.Fill(c, 0, ascending, rows, keys); break;
            case DenseMatrix<byte> c: SortKeys.Fill(c, 0, ascending, rows, keys); break;
            case DenseMatrix<bool> c:
                for (long i = 0; i < c.Rows; i++) keys[i] = c.Cell0[rows[i]] == ascending ? 1UL : 0;
                GC.KeepAlive(c);
                break;
            case StringMatrix c: FillKeys(c, ascending, rows, keys); break;
            default: throw Diag.NotSupportedYet.Raise($"order by a column in a {column.GetType().Name}");
        }
    }

    static void FillKeys(StringMatrix column, bool ascending, ulong* rows, ulong* keys)
    {
        using var ranks = new Scratch<ulong>(column.Rows);
        StringRanks.Fill(column.Span, ranks.Cell0);
        ulong last = (ulong)column.Rows;
        for (long i = 0; i < column.Rows; i++) keys[i] = ascending ? ranks.Cell0[rows[i]] : last - ranks.Cell0[rows[i]];
    }

    static long Resolve(SortColumn column, Frame x) => column.Column < 0 ? column.Column + x.Cols : column.Column;
}
