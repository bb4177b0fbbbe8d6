using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// A matrix with a range of rows or columns replaced: a value, so nobody who shares the old one sees the change. Where the caller says that it will not
/// use the old one again (<c>mayOverwrite</c>) and nobody else owns it, its cells are overwritten and it is handed back with one owner more;
/// else a copy is.
/// </summary>
public static unsafe class Insert
{
    /// <summary>Replaces rows lower … upper - 1 by the rows of <paramref name="source"/>.</summary>
    /// <exception cref="RaisedException">The range does not lie in the matrix, or the source has another shape.</exception>
    public static DenseMatrix<T> Rows<T>(DenseMatrix<T> target, DenseMatrix<T> source, long lower, long upper, bool mayOverwrite) where T : unmanaged
    {
        var (first, count) = Slice.Resolve("row", lower, upper, target.Rows);
        if (source.Rows != count || source.Cols != target.Cols)
            throw Diag.InsertShape.Raise("row", lower, upper, target.Shape(), Shapes.Text(count, target.Cols), source.Shape());
        var result = ToWrite(target, mayOverwrite && !Overlaps(target, source));
        Cells.Copy(source.Cell0, result.Cell0 + first * result.Cols, source.Cells);
        GC.KeepAlive(source);
        return result;
    }

    /// <summary>Replaces columns lower … upper - 1 by the columns of <paramref name="source"/>.</summary>
    /// <exception cref="RaisedException">The range does not lie in the matrix, or the source has another shape.</exception>
    public static DenseMatrix<T> Cols<T>(DenseMatrix<T> target, DenseMatrix<T> source, long lower, long upper, bool mayOverwrite) where T : unmanaged
    {
        var (first, count) = Slice.Resolve("column", lower, upper, target.Cols);
        if (source.Cols != count || source.Rows != target.Rows)
            throw Diag.InsertShape.Raise("column", lower, upper, target.Shape(), Shapes.Text(target.Rows, count), source.Shape());
        var result = ToWrite(target, mayOverwrite && !Overlaps(target, source));
        Cells.CopyBlock(source.Cell0, count, result.Cell0 + first, result.Cols, source.Rows, count);
        GC.KeepAlive(source);
        return result;
    }

    static DenseMatrix<T> ToWrite<T>(DenseMatrix<T> target, bool mayOverwrite) where T : unmanaged
    {
        if (mayOverwrite && target.IsExclusive)
        {
            target.Retain();
            return target;
        }
        var copy = DenseMatrix<T>.Allocate(target.Rows, target.Cols);
        Cells.Copy(target.Cell0, copy.Cell0, target.Cells);
        GC.KeepAlive(target);
        return copy;
    }

    // X[, ] = X reaches this with one object in both roles.
    static bool Overlaps<T>(DenseMatrix<T> target, DenseMatrix<T> source) where T : unmanaged =>
        source.Cell0 < target.Cell0 + target.Cells && target.Cell0 < source.Cell0 + source.Cells;
}
