using System.Numerics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>
/// P A = L U by partial pivoting: P is a permutation matrix, L lower triangular with ones on the diagonal, U upper triangular. For an m x n matrix they are
/// m x m, m x k and k x n with k = min(m, n). Where a column has no pivot, U has a zero on the diagonal.
/// </summary>
public static unsafe class Lu
{
    /// <summary>P, L and U. With <paramref name="run"/> in tasks, which changes no bit.</summary>
    public static (DenseMatrix<T> P, DenseMatrix<T> L, DenseMatrix<T> U) Apply<T>(DenseMatrix<T> a, TaskRunner? run = null) where T : unmanaged, IFloatingPointIeee754<T>
    {
        long m = a.Rows, n = a.Cols, k = Math.Min(m, n);
        using var factors = new Scratch<T>(a.Cells);
        Cells.Copy(a.Cell0, factors.Cell0, a.Cells);
        GC.KeepAlive(a);
        var exchanges = new long[k];
        LuFactors<T>.Factor(factors.Cell0, m, n, exchanges, run);

        DenseMatrix<T> p = DenseMatrix<T>.Allocate(m, m, zeroed: true), l = DenseMatrix<T>.Allocate(m, k), u = DenseMatrix<T>.Allocate(k, n);
        var origin = new long[m];
        for (long i = 0; i < m; i++) origin[i] = i;
        for (long i = 0; i < k; i++) (origin[i], origin[exchanges[i]]) = (origin[exchanges[i]], origin[i]);
        for (long i = 0; i < m; i++)
        {
            T* row = factors.Cell0 + i * n;
            p.Cell0[i * m + origin[i]] = T.One;
            for (long j = 0; j < k; j++) l.Cell0[i * k + j] = j < i ? row[j] : j == i ? T.One : T.Zero;
            if (i < k)
                for (long j = 0; j < n; j++) u.Cell0[i * n + j] = j < i ? T.Zero : row[j];
        }
        return (p, l, u);
    }
}
