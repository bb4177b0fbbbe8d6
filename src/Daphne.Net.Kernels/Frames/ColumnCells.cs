using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>What frames do with one column, whatever its value type. The caller owns the results.</summary>
static unsafe class ColumnCells
{
    /// <summary>Rows first … first + count - 1; numbers over the same memory.</summary>
    public static Matrix Slice(Matrix column, long first, long count) => column is StringMatrix text
        ? new StringMatrix(text.Span.Slice((int)first, (int)count).ToArray(), count, 1)
        : DenseMatrix.Dispatch<Slicing, Matrix>(column, new(first, count));

    /// <summary>The rows at checked positions.</summary>
    public static Matrix Gather(Matrix column, long* rows, long count)
    {
        if (column is not StringMatrix text) return DenseMatrix.Dispatch<Gathering, Matrix>(column, new(rows, count));
        var result = StringMatrix.Allocate(count, 1, out var cells);
        var from = text.Span;
        for (int i = 0; i < cells.Length; i++) cells[i] = from[(int)rows[i]];
        return result;
    }

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

    readonly struct Gathering(long* rows, long count) : IMatrixVisitor<Matrix>
    {
        public Matrix Visit<T>(DenseMatrix<T> column) where T : unmanaged
        {
            var result = DenseMatrix<T>.Allocate(count, 1);
            T* from = column.Cell0, to = result.Cell0;
            long* at = rows;
            for (long i = 0, n = count; i < n; i++) to[i] = from[at[i]];
            GC.KeepAlive(column);
            return result;
        }
    }

    readonly struct Joining(Matrix lower) : IMatrixVisitor<Matrix>
    {
        public Matrix Visit<T>(DenseMatrix<T> upper) where T : unmanaged => Bind.Rows(upper, (DenseMatrix<T>)lower);
    }
}
