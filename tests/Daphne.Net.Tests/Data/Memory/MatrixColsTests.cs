using Daphne.Net.Data;

namespace Daphne.Net.Tests.Data.Memory;

public sealed class MatrixColsTests
{
    public static TheoryData<int, int> Ranges
    {
        get
        {
            var data = new TheoryData<int, int>();
            for (int first = 0; first <= 5; first++)
                for (int count = 0; count <= 5 - first; count++) data.Add(first, count);
            return data;
        }
    }

    [Theory, MemberData(nameof(Ranges))]
    public void A_range_of_columns_holds_these_cells_whatever_the_matrix(int first, int count)
    {
        double[,] cells = { { 1, 0, 2, 0, 3 }, { 0, 0, 0, 0, 0 }, { 0, 4, 5, 6, 0 }, { 7, 0, 0, 0, 8 } };
        var dense = DenseMatrix<double>.Copy([.. cells.Cast<double>()], 4, 5);
        // Rows of another matrix: the offsets do not begin at 0. One stored cell is zero.
        var whole = CsrMatrix<double>.Copy([0, 2, 5, 5, 8, 10], [0, 1, 0, 2, 4, 1, 2, 3, 0, 4], [9, 9, 1, 2, 3, 4, 5, 6, 7, 8], 5, 5);
        var sparse = whole.RowRange(1, 4);
        var strings = new StringMatrix([.. cells.Cast<double>().Select(c => $"s{c}")], 4, 5);
        var parts = new[] { dense, (Matrix)sparse, strings }.Select(m => MatrixCols.Range(m, first, count)).ToArray();
        Assert.All(parts, p => Assert.Equal((4, count), (p.Rows, p.Cols)));
        for (int r = 0; r < 4; r++)
            for (int c = 0; c < count; c++)
            {
                Assert.Equal(cells[r, first + c], ((DenseMatrix<double>)parts[0])[r, c]);
                Assert.Equal(cells[r, first + c], ((CsrMatrix<double>)parts[1])[r, c]);
                Assert.Equal($"s{cells[r, first + c]}", ((StringMatrix)parts[2])[r, c]);
            }
        Assert.Equal(cells.Cast<double>().Where((v, i) => v != 0 && i % 5 >= first && i % 5 < first + count).Count(), ((CsrMatrix<double>)parts[1]).Stored);
        foreach (var matrix in parts.Concat([dense, sparse, whole, strings])) matrix.Release();
    }

    [Theory, InlineData(-1, 1), InlineData(0, 6), InlineData(5, 1), InlineData(2, -1)]
    public void A_range_outside_of_the_matrix_is_refused(int first, int count)
    {
        var dense = DenseMatrix<double>.Allocate(4, 5, zeroed: true);
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixCols.Range(dense, first, count));
        dense.Release();
    }
}
