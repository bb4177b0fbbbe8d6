using System.Numerics;
using System.Runtime.Intrinsics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>
/// Where sums over many rows are cut. A product down the rows (t(X) @ X, t(X) @ y) adds strips of this many rows one after the other:
/// whoever computes strips on several threads, or in several processes, and adds the parts in ascending order gets the same bits as one thread. Borders of
/// strips are also borders of <see cref="ReductionBlocks"/>.
/// </summary>
public static class RowStrips
{
    /// <summary>Rows of a strip. 2048: long enough that adding the parts costs nothing, short enough that 20 000 rows keep several threads busy.</summary>
    public const int Rows = 2048;

    /// <summary>How many strips so many rows make.</summary>
    public static int Count(long rows) => checked((int)((rows + Rows - 1) / Rows));

    /// <summary>The rows of strip <paramref name="strip"/> of <paramref name="rows"/>.</summary>
    public static (long First, long Count) Of(int strip, long rows) => ((long)strip * Rows, Math.Min(Rows, rows - (long)strip * Rows));

    /// <summary>Adds the parts, one per row and strip, in ascending order, as a matrix of one row.</summary>
    internal static unsafe DenseMatrix<T> Join<T>(DenseMatrix<T> parts) where T : unmanaged, INumberBase<T>
    {
        var sum = DenseMatrix<T>.Allocate(1, parts.Cols);
        Cells.Copy(parts.Cell0, sum.Cell0, parts.Cols);
        for (long strip = 1; strip < parts.Rows; strip++) PackedProduct.AddRow<T, Vector256<T>, Lanes256<T>>(parts.Cell0 + strip * parts.Cols, sum.Cell0, parts.Cols);
        GC.KeepAlive(parts);
        return sum;
    }
}
