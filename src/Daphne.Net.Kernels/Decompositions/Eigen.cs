using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix. They come in the order in which the iteration finds their places, which is no order of size (it is that
/// of the original); vectors are orthonormal. Of f64 vectors the signs are those of the original, of f32 vectors the largest cell is positive.
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
        long n = a.Rows, stride = (n + Sweeps<T>.Width - 1) / Sweeps<T>.Width * Sweeps<T>.Width;
        DenseMatrix<T> values = DenseMatrix<T>.Allocate(n, 1), vectors = DenseMatrix<T>.Allocate(n, n);
        if (n == 0) return (values, vectors);

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
        if (!new FrancisSteps<T>(d, beside, n, sweeps, () => sweeps.Apply(work, stride, run)).Run())
        {
            values.Release();
            vectors.Release();
            throw Diag.NoConvergence.Raise("eigen", a.Shape());
        }
        if (typeof(T) == typeof(float)) TurnLargestUp(work, stride, n);
        Transpose.Block(work, stride, vectors.Cell0, n, n, n);
        for (long i = 0; i < n; i++) d[i] /= scale;
        return (values, vectors);
    }

    static void TurnLargestUp<T>(T* rows, long stride, long n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (long i = 0; i < n; i++)
        {
            T* row = rows + i * stride;
            long largest = 0;
            for (long j = 1; j < n; j++)
                if (T.Abs(row[j]) > T.Abs(row[largest])) largest = j;
            if (row[largest] < T.Zero) Lines<T>.Scale(-T.One, row, n);
        }
    }
}
