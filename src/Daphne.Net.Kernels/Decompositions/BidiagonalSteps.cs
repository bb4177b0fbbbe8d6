using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>
/// The singular values of an upper bidiagonal matrix by implicit QR steps (Golub and Kahan). What happens to the vectors of either side is kept in
/// <see cref="Sweeps{T}"/>.
/// </summary>
sealed unsafe class BidiagonalSteps<T>(T* d, T* e, long n, Sweeps<T> left, Sweeps<T> right, Action apply) where T : unmanaged, IFloatingPointIeee754<T>
{
    // Two or three are usual.
    const int MostPerValue = 40;

    // Half a rounding of the largest cell: what is not larger is as good as zero. Without it the noise that is left of a matrix of low rank would be
    // iterated as if it meant something, and there is always smaller noise in it.
    T floor;

    /// <summary>Leaves the singular values, of either sign, on the diagonal. False if it does not converge.</summary>
    public bool Run()
    {
        floor = T.Max(Lines<T>.Least, Lines<T>.Epsilon * T.Max(Lines<T>.Largest(d, n), Lines<T>.Largest(e, n - 1)) / T.CreateTruncating(2));
        long steps = 0, last = n - 1;
        while (last >= 0)
        {
            if (left.IsFull(n) || right.IsFull(n)) apply();
            long first = BlockBefore(last);
            if (first == last) last--;
            else if (ZeroBetween(first, last) is var zero && zero >= 0) Split(zero, first, last);
            else if (++steps > MostPerValue * n) return false;
            else Step(first, last);
        }
        apply();
        return true;
    }

    long BlockBefore(long row)
    {
        for (; row > 0; row--)
            if (T.Abs(e[row - 1]) <= T.Max(floor, Lines<T>.Epsilon * (T.Abs(d[row - 1]) + T.Abs(d[row]))))
            {
                e[row - 1] = T.Zero;
                break;
            }
        return row;
    }

    // A diagonal cell that is as good as zero; -1 if there is none.
    long ZeroBetween(long first, long last)
    {
        for (long i = last; i >= first; i--)
        {
            T near = (i < last ? T.Abs(e[i]) : T.Zero) + (i > first ? T.Abs(e[i - 1]) : T.Zero);
            if (T.Abs(d[i]) > T.Max(floor, Lines<T>.Epsilon * near)) continue;
            d[i] = T.Zero;
            return i;
        }
        return -1;
    }

    // With a zero on the diagonal its row (at the end: its column) can be emptied, and the block falls apart.
    void Split(long zero, long first, long last)
    {
        if (zero < last)
        {
            T f = e[zero];
            e[zero] = T.Zero;
            for (long j = zero + 1; j <= last; j++)
            {
                var (c, s) = Onto(ref d[j], f);
                f = j < last ? -s * e[j] : T.Zero;
                if (j < last) e[j] *= c;
                Pair(left, j, zero, c, s);
            }
        }
        else
        {
            T f = e[last - 1];
            e[last - 1] = T.Zero;
            for (long j = last - 1; j >= first; j--)
            {
                var (c, s) = Onto(ref d[j], f);
                f = j > first ? -s * e[j - 1] : T.Zero;
                if (j > first) e[j - 1] *= c;
                Pair(right, j, last, c, s);
            }
        }
    }

    void Pair(Sweeps<T> sweeps, long row, long other, T c, T s)
    {
        if (sweeps.IsFull(0)) apply();
        sweeps.Pair(row, other, c, s, -s, c);
    }

    // The rotation that leaves all of (x, f) in x.
    static (T C, T S) Onto(ref T x, T f)
    {
        T length = T.Hypot(x, f);
        if (length == T.Zero) return (T.One, T.Zero);
        (T c, T s) = (x / length, f / length);
        x = length;
        return (c, s);
    }

    void Step(long first, long last)
    {
        T end = d[last], before = d[last - 1], off = e[last - 1];
        T b = ((before + end) * (before - end) + off * off) / T.CreateTruncating(2), c = end * off * (end * off), shift = T.Zero;
        if (b != T.Zero || c != T.Zero) shift = c / (b + T.CopySign(T.Sqrt(b * b + c), b));
        T x = (d[first] + end) * (d[first] - end) + shift, y = d[first] * e[first];
        left.Begin(first);
        right.Begin(first);
        T* v = stackalloc T[2];
        for (long j = first; j < last; j++)
        {
            // Two columns, then two rows; reflectors in place of rotations, so the signs of what follows differ from the books.
            (v[0], v[1]) = (x, y);
            T tau = Reflector<T>.Make(v, 2), h = T.One - tau, g = -tau * v[1], k = T.One + g * v[1];
            if (j > first) e[j - 1] = v[0];
            x = h * d[j] + g * e[j];
            e[j] = g * d[j] + k * e[j];
            y = g * d[j + 1];
            d[j + 1] *= k;
            Record(right, j == last - 1, v[1], tau, h, g, k);

            (v[0], v[1]) = (x, y);
            tau = Reflector<T>.Make(v, 2);
            (h, g) = (T.One - tau, -tau * v[1]);
            k = T.One + g * v[1];
            d[j] = v[0];
            x = h * e[j] + g * d[j + 1];
            d[j + 1] = g * e[j] + k * d[j + 1];
            if (j < last - 1)
            {
                y = g * e[j + 1];
                e[j + 1] *= k;
            }
            Record(left, j == last - 1, v[1], tau, h, g, k);
        }
        e[last - 1] = x;
    }

    static void Record(Sweeps<T> sweeps, bool end, T v1, T tau, T h, T g, T k)
    {
        if (end) sweeps.End(h, g, g, k);
        else sweeps.Reflect(v1, T.Zero, tau);
    }
}
