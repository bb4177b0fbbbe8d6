using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>Cells of a column at given rows.</summary>
public static unsafe class GatherRows
{
    /// <summary>Stands for no row: the result has the type's missing value there.</summary>
    public const long None = -1;

    // Cells of one task: small enough to share, large enough that handing it out costs nothing.
    const long TaskCells = 1 << 16;

    /// <summary>
    /// The cells at the positions, in a new column. At <see cref="None"/> stands nan in a column of floats, 0 in one of integers, false among bools, and the
    /// empty string.
    /// </summary>
    /// <param name="column">A matrix of one column, of any value type.</param>
    /// <param name="positions">Rows of it, or <see cref="None"/>; in any order, repeated, possibly none.</param>
    /// <param name="run">Cuts long columns into tasks; null: none.</param>
    public static Matrix Of(Matrix column, DenseMatrix<long> positions, TaskRunner? run = null)
    {
        if (column.Cols != 1 || positions.Cols != 1) throw new ArgumentException($"a {column.Shape()} matrix at the rows in a {positions.Shape()} one", nameof(column));
        return column.Here() is StringMatrix text ? Texts(text, positions) : DenseMatrix.Dispatch<Cells, Matrix>(column.Here(), new(positions, run));
    }

    static StringMatrix Texts(StringMatrix column, DenseMatrix<long> positions)
    {
        var result = StringMatrix.Allocate(positions.Rows, 1, out var cells);
        for (int i = 0; i < cells.Length; i++)
            if (positions.Cell0[i] >= 0) cells[i] = column[positions.Cell0[i], 0];
        GC.KeepAlive(positions);
        return result;
    }

    readonly struct Cells(DenseMatrix<long> positions, TaskRunner? run) : IMatrixVisitor<Matrix>
    {
        public Matrix Visit<T>(DenseMatrix<T> column) where T : unmanaged
        {
            var result = DenseMatrix<T>.Allocate(positions.Rows, 1);
            var at = positions;
            RowTasks.Run(positions.Rows, TaskCells, run, (first, end) => Range(column, at.Cell0, result.Cell0, first, end));
            GC.KeepAlive(column);
            GC.KeepAlive(positions);
            return result;
        }

        static void Range<T>(DenseMatrix<T> column, long* at, T* to, long first, long end) where T : unmanaged
        {
            T* from = column.Cell0;
            ulong rows = (ulong)column.Rows;
            T missing = Missing<T>();
            for (long i = first; i < end; i++)
            {
                ulong row = (ulong)at[i];
                if (row < rows) to[i] = from[row];
                else if ((long)row == None) to[i] = missing;
                else throw new ArgumentOutOfRangeException(nameof(at), $"row {(long)row} of {rows}");
            }
        }

        static T Missing<T>() where T : unmanaged =>
            typeof(T) == typeof(double) ? (T)(object)double.NaN :
            typeof(T) == typeof(float) ? (T)(object)float.NaN : default;
    }
}
