using System.Numerics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>
/// A = Q R by Householder reflectors: Q has orthonormal columns, R is upper triangular; for an m x n matrix they are m x k and k x n with k = min(m, n). A cell
/// of R's diagonal has the sign that the column below it had not (as LAPACK has it), so most are negative; it is near 0 where a column depends on those before.
/// </summary>
public static unsafe class Qr
{
    /// <summary>Q and R. With <paramref name="run"/> in tasks, which changes no bit.</summary>
    public static (DenseMatrix<T> Q, DenseMatrix<T> R) Apply<T>(DenseMatrix<T> a, TaskRunner? run = null) where T : unmanaged, IFloatingPointIeee754<T>
    {
        long m = a.Rows, n = a.Cols, k = Math.Min(m, n);
        using var memory = new Scratch<T>(a.Cells + k);
        T* columns = memory.Cell0, tau = columns + a.Cells;
        T scale = Lines<T>.ToUnit(Lines<T>.Largest(a.Cell0, a.Cells));
        Transpose.Block(a.Cell0, n, columns, m, m, n);
        Lines<T>.Scale(scale, columns, a.Cells);
        GC.KeepAlive(a);
        Factor(columns, m, n, tau, run);

        DenseMatrix<T> r = DenseMatrix<T>.Allocate(k, n), q = DenseMatrix<T>.Allocate(m, k);
        for (long i = 0; i < k; i++)
            for (long j = 0; j < n; j++) r.Cell0[i * n + j] = j < i ? T.Zero : columns[j * m + i] / scale;
        TurnedQ(columns, m, k, tau, q.Cell0, run);
        return (q, r);
    }

    /// <summary>
    /// Factors in place the matrix whose columns lie one after the other: on and above the diagonal R, below it the reflectors.
    /// </summary>
    internal static void Factor<T>(T* columns, long m, long n, T* tau, TaskRunner? run) where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int size = ReflectorBlock<T>.Size;
        long k = Math.Min(m, n);
        using var memory = new Scratch<T>(size * m + size * size);
        T* v = memory.Cell0, triangle = v + size * m;
        for (long first = 0; first < k; first += size)
        {
            long end = Math.Min(k, first + size);
            for (long c = first; c < end; c++)
            {
                T* x = columns + c * m + c;
                tau[c] = Reflector<T>.Make(x, m - c);
                T beta = x[0];
                x[0] = T.One;
                for (long j = c + 1; j < end; j++)
                {
                    T* y = columns + j * m + c;
                    Lines<T>.AddScaled(-tau[c] * Lines<T>.Dot(x, y, m - c), x, y, m - c);
                }
                x[0] = beta;
            }
            if (end == n) break;
            CopyReflectors(columns + first * m + first, m, end - first, m - first, v, m - first);
            ReflectorBlock<T>.Triangle(v, m - first, end - first, m - first, tau + first, triangle);
            ReflectorBlock<T>.ApplyRight(columns + end * m + first, m, n - end, m - first, v, m - first, end - first, triangle, turned: false, run);
        }
    }

    /// <summary>Writes the m x k matrix Q of what <see cref="Factor"/> left.</summary>
    internal static void TurnedQ<T>(T* columns, long m, long k, T* tau, T* q, TaskRunner? run) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var memory = new Scratch<T>(2 * k * m);
        T* v = memory.Cell0, turned = v + k * m;
        CopyReflectors(columns, m, k, m, v, m);
        ReflectorBlock<T>.TurnedProduct(v, tau, k, m, 0, turned, m, k, run);
        Transpose.Block(turned, m, q, k, k, m);
    }

    static void CopyReflectors<T>(T* from, long fromStride, long count, long m, T* to, long toStride) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (long i = 0; i < count; i++)
        {
            for (long j = 0; j < i; j++) to[i * toStride + j] = T.Zero;
            to[i * toStride + i] = T.One;
            Cells.Copy(from + i * fromStride + i + 1, to + i * toStride + i + 1, m - i - 1);
        }
    }
}
