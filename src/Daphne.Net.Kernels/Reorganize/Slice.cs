using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Ranges of rows and columns: lower bound inclusive, upper bound exclusive, negative bounds count from the end.</summary>
public static unsafe class Slice
{
    /// <summary>A range of rows, over the same memory.</summary>
    /// <exception cref="RaisedException">The range does not lie in the matrix.</exception>
    public static DenseMatrix<T> Rows<T>(DenseMatrix<T> x, long lower, long upper) where T : unmanaged
    {
        var (first, count) = Resolve("row", lower, upper, x.Rows);
        return x.RowRange(first, count);
    }

    /// <summary>A range of columns; a copy, unless it is all of them.</summary>
    /// <exception cref="RaisedException">The range does not lie in the matrix.</exception>
    public static DenseMatrix<T> Cols<T>(DenseMatrix<T> x, long lower, long upper) where T : unmanaged
    {
        var (first, count) = Resolve("column", lower, upper, x.Cols);
        if (count == x.Cols) return x.RowRange(0, x.Rows);
        var result = DenseMatrix<T>.Allocate(x.Rows, count);
        Cells.CopyBlock(x.Cell0 + first, x.Cols, result.Cell0, count, x.Rows, count);
        GC.KeepAlive(x);
        return result;
    }

    /// <summary>
    /// First and count of a range. After a negative lower bound an upper bound of 0 means the end, so that position p is the range p : p + 1 for
    /// p = -1 too. The lower bound must be a valid position; only the empty range of an empty matrix is excepted.
    /// </summary>
    internal static (long First, long Count) Resolve(string axis, long lower, long upper, long extent)
    {
        long first = lower < 0 ? lower + extent : lower;
        long end = upper < 0 || (upper == 0 && lower < 0) ? upper + extent : upper;
        bool inside = first >= 0 && first <= end && end <= extent && (first < extent || extent == 0);
        return inside ? (first, end - first) : throw Diag.RangeOutOfBounds.Raise(axis, lower, upper, extent);
    }
}
