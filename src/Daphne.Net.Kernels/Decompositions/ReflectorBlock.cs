using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>
/// The product of several reflectors as I - V T t(V), so that applying it is two matrix products. V is held by rows, one per reflector: zeros, then 1 at its
/// own number, then the rest.
/// </summary>
static unsafe class ReflectorBlock<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Reflectors of a block: products as deep as this are nearly as fast as deeper ones, and what is done outside of products stays small.</summary>
    public const int Size = 32;

    // Multiply-adds below which handing out tasks does not pay.
    const long SmallestJob = 1 << 22;

    /// <summary>Fills the upper triangular k x k matrix T.</summary>
    public static void Triangle(T* v, long vStride, long k, long m, T* tau, T* t)
    {
        using var gram = new Scratch<T>(k * k);
        MatMul.Product(new Operand<T>(v, vStride, 1), new Operand<T>(v, 1, vStride), gram.Cell0, k, k, k, m);
        for (long i = 0; i < k; i++)
        {
            for (long j = 0; j < k; j++) t[j * k + i] = T.Zero;
            t[i * k + i] = tau[i];
            for (long j = 0; j < i; j++)
            {
                T sum = T.Zero;
                for (long p = j; p < i; p++) sum += t[j * k + p] * gram.Cell0[p * k + i];
                t[j * k + i] = -tau[i] * sum;
            }
        }
    }

    /// <summary>c = c (I - V T t(V)), or with t(T), for an n x m matrix.</summary>
    public static void ApplyRight(T* c, long cStride, long n, long m, T* v, long vStride, long k, T* t, bool turned, TaskRunner? run)
    {
        if (n == 0 || m == 0 || k == 0) return;
        if (n * m * k < SmallestJob) run = null;
        using var memory = new Scratch<T>(2 * n * k + k * k);
        T* along = memory.Cell0, factors = along + n * k, negative = factors + n * k;
        for (long i = 0; i < k * k; i++) negative[i] = -t[i];
        MatMul.Product(new Operand<T>(c, cStride, 1), new Operand<T>(v, 1, vStride), along, k, n, k, m, run: run);
        var triangle = new Operand<T>(negative, k, 1);
        MatMul.Product(new Operand<T>(along, k, 1), turned ? triangle.Turned : triangle, factors, k, n, k, k);
        MatMul.Product(new Operand<T>(factors, k, 1), new Operand<T>(v, vStride, 1), c, cStride, n, m, k, add: true, run: run);
    }

    /// <summary>
    /// Writes t(Q) for Q = H0 H1 … as a k x m matrix: its first k rows. Reflector i, row i of V, begins with its 1 in column i + <paramref name="shift"/>.
    /// </summary>
    public static void TurnedProduct(T* v, T* tau, long count, long m, long shift, T* q, long qStride, long k, TaskRunner? run)
    {
        for (long i = 0; i < k; i++)
        {
            new Span<T>(q + i * qStride, checked((int)qStride)).Clear();
            q[i * qStride + i] = T.One;
        }
        using var triangle = new Scratch<T>(Size * Size);
        for (long first = (count - 1) / Size * Size; first >= 0 && count > 0; first -= Size)
        {
            long size = Math.Min(Size, count - first), from = first + shift;
            T* block = v + first * m + from;
            Triangle(block, m, size, m - from, tau + first, triangle.Cell0);
            ApplyRight(q + from * qStride + from, qStride, k - from, m - from, block, m, size, triangle.Cell0, turned: true, run);
        }
    }
}
