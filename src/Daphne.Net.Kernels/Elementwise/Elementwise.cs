using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// Elementwise kernels over whole matrices (or row ranges of them). The destination has the shape of the first matrix and may be an operand of the same
/// shape. A second matrix may be one row or one column: it is repeated.
/// </summary>
public static class Elementwise
{
    // Spans of at most this many cells where cells are looked at twice or repeated first: they stay in the first-level cache.
    internal const int Tile = 2048;

    /// <summary>dst = op(x).</summary>
    /// <exception cref="RaisedException">A cell has no result.</exception>
    public static void Unary<T>(EwUnaryKernel<T> kernel, DenseMatrix<T> x, DenseMatrix<T> dst) where T : unmanaged
    {
        CheckDestination(x, dst);
        int most = kernel.IsPartial ? Tile : MostCells;
        for (long at = 0; at < x.Cells; at += most)
        {
            int length = (int)Math.Min(most, x.Cells - at);
            kernel.Apply(x.Span(at, length), dst.WritableSpan(at, length), new(at, x.Cols));
        }
    }

    /// <summary>dst = x op y; y has the shape of x, or is one row of as many columns, or one column of as many rows.</summary>
    /// <exception cref="RaisedException">The shapes do not fit, or a pair of cells has no result.</exception>
    public static void Binary<T>(EwBinaryKernel<T> kernel, DenseMatrix<T> x, DenseMatrix<T> y, DenseMatrix<T> dst) where T : unmanaged
    {
        CheckDestination(x, dst);
        if (y.Rows == x.Rows && y.Cols == x.Cols) SameShape(kernel, x, y, dst);
        else if (y.Rows == 1 && y.Cols == x.Cols) RepeatRow(kernel, x, y, dst);
        else if (y.Cols == 1 && y.Rows == x.Rows) RepeatColumn(kernel, x, y, dst);
        else throw Diag.ShapesDoNotFit.Raise(x.Shape(), y.Shape());
    }

    /// <summary>dst = x op y with a scalar on the right.</summary>
    /// <exception cref="RaisedException">A pair has no result.</exception>
    public static void RightScalar<T>(EwBinaryKernel<T> kernel, DenseMatrix<T> x, T y, DenseMatrix<T> dst) where T : unmanaged
    {
        CheckDestination(x, dst);
        int most = kernel.IsPartial ? Tile : MostCells;
        for (long at = 0; at < x.Cells; at += most)
        {
            int length = (int)Math.Min(most, x.Cells - at);
            kernel.ApplyRightScalar(x.Span(at, length), y, dst.WritableSpan(at, length), new(at, x.Cols));
        }
    }

    /// <summary>dst = x op y with a scalar on the left.</summary>
    /// <exception cref="RaisedException">A pair has no result.</exception>
    public static void LeftScalar<T>(EwBinaryKernel<T> kernel, T x, DenseMatrix<T> y, DenseMatrix<T> dst) where T : unmanaged
    {
        CheckDestination(y, dst);
        int most = kernel.IsPartial ? Tile : MostCells;
        for (long at = 0; at < y.Cells; at += most)
        {
            int length = (int)Math.Min(most, y.Cells - at);
            kernel.ApplyLeftScalar(x, y.Span(at, length), dst.WritableSpan(at, length), new(at, y.Cols));
        }
    }

    internal const int MostCells = 1 << 30;

    internal static void CheckDestination(Matrix x, Matrix dst)
    {
        if (x.Rows != dst.Rows || x.Cols != dst.Cols) throw new ArgumentException($"the result of a {x.Shape()} matrix does not go into a {dst.Shape()} one", nameof(dst));
    }

    static void SameShape<T>(EwBinaryKernel<T> kernel, DenseMatrix<T> x, DenseMatrix<T> y, DenseMatrix<T> dst) where T : unmanaged
    {
        int most = kernel.IsPartial ? Tile : MostCells;
        for (long at = 0; at < x.Cells; at += most)
        {
            int length = (int)Math.Min(most, x.Cells - at);
            kernel.Apply(x.Span(at, length), y.Span(at, length), dst.WritableSpan(at, length), new(at, x.Cols));
        }
    }

    // A short row is first written several times in a row, so that the loop runs over a thousand cells instead of three.
    static void RepeatRow<T>(EwBinaryKernel<T> kernel, DenseMatrix<T> x, DenseMatrix<T> y, DenseMatrix<T> dst) where T : unmanaged
    {
        if (x.Cells == 0) return;
        int cols = checked((int)x.Cols), rows = (int)Math.Min(Math.Max(1, Tile / 2 / cols), x.Rows);
        Span<T> scratch = stackalloc T[rows > 1 ? rows * cols : 0];
        scoped ReadOnlySpan<T> repeated = y.Row(0);
        if (rows > 1)
        {
            for (int r = 0; r < rows; r++) repeated.CopyTo(scratch[(r * cols)..]);
            repeated = scratch;
        }
        for (long row = 0; row < x.Rows; row += rows)
        {
            int length = (int)Math.Min(rows, x.Rows - row) * cols;
            kernel.Apply(x.Span(row * cols, length), repeated[..length], dst.WritableSpan(row * cols, length), new(row * cols, cols));
        }
    }

    static void RepeatColumn<T>(EwBinaryKernel<T> kernel, DenseMatrix<T> x, DenseMatrix<T> y, DenseMatrix<T> dst) where T : unmanaged
    {
        if (x.Cells == 0) return;
        int cols = checked((int)x.Cols), rows = (int)Math.Min(Tile / 2 / cols, x.Rows);
        if (rows <= 1)
        {
            for (long row = 0; row < x.Rows; row++) kernel.ApplyRightScalar(x.Row(row), y[row, 0], dst.WritableRow(row), new(row * cols, cols));
            return;
        }
        Span<T> scratch = stackalloc T[rows * cols];
        for (long row = 0; row < x.Rows; row += rows)
        {
            var cells = y.Span(row, (int)Math.Min(rows, x.Rows - row));
            for (int r = 0; r < cells.Length; r++) scratch.Slice(r * cols, cols).Fill(cells[r]);
            int length = cells.Length * cols;
            kernel.Apply(x.Span(row * cols, length), scratch[..length], dst.WritableSpan(row * cols, length), new(row * cols, cols));
        }
    }
}
