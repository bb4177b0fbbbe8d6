using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>t(A) @ x for a column x.</summary>
public static class Gemv
{
    /// <summary>t(a) @ x.</summary>
    /// <exception cref="RaisedException">x is no column, or has not as many rows as a.</exception>
    public static DenseMatrix<T> Apply<T>(DenseMatrix<T> a, DenseMatrix<T> x) where T : unmanaged, INumber<T>
    {
        if (x.Cols != 1) throw Diag.ColumnNeeded.Raise("gemv", x.Shape());
        if (a.Rows != x.Rows) throw Diag.InnerDimensions.Raise("'gemv'", Shapes.Text(a.Cols, a.Rows), x.Shape());
        return MatMul.Apply(a, x, turnA: true);
    }
}
