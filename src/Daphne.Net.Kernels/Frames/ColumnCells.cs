using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>What frames do with one column, whatever its value type; see also <see cref="GatherRows"/>. The caller owns the results.</summary>
static class ColumnCells
{
    /// <summary>Rows first … first + count - 1; numbers over the same memory.</summary>
    public static Matrix Slice(Matrix column, long first, long count) => column is StringMatrix text
        ? new StringMatrix(text.Span.Slice((int)first, (int)count).ToArray(), count, 1)
        : DenseMatrix.Dispatch<Slicing, Matrix>(column, new(first, count));

    /// <summary>One column above another one of its value type.</summary>
    public static Matrix Above(Matrix upper, Matrix lower)
    {
        if (upper is not StringMatrix text) return DenseMatrix.Dispatch<Joining, Matrix>(upper, new(lower));
        var result = StringMatrix.Allocate(upper.Rows + lower.Rows, 1, out var cells);
        text.Span.CopyTo(cells!);
        ((StringMatrix)lower).Span.CopyTo(cells![text.Span.Length..]);
        return result;
    }

    readonly struct Slicing(long first, long count) : IMatrixVisitor<Matrix>
    {
        public Matrix Visit<T>(DenseMatrix<T> column) where T : unmanaged => column.RowRange(first, count);
    }

    readonly struct Joining(Matrix lower) : IMatrixVisitor<Matrix>
    {
        public Matrix Visit<T>(DenseMatrix<T> upper) where T : unmanaged => Bind.Rows(upper, (DenseMatrix<T>)lower);
    }
}
