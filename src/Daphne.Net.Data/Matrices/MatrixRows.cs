namespace Daphne.Net.Data;

/// <summary>Row ranges of matrices of any value type and representation.</summary>
public static class MatrixRows
{
    /// <summary>Rows first … first + count - 1, over the same memory; of strings, which are managed, the references are copied. The caller owns the result.</summary>
    /// <exception cref="ArgumentException">The matrix lies elsewhere.</exception>
    public static Matrix Range(Matrix matrix, long first, long count) =>
        matrix is StringMatrix strings ? new StringMatrix(strings.Span.Slice((int)(first * matrix.Cols), (int)(count * matrix.Cols)).ToArray(), count, matrix.Cols)
        : CsrMatrix.Is(matrix) ? CsrMatrix.Dispatch<Window, Matrix>(matrix, new(first, count))
        : DenseMatrix.Dispatch<Window, Matrix>(matrix, new(first, count));

    readonly struct Window(long first, long count) : IMatrixVisitor<Matrix>, ICsrVisitor<Matrix>
    {
        public Matrix Visit<T>(DenseMatrix<T> matrix) where T : unmanaged => matrix.RowRange(first, count);
        public Matrix Visit<T>(CsrMatrix<T> matrix) where T : unmanaged => matrix.RowRange(first, count);
    }
}
