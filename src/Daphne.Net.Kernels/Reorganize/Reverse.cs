using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>The rows in reverse order.</summary>
public static unsafe class Reverse
{
    /// <summary>A new matrix whose first row is the last one of <paramref name="x"/>.</summary>
    public static DenseMatrix<T> Apply<T>(DenseMatrix<T> x) where T : unmanaged
    {
        var result = DenseMatrix<T>.Allocate(x.Rows, x.Cols);
        for (long r = 0; r < x.Rows; r++) Cells.Copy(x.Cell0 + r * x.Cols, result.Cell0 + (x.Rows - 1 - r) * x.Cols, x.Cols);
        GC.KeepAlive(x);
        return result;
    }
}
