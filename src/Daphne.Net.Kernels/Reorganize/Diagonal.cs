using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Diagonals and triangles of square matrices.</summary>
public static unsafe class Diagonal
{
    /// <summary>A square matrix with a column on its diagonal and zeros elsewhere.</summary>
    /// <exception cref="RaisedException">The operand is not a column.</exception>
    public static DenseMatrix<T> ToMatrix<T>(DenseMatrix<T> column) where T : unmanaged
    {
        if (column.Cols != 1) throw Diag.ColumnNeeded.Raise("diagMatrix", column.Shape());
        long n = column.Rows;
        var result = DenseMatrix<T>.Allocate(n, n, zeroed: true);
        for (long i = 0; i < n; i++) result.Cell0[i * (n + 1)] = column.Cell0[i];
        GC.KeepAlive(column);
        return result;
    }

    /// <summary>The diagonal of a square matrix as a column.</summary>
    /// <exception cref="RaisedException">The matrix is not square.</exception>
    public static DenseMatrix<T> ToColumn<T>(DenseMatrix<T> x) where T : unmanaged
    {
        if (x.Rows != x.Cols) throw Diag.NotSquare.Raise("diagVector", x.Shape());
        var result = DenseMatrix<T>.Allocate(x.Rows, 1);
        for (long i = 0; i < x.Rows; i++) result.Cell0[i] = x.Cell0[i * (x.Cols + 1)];
        GC.KeepAlive(x);
        return result;
    }

    /// <summary>
    /// The upper or lower triangle, zeros elsewhere. Without <paramref name="diagonal"/> the diagonal is zero too; without <paramref name="values"/>
    /// every cell of the triangle that is not zero becomes one.
    /// </summary>
    /// <exception cref="RaisedException">The matrix is not square.</exception>
    public static DenseMatrix<T> Triangle<T>(DenseMatrix<T> x, bool upper, bool diagonal, bool values) where T : unmanaged
    {
        if (x.Rows != x.Cols) throw Diag.NotSquare.Raise(upper ? "upperTri" : "lowerTri", x.Shape());
        long n = x.Rows;
        var result = DenseMatrix<T>.Allocate(n, n, zeroed: true);
        for (long r = 0; r < n; r++)
        {
            long first = !upper ? 0 : diagonal ? r : r + 1, end = upper ? n : diagonal ? r + 1 : r;
            T* from = x.Cell0 + r * n, to = result.Cell0 + r * n;
            if (values) Cells.Copy(from + first, to + first, end - first);
            else for (long c = first; c < end; c++) to[c] = EqualityComparer<T>.Default.Equals(from[c], default) ? default : CastCell.Convert<long, T>(1);
        }
        GC.KeepAlive(x);
        return result;
    }
}
