using System.Numerics;
using System.Runtime.Intrinsics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>
/// Products of a matrix with its own transpose: exactly symmetric, and bit for bit what the general product gives. Of t(x) @ x, parts of
/// <see cref="RowStrips.Rows"/> rows of x can be computed anywhere and added in ascending order.
/// </summary>
public static unsafe class Syrk
{
    /// <summary>t(x) @ x if <paramref name="turnFirst"/>, else x @ t(x).</summary>
    public static DenseMatrix<T> Apply<T>(DenseMatrix<T> x, bool turnFirst) where T : unmanaged, INumber<T>
    {
        long n = turnFirst ? x.Cols : x.Rows, k = turnFirst ? x.Rows : x.Cols;
        bool wide = Wide.Use512 && SelfProduct.Fits<T, Vector512<T>, Lanes512<T>>();
        bool narrow = !wide && typeof(T) == typeof(float) && Vector256.IsHardwareAccelerated;
        // A sum or two, or a type that is no float: nothing is saved.
        if (n < 2 || k == 0 || !(wide || narrow) || (typeof(T) != typeof(double) && typeof(T) != typeof(float))) return MatMul.Apply(x, x, turnFirst, !turnFirst);

        var result = DenseMatrix<T>.Allocate(n, n);
        if (wide) SelfProduct.Upper<T, Vector512<T>, Lanes512<T>>(Operand<T>.Of(x, turnFirst), result.Cell0, n, k);
        else SelfProduct.Upper<T, Vector256<T>, Lanes256<T>>(Operand<T>.Of(x, turnFirst), result.Cell0, n, k);
        GC.KeepAlive(x);
        Mirror(result.Cell0, n);
        return result;
    }

    // Copies what lies above the diagonal to below it, in tiles whose rows and columns both fit the first-level cache.
    static void Mirror<T>(T* c, long n) where T : unmanaged
    {
        const int tile = 32;
        for (long r = 0; r < n; r += tile)
        {
            long rows = Math.Min(tile, n - r);
            for (long i = r; i < r + rows; i++)
                for (long j = i + 1; j < r + rows; j++) c[j * n + i] = c[i * n + j];
            Transpose.Block(c + r * n + r + rows, n, c + (r + rows) * n + r, n, rows, n - r - rows);
        }
    }
}
