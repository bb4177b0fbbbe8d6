using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Two matrices beside or above each other.</summary>
public static unsafe class Bind
{
    /// <summary>Side by side.</summary>
    /// <exception cref="RaisedException">The numbers of rows differ.</exception>
    public static DenseMatrix<T> Cols<T>(DenseMatrix<T> left, DenseMatrix<T> right) where T : unmanaged
    {
        if (left.Rows != right.Rows) throw Diag.BindShapes.Raise("cbind", "rows", left.Shape(), right.Shape());
        var result = DenseMatrix<T>.Allocate(left.Rows, Sum(left.Cols, right.Cols, "columns"));
        Cells.CopyBlock(left.Cell0, left.Cols, result.Cell0, result.Cols, left.Rows, left.Cols);
        Cells.CopyBlock(right.Cell0, right.Cols, result.Cell0 + left.Cols, result.Cols, right.Rows, right.Cols);
        GC.KeepAlive(left);
        GC.KeepAlive(right);
        return result;
    }

    /// <summary>One above the other.</summary>
    /// <exception cref="RaisedException">The numbers of columns differ.</exception>
    public static DenseMatrix<T> Rows<T>(DenseMatrix<T> upper, DenseMatrix<T> lower) where T : unmanaged
    {
        if (upper.Cols != lower.Cols) throw Diag.BindShapes.Raise("rbind", "columns", upper.Shape(), lower.Shape());
        var result = DenseMatrix<T>.Allocate(Sum(upper.Rows, lower.Rows, "rows"), upper.Cols);
        Cells.Copy(upper.Cell0, result.Cell0, upper.Cells);
        Cells.Copy(lower.Cell0, result.Cell0 + upper.Cells, lower.Cells);
        GC.KeepAlive(upper);
        GC.KeepAlive(lower);
        return result;
    }

    // Empty matrices may have any number of rows or of columns.
    internal static long Sum(long a, long b, string axis) => a <= long.MaxValue - b ? a + b : throw Diag.TooManyToBind.Raise(a, b, axis);
}
