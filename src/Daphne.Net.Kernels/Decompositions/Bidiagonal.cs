using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>
/// A matrix of at least as many rows as columns as Q B t(P) with B upper bidiagonal, by reflectors from the left and from the right in turn. As in
/// <see cref="Tridiagonal{T}"/> a block of columns changes the rest in one product, beside which two products with a vector per column remain.
/// </summary>
static unsafe class Bidiagonal<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    const long SmallestJob = 1 << 17;

    /// <summary>
    /// Reduces the m x n matrix, which is overwritten. Row i of <paramref name="left"/> (n x m) becomes the reflector of column i, row i of
    /// <paramref name="right"/> (n x n) that of row i, which begins with its 1 in column i + 1.
    /// </summary>
    public static void Reduce(T* a, long m, long n, T* diagonal, T* beside, T* left, T* leftTau, T* right, T* rightTau, TaskRunner? run)
    {
        const int size = ReflectorBlock<T>.Size;
        // What a block takes away from the rest is t(rows) @ cols: rows v and x of length m, rows y and u of length n.
        using var memory = new Scratch<T>(2 * size * (m + n) + m + n);
        T* rows = memory.Cell0, cols = rows + 2 * size * m, column = cols + 2 * size * n, row = column + m;
        for (long first = 0; first < n; first += size)
        {
            long end = Math.Min(n, first + size), block = end - first;
            new Span<T>(rows, checked((int)(2 * size * m))).Clear();
            new Span<T>(cols, checked((int)(2 * size * n))).Clear();
            for (long j = first; j < end; j++)
            {
                long done = j - first, height = m - j, width = n - j - 1;
                T* v = rows + done * m, x = rows + (block + done) * m, y = cols + done * n, u = cols + (block + done) * n;

                for (long i = j; i < m; i++) column[i] = a[i * n + j];
                for (long i = 0; i < 2 * block; i++)
                    if (i < done || (i >= block && i < block + done)) Lines<T>.AddScaled(-cols[i * n + j], rows + i * m + j, column + j, height);
                leftTau[j] = Reflector<T>.Make(column + j, height);
                diagonal[j] = column[j];
                Cells.Copy(column + j, v + j, height);
                v[j] = T.One;
                new Span<T>(left + j * m, checked((int)m)).Clear();
                Cells.Copy(v + j, left + j * m + j, height);
                new Span<T>(right + j * n, checked((int)n)).Clear();
                rightTau[j] = T.Zero;
                if (width == 0) continue;

                // y = tau t(A) v with A as it is by now.
                Times(new Operand<T>(a + j * n + j + 1, 1, n), v + j, y + j + 1, width, height, run);
                for (long i = 0; i < 2 * block; i++)
                    if (i < done || (i >= block && i < block + done)) Lines<T>.AddScaled(-Lines<T>.Dot(rows + i * m + j, v + j, height), cols + i * n + j + 1, y + j + 1, width);
                Lines<T>.Scale(leftTau[j], y + j + 1, width);

                Cells.Copy(a + j * n + j + 1, row + j + 1, width);
                for (long i = 0; i < 2 * block; i++)
                    if (i <= done || (i >= block && i < block + done)) Lines<T>.AddScaled(-rows[i * m + j], cols + i * n + j + 1, row + j + 1, width);
                rightTau[j] = Reflector<T>.Make(row + j + 1, width);
                beside[j] = row[j + 1];
                Cells.Copy(row + j + 1, u + j + 1, width);
                u[j + 1] = T.One;
                Cells.Copy(u + j + 1, right + j * n + j + 1, width);
                if (height == 1) continue;

                // x = tau A u.
                Times(new Operand<T>(a + (j + 1) * n + j + 1, n, 1), u + j + 1, x + j + 1, height - 1, width, run);
                for (long i = 0; i < 2 * block; i++)
                    if (i <= done || (i >= block && i < block + done)) Lines<T>.AddScaled(-Lines<T>.Dot(cols + i * n + j + 1, u + j + 1, width), rows + i * m + j + 1, x + j + 1, height - 1);
                Lines<T>.Scale(rightTau[j], x + j + 1, height - 1);
            }
            if (end < n) LowerTriangle<T>.SubtractProduct(new Operand<T>(rows + end, 1, m), new Operand<T>(cols + end, n, 1), a + end * n + end, n, m - end, n - end, 2 * block, run);
        }
    }

    static void Times(Operand<T> a, T* x, T* to, long m, long k, TaskRunner? run)
    {
        if (run is null || m * k < SmallestJob)
        {
            MatMul.Product(a, new Operand<T>(x, 1, 1), to, 1, m, 1, k);
            return;
        }
        const long each = 128;
        run((int)((m + each - 1) / each), task => MatMul.Product(a.From(task * each, 0), new Operand<T>(x, 1, 1), to + task * each, 1, Math.Min(each, m - task * each), 1, k));
    }
}
