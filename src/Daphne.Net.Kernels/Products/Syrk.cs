using System.Numerics;
using System.Runtime.Intrinsics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>Products of a matrix with its own transpose: exactly symmetric, and bit for bit what the general product gives.</summary>
public static unsafe class Syrk
{
    // Multiply-adds below which handing out tasks does not pay; about a millisecond.
    const long SmallestJob = 1 << 24;

    // Up to this many columns the products of all strips of rows take less memory than a quarter of the operand.
    const long NarrowCols = 512;

    // Row ranges of the result for wide operands: enough that a late thread has something left to take, few because each one packs the operand anew.
    const int Ranges = 8;

    /// <summary>t(x) @ x if <paramref name="turnFirst"/>, else x @ t(x). With <paramref name="run"/> in tasks, which changes no bit.</summary>
    public static DenseMatrix<T> Apply<T>(DenseMatrix<T> x, bool turnFirst, TaskRunner? run = null) where T : unmanaged, INumber<T>
    {
        long n = turnFirst ? x.Cols : x.Rows, k = turnFirst ? x.Rows : x.Cols;
        // A sum or two, or a type that is no float: nothing is saved.
        if (n < 2 || k == 0 || !(Wide512<T>() || Narrow256<T>())) return MatMul.Apply(x, x, turnFirst, !turnFirst);

        var operand = Operand<T>.Of(x, turnFirst);
        DenseMatrix<T> result;
        if (run is null || n * k / 2 * n < SmallestJob)
        {
            result = DenseMatrix<T>.Allocate(n, n);
            Upper(operand, result.Cell0, n, k, 0, n);
        }
        else result = n <= NarrowCols && k > RowStrips.Rows ? InStrips(operand, n, k, run) : InRanges(operand, n, k, run);
        Mirror(result.Cell0, n);
        GC.KeepAlive(x);
        return result;
    }

    static bool Wide512<T>() where T : unmanaged => Wide.Use512 && (typeof(T) == typeof(double) || typeof(T) == typeof(float));

    // 256 bits hold 4 f64, and a panel of 12 cannot be cut into panels of 8.
    static bool Narrow256<T>() where T : unmanaged => Vector256.IsHardwareAccelerated && typeof(T) == typeof(float);

    static DenseMatrix<T> InStrips<T>(Operand<T> x, long n, long k, TaskRunner run) where T : unmanaged, INumber<T>
    {
        var parts = DenseMatrix<T>.Allocate(RowStrips.Count(k), n * n);
        run(RowStrips.Count(k), strip =>
        {
            var (first, count) = RowStrips.Of(strip, k);
            Upper(x.From(0, first), parts.Cell0 + strip * n * n, n, count, 0, n);
        });
        var sum = RowStrips.Join(parts);
        parts.Release();
        var result = sum.Reshape(n, n);
        sum.Release();
        return result;
    }

    static DenseMatrix<T> InRanges<T>(Operand<T> x, long n, long k, TaskRunner run) where T : unmanaged, INumber<T>
    {
        var result = DenseMatrix<T>.Allocate(n, n);
        run(Ranges, range =>
        {
            long first = Border(range), end = Border(range + 1);
            if (end > first) Upper(x, result.Cell0, n, k, first, end - first);
        });
        return result;

        // Ranges of equal area: rows of the upper triangle grow shorter.
        long Border(int range) => range == Ranges ? n : (long)(n * (1 - Math.Sqrt(1 - (double)range / Ranges))) / PackedProduct.PanelRows * PackedProduct.PanelRows;
    }

    static void Upper<T>(Operand<T> x, T* c, long n, long k, long first, long count) where T : unmanaged, INumber<T>
    {
        if (Wide512<T>()) SelfProduct.Upper<T, Vector512<T>, Lanes512<T>>(x, c, n, k, first, count);
        else SelfProduct.Upper<T, Vector256<T>, Lanes256<T>>(x, c, n, k, first, count);
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
