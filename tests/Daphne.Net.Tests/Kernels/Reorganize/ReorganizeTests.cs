using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

/// <summary>Moving cells, against cell by cell references, over all shapes from 0 x 0 on.</summary>
public sealed class ReorganizeTests
{
    static readonly (int Rows, int Cols)[] shapes = [.. from r in Enumerable.Range(0, 18) from c in Enumerable.Range(0, 18) select (r, c), (40, 33)];

    static string Message(Action action) => Assert.Throws<RaisedException>(action).Message;

    static DenseMatrix<long> Counting(long rows, long cols) => RandomMatrices.Build(rows, cols, (r, c) => r * 100 + c);

    static DenseMatrix<T> Column<T>(params T[] cells) where T : unmanaged => DenseMatrix<T>.Copy(cells, cells.Length, 1);

    [Fact]
    public void Matrices_stand_side_by_side_and_above_each_other()
    {
        foreach (var (rows, cols) in shapes)
        {
            var (left, right) = (Counting(rows, cols), Counting(rows, 3));
            RandomMatrices.AssertSame(RandomMatrices.Build(rows, cols + 3, (r, c) => c < cols ? left[r, c] : right[r, c - cols]), Bind.Cols(left, right), $"cbind {rows}x{cols}");
            var (upper, lower) = (Counting(rows, cols), Counting(2, cols));
            RandomMatrices.AssertSame(RandomMatrices.Build(rows + 2, cols, (r, c) => r < rows ? upper[r, c] : lower[r - rows, c]), Bind.Rows(upper, lower), $"rbind {rows}x{cols}");
        }
        Assert.Equal("cbind needs the same number of rows, but the operands are 2x3 and 3x2", Message(() => Bind.Cols(Counting(2, 3), Counting(3, 2))));
        Assert.Equal("rbind needs the same number of columns, but the operands are 2x3 and 3x2", Message(() => Bind.Rows(Counting(2, 3), Counting(3, 2))));
    }

    [Fact]
    public void Slices_take_every_range()
    {
        foreach (var (rows, cols) in shapes.Where(s => s.Rows <= 6 && s.Cols <= 6))
        {
            var x = Counting(rows, cols);
            for (int lower = 0; lower < rows; lower++)
                for (int upper = lower; upper <= rows; upper++)
                    RandomMatrices.AssertSame(RandomMatrices.Build(upper - lower, cols, (r, c) => x[r + lower, c]), Slice.Rows(x, lower, upper), $"{rows}x{cols}[{lower}:{upper}, ]");
            for (int lower = 0; lower < cols; lower++)
                for (int upper = lower; upper <= cols; upper++)
                    RandomMatrices.AssertSame(RandomMatrices.Build(rows, upper - lower, (r, c) => x[r, c + lower]), Slice.Cols(x, lower, upper), $"{rows}x{cols}[, {lower}:{upper}]");
        }
    }

    [Theory]
    [InlineData(-1, 0, 3, 1)]      // X[-1, ], lowered as a range of one
    [InlineData(-2, 4, 2, 2)]      // X[-2:, ]
    [InlineData(0, -1, 0, 3)]      // X[:-1, ]
    [InlineData(-3, -1, 1, 2)]
    [InlineData(2, 2, 2, 0)]
    public void Negative_bounds_count_from_the_end(long lower, long upper, long first, long count)
    {
        var x = Counting(4, 3);
        RandomMatrices.AssertSame(x.RowRange(first, count), Slice.Rows(x, lower, upper), $"[{lower}:{upper}, ]");
    }

    [Theory, InlineData(2, 3), InlineData(-3, -2), InlineData(0, 3), InlineData(2, 1), InlineData(1, 0), InlineData(2, 2)]
    public void Ranges_outside_are_named(long lower, long upper) =>
        Assert.Equal($"row range {lower}:{upper} is out of bounds: there are 2", Message(() => Slice.Rows(Counting(2, 5), lower, upper)));

