using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Column ranges of matrices of any value type and representation. Cells lie row by row, so these are copies.</summary>
public static class MatrixCols
{
    /// <summary>Columns first … first + count - 1, packed. The caller owns the result.</summary>
    /// <exception cref="ArgumentException">The matrix lies elsewhere.</exception>
    /// <exception cref="RaisedException">There is no memory for it.</exception>
    public static Matrix Range(Matrix matrix, long first, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, matrix.Cols - first);
        return matrix is StringMatrix strings ? Strings(strings, (int)first, (int)count)
            : CsrMatrix.Is(matrix) ? CsrMatrix.Dispatch<Packing, Matrix>(matrix, new(first, count))
            : DenseMatrix.Dispatch<Packing, Matrix>(matrix, new(first, count));
    }

    static StringMatrix Strings(StringMatrix matrix, int first, int count)
    {
        var result = StringMatrix.Allocate(matrix.Rows, count, out var cells);
        for (int r = 0; r < matrix.Rows; r++) matrix.Span.Slice(r * (int)matrix.Cols + first, count).CopyTo(cells[(r * count)..]);
        return result;
    }

    readonly unsafe struct Packing(long first, long count) : IMatrixVisitor<Matrix>, ICsrVisitor<Matrix>
    {
        public Matrix Visit<T>(DenseMatrix<T> matrix) where T : unmanaged
        {
            var result = DenseMatrix<T>.Allocate(matrix.Rows, count);
            for (long r = 0; r < matrix.Rows; r++) matrix.Row(r).Slice((int)first, (int)count).CopyTo(result.WritableRow(r));
            return result;
        }

        public Matrix Visit<T>(CsrMatrix<T> matrix) where T : unmanaged
        {
            long stored = 0, at = 0;
            for (long r = 0; r < matrix.Rows; r++) stored += Of(matrix, r).Count;
            var result = CsrMatrix<T>.Allocate(matrix.Rows, count, stored);
            result.Offsets[0] = 0;
            for (long r = 0; r < matrix.Rows; r++)
            {
                var (from, length) = Of(matrix, r);
                var columns = matrix.ColumnsOf(r).Slice(from, length);
                for (int i = 0; i < length; i++) result.Columns[at + i] = columns[i] - (int)first;
                matrix.ValuesOf(r).Slice(from, length).CopyTo(new(result.Values + at, length));
                result.Offsets[r + 1] = at += length;
            }
            GC.KeepAlive(matrix);
            return result;
        }

        // Where the stored cells of a row lie that fall into the range.
        (int From, int Count) Of<T>(CsrMatrix<T> matrix, long row) where T : unmanaged
        {
            var columns = matrix.ColumnsOf(row);
            int from = LowerBound(columns, first);
            return (from, LowerBound(columns[from..], first + count));
        }

        static int LowerBound(ReadOnlySpan<int> columns, long column)
        {
            int at = column > int.MaxValue ? ~columns.Length : columns.BinarySearch((int)column);
            return at < 0 ? ~at : at;
        }
    }
}
