using System.Numerics;
using System.Runtime.Intrinsics;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// P A = L U in place, with partial pivoting: blocks of columns are factored one by one, and the rest of the matrix follows in one product per block,
/// where nearly all of the work is.
/// </summary>
static unsafe class LuFactors<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    // Columns of a block. A product as deep as this runs at nearly full speed, and what is done outside of products is 64 / n of the work.
    const long Block = 64;

    /// <summary>Factors the n x n matrix and applies every exchange of rows to the n x m right side too.</summary>
    /// <exception cref="RaisedException">A pivot is zero.</exception>
    public static void Factor(T* a, long n, T* right, long m)
    {
        using var negative = new Scratch<T>(n * Math.Min(n, Block));
        for (long k = 0; k < n; k += Block)
        {
            long end = Math.Min(n, k + Block);
            for (long j = k; j < end; j++)
            {
                long pivot = PivotRow(a, n, j);
                if (pivot != j)
                {
                    Exchange(a + j * n, a + pivot * n, n);
                    Exchange(right + j * m, right + pivot * m, m);
                }
                for (long i = j + 1; i < n; i++)
                {
                    T factor = a[i * n + j] /= a[j * n + j];
                    Subtract(factor, a + j * n + j + 1, a + i * n + j + 1, end - j - 1);
                }
            }
            ForwardRows(a, n, k, end, a + end, n, n - end);
            SubtractProduct(a + end * n + k, n, a + k * n + end, n, a + end * n + end, n, n - end, n - end, end - k, negative.Cell0);
        }
    }

    /// <summary>Solves L U x = right in place.</summary>
    public static void Solve(T* a, long n, T* right, long m)
    {
        using var negative = new Scratch<T>(n * Math.Min(n, Block));
        for (long k = 0; k < n; k += Block)
        {
            long end = Math.Min(n, k + Block);
            ForwardRows(a, n, k, end, right, m, m);
            SubtractProduct(a + end * n + k, n, right + k * m, m, right + end * m, m, n - end, m, end - k, negative.Cell0);
        }
        for (long end = n; end > 0; end = (end - 1) / Block * Block)
        {
            long k = (end - 1) / Block * Block;
            for (long i = end - 1; i >= k; i--)
            {
                for (long p = i + 1; p < end; p++) Subtract(a[i * n + p], right + p * m, right + i * m, m);
                for (long j = 0; j < m; j++) right[i * m + j] /= a[i * n + i];
            }
            SubtractProduct(a + k, n, right + k * m, m, right, m, k, m, end - k, negative.Cell0);
        }
    }

    static long PivotRow(T* a, long n, long column)
    {
        long best = column;
        for (long i = column + 1; i < n; i++)
            if (T.Abs(a[i * n + column]) > T.Abs(a[best * n + column])) best = i;
        return a[best * n + column] != T.Zero ? best : throw Diag.SingularMatrix.Raise(column, Shapes.Text(n, n));
    }

    // Rows k … end - 1 of x, of which all before k are done: x[i] -= L[i, p] * x[p] for k <= p < i.
    static void ForwardRows(T* a, long n, long k, long end, T* x, long xStride, long cols)
    {
        for (long i = k + 1; i < end; i++)
            for (long p = k; p < i; p++) Subtract(a[i * n + p], x + p * xStride, x + i * xStride, cols);
    }

    // to -= left @ right. Products only add, so the left operand, the smaller one, is copied with its signs turned.
    static void SubtractProduct(T* left, long leftStride, T* right, long rightStride, T* to, long toStride, long m, long n, long k, T* negative)
    {
        for (long i = 0; i < m; i++)
            for (long j = 0; j < k; j++) negative[i * k + j] = -left[i * leftStride + j];
        MatMul.Product(new Operand<T>(negative, k, 1), new Operand<T>(right, rightStride, 1), to, toStride, m, n, k, add: true);
    }

    static void Subtract(T factor, T* from, T* to, long count)
    {
        long i = 0;
        var factors = Vector256.Create(-factor);
        for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count)
            Lanes256<T>.MultiplyAdd(factors, Vector256.Load(from + i), Vector256.Load(to + i)).Store(to + i);
        for (; i < count; i++) to[i] = T.FusedMultiplyAdd(-factor, from[i], to[i]);
    }

    static void Exchange(T* x, T* y, long count)
    {
        for (long i = 0; i < count; i++) (x[i], y[i]) = (y[i], x[i]);
    }
}
