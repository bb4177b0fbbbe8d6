using System.Numerics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>Rows as shares of 1: exp(x) by the sum of the row's exp(x), after the largest cell was taken from each, which changes no share and keeps exp finite.</summary>
public static unsafe class SoftmaxRows
{
    // Cells that stay in the first-level cache.
    const long AtOnce = 1 << 11;

    /// <summary>The shares, row by row.</summary>
    public static DenseMatrix<T> Apply<T>(DenseMatrix<T> x, TaskRunner? run = null) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var result = DenseMatrix<T>.Allocate(x.Rows, x.Cols);
        ImageTasks.Run(x.Rows, 8 * x.Cols, run, (first, end) =>
        {
            for (long i = first; i < end && x.Cols > 0; i++) Row(x.Cell0 + i * x.Cols, result.Cell0 + i * x.Cols, x.Cols);
        });
        GC.KeepAlive(x);
        return result;
    }

    static void Row<T>(T* x, T* to, long count) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T largest = x[0];
        for (long i = 1; i < count; i++)
            if (x[i] > largest) largest = x[i];
        for (long i = 0; i < count; i += AtOnce)
        {
            var part = new Span<T>(to + i, (int)Math.Min(AtOnce, count - i));
            for (int j = 0; j < part.Length; j++) part[j] = x[i + j] - largest;
            EwUnary.Apply<T, Exponential<T>>(part, part);
        }
        Lines<T>.Scale(T.One / Lines<T>.Sum(to, count), to, count);
    }
}
