using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class StatisticTests
{
    static readonly DenseMatrix<long> whole = DenseMatrix<long>.Copy([1, 2, 3, 4, 5, 6], 2, 3);
    static readonly DenseMatrix<double> real = DenseMatrix<double>.Copy([1.5, 2.0, -3.0, 4.0, 0.5, 6.0], 2, 3);

    [Fact]
    public void Statistics_of_small_matrices_are_the_recorded_ones()
    {
        Assert.Equal(3.5, All<long, double>(Op.MeanAll, whole));
        Assert.Equal([2.0, 5.0], Axis<long, double>(Op.MeanRow, whole, 2, 1));
        Assert.Equal([2.5, 3.5, 4.5], Axis<long, double>(Op.MeanCol, whole, 1, 3));
        Assert.Equal(35.0 / 12, All<long, double>(Op.VarAll, whole), 1e-15);
        Assert.Equal(Math.Sqrt(35.0 / 12), All<long, double>(Op.StddevAll, whole), 1e-15);
        Assert.Equal([2.0 / 3, 2.0 / 3], Axis<long, double>(Op.VarRow, whole, 2, 1));
        Assert.Equal([1.5, 1.5, 1.5], Axis<long, double>(Op.StddevCol, whole, 1, 3));
        Assert.Equal([1.5625, 0.5625, 20.25], Axis<double, double>(Op.VarCol, real, 1, 3));
        Assert.Equal(0.0, All<double, double>(Op.VarAll, DenseMatrix<double>.Copy([5], 1, 1)));
        Assert.Equal(2.0f, All<float, float>(Op.MeanAll, DenseMatrix<float>.Copy([1.5f, 2.5f], 2, 1)));
        Assert.Equal(2.0 / 3, All<bool, double>(Op.MeanAll, DenseMatrix<bool>.Copy([true, false, true], 3, 1)));
    }

    [Fact]
    public void A_large_mean_does_not_eat_the_variance()
    {
        var random = new Random(3);
        double[] cells = [.. Enumerable.Range(0, 10_000).Select(_ => 1e9 + random.Next(2))];
        double ones = cells.Count(c => c > 1e9) / 10_000.0;
        var x = DenseMatrix<double>.Copy(cells, 100, 100);
        Assert.Equal(ones * (1 - ones), All<double, double>(Op.VarAll, x), 1e-9);
        Assert.Equal(ones * (1 - ones), Axis<double, double>(Op.VarCol, x.Reshape(10_000, 1), 1, 1)[0], 1e-9);
        Assert.Equal(ones * (1 - ones), Axis<double, double>(Op.VarRow, x.Reshape(1, 10_000), 1, 1)[0], 1e-9);
    }

    [Fact]
    public void Statistics_of_nothing_are_nan_and_sums_zero()
    {
        var none = DenseMatrix<double>.Allocate(0, 3);
        Assert.Equal([double.NaN, double.NaN, double.NaN], [All<double, double>(Op.MeanAll, none), All<double, double>(Op.VarAll, none), All<double, double>(Op.StddevAll, none)]);
        Assert.Equal([double.NaN, double.NaN, double.NaN], Axis<double, double>(Op.MeanCol, none, 1, 3));
        Assert.Empty(Axis<double, double>(Op.MeanRow, none, 0, 1));
        Assert.Equal([double.NaN, double.NaN], Axis<double, double>(Op.StddevRow, DenseMatrix<double>.Allocate(2, 0), 2, 1));
        Assert.Equal([0.0, 0.0, 0.0], SumTests.Axis(Op.SumCol, none, 1, 3));
        Assert.Equal([0.0, 0.0], SumTests.Axis(Op.SumRow, DenseMatrix<double>.Allocate(2, 0), 2, 1));
    }

    [Fact]
    public void Running_aggregates_go_down_each_column()
    {
        var x = DenseMatrix<long>.Copy([1, 5, 3, 2, 4, -1], 3, 2);
        Assert.Equal([1, 5, 4, 7, 8, 6], Running(Op.SumCum, x));
        Assert.Equal([1, 5, 3, 10, 12, -10], Running(Op.ProdCum, x));
        Assert.Equal([1, 5, 1, 2, 1, -1], Running(Op.MinCum, x));
        Assert.Equal([1, 5, 3, 5, 4, 5], Running(Op.MaxCum, x));
        Assert.Equal([1, double.NaN, double.NaN], Running(Op.SumCum, DenseMatrix<double>.Copy([1, double.NaN, 2], 3, 1)));
        Assert.Equal([1, 1, 0.5], Running(Op.MinCum, DenseMatrix<double>.Copy([1, double.NaN, 0.5], 3, 1)));
        Assert.Equal([double.NaN, double.NaN], Running(Op.MaxCum, DenseMatrix<double>.Copy([double.NaN, 1], 2, 1)));
        foreach (int cols in (int[])[1, 2, 15, 16, 17, 40])
        {
            long[] cells = Cells.Random<long>(50 * cols, seed: cols);
            long[] expected = [.. cells];
            for (int i = cols; i < expected.Length; i++) expected[i] = unchecked(expected[i - cols] + cells[i]);
            Assert.Equal(expected, Running(Op.SumCum, DenseMatrix<long>.Copy(cells, 50, cols)));
        }
    }

    static T[] Running<T>(OpDef op, DenseMatrix<T> x) where T : unmanaged
    {
        var dst = DenseMatrix<T>.Allocate(x.Rows, x.Cols);
        Cumulative.Apply(Cumulative.Kernel<T>(op)!, x, dst);
        return dst.ToArray();
    }

    static TResult All<T, TResult>(OpDef op, DenseMatrix<T> x) where T : unmanaged where TResult : unmanaged => Aggregates.StatisticOfAll<T, TResult>(op)!(x);

    static TResult[] Axis<T, TResult>(OpDef op, DenseMatrix<T> x, long rows, long cols) where T : unmanaged where TResult : unmanaged
    {
        var dst = DenseMatrix<TResult>.Allocate(rows, cols);
        Aggregates.StatisticOfAxis<T, TResult>(op)!(x, dst);
        return dst.ToArray();
    }
}
