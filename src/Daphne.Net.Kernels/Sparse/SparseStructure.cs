using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Ranges, positions and joins of sparse matrices: only stored cells are moved.</summary>
public static unsafe class SparseStructure
{
    /// <summary>A range of rows, over the same memory; bounds as in <see cref="Slice"/>.</summary>
    /// <exception cref="RaisedException">The range does not lie in the matrix.</exception>
    public static CsrMatrix<T> SliceRows<T>(CsrMatrix<T> x, long lower, long upper) where T : unmanaged
    {
        var (first, count) = Slice.Resolve("row", lower, upper, x.Rows);
        return x.RowRange(first, count);
    }

    /// <summary>A range of columns.</summary>
    /// <exception cref="RaisedException">The range does not lie in the matrix.</exception>
    public static CsrMatrix<T> SliceCols<T>(CsrMatrix<T> x, long lower, long upper) where T : unmanaged
    {
        var (first, count) = Slice.Resolve("column", lower, upper, x.Cols);
        return Where(x, x.Rows, count, (_, c) => c >= first && c < first + count ? c - first : -1);
    }

    /// <summary>The rows at the positions in a column of any numeric type.</summary>
    /// <exception cref="RaisedException">A position lies outside, or they are not a column.</exception>
    public static CsrMatrix<T> ExtractRows<T>(CsrMatrix<T> x, Matrix positions) where T : unmanaged
    {
        var at = Positions.Resolve(positions, x.Rows, "row", "indexing by positions", x);
        var result = Gather(x, at.Cell0, at.Rows);
        at.Release();
        return result;
    }

    /// <summary>The columns at the positions in a column of any numeric type.</summary>
    /// <exception cref="RaisedException">A position lies outside, or they are not a column.</exception>
    public static CsrMatrix<T> ExtractCols<T>(CsrMatrix<T> x, Matrix positions) where T : unmanaged
    {
        var at = Positions.Resolve(positions, x.Cols, "column", "indexing by positions", x);
        var result = OfTranspose(x, turned => Gather(turned, at.Cell0, at.Rows));
        at.Release();
        return result;
    }

    /// <summary>The rows where <paramref name="keep"/> has 1.</summary>
    /// <exception cref="RaisedException">The filter is no column of 0 and 1, or not as long as the matrix has rows.</exception>
    public static CsrMatrix<T> FilterRows<T>(CsrMatrix<T> x, Matrix keep) where T : unmanaged
    {
        var kept = Filter.Kept(keep, x.Rows, "row", x, out long count);
        var result = Gather(x, kept.Cell0, count);
        kept.Release();
        return result;
    }

    /// <summary>The columns where <paramref name="keep"/> has 1.</summary>
    /// <exception cref="RaisedException">The filter is no column of 0 and 1, or not as long as the matrix has columns.</exception>
    public static CsrMatrix<T> FilterCols<T>(CsrMatrix<T> x, Matrix keep) where T : unmanaged
    {
        var kept = Filter.Kept(keep, x.Cols, "column", x, out long count);
        var result = OfTranspose(x, turned => Gather(turned, kept.Cell0, count));
        kept.Release();
        return result;
    }

    /// <summary>Side by side.</summary>
    /// <exception cref="RaisedException">The numbers of rows differ.</exception>
    public static CsrMatrix<T> BindCols<T>(CsrMatrix<T> left, CsrMatrix<T> right) where T : unmanaged
    {
        if (left.Rows != right.Rows) throw Diag.BindShapes.Raise("cbind", "rows", left.Shape(), right.Shape());
        var result = CsrMatrix<T>.Allocate(left.Rows, left.Cols + right.Cols, left.Stored + right.Stored);
        long to = 0;
        result.Offsets[0] = 0;
        for (long r = 0; r < left.Rows; r++)
        {
            to = Append(left, r, result, to, 0);
            to = Append(right, r, result, to, (int)left.Cols);
            result.Offsets[r + 1] = to;
        }
        GC.KeepAlive(left);
        GC.KeepAlive(right);
        return result;
    }

