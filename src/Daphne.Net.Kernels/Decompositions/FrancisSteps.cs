using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>
/// The eigenvalues of a symmetric tridiagonal matrix by implicit QR steps with two shifts at once (Francis), as the general algorithm for non-symmetric matrices
/// does them: shifts, tests and signs are the same, so eigenvalues come out in the same order, and eigenvectors with the same signs, as from the original, which
/// uses that algorithm. Here only the band is computed; what happens to the vectors is kept in <see cref="Sweeps{T}"/>.
/// </summary>
sealed unsafe class FrancisSteps<T>(T* d, T* e, long n, Sweeps<T> sweeps, Action apply) where T : unmanaged, IFloatingPointIeee754<T>
{
    // As many as the general algorithm allows; two or three are usual.
    const int MostPerValue = 40;

    /// <summary>Leaves the eigenvalues on the diagonal. False if it does not converge.</summary>
    public bool Run()
    {
        T norm = T.Zero;
        for (long i = 0; i < n; i++) norm += T.Abs(d[i]) + (i + 1 < n ? T.Abs(e[i]) + T.Abs(e[i]) : T.Zero);
        T asZero = T.Max(norm * Lines<T>.Epsilon * Lines<T>.Epsilon, Lines<T>.Least);
        long last = n - 1, total = 0;
        int tries = 0;
        while (last >= 0)
        {
            long first = BlockBefore(last, asZero);
            if (first == last)
            {
                if (last > 0) e[last - 1] = T.Zero;
                last--;
                tries = 0;
            }
            else if (first == last - 1)
            {
                Split(last);
                last -= 2;
                tries = 0;
            }
            else if (++total > MostPerValue * n) return false;
            else Step(first, last, ++tries);
        }
        apply();
        return true;
    }

    // The first row of the block that ends with this one: above it the matrix is as good as diagonal.
    long BlockBefore(long row, T asZero)
    {
        for (; row > 0; row--)
        {
            T least = T.Max((T.Abs(d[row - 1]) + T.Abs(d[row])) * Lines<T>.Epsilon, asZero);
            if (T.Abs(e[row - 1]) <= least) break;
        }
        return row;
    }

    // Both eigenvalues of a block of two rows, the one on the side of the larger diagonal cell first.
    void Split(long last)
    {
        long at = last - 1;
        T beside = e[at], p = (d[at] - d[last]) / T.CreateTruncating(2), z = T.Hypot(p, beside);
        var (c, s) = Rotation(p >= T.Zero ? p + z : p - z, beside);
        T x = d[at], y = d[last], cross = (c * s + c * s) * beside;
        d[at] = c * c * x - cross + s * s * y;
        d[last] = s * s * x + cross + c * c * y;
        e[at] = T.Zero;
        if (at > 0) e[at - 1] = T.Zero;
        if (sweeps.IsFull(0)) apply();
        sweeps.Pair(at, last, c, -s, s, c);
    }

    // The rotation that turns (p, q) into (r, 0).
    internal static (T C, T S) Rotation(T p, T q)
    {
        if (q == T.Zero) return (p < T.Zero ? -T.One : T.One, T.Zero);
        if (p == T.Zero) return (T.Zero, q < T.Zero ? T.One : -T.One);
        if (T.Abs(p) > T.Abs(q))
        {
            T t = q / p, u = T.CopySign(T.Sqrt(T.One + t * t), p);
            return (T.One / u, -t / u);
        }
        else
        {
            T t = p / q, u = T.CopySign(T.Sqrt(T.One + t * t), q);
            return (t / u, -T.One / u);
        }
    }

    void Step(long first, long last, int tries)
    {
        T shift0 = d[last], shift1 = d[last - 1], shift2 = e[last - 1] * e[last - 1];
        if (tries % 10 == 0)
        {
            // Out of the ordinary, where the ordinary shifts run in circles.
            T off = T.Abs(e[last - 1]) + T.Abs(e[last - 2]);
            shift1 = shift0 += T.CreateTruncating(0.75) * off;
            shift2 = T.CreateTruncating(-0.4375) * off * off;
        }
        if (sweeps.IsFull(last - first)) apply();
        long row = last - 2;
        T x, y, z;
        for (; ; row--)
        {
            T r = shift0 - d[row], s = shift1 - d[row];
            x = (r * s - shift2) / e[row] + e[row];
            y = d[row + 1] - d[row] - r - s;
            z = e[row + 1];
            if (row == first) break;
            T left = T.Abs(e[row - 1]) * (T.Abs(y) + T.Abs(z)), right = x * (T.Abs(d[row - 1]) + T.Abs(d[row]) + T.Abs(d[row + 1]));
            if (left < Lines<T>.Epsilon * right) break;
        }
        Chase(first, row, last, x, y, z);
    }

    // Down the band a bulge of two cells, which the vector (x, y, z) makes, is pushed before it out of the matrix.
    void Chase(long first, long from, long last, T x, T y, T z)
    {
        sweeps.Begin(from);
        // Cells below the diagonal of the three rows at hand.
        T below = e[from], far = T.Zero, next = e[from + 1];
        T* v = stackalloc T[3];
        for (long k = from; k <= last - 2; k++)
        {
            (v[0], v[1], v[2]) = (x, y, z);
            T tau = Reflector<T>.Make(v, 3), v1 = v[1], v2 = v[2];
            if (k > from) e[k - 1] = v[0];
            else if (from > first && v[0] != T.Zero) e[k - 1] = -e[k - 1];
            sweeps.Reflect(v1, v2, tau);

            // The block of three rows becomes B - v t(w) - w t(v), w = p - tau / 2 (t(p) v) v, p = tau B v.
            T p0 = tau * (d[k] + below * v1 + far * v2), p1 = tau * (below + d[k + 1] * v1 + next * v2), p2 = tau * (far + next * v1 + d[k + 2] * v2);
            T half = tau / T.CreateTruncating(2) * (p0 + p1 * v1 + p2 * v2);
            T w0 = p0 - half, w1 = p1 - half * v1, w2 = p2 - half * v2;
            d[k] -= w0 + w0;
            d[k + 1] -= v1 * w1 + v1 * w1;
            d[k + 2] -= v2 * w2 + v2 * w2;
            x = below - w1 - v1 * w0;
            y = far - w2 - v2 * w0;
            below = next - v1 * w2 - v2 * w1;
            if (k == last - 2) break;
            T beyond = e[k + 2], part = tau * beyond * v2;
            z = -part;
            (far, next) = (-part * v1, beyond - part * v2);
        }
        End(last, x, y, below);
    }

    void End(long last, T x, T y, T below)
    {
        T* v = stackalloc T[2];
        (v[0], v[1]) = (x, y);
        T tau = Reflector<T>.Make(v, 2), v1 = v[1];
        e[last - 2] = v[0];
        T p0 = tau * (d[last - 1] + below * v1), p1 = tau * (below + d[last] * v1), half = tau / T.CreateTruncating(2) * (p0 + p1 * v1);
        T w0 = p0 - half, w1 = p1 - half * v1;
        d[last - 1] -= w0 + w0;
        d[last] -= v1 * w1 + v1 * w1;
        e[last - 1] = below - w1 - v1 * w0;
        sweeps.End(T.One - tau, -tau * v1, -tau * v1, T.One - tau * v1 * v1);
    }
}
