using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>t(A) @ x for a column x.</summary>
public static unsafe class Gemv
{
    // Cells below which handing out tasks does not pay.
    const long SmallestJob = 1 << 20;

    /// <summary>t(a) @ x. With <paramref name="run"/> in tasks, which changes no bit.</summary>
    /// <exception cref="RaisedException">x is no column, or has not as many rows as a.</exception>
    public static DenseMatrix<T> Apply<T>(DenseMatrix<T> a, DenseMatrix<T> x, TaskRunner? run = null) where T : unmanaged, INumber<T>
    {
        if (x.Cols != 1) throw Diag.ColumnNeeded.Raise("gemv", x.Shape());
        if (a.Rows != x.Rows) throw Diag.InnerDimensions.Raise("'gemv'", Shapes.Text(a.Cols, a.Rows), x.Shape());
        if (run is null || a.Rows <= RowStrips.Rows || a.Cells < SmallestJob) return MatMul.Apply(a, x, turnA: true);

        var parts = DenseMatrix<T>.Allocate(RowStrips.Count(a.Rows), a.Cols);
        run(RowStrips.Count(a.Rows), strip =>
        {
            var (first, count) = RowStrips.Of(strip, a.Rows);
            MatMul.Product(Operand<T>.Of(a, true).From(0, first), Operand<T>.Of(x, false).From(first, 0), parts.Cell0 + strip * a.Cols, 1, a.Cols, 1, count);
        });
        var sum = RowStrips.Join(parts);
        parts.Release();
        var result = sum.Reshape(a.Cols, 1);
        sum.Release();
        GC.KeepAlive(a);
        GC.KeepAlive(x);
        return result;
    }
}
