using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>From a matrix to a frame and back.</summary>
public static unsafe class FrameMatrix
{
    // Each is an object of its own, with a label.
    const int MostColumns = 1 << 20;

    /// <summary>A frame of the columns of a matrix, with default labels.</summary>
    /// <exception cref="RaisedException">It has more columns than a frame can have.</exception>
    public static Frame FromMatrix(Matrix x)
    {
        if (x.Cols > MostColumns) throw Diag.TooManyColumns.Raise(x.Cols, MostColumns);
        var columns = new Matrix[x.Cols];
        for (int i = 0; i < columns.Length; i++) columns[i] = ColumnOf(x, i);
        return new(x.Rows, columns, [.. Enumerable.Range(0, columns.Length).Select(Frame.DefaultLabel)]);
    }

    /// <summary>A matrix of columns that all have its value type, one beside the other. A single column is handed back itself, with one owner more.</summary>
    public static Matrix ToMatrix(long rows, ReadOnlySpan<Matrix> columns)
    {
        if (columns is [var only])
        {
            only.Retain();
            return only;
        }
        if (columns[0] is not StringMatrix) return DenseMatrix.Dispatch<Interleaving, Matrix>(columns[0], new(rows, columns.ToArray()));
        var result = StringMatrix.Allocate(rows, columns.Length, out var cells);
        for (int c = 0; c < columns.Length; c++)
        {
            var from = ((StringMatrix)columns[c]).Span;
            for (int r = 0; r < from.Length; r++) cells[r * columns.Length + c] = from[r];
        }
        return result;
    }

    static Matrix ColumnOf(Matrix x, int index)
    {
        if (x.Cols == 1)
        {
            x.Retain();
            return x;
        }
        if (x is not StringMatrix text) return DenseMatrix.Dispatch<Column, Matrix>(x, new(index));
        var result = StringMatrix.Allocate(x.Rows, 1, out var cells);
        for (int r = 0; r < cells.Length; r++) cells[r] = text[r, index];
        return result;
    }

    readonly struct Column(int index) : IMatrixVisitor<Matrix>
    {
        public Matrix Visit<T>(DenseMatrix<T> x) where T : unmanaged => Slice.Cols(x, index, index + 1);
    }

    // Some rows at a time, so that a line of the result is still in the cache when its next column comes.
    readonly struct Interleaving(long rows, Matrix[] columns) : IMatrixVisitor<Matrix>
    {
        const long Strip = 512;

        public Matrix Visit<T>(DenseMatrix<T> _) where T : unmanaged
        {
            int width = columns.Length;
            var result = DenseMatrix<T>.Allocate(rows, width);
            for (long first = 0; first < rows; first += Strip)
            {
                long end = Math.Min(rows, first + Strip);
                for (int c = 0; c < width; c++)
                {
                    T* from = ((DenseMatrix<T>)columns[c]).Cell0, to = result.Cell0 + c;
                    for (long r = first; r < end; r++) to[r * width] = from[r];
                }
            }
            GC.KeepAlive(columns);
            return result;
        }
    }
}