    [Fact]
    public void Positions_come_in_any_order_and_any_numeric_type()
    {
        var x = Counting(4, 5);
        var expectedRows = RandomMatrices.Build(3, 5, (r, c) => x[new[] { 3, 0, 0 }[r], c]);
        var expectedCols = RandomMatrices.Build(4, 3, (r, c) => x[r, new[] { 3, 0, 0 }[c]]);
        foreach (Matrix at in new Matrix[] { Column(3L, 0, 0), Column(3.9, 0.5, -0.0), Column(3f, 0f, 0f), Column(3ul, 0ul, 0ul), Column(3, 0, 0), Column(3u, 0u, 0u), Column<sbyte>(3, 0, 0), Column<byte>(3, 0, 0), Column(-1L, -4, 0) })
            RandomMatrices.AssertSame(expectedRows, Extract.Rows(x, at), $"rows at {at.ValueType}");
        foreach (Matrix at in new Matrix[] { Column(3L, 0, 0), Column(3.9, 0, 0), Column(-2L, -5, 0) })
            RandomMatrices.AssertSame(expectedCols, Extract.Cols(x, at), $"columns at {at.ValueType}");
        RandomMatrices.AssertSame(RandomMatrices.Build(2, 5, (r, c) => x[1 - r, c]), Extract.Rows(x, Column(true, false)), "rows at bool");
        Assert.Equal((0, 5), (Extract.Rows(x, Column<long>()).Rows, Extract.Rows(x, Column<long>()).Cols));
        Assert.Equal((4, 0), (Extract.Cols(x, Column<long>()).Rows, Extract.Cols(x, Column<long>()).Cols));
    }

    [Fact]
    public void Positions_outside_are_named()
    {
        var x = Counting(2, 3);
        Assert.Equal("there is no row 2 in a 2x3 matrix", Message(() => Extract.Rows(x, Column(0L, 2))));
        Assert.Equal("there is no row -3 in a 2x3 matrix", Message(() => Extract.Rows(x, Column(-3L))));
        Assert.Equal("there is no row nan in a 2x3 matrix", Message(() => Extract.Rows(x, Column(double.NaN))));
        Assert.Equal("there is no row 9223372036854775807 in a 2x3 matrix", Message(() => Extract.Rows(x, Column(ulong.MaxValue))));
        Assert.Equal("there is no column 3 in a 2x3 matrix", Message(() => Extract.Cols(x, Column(3L))));
        Assert.Equal("indexing by positions needs a column, not a 1x2 matrix", Message(() => Extract.Rows(x, DenseMatrix<long>.Copy([0, 1], 1, 2))));
    }

    [Fact]
    public void Filters_keep_what_has_a_one()
    {
        foreach (var (rows, cols) in shapes)
        {
            var x = Counting(rows, cols);
            var random = new Random(rows * 31 + cols);
            double[] keepRows = [.. Enumerable.Range(0, rows).Select(_ => (double)random.Next(2))];
            long[] keepCols = [.. Enumerable.Range(0, cols).Select(_ => (long)random.Next(2))];
            int[] rowAt = [.. Enumerable.Range(0, rows).Where(r => keepRows[r] == 1)], colAt = [.. Enumerable.Range(0, cols).Where(c => keepCols[c] == 1)];
            RandomMatrices.AssertSame(RandomMatrices.Build(rowAt.Length, cols, (r, c) => x[rowAt[r], c]), Filter.Rows(x, Column(keepRows)), $"rows of {rows}x{cols}");
            RandomMatrices.AssertSame(RandomMatrices.Build(rows, colAt.Length, (r, c) => x[r, colAt[c]]), Filter.Cols(x, Column(keepCols)), $"columns of {rows}x{cols}");
        }
        Assert.Equal("a filter of 3 values does not fit the rows of a 2x2 matrix", Message(() => Filter.Rows(Counting(2, 2), Column(1L, 0, 1))));
        Assert.Equal("a filter of 1 values does not fit the columns of a 2x2 matrix", Message(() => Filter.Cols(Counting(2, 2), Column(1L))));
        Assert.Equal("a filter holds only 0 and 1, but value 1 is 2", Message(() => Filter.Rows(Counting(2, 2), Column(1L, 2))));
        Assert.Equal("a filter holds only 0 and 1, but value 0 is 0.5", Message(() => Filter.Rows(Counting(2, 2), Column(0.5, 1))));
        Assert.Equal("a filter holds only 0 and 1, but value 0 is nan", Message(() => Filter.Rows(Counting(2, 2), Column(double.NaN, 1))));
        Assert.Equal("a filter needs a column, not a 1x2 matrix", Message(() => Filter.Rows(Counting(2, 2), DenseMatrix<long>.Copy([0, 1], 1, 2))));
    }

