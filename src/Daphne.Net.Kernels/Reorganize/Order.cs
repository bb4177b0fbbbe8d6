using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>A column to sort by. Negative columns count from the end.</summary>
public readonly record struct SortColumn(long Column, bool Ascending);

/// <summary>
/// Rows sorted by one or more columns, the first one deciding first. Stable in both directions; -0 equals 0; nan comes last in both directions.
/// </summary>
public static unsafe class Order
{
    /// <summary>The rows in order, in a new matrix.</summary>
    /// <exception cref="RaisedException">There is no such column.</exception>
    public static DenseMatrix<T> Rows<T>(DenseMatrix<T> x, ReadOnlySpan<SortColumn> by) where T : unmanaged
    {
        var positions = Positions(x, by);
        var result = Extract.Gather(x, (long*)positions.Cell0, x.Rows);
        positions.Release();
        return result;
    }

    /// <summary>The positions that put the rows in order, as a column.</summary>
    /// <exception cref="RaisedException">There is no such column.</exception>
    public static DenseMatrix<ulong> Positions<T>(DenseMatrix<T> x, ReadOnlySpan<SortColumn> by) where T : unmanaged
    {
        foreach (var column in by)
            if ((ulong)Resolve(column, x) >= (ulong)x.Cols) throw Diag.PositionOutside.Raise("column", column.Column, x.Words());

        var positions = DenseMatrix<ulong>.Allocate(x.Rows, 1);
        for (long i = 0; i < x.Rows; i++) positions.Cell0[i] = (ulong)i;
        using var scratch = new Scratch<ulong>(3 * x.Rows);
        // The last column first: what a later, more important sort leaves equal keeps the order of the earlier one.
        for (int i = by.Length - 1; i >= 0; i--)
        {
            SortKeys.Fill(x, Resolve(by[i], x), by[i].Ascending, positions.Cell0, scratch.Cell0);
            RadixSort.Sort(scratch.Cell0, positions.Cell0, x.Rows, scratch.Cell0 + x.Rows);
        }
        GC.KeepAlive(x);
        return positions;
    }

    /// <summary>The positions that put rows of strings in order, as a column.</summary>
    /// <exception cref="RaisedException">There is no such column.</exception>
    public static DenseMatrix<ulong> Positions(StringMatrix x, ReadOnlySpan<SortColumn> by)
    {
        // Strings of a column as numbers of their order.
        using var ranks = new Scratch<ulong>(x.Rows);
        var columns = DenseMatrix<ulong>.Allocate(x.Rows, Math.Max(1, by.Length));
        var ranked = new SortColumn[by.Length];
        var strings = new string[x.Rows];
        try
        {
            for (int i = 0; i < by.Length; i++)
            {
                long column = Resolve(by[i], x);
                if ((ulong)column >= (ulong)x.Cols) throw Diag.PositionOutside.Raise("column", by[i].Column, x.Words());
                for (int r = 0; r < strings.Length; r++) strings[r] = x[r, column];
                StringRanks.Fill(strings, ranks.Cell0);
                for (long r = 0; r < x.Rows; r++) columns.Cell0[r * columns.Cols + i] = ranks.Cell0[r];
                ranked[i] = by[i] with { Column = i };
            }
            return Positions(columns, ranked);
        }
        finally
        {
            columns.Release();
        }
    }

    static long Resolve(SortColumn column, Matrix x) => column.Column < 0 ? column.Column + x.Cols : column.Column;
}
