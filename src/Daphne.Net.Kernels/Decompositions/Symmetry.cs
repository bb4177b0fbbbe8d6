using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Whether a square matrix equals its transpose.</summary>
public static unsafe class Symmetry
{
    // Two tiles of 32 x 32 cells of 8 bytes fit the first-level cache.
    const int Tile = 32;

    /// <summary>True where every cell equals its mirror image; a nan equals nothing, so off the diagonal it makes a matrix asymmetric.</summary>
    /// <exception cref="RaisedException">The matrix is not square.</exception>
    public static bool Holds<T>(DenseMatrix<T> x) where T : unmanaged, IEqualityOperators<T, T, bool>
    {
        if (x.Rows != x.Cols) throw Diag.NotSquare.Raise("isSymmetric", x.Shape());
        long n = x.Rows;
        T* cells = x.Cell0;
        for (long r0 = 0; r0 < n; r0 += Tile)
            for (long c0 = r0; c0 < n; c0 += Tile)
                for (long r = r0; r < Math.Min(n, r0 + Tile); r++)
                    for (long c = Math.Max(r + 1, c0); c < Math.Min(n, c0 + Tile); c++)
                        if (cells[r * n + c] != cells[c * n + r]) return false;
        GC.KeepAlive(x);
        return true;
    }
}
