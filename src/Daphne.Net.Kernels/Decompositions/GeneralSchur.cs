using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>
/// The eigenvalues and vectors of a small symmetric matrix by the algorithm for matrices of any kind: reduction to Hessenberg form, then QR steps with two shifts
/// (Francis). Every operation is done, and every sum added, in the order in which the original's library does it on a baseline x86-64: without fused
/// steps, dot products in the lanes of 16 bytes. Eigenvalues that are equally near to being found come out in an order, and with signs of vectors,
/// that rounding decides, so nothing less gives what the original prints. See <see cref="FrancisSteps{T}"/> for large matrices.
/// </summary>
sealed unsafe class GeneralSchur<T>(T* t, T* u, int n) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows up to which this is used: beyond them the original's library works in blocks.</summary>
    public const int MostRows = 48;

    const int MostPerValue = 40;

    static readonly int lanes = 16 / sizeof(T);

    readonly T[] rest = new T[n];

    /// <summary>Leaves the eigenvalues on the diagonal of t and the vectors in the columns of u. False if it does not converge.</summary>
    public bool Run()
    {
        Reduce();
        T norm = T.Zero;
        for (int j = 0; j < n; j++)
        {
            T sum = T.Zero;
            for (int i = 0; i < Math.Min(n, j + 2); i++) sum += T.Abs(t[i * n + j]);
            norm += sum;
        }
        T asZero = T.Max(norm * (Lines<T>.Epsilon * Lines<T>.Epsilon), Lines<T>.Least);
        int last = n - 1, steps = 0, tries = 0;
        while (last >= 0)
        {
            int first = BlockBefore(last, asZero);
            if (first < last - 1)
            {
                if (++steps > MostPerValue * n) return false;
                Step(first, last, ++tries);
                continue;
            }
            if (first < last) Split(last);
            if (first > 0) t[first * n + first - 1] = T.Zero;
            last = first - 1;
            tries = 0;
        }
        return true;
    }

    // Columns one after the other; the reflectors are kept where they make zeros and multiplied in the end.
    void Reduce()
    {
        var tau = new T[n];
        for (int i = 0; i < n - 1; i++)
        {
            int count = n - i - 2;
            for (int k = 0; k < count; k++) rest[k] = t[(i + 2 + k) * n + i];
            tau[i] = Reflector(t[(i + 1) * n + i], count, out t[(i + 1) * n + i]);
            for (int k = 0; k < count; k++) t[(i + 2 + k) * n + i] = rest[k];
            FromLeft(t, i + 1, count, i + 1, n, tau[i], inLanes: true);
            FromRight(t, 0, n, i + 1, count, tau[i]);
        }
        for (int i = 0; i < n * n; i++) u[i] = i % (n + 1) == 0 ? T.One : T.Zero;
        for (int i = n - 2; i >= 0; i--)
        {
            int count = n - i - 2;
            for (int k = 0; k < count; k++) (rest[k], t[(i + 2 + k) * n + i]) = (t[(i + 2 + k) * n + i], T.Zero);
            FromLeft(u, i + 1, count, i + 1, n, tau[i], inLanes: true);
        }
    }

    int BlockBefore(int row, T asZero)
    {
        for (; row > 0; row--)
        {
            T sum = T.Abs(t[(row - 1) * n + row - 1]) + T.Abs(t[row * n + row]);
            if (T.Abs(t[row * n + row - 1]) <= T.Max(sum * Lines<T>.Epsilon, asZero)) break;
        }
        return row;
    }

    // Both eigenvalues of a block of two rows. Those of a symmetric matrix are real but for rounding.
    void Split(int last)
    {
        int at = last - 1;
        T p = T.CreateTruncating(0.5) * (t[at * n + at] - t[last * n + last]), square = p * p + t[last * n + at] * t[at * n + last];
        if (square < T.Zero) return;
        T z = T.Sqrt(square);
        var (c, s) = FrancisSteps<T>.Rotation(p >= T.Zero ? p + z : p - z, t[last * n + at]);
        for (int j = at; j < n; j++)
        {
            T x = t[at * n + j], y = t[last * n + j];
            (t[at * n + j], t[last * n + j]) = (c * x - s * y, s * x + c * y);
        }
        Columns(t, last + 1);
        Columns(u, n);
        t[last * n + at] = T.Zero;

        void Columns(T* m, int rows)
        {
            for (int i = 0; i < rows; i++)
            {
                T x = m[i * n + at], y = m[i * n + last];
                (m[i * n + at], m[i * n + last]) = (c * x - s * y, s * x + c * y);
            }
        }
    }

    void Step(int first, int last, int tries)
    {
        T shift0 = t[last * n + last], shift1 = t[(last - 1) * n + last - 1], shift2 = t[last * n + last - 1] * t[(last - 1) * n + last];
        if (tries % 10 == 0)
        {
            // Out of the ordinary, where the ordinary shifts run in circles.
            T off = T.Abs(t[last * n + last - 1]) + T.Abs(t[(last - 1) * n + last - 2]);
            shift1 = shift0 += T.CreateTruncating(0.75) * off;
            shift2 = T.CreateTruncating(-0.4375) * off * off;
        }
        int from = last - 2;
        T x, y, z;
        for (; ; from--)
        {
            T cell = t[from * n + from], next = t[(from + 1) * n + from + 1], r = shift0 - cell, s = shift1 - cell;
            x = (r * s - shift2) / t[(from + 1) * n + from] + t[from * n + from + 1];
            y = next - cell - r - s;
            z = t[(from + 2) * n + from + 1];
            if (from == first) break;
            T left = t[from * n + from - 1] * (T.Abs(y) + T.Abs(z)), right = x * (T.Abs(t[(from - 1) * n + from - 1]) + T.Abs(cell) + T.Abs(next));
            if (T.Abs(left) < Lines<T>.Epsilon * right) break;
        }
        for (int k = from; k < last; k++)
        {
            int count = Math.Min(2, last - k);
            if (k > from) (x, y, z) = (t[k * n + k - 1], t[(k + 1) * n + k - 1], count == 2 ? t[(k + 2) * n + k - 1] : T.Zero);
            (rest[0], rest[1]) = (y, z);
            T tau = Reflector(x, count, out T beta);
            if (beta == T.Zero) continue;
            if (k > from) t[k * n + k - 1] = beta;
            else if (k > first) t[k * n + k - 1] = -t[k * n + k - 1];
            FromLeft(t, k, count, k, n, tau, inLanes: false);
            FromRight(t, 0, Math.Min(last, k + 3) + 1, k, count, tau);
            FromRight(u, 0, n, k, count, tau);
        }
        for (int i = from + 2; i <= last; i++)
        {
            t[i * n + i - 2] = T.Zero;
            if (i > from + 2) t[i * n + i - 3] = T.Zero;
        }
    }

    // The reflector of (head, rest[0], …), whose rest becomes v[1…].
    T Reflector(T head, int count, out T beta)
    {
        T tail = SquaredLength(count);
        beta = head;
        if (tail <= Lines<T>.Least)
        {
            for (int k = 0; k < count; k++) rest[k] = T.Zero;
            return T.Zero;
        }
        beta = T.Sqrt(head * head + tail);
        if (head >= T.Zero) beta = -beta;
        for (int k = 0; k < count; k++) rest[k] /= head - beta;
        return (beta - head) / beta;
    }

    // Rows from row on, in columns from to end.
    void FromLeft(T* m, int row, int count, int from, int end, T tau, bool inLanes)
    {
        if (tau == T.Zero) return;
        for (int j = from; j < end; j++)
        {
            T* column = m + row * n + j;
            T along = (inLanes ? InLanes(column + n, count) : InOrder(column + n, n, count)) + column[0];
            column[0] -= tau * along;
            for (int k = 0; k < count; k++) column[(k + 1) * n] -= tau * rest[k] * along;
        }
    }

    // Columns from column on, in rows from to end.
    void FromRight(T* m, int from, int end, int column, int count, T tau)
    {
        if (tau == T.Zero) return;
        for (int i = from; i < end; i++)
        {
            T* row = m + i * n + column;
            T along = tau * (InOrder(row + 1, 1, count) + row[0]);
            row[0] -= along;
            for (int k = 0; k < count; k++) row[k + 1] -= along * rest[k];
        }
    }

    T InOrder(T* x, int stride, int count)
    {
        T sum = T.Zero;
        for (int k = 0; k < count; k++) sum += x[k * stride] * rest[k];
        return sum;
    }

    T InLanes(T* column, int count)
    {
        T* sums = stackalloc T[lanes];
        for (int lane = 0; lane < lanes; lane++) sums[lane] = T.Zero;
        int whole = count - count % lanes;
        for (int k = 0; k < whole; k++) sums[k % lanes] += column[k * n] * rest[k];
        T sum = Folded(sums);
        for (int k = whole; k < count; k++) sum += column[k * n] * rest[k];
        return sum;
    }

    // Two vectors of lanes in turn where there are so many cells.
    T SquaredLength(int count)
    {
        T* sums = stackalloc T[2 * lanes];
        for (int lane = 0; lane < 2 * lanes; lane++) sums[lane] = T.Zero;
        int whole = count - count % lanes, pairs = count - count % (2 * lanes);
        for (int k = 0; k < pairs; k++) sums[k % (2 * lanes)] += rest[k] * rest[k];
        for (int lane = 0; lane < lanes; lane++) sums[lane] += sums[lanes + lane];
        for (int k = pairs; k < whole; k++) sums[k - pairs] += rest[k] * rest[k];
        T sum = Folded(sums);
        for (int k = whole; k < count; k++) sum += rest[k] * rest[k];
        return sum;
    }

    static T Folded(T* sums) => lanes == 2 ? sums[0] + sums[1] : sums[0] + sums[2] + (sums[1] + sums[3]);
}
