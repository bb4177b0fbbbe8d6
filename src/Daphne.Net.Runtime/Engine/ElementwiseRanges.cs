using Daphne.Net.Data;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>
/// Elementwise kernels on large matrices, by ranges of rows. Operators that may fail go through in one piece, because their message names the cell.
/// </summary>
static class ElementwiseRanges
{
    // A cell costs about as much as eight multiply-adds of a product: it comes from memory and goes there.
    const long Work = 8, Small = 1 << 18;

    public static void Unary<T>(Activation f, EwUnaryKernel<T> kernel, DenseMatrix<T> x, DenseMatrix<T> to) where T : unmanaged
    {
        if (x.Cells < Small || kernel.IsPartial) Elementwise.Unary(kernel, x, to);
        else ByRows(f, x, to, (xs, ts, _, _) => Elementwise.Unary(kernel, xs, ts));
    }

    public static void RightScalar<T>(Activation f, EwBinaryKernel<T> kernel, DenseMatrix<T> x, T y, DenseMatrix<T> to) where T : unmanaged
    {
        if (x.Cells < Small || kernel.IsPartial) Elementwise.RightScalar(kernel, x, y, to);
        else RightScalarByRows(f, kernel, x, y, to);
    }

    public static void LeftScalar<T>(Activation f, EwBinaryKernel<T> kernel, T x, DenseMatrix<T> y, DenseMatrix<T> to) where T : unmanaged
    {
        if (y.Cells < Small || kernel.IsPartial) Elementwise.LeftScalar(kernel, x, y, to);
        else LeftScalarByRows(f, kernel, x, y, to);
    }

    public static void Binary<T>(Activation f, EwBinaryKernel<T> kernel, DenseMatrix<T> x, DenseMatrix<T> y, DenseMatrix<T> to) where T : unmanaged
    {
        if (x.Cells < Small || kernel.IsPartial || (y.Rows != x.Rows && y.Rows != 1)) Elementwise.Binary(kernel, x, y, to);
        else BinaryByRows(f, kernel, x, y, to);
    }

    // Methods of their own, so that small matrices do not pay for the closures.
    static void RightScalarByRows<T>(Activation f, EwBinaryKernel<T> kernel, DenseMatrix<T> x, T y, DenseMatrix<T> to) where T : unmanaged =>
        ByRows(f, x, to, (xs, ts, _, _) => Elementwise.RightScalar(kernel, xs, y, ts));

    static void LeftScalarByRows<T>(Activation f, EwBinaryKernel<T> kernel, T x, DenseMatrix<T> y, DenseMatrix<T> to) where T : unmanaged =>
        ByRows(f, y, to, (ys, ts, _, _) => Elementwise.LeftScalar(kernel, x, ys, ts));

    static void BinaryByRows<T>(Activation f, EwBinaryKernel<T> kernel, DenseMatrix<T> x, DenseMatrix<T> y, DenseMatrix<T> to) where T : unmanaged =>
        ByRows(f, x, to, (xs, ts, first, count) =>
        {
            var ys = y.Rows == 1 ? y.RowRange(0, 1) : y.RowRange(first, count);
            Elementwise.Binary(kernel, xs, ys, ts);
            ys.Release();
        });

    static void ByRows<T>(Activation f, DenseMatrix<T> x, DenseMatrix<T> to, Action<DenseMatrix<T>, DenseMatrix<T>, long, long> kernel) where T : unmanaged =>
        f.Context.ByRows(x.Rows, x.Cols * Work, (first, count) =>
        {
            DenseMatrix<T> xs = x.RowRange(first, count), ts = to.RowRange(first, count);
            kernel(xs, ts, first, count);
            xs.Release();
            ts.Release();
        });
}
