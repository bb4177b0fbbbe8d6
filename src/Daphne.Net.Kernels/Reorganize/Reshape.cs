using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>The same cells, row by row, in another shape.</summary>
public static class Reshape
{
    /// <summary>A matrix over the same memory.</summary>
    /// <exception cref="RaisedException">The new shape has another number of cells.</exception>
    public static DenseMatrix<T> Apply<T>(DenseMatrix<T> x, long rows, long cols) where T : unmanaged
    {
        // The product of two huge extents wraps; then they do not divide.
        bool fits = rows >= 0 && cols >= 0 && (rows == 0 || cols == 0 ? x.Cells == 0 : x.Cells % rows == 0 && x.Cells / rows == cols);
        return fits ? x.Reshape(rows, cols) : throw Diag.ReshapeShapes.Raise(x.Shape(), Shapes.Text(rows, cols));
    }
}
