using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Adds a weight at each pair of coordinates.</summary>
public static unsafe class ContingencyTable
{
    /// <summary>Stands for an extent that follows from the coordinates: the largest one plus 1.</summary>
    public const long Derived = -1;

    /// <summary>
    /// The table of two columns of coordinates of any numeric type. Pairs outside of a given extent are left out.
    /// </summary>
    /// <param name="rowAt">The row of each pair.</param>
    /// <param name="colAt">The column of each pair.</param>
    /// <param name="weight">What each pair adds.</param>
    /// <param name="rows">Rows of the table, or <see cref="Derived"/>.</param>
    /// <param name="cols">Columns of the table, or <see cref="Derived"/>.</param>
    /// <exception cref="RaisedException">The columns differ in length, a coordinate is negative or nan, or a size is negative and not <see cref="Derived"/>.</exception>
    public static DenseMatrix<T> Apply<T>(Matrix rowAt, Matrix colAt, T weight, long rows = Derived, long cols = Derived) where T : unmanaged, INumber<T>
    {
        if (rowAt.Rows != colAt.Rows) throw Diag.CTableLengths.Raise(rowAt.Rows, colAt.Rows);
        if (rows < Derived || cols < Derived) throw Diag.NegativeSize.Raise(Math.Min(rows, cols));
        var r = Positions.Read(rowAt, "ctable");
        var c = Positions.Read(colAt, "ctable");
        try
        {
            long height = Extent(rowAt, r, rows), width = Extent(colAt, c, cols);
            var table = DenseMatrix<T>.Allocate(height, width, zeroed: true);
            for (long i = 0; i < r.Rows; i++)
                if (r.Cell0[i] < height && c.Cell0[i] < width)
                    table.Cell0[r.Cell0[i] * width + c.Cell0[i]] = unchecked(table.Cell0[r.Cell0[i] * width + c.Cell0[i]] + weight);
            return table;
        }
        finally
        {
            r.Release();
            c.Release();
        }
    }

    static long Extent(Matrix given, DenseMatrix<long> coordinates, long extent)
    {
        long largest = -1;
        for (long i = 0; i < coordinates.Rows; i++)
        {
            long at = coordinates.Cell0[i];
            if (at < 0) throw Diag.CTableCoordinate.Raise(i, at == Positions.None ? Positions.CellText(given, i) : at);
            largest = Math.Max(largest, at);
        }
        return extent == Derived ? checked(largest + 1) : extent;
    }
}
