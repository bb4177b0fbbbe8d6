using System.Numerics;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>Products of integer matrices; overflow wraps, so the order of the terms does not matter.</summary>
static unsafe class IntegerProduct
{
    // Columns of the result, and of the right operand, that are worked on together: 512 x 64 cells of 8 bytes are 256 KiB.
    const long BlockCols = 512, BlockDepth = 64;

    /// <summary>c = a @ b for an m x k and a k x n operand; the right operand must lie row by row.</summary>
    public static void Run<T>(Operand<T> a, Operand<T> b, T* c, long cStride, long m, long n, long k) where T : unmanaged, INumberBase<T>
    {
        for (long i = 0; i < m; i++) System.Runtime.InteropServices.NativeMemory.Clear(c + i * cStride, (nuint)(n * sizeof(T)));
        for (long j0 = 0; j0 < n; j0 += BlockCols)
            for (long k0 = 0; k0 < k; k0 += BlockDepth)
                for (long i = 0; i < m; i++)
                    for (long p = k0; p < Math.Min(k, k0 + BlockDepth); p++)
                        AddMultiple(a[i, p], b.Cell0 + p * b.RowStride + j0, c + i * cStride + j0, Math.Min(BlockCols, n - j0));
    }

    static void AddMultiple<T>(T factor, T* from, T* to, long count) where T : unmanaged, INumberBase<T>
    {
        long i = 0;
        var factors = Vector256.Create(factor);
        for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count) (Vector256.Load(to + i) + factors * Vector256.Load(from + i)).Store(to + i);
        for (; i < count; i++) to[i] = unchecked(to[i] + factor * from[i]);
    }
}
