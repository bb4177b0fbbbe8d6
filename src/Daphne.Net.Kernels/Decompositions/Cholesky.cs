using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>A = L t(L) for a symmetric positive definite matrix, L lower triangular with a positive diagonal.</summary>
public static unsafe class Cholesky
{
    // Rows done one by one.
    const long Few = 32;

    // Tiles of a symmetric update that are computed whole although half of those on the diagonal is not needed.
    const long Tile = 256;

    /// <summary>L. With <paramref name="run"/> in tasks, which changes no bit.</summary>
    /// <exception cref="RaisedException">a is not square, not symmetric or not positive definite.</exception>
    public static DenseMatrix<T> Apply<T>(DenseMatrix<T> a, TaskRunner? run = null) where T : unmanaged, IFloatingPointIeee754<T>
    {
        DecompositionOperand.RequireSymmetric("cholesky", a);
        long n = a.Rows;
        using var upper = new Scratch<T>(a.Cells);
        Cells.Copy(a.Cell0, upper.Cell0, a.Cells);
        GC.KeepAlive(a);
        Factor(upper.Cell0, n, 0, n, run);
        var result = DenseMatrix<T>.Allocate(n, n);
        Transpose.Block(upper.Cell0, n, result.Cell0, n, n, n);
        for (long i = 0; i < n; i++)
            for (long j = i + 1; j < n; j++) result.Cell0[i * n + j] = T.Zero;
        return result;
    }

    // The upper triangle, t(L), lies by rows: what is below the diagonal is not looked at.
    static void Factor<T>(T* u, long n, long first, long end, TaskRunner? run) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (end - first <= Few)
        {
            Rows(u, n, first, end);
            return;
        }
        long half = first + (end - first) / 2 / 8 * 8, depth = half - first, rest = end - half;
        Factor(u, n, first, half, run);
        T* beside = u + first * n + half;
        LowerTriangle<T>.Solve(new Operand<T>(u + first * n + first, 1, n), depth, unit: false, beside, n, rest, run);
        for (long i = 0; i < rest; i += Tile)
            LowerTriangle<T>.SubtractProduct(new Operand<T>(beside + i, 1, n), new Operand<T>(beside + i, n, 1), u + (half + i) * n + half + i, n, Math.Min(Tile, rest - i), rest - i, depth, run);
        Factor(u, n, half, end, run);
    }

    static void Rows<T>(T* u, long n, long first, long end) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (long i = first; i < end; i++)
        {
            T* row = u + i * n;
            if (!(row[i] > T.Zero) || !T.IsFinite(row[i])) throw Diag.NotPositiveDefinite.Raise(Shapes.Text(n, n), i, row[i]);
            row[i] = T.Sqrt(row[i]);
            Lines<T>.Scale(T.One / row[i], row + i + 1, end - i - 1);
            for (long j = i + 1; j < end; j++) Lines<T>.AddScaled(-row[j], row + j, u + j * n + j, end - j);
        }
    }
}
