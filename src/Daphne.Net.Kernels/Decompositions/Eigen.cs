using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix. They come in the order in which the iteration finds their places, which is no order of size (it is that
/// of the original); vectors are orthonormal. Of f64 vectors the signs are those of the original, of f32 vectors the largest cell is positive. Small
/// matrices take the original's steps one by one, larger ones faster steps that come to the same where rounding does not decide.
/// </summary>
public static unsafe class Eigen
{
    /// <summary>The values as a column, and the vectors, one per column. With <paramref name="run"/> in tasks, which changes no bit.</summary>
    /// <exception cref="RaisedException">a is not square, not symmetric, or holds nan or inf.</exception>
    public static (DenseMatrix<T> Values, DenseMatrix<T> Vectors) Apply<T>(DenseMatrix<T> a, TaskRunner? run = null) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (a.Rows != a.Cols) throw Diag.NotSquare.Raise("eigen", a.Shape());
        T largest = Lines<T>.Largest(a.Cell0, a.Cells);
        DecompositionOperand.RequireFinite("eigen", a, largest);
        DecompositionOperand.RequireSymmetric("eigen", a);
        long n = a.Rows;
        DenseMatrix<T> values = DenseMatrix<T>.Allocate(n, 1), vectors = DenseMatrix<T>.Allocate(n, n);
        if (n == 0) return (values, vectors);
        if (n <= GeneralSchur<T>.MostRows ? Small(a, largest, values, vectors) : Large(a, largest, values, vectors, run)) return (values, vectors);
        values.Release();
        vectors.Release();
        throw Diag.NoConvergence.Raise("eigen", a.Shape());
    }

    static bool Small<T>(DenseMatrix<T> a, T largest, DenseMatrix<T> values, DenseMatrix<T> vectors) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int n = (int)a.Rows;
        if (largest < Lines<T>.Least) largest = T.One;
        using var work = new Scratch<T>(a.Cells);
        for (long i = 0; i < a.Cells; i++) work.Cell0[i] = a.Cell0[i] / largest;
        GC.KeepAlive(a);
        if (!new GeneralSchur<T>(work.Cell0, vectors.Cell0, n).Run()) return false;
        for (int i = 0; i < n; i++) values.Cell0[i] = work.Cell0[i * n + i] * largest;
        if (typeof(T) == typeof(float)) TurnLargestUp(vectors.Cell0, 1, n, n);
        return true;
    }

    static bool Large<T>(DenseMatrix<T> a, T largest, DenseMatrix<T> values, DenseMatrix<T> vectors, TaskRunner? run) where T : unmanaged, IFloatingPointIeee754<T>
    {
        long n = a.Rows, stride = (n + Sweeps<T>.Width - 1) / Sweeps<T>.Width * Sweeps<T>.Width;
        // t(Q), t of the vectors later on, takes the place of the matrix.
        using Scratch<T> memory = new(n * stride), reflectors = new(n * n), factors = new(2 * n);
        T* work = memory.Cell0, tau = factors.Cell0, beside = tau + n, d = values.Cell0;
        T scale = Lines<T>.ToUnit(largest);
        Cells.Copy(a.Cell0, work, a.Cells);
        GC.KeepAlive(a);
        Lines<T>.Scale(scale, work, a.Cells);
        Tridiagonal<T>.Reduce(work, n, d, beside, reflectors.Cell0, tau, run);
        ReflectorBlock<T>.TurnedProduct(reflectors.Cell0, tau, Math.Max(0, n - 2), n, 1, work, stride, n, run);
        var sweeps = new Sweeps<T>(n);
        if (!new FrancisSteps<T>(d, beside, n, sweeps, () => sweeps.Apply(work, stride, run)).Run()) return false;
        if (typeof(T) == typeof(float)) TurnLargestUp(work, stride, 1, n);
        Transpose.Block(work, stride, vectors.Cell0, n, n, n);
        for (long i = 0; i < n; i++) d[i] /= scale;
        return true;
    }

    // Vector i begins at x + i * stride; its cells lie step apart.
    static void TurnLargestUp<T>(T* x, long stride, long step, long n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (long i = 0; i < n; i++, x += stride)
        {
            long largest = 0;
            for (long j = 1; j < n; j++)
                if (T.Abs(x[j * step]) > T.Abs(x[largest * step])) largest = j;
            if (x[largest * step] > T.Zero) continue;
            for (long j = 0; j < n; j++) x[j * step] = -x[j * step];
        }
    }
}
