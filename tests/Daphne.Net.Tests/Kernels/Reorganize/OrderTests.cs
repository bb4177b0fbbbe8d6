using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class OrderTests
{
    static readonly SortColumn[][] orders = [[], [new(0, true)], [new(0, false)], [new(2, true), new(0, false)], [new(-1, false), new(1, true), new(0, true)]];

    [Fact]
    public void Every_type_and_length_is_sorted_stably()
    {
        foreach (int rows in new[] { 0, 1, 2, 3, 17, 64, 65, 100, 3000 })
        {
            Check(RandomMatrices.Whole<double>(rows, 3, rows), orders);
            Check(RandomMatrices.Floats<double>(rows, 3, rows), orders);
            Check(RandomMatrices.Floats<float>(rows, 3, rows), orders);
            Check(RandomMatrices.Whole<long>(rows, 3, rows), orders);
            Check(RandomMatrices.Whole<ulong>(rows, 3, rows), orders);
            Check(RandomMatrices.Whole<int>(rows, 3, rows), orders);
            Check(RandomMatrices.Whole<byte>(rows, 3, rows), orders);
        }
    }

    static void Check<T>(DenseMatrix<T> x, SortColumn[][] orders) where T : unmanaged, INumber<T>
    {
        foreach (var by in orders)
        {
            // LINQ's OrderBy is stable too.
            var sorted = Enumerable.Range(0, (int)x.Rows).OrderBy(_ => 0);
            foreach (var (column, ascending) in by)
            {
                long at = column < 0 ? column + x.Cols : column;
                sorted = ascending ? sorted.ThenBy(r => x[r, at]) : sorted.ThenByDescending(r => x[r, at]);
            }
            int[] expected = [.. sorted];
            Assert.Equal(expected.Select(p => (ulong)p), Order.Positions(x, by).ToArray());
            RandomMatrices.AssertSame(RandomMatrices.Build(x.Rows, x.Cols, (r, c) => x[expected[r], c]), Order.Rows(x, by), $"{typeof(T).Name} {x.Rows} rows");
        }
    }

    [Fact]
    public void Extremes_are_in_place()
    {
        var longs = DenseMatrix<long>.Copy([0, long.MaxValue, long.MinValue, -1], 4, 1);
        Assert.Equal([2ul, 3, 0, 1], Order.Positions(longs, [new(0, true)]).ToArray());
        var unsigned = DenseMatrix<ulong>.Copy([0, ulong.MaxValue, 1ul << 63, 1], 4, 1);
        Assert.Equal([1ul, 2, 3, 0], Order.Positions(unsigned, [new(0, false)]).ToArray());
        var floats = DenseMatrix<double>.Copy([double.PositiveInfinity, -0.0, 0.0, double.NegativeInfinity, double.Epsilon, -double.Epsilon], 6, 1);
        Assert.Equal([3ul, 5, 1, 2, 4, 0], Order.Positions(floats, [new(0, true)]).ToArray());
        Assert.Equal([0ul, 4, 1, 2, 5, 3], Order.Positions(floats, [new(0, false)]).ToArray());
    }

    [Fact]
    public void Nan_comes_last_in_both_directions()
    {
        var x = DenseMatrix<double>.Copy([double.NaN, 2, -double.NaN, double.PositiveInfinity, 1], 5, 1);
        Assert.Equal([4ul, 1, 3, 0, 2], Order.Positions(x, [new(0, true)]).ToArray());
        Assert.Equal([3ul, 1, 4, 0, 2], Order.Positions(x, [new(0, false)]).ToArray());
    }

    [Fact]
    public void A_column_that_is_not_there_is_named() =>
        Assert.Equal("there is no column 3 in a 2x3 matrix", Assert.Throws<RaisedException>(() => Order.Rows(RandomMatrices.Whole<long>(2, 3, 1), [new(3, true)])).Message);
}
