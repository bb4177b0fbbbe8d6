using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>
/// A symmetric matrix as Q T t(Q) with T tridiagonal, by reflectors from the first column on. Columns are done in blocks: what a block does to the rest of the
/// matrix is one product, and only the product of the rest with one vector per column remains beside it.
/// </summary>
static unsafe class Tridiagonal<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    // Cells below which handing out tasks for a product with a vector does not pay, and columns of such a task.
    const long SmallestJob = 1 << 17, ColsPerTask = 128;

    /// <summary>Reduces the n x n matrix, which is overwritten. Row i of v (n x n) becomes reflector i, which begins with its 1 in column i + 1.</summary>
    public static void Reduce(T* a, long n, T* diagonal, T* beside, T* v, T* tau, TaskRunner? run)
    {
        const int size = ReflectorBlock<T>.Size;
        using var memory = new Scratch<T>(4 * size * n + n);
        // What a block takes away from the rest is t(left) @ right: rows -v and -w, and rows w and v.
        T* left = memory.Cell0, right = left + 2 * size * n, column = right + 2 * size * n;
        for (long first = 0; first < n; first += size)
        {
            long end = Math.Min(n, first + size), block = end - first;
            for (long j = first; j < end; j++)
            {
                long done = j - first, length = n - j - 1;
                Cells.Copy(a + j * n + j, column + j, n - j);
                for (long i = 0; i < done; i++)
                {
                    Lines<T>.AddScaled(left[i * n + j], right + i * n + j, column + j, n - j);
                    Lines<T>.AddScaled(left[(block + i) * n + j], right + (block + i) * n + j, column + j, n - j);
                }
                diagonal[j] = column[j];
                T* reflector = v + j * n, w = right + done * n;
                for (long i = 0; i < n; i++) reflector[i] = w[i] = T.Zero;
                tau[j] = T.Zero;
                if (length > 0)
                {
                    tau[j] = Reflector<T>.Make(column + j + 1, length);
                    beside[j] = column[j + 1];
                    Cells.Copy(column + j + 1, reflector + j + 1, length);
                    reflector[j + 1] = T.One;
                    if (tau[j] != T.Zero) Along(a, n, j, left, right, block, done, reflector, tau[j], w, run);
                }
                Negated(reflector, left + done * n, n);
                Negated(w, left + (block + done) * n, n);
                Cells.Copy(reflector, right + (block + done) * n, n);
            }
            long rest = n - end;
            if (rest > 0)
                MatMul.Product(new Operand<T>(left + end, 1, n), new Operand<T>(right + end, n, 1), a + end * n + end, n, rest, rest, 2 * block, add: true, run: rest * rest < SmallestJob ? null : run);
        }
    }

    // w, so that the reflector takes v t(w) + w t(v) away: with p = tau A v it is p - tau / 2 (t(p) v) v.
    static void Along(T* a, long n, long j, T* left, T* right, long block, long done, T* v, T tau, T* w, TaskRunner? run)
    {
        long from = j + 1, length = n - from;
        TurnedTimes(a + from * n + from, n, v + from, w + from, length, run);
        for (long i = 0; i < 2 * block; i++)
        {
            long at = i < block ? i : i - block;
            if (at < done) Lines<T>.AddScaled(Lines<T>.Dot(right + i * n + from, v + from, length), left + i * n + from, w + from, length);
        }
        Lines<T>.Scale(tau, w + from, length);
        Lines<T>.AddScaled(tau * Lines<T>.Dot(w + from, v + from, length) / T.CreateTruncating(-2), v + from, w + from, length);
    }

    // The matrix is symmetric: turned, sums run down columns that lie side by side.
    static void TurnedTimes(T* a, long stride, T* x, T* to, long n, TaskRunner? run)
    {
        var operand = new Operand<T>(a, 1, stride);
        if (run is null || n * n < SmallestJob) MatMul.Product(operand, new Operand<T>(x, 1, 1), to, 1, n, 1, n);
        else run((int)((n + ColsPerTask - 1) / ColsPerTask), task =>
        {
            long first = task * ColsPerTask;
            MatMul.Product(operand.From(first, 0), new Operand<T>(x, 1, 1), to + first, 1, Math.Min(ColsPerTask, n - first), 1, n);
        });
    }

    static void Negated(T* from, T* to, long n)
    {
        for (long i = 0; i < n; i++) to[i] = -from[i];
    }
}
