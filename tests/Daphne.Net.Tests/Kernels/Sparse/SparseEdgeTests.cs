using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels.Sparse;

public sealed class SparseEdgeTests
{
    static CsrMatrix<double> Sparse(long rows, long cols, params double[] cells) => Compression.ToSparse(DenseMatrix<double>.Copy(cells, rows, cols));

    [Fact]
    public void Where_zero_meets_infinity_the_sparse_kernels_decline()
    {
        var x = Sparse(2, 2, 1, 0, 0, 2);
        var infinite = DenseMatrix<double>.Copy([1, double.PositiveInfinity], 1, 2);
        var nan = Sparse(2, 2, double.NaN, 0, 0, 1);
        Assert.Null(SparseTimes.Dense(x, infinite));
        Assert.Null(SparseTimes.LargestOfRows(x, infinite));
        Assert.Null(SparseTimes.Both(x, nan));
        Assert.Equal([double.NaN, 1], SparseTimes.LargestOfRows(nan, DenseMatrix<double>.Copy([1, 1], 1, 2))!.ToArray());
        Assert.Equal([0.0], SparseTimes.LargestOfRows(Sparse(1, 3, -1, double.NaN, 0), DenseMatrix<double>.Copy([1, 1, 1], 1, 3))!.ToArray());
        Assert.Null(SparseMatMul.Both(nan, x));
        Assert.Null(SparseMatMul.Left(x, DenseMatrix<double>.Copy([1, double.NaN], 2, 1)));
        Assert.Null(SparseMatMul.Right(DenseMatrix<double>.Copy([1, double.NaN], 1, 2), x));
    }

    [Fact]
    public void A_nan_in_front_of_a_row_stays_and_one_further_down_does_not()
    {
        var column = DenseMatrix<double>.Allocate(2, 1);
        SparseAggregates.PerRow<double>(Op.MaxRow)!(Sparse(2, 3, double.NaN, 0, 1, -1, double.NaN, 0), column, null);
        Assert.Equal([double.NaN, 0], column.ToArray());
    }

    [Fact]
    public void A_stored_zero_is_a_zero()
    {
        var x = CsrMatrix<double>.Copy([0, 2, 2], [0, 2], [0.0, 5], 2, 3);
        Assert.Equal(1, SparseCells.NonZeros(x));
        Assert.Equal(2, x.Stored);
        Assert.Equal(0, x[1, 1]);
        Assert.Equal("CSRMatrix(2x3, double)\n0 0 5\n0 0 0\n", Printer.ToText(Datum.Of(x)));
    }

    [Fact]
    public void Rows_that_are_none_are_refused()
    {
        Assert.Throws<ArgumentException>(() => CsrMatrix<int>.Copy([0, 2], [1, 1], [1, 2], 1, 3));
        Assert.Throws<ArgumentException>(() => CsrMatrix<int>.Copy([0, 1], [3], [1], 1, 3));
        Assert.Throws<ArgumentException>(() => CsrMatrix<int>.Copy([0, 2, 1], [0], [1], 2, 3));
        Assert.Throws<ArgumentException>(() => CsrMatrix<int>.Copy([0, 1], [0, 1], [1, 2], 1, 3));
        var tooWide = Assert.Throws<RaisedException>(() => CsrMatrix<int>.Allocate(1, 1L << 31, 0));
        Assert.Equal(Diag.TooManySparseColumns, tooWide.Def);
    }

    [Fact]
    public void The_sum_of_a_matrix_too_large_to_be_dense_takes_its_stored_cells()
    {
        var x = SparseRand.Matrix(1_000_000, 1_000_000, 1.0, 1.0, 1e-8, 3);
        Assert.Equal(10_000, SparseAggregates.All<double>(Op.SumAll)!(x));
        x.Release();
    }
}