    [Fact]
    public void Reshape_and_reverse()
    {
        foreach (var (rows, cols) in shapes)
        {
            var x = Counting(rows, cols);
            RandomMatrices.AssertSame(RandomMatrices.Build(rows, cols, (r, c) => x[rows - 1 - r, c]), Reverse.Apply(x), $"reverse {rows}x{cols}");
            Assert.Equal(x.ToArray(), Reshape.Apply(x, cols, rows).ToArray());
        }
        Assert.Equal("reshape keeps the number of cells, but 3x1 and 2x2 differ in it", Message(() => Reshape.Apply(Counting(3, 1), 2, 2)));
        Assert.Equal("reshape keeps the number of cells, but 0x3 and 4294967296x4294967296 differ in it", Message(() => Reshape.Apply(Counting(0, 3), 1L << 32, 1L << 32)));
    }

    [Fact]
    public void Diagonals()
    {
        for (int n = 0; n <= 17; n++)
        {
            var column = Counting(n, 1);
            var x = Counting(n, n);
            RandomMatrices.AssertSame(RandomMatrices.Build(n, n, (r, c) => r == c ? column[r, 0] : 0), Diagonal.ToMatrix(column), $"diagMatrix {n}");
            RandomMatrices.AssertSame(RandomMatrices.Build(n, 1, (r, _) => x[r, r]), Diagonal.ToColumn(x), $"diagVector {n}");
        }
        Assert.Equal("diagMatrix needs a column, not a 1x2 matrix", Message(() => Diagonal.ToMatrix(Counting(1, 2))));
        Assert.Equal("diagVector needs a square matrix, but it is 2x3", Message(() => Diagonal.ToColumn(Counting(2, 3))));
    }

    [Fact]
    public void Triangles()
    {
        for (int n = 0; n <= 9; n++)
            foreach (var (upper, diagonal, values) in from u in new[] { true, false } from d in new[] { true, false } from v in new[] { true, false } select (u, d, v))
            {
                var x = RandomMatrices.Build(n, n, (r, c) => (r + c) % 3 - 0.5 == -0.5 ? 0.0 : r * 10 + c + 0.5);
                var expected = RandomMatrices.Build(n, n, (r, c) => (upper ? c > r : c < r) || (diagonal && c == r) ? values ? x[r, c] : x[r, c] == 0 ? 0 : 1 : 0);
                RandomMatrices.AssertSame(expected, Diagonal.Triangle(x, upper, diagonal, values), $"n {n} upper {upper} diagonal {diagonal} values {values}");
            }
        Assert.Equal("lowerTri needs a square matrix, but it is 2x3", Message(() => Diagonal.Triangle(Counting(2, 3), false, true, true)));
    }

    [Fact]
    public void Symmetry_needs_every_pair_to_agree()
    {
        foreach (int n in new[] { 0, 1, 2, 31, 32, 33, 70 })
        {
            Assert.True(Symmetry.Holds(RandomMatrices.Build(n, n, (r, c) => r * c)));
            if (n < 2) continue;
            for (long r = 0; r < n; r += 7)
                for (long c = 0; c < n; c += 11)
                    Assert.Equal(r == c, Symmetry.Holds(RandomMatrices.Build(n, n, (i, j) => i * j + (i == r && j == c ? 1 : 0))));
        }
        Assert.Equal("isSymmetric needs a square matrix, but it is 2x1", Message(() => Symmetry.Holds(Counting(2, 1))));
    }
}
