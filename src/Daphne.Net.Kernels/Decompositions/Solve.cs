using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Systems of linear equations, by LU decomposition with partial pivoting. For f64 and f32 only: see <see cref="Diag.FloatMatrixNeeded"/>.</summary>
public static unsafe class Solve
{
    /// <summary>The x with a @ x = b; every column of b is one system. With <paramref name="run"/> in tasks, which changes no bit.</summary>
    /// <exception cref="RaisedException">a is not square or singular, or b has another number of rows.</exception>
    public static DenseMatrix<T> Apply<T>(DenseMatrix<T> a, DenseMatrix<T> b, TaskRunner? run = null) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (a.Rows != a.Cols) throw Diag.NotSquare.Raise("solve", a.Shape());
        if (a.Rows != b.Rows) throw Diag.SolveShapes.Raise(a.Shape(), b.Shape());
        using var factors = new Scratch<T>(a.Cells);
        Cells.Copy(a.Cell0, factors.Cell0, a.Cells);
        var x = DenseMatrix<T>.Allocate(b.Rows, b.Cols);
        Cells.Copy(b.Cell0, x.Cell0, b.Cells);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        var exchanges = new long[a.Rows];
        long without = LuFactors<T>.Factor(factors.Cell0, a.Rows, a.Cols, exchanges, run);
        if (without >= 0)
        {
            x.Release();
            throw Diag.SingularMatrix.Raise(without, a.Shape());
        }
        LuFactors<T>.Exchange(exchanges, x.Cell0, b.Cols);
        LuFactors<T>.Solve(factors.Cell0, a.Rows, x.Cell0, b.Cols, run);
        return x;
    }
}