    /// <summary>One above the other.</summary>
    /// <exception cref="RaisedException">The numbers of columns differ.</exception>
    public static CsrMatrix<T> BindRows<T>(CsrMatrix<T> upper, CsrMatrix<T> lower) where T : unmanaged
    {
        if (upper.Cols != lower.Cols) throw Diag.BindShapes.Raise("rbind", "columns", upper.Shape(), lower.Shape());
        var result = CsrMatrix<T>.Allocate(upper.Rows + lower.Rows, upper.Cols, upper.Stored + lower.Stored);
        long to = 0;
        result.Offsets[0] = 0;
        for (long r = 0; r < result.Rows; r++)
            result.Offsets[r + 1] = to = r < upper.Rows ? Append(upper, r, result, to, 0) : Append(lower, r - upper.Rows, result, to, 0);
        GC.KeepAlive(upper);
        GC.KeepAlive(lower);
        return result;
    }

    /// <summary>The rows in reverse order.</summary>
    public static CsrMatrix<T> Reverse<T>(CsrMatrix<T> x) where T : unmanaged
    {
        using var rows = new Scratch<long>(x.Rows);
        for (long r = 0; r < x.Rows; r++) rows.Cell0[r] = x.Rows - 1 - r;
        return Gather(x, rows.Cell0, x.Rows);
    }

    /// <summary>The same cells, row by row, in another shape.</summary>
    /// <exception cref="RaisedException">The new shape has another number of cells.</exception>
    public static CsrMatrix<T> Reshape<T>(CsrMatrix<T> x, long rows, long cols) where T : unmanaged
    {
        if ((Int128)rows * cols != x.Cells) throw Diag.ReshapeShapes.Raise(x.Shape(), Shapes.Text(rows, cols));
        var result = CsrMatrix<T>.Allocate(rows, cols, x.Stored);
        long to = 0, row = 0;
        result.Offsets[0] = 0;
        for (long r = 0; r < x.Rows; r++)
            for (long at = x.Offsets[r]; at < x.Offsets[r + 1]; at++)
            {
                long cell = r * x.Cols + x.Columns[at];
                while (row < cell / cols) result.Offsets[++row] = to;
                result.Columns[to] = (int)(cell % cols);
                result.Values[to++] = x.Values[at];
            }
        while (row < rows) result.Offsets[++row] = to;
        GC.KeepAlive(x);
        return result;
    }

    /// <summary>A square matrix with a column on its diagonal.</summary>
    /// <exception cref="RaisedException">The operand is not a column.</exception>
    public static CsrMatrix<T> DiagonalMatrix<T>(DenseMatrix<T> column) where T : unmanaged
    {
        if (column.Cols != 1) throw Diag.ColumnNeeded.Raise("diagMatrix", column.Shape());
        long n = column.Rows;
        var result = CsrMatrix<T>.Allocate(n, n, n);
        for (long i = 0; i < n; i++) (result.Offsets[i], result.Columns[i], result.Values[i]) = (i, (int)i, column.Cell0[i]);
        result.Offsets[n] = n;
        GC.KeepAlive(column);
        return result;
    }

    /// <summary>The diagonal of a square matrix as a dense column.</summary>
    /// <exception cref="RaisedException">The matrix is not square.</exception>
    public static DenseMatrix<T> DiagonalColumn<T>(CsrMatrix<T> x) where T : unmanaged
    {
        if (x.Rows != x.Cols) throw Diag.NotSquare.Raise("diagVector", x.Shape());
        var result = DenseMatrix<T>.Allocate(x.Rows, 1);
        for (long i = 0; i < x.Rows; i++) result.Cell0[i] = x[i, i];
        GC.KeepAlive(x);
        return result;
    }

