using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>Forward substitution, halved again and again so that nearly all of it is matrix products.</summary>
static unsafe class LowerTriangle<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    // Rows done one by one, in ranges of columns that fit the first-level cache.
    const long Few = 16, Cols = 256;

    /// <summary>x = L^-1 x for a k x k lower triangle, whose diagonal counts as ones if <paramref name="unit"/>, and k rows of x.</summary>
    public static void Solve(Operand<T> l, long k, bool unit, T* x, long xStride, long cols, TaskRunner? run)
    {
        if (k <= Few)
        {
            for (long c = 0; c < cols; c += Cols) Rows(l, k, unit, x + c, xStride, Math.Min(Cols, cols - c));
            return;
        }
        long half = k / 2 / 8 * 8;
        Solve(l, half, unit, x, xStride, cols, run);
        SubtractProduct(l.From(half, 0), new Operand<T>(x, xStride, 1), x + half * xStride, xStride, k - half, cols, half, run);
        Solve(l.From(half, half), k - half, unit, x + half * xStride, xStride, cols, run);
    }

    static void Rows(Operand<T> l, long k, bool unit, T* x, long xStride, long cols)
    {
        for (long i = 0; i < k; i++)
        {
            for (long p = 0; p < i; p++) Lines<T>.AddScaled(-l[i, p], x + p * xStride, x + i * xStride, cols);
            if (!unit) Lines<T>.Scale(T.One / l[i, i], x + i * xStride, cols);
        }
    }

    /// <summary>to -= left @ right. Products only add, so the left operand is copied with its signs turned.</summary>
    public static void SubtractProduct(Operand<T> left, Operand<T> right, T* to, long toStride, long m, long n, long k, TaskRunner? run)
    {
        if (m == 0 || n == 0 || k == 0) return;
        using var negative = new Scratch<T>(m * k);
        bool byRows = left.ColStride == 1;
        long lines = byRows ? m : k, length = byRows ? k : m, stride = byRows ? left.RowStride : left.ColStride;
        for (long i = 0; i < lines; i++)
        {
            Cells.Copy(left.Cell0 + i * stride, negative.Cell0 + i * length, length);
            Lines<T>.Scale(-T.One, negative.Cell0 + i * length, length);
        }
        var turnedSigns = new Operand<T>(negative.Cell0, byRows ? k : 1, byRows ? 1 : m);
        MatMul.Product(turnedSigns, right, to, toStride, m, n, k, add: true, run: m * n * k < SmallestJob ? null : run);
    }

    // Multiply-adds below which handing out tasks does not pay.
    const long SmallestJob = 1 << 22;
}
