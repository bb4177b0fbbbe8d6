using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Running sums, products, minima and maxima down each column: the elementwise operator between the row above and this one.</summary>
public static class Cumulative
{
    /// <summary>The operator of sumCum, prodCum, minCum or maxCum; null for other operations.</summary>
    public static EwBinaryKernel<T>? Kernel<T>(OpDef op) where T : unmanaged =>
        op == Op.SumCum ? EwBinary.Kernel<T>(Op.EwAdd) : op == Op.ProdCum ? EwBinary.Kernel<T>(Op.EwMul) :
        op == Op.MinCum ? EwBinary.Kernel<T>(Op.EwMin) : op == Op.MaxCum ? EwBinary.Kernel<T>(Op.EwMax) : null;

    /// <summary>dst[0] = x[0], dst[r] = dst[r - 1] op x[r]. <paramref name="dst"/> may be <paramref name="x"/>.</summary>
    public static void Apply<T>(EwBinaryKernel<T> kernel, DenseMatrix<T> x, DenseMatrix<T> dst) where T : unmanaged
    {
        Elementwise.CheckDestination(x, dst);
        if (x.Cells == 0) return;
        int cols = checked((int)x.Cols);
        long rows = Math.Max(1, Elementwise.MostCells / x.Cols);   // what one span holds; the rest goes row by row
        kernel.Scan(x.Span(0, (int)(Math.Min(rows, x.Rows) * cols)), cols, dst.WritableSpan(0, (int)(Math.Min(rows, x.Rows) * cols)));
        for (long row = rows; row < x.Rows; row++)
            kernel.Apply(dst.Row(row - 1), x.Row(row), dst.WritableRow(row));
    }
}