    /// <summary>The upper or lower triangle; see <see cref="Diagonal.Triangle"/>.</summary>
    /// <exception cref="RaisedException">The matrix is not square.</exception>
    public static CsrMatrix<T> Triangle<T>(CsrMatrix<T> x, bool upper, bool diagonal, bool values) where T : unmanaged, INumber<T>
    {
        if (x.Rows != x.Cols) throw Diag.NotSquare.Raise(upper ? "upperTri" : "lowerTri", x.Shape());
        var result = Where(x, x.Rows, x.Cols, (r, c) => c == r ? diagonal ? c : -1 : c > r == upper ? c : -1);
        if (!values)
            for (long at = 0; at < result.Stored; at++) result.Values[at] = result.Values[at] == T.Zero ? T.Zero : T.One;
        return result;
    }

    /// <summary>True where every cell equals its mirror image; see <see cref="Symmetry.Holds"/>.</summary>
    /// <exception cref="RaisedException">The matrix is not square.</exception>
    public static bool IsSymmetric<T>(CsrMatrix<T> x) where T : unmanaged, INumber<T>
    {
        if (x.Rows != x.Cols) throw Diag.NotSquare.Raise("isSymmetric", x.Shape());
        var turned = SparseTranspose.Apply(x);
        bool holds = true;
        for (long r = 0; r < x.Rows && holds; r++)
        {
            long a = x.Offsets[r], endA = x.Offsets[r + 1], b = turned.Offsets[r], endB = turned.Offsets[r + 1];
            while ((a < endA || b < endB) && holds)
            {
                int left = a < endA ? x.Columns[a] : int.MaxValue, right = b < endB ? turned.Columns[b] : int.MaxValue;
                // A nan on the diagonal is its own image.
                holds = (left == right && left == r) || (left <= right ? x.Values[a] : T.Zero) == (right <= left ? turned.Values[b] : T.Zero);
                a += left <= right ? 1 : 0;
                b += right <= left ? 1 : 0;
            }
        }
        turned.Release();
        GC.KeepAlive(x);
        return holds;
    }

    static CsrMatrix<T> Gather<T>(CsrMatrix<T> x, long* rows, long count) where T : unmanaged
    {
        long stored = 0;
        for (long i = 0; i < count; i++) stored += x.Offsets[rows[i] + 1] - x.Offsets[rows[i]];
        var result = CsrMatrix<T>.Allocate(count, x.Cols, stored);
        long to = 0;
        result.Offsets[0] = 0;
        for (long i = 0; i < count; i++) result.Offsets[i + 1] = to = Append(x, rows[i], result, to, 0);
        GC.KeepAlive(x);
        return result;
    }

    // The kernel works on rows; its result is turned back.
    static CsrMatrix<T> OfTranspose<T>(CsrMatrix<T> x, Func<CsrMatrix<T>, CsrMatrix<T>> kernel) where T : unmanaged
    {
        var turned = SparseTranspose.Apply(x);
        var taken = kernel(turned);
        turned.Release();
        var result = SparseTranspose.Apply(taken);
        taken.Release();
        return result;
    }

    // The cells whose new column is not negative; columns keep their order.
    static CsrMatrix<T> Where<T>(CsrMatrix<T> x, long rows, long cols, Func<long, long, long> column) where T : unmanaged
    {
        var result = CsrMatrix<T>.Allocate(rows, cols, x.Stored);
        long to = 0;
        result.Offsets[0] = 0;
        for (long r = 0; r < x.Rows; r++)
        {
            for (long at = x.Offsets[r]; at < x.Offsets[r + 1]; at++)
            {
                long c = column(r, x.Columns[at]);
                if (c < 0) continue;
                result.Columns[to] = (int)c;
                result.Values[to++] = x.Values[at];
            }
            result.Offsets[r + 1] = to;
        }
        GC.KeepAlive(x);
        return result;
    }

    static long Append<T>(CsrMatrix<T> x, long row, CsrMatrix<T> result, long to, int shift) where T : unmanaged
    {
        for (long at = x.Offsets[row]; at < x.Offsets[row + 1]; at++, to++)
        {
            result.Columns[to] = x.Columns[at] + shift;
            result.Values[to] = x.Values[at];
        }
        return to;
    }
}
