using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// A = U diag(s) t(V) with orthonormal columns in U and V and the singular values s, none negative, in descending order. For an m x n matrix and k = min(m, n)
/// they are m x k, k x 1 and n x k. The sign of a pair of vectors is what the algorithm gives it.
/// </summary>
public static unsafe class Svd
{
    /// <summary>U, s and V. With <paramref name="run"/> in tasks, which changes no bit.</summary>
    /// <exception cref="RaisedException">a holds nan or inf.</exception>
    public static (DenseMatrix<T> U, DenseMatrix<T> S, DenseMatrix<T> V) Apply<T>(DenseMatrix<T> a, TaskRunner? run = null) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T largest = Lines<T>.Largest(a.Cell0, a.Cells), scale = Lines<T>.ToUnit(largest);
        DecompositionOperand.RequireFinite("svd", a, largest);
        bool wide = a.Rows < a.Cols;
        long m = Math.Max(a.Rows, a.Cols), n = Math.Min(a.Rows, a.Cols);
        DenseMatrix<T> u = DenseMatrix<T>.Allocate(m, n), s = DenseMatrix<T>.Allocate(n, 1), v = DenseMatrix<T>.Allocate(n, n);
        using var work = new Scratch<T>(a.Cells);
        if (wide) Transpose.Block(a.Cell0, m, work.Cell0, n, n, m);
        else Cells.Copy(a.Cell0, work.Cell0, a.Cells);
        GC.KeepAlive(a);
        Lines<T>.Scale(scale, work.Cell0, a.Cells);
        bool converged = m > n + n / 2 ? AfterQr(work.Cell0, m, n, u.Cell0, s.Cell0, v.Cell0, run) : Direct(work.Cell0, m, n, u.Cell0, s.Cell0, v.Cell0, run);
        if (!converged)
        {
            u.Release();
            s.Release();
            v.Release();
            throw Diag.NoConvergence.Raise("svd", a.Shape());
        }
        for (long i = 0; i < n; i++) s.Cell0[i] /= scale;
        return wide ? (v, s, u) : (u, s, v);
    }

    // Many rows: the triangle of a QR decomposition has the same values and right vectors.
    static bool AfterQr<T>(T* a, long m, long n, T* u, T* s, T* v, TaskRunner? run) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var memory = new Scratch<T>(2 * m * n + 2 * n * n + n);
        T* columns = memory.Cell0, q = columns + m * n, r = q + m * n, inner = r + n * n, tau = inner + n * n;
        Transpose.Block(a, n, columns, m, m, n);
        Qr.Factor(columns, m, n, tau, run);
        for (long i = 0; i < n; i++)
            for (long j = 0; j < n; j++) r[i * n + j] = j < i ? T.Zero : columns[j * m + i];
        if (!Direct(r, n, n, inner, s, v, run)) return false;
        Qr.TurnedQ(columns, m, n, tau, q, run);
        MatMul.Product(new Operand<T>(q, n, 1), new Operand<T>(inner, n, 1), u, n, m, n, n, run: m * n < 1 << 14 ? null : run);
        return true;
    }

    static bool Direct<T>(T* a, long m, long n, T* u, T* s, T* v, TaskRunner? run) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (n == 0) return true;
        long width = Sweeps<T>.Width, leftStride = (m + width - 1) / width * width, rightStride = (n + width - 1) / width * width;
        using Scratch<T> reflectors = new(n * m + n * n), vectors = new(n * leftStride + n * rightStride), factors = new(3 * n);
        T* left = reflectors.Cell0, right = left + n * m, turnedU = vectors.Cell0, turnedV = turnedU + n * leftStride;
        T* beside = factors.Cell0, leftTau = beside + n, rightTau = leftTau + n;
        Bidiagonal<T>.Reduce(a, m, n, s, beside, left, leftTau, right, rightTau, run);
        ReflectorBlock<T>.TurnedProduct(left, leftTau, n, m, 0, turnedU, leftStride, n, run);
        ReflectorBlock<T>.TurnedProduct(right, rightTau, n - 1, n, 1, turnedV, rightStride, n, run);

        Sweeps<T> ofU = new(n), ofV = new(n);
        bool converged = new BidiagonalSteps<T>(s, beside, n, ofU, ofV, () =>
        {
            ofU.Apply(turnedU, leftStride, run);
            ofV.Apply(turnedV, rightStride, run);
        }).Run();
        if (converged) Sorted(turnedU, leftStride, m, turnedV, rightStride, n, u, s, v);
        return converged;
    }

    // Largest first; the sign of a value goes to its vector.
    static void Sorted<T>(T* turnedU, long leftStride, long m, T* turnedV, long rightStride, long n, T* u, T* s, T* v) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var values = new T[n];
        var places = new long[n];
        for (long i = 0; i < n; i++)
        {
            (values[i], places[i]) = (T.Abs(s[i]), i);
            if (T.IsNegative(s[i])) Lines<T>.Scale(-T.One, turnedV + i * rightStride, n);
        }
        Array.Sort(places, (i, j) => values[j].CompareTo(values[i]) is var order && order != 0 ? order : i.CompareTo(j));
        for (long i = 0; i < n; i++)
        {
            s[i] = values[places[i]];
            Transpose.Block(turnedU + places[i] * leftStride, leftStride, u + i, n, 1, m);
            Transpose.Block(turnedV + places[i] * rightStride, rightStride, v + i, n, 1, n);
        }
    }
}
