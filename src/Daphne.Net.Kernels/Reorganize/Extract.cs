using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Rows and columns at given positions: in any order, repeated, possibly none; negative positions count from the end.</summary>
public static unsafe class Extract
{
    /// <summary>The rows at the positions in a column of any numeric type.</summary>
    /// <exception cref="RaisedException">A position lies outside, or they are not a column.</exception>
    public static DenseMatrix<T> Rows<T>(DenseMatrix<T> x, Matrix positions) where T : unmanaged
    {
        var at = Positions.Resolve(positions, x.Rows, "row", "indexing by positions", x);
        var result = Gather(x, at.Cell0, at.Rows);
        at.Release();
        return result;
    }

    /// <summary>The columns at the positions in a column of any numeric type.</summary>
    /// <exception cref="RaisedException">A position lies outside, or they are not a column.</exception>
    public static DenseMatrix<T> Cols<T>(DenseMatrix<T> x, Matrix positions) where T : unmanaged
    {
        var at = Positions.Resolve(positions, x.Cols, "column", "indexing by positions", x);
        var result = DenseMatrix<T>.Allocate(x.Rows, at.Rows);
        for (long r = 0; r < x.Rows; r++)
        {
            T* from = x.Cell0 + r * x.Cols, to = result.Cell0 + r * result.Cols;
            for (long c = 0; c < result.Cols; c++) to[c] = from[at.Cell0[c]];
        }
        at.Release();
        GC.KeepAlive(x);
        return result;
    }

    /// <summary>The rows at checked positions.</summary>
    internal static DenseMatrix<T> Gather<T>(DenseMatrix<T> x, long* rows, long count) where T : unmanaged
    {
        var result = DenseMatrix<T>.Allocate(count, x.Cols);
        for (long i = 0; i < count; i++) Cells.Copy(x.Cell0 + rows[i] * x.Cols, result.Cell0 + i * x.Cols, x.Cols);
        GC.KeepAlive(x);
        return result;
    }
}
