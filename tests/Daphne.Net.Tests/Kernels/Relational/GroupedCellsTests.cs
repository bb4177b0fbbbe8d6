using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class GroupedCellsTests
{
    [Fact]
    public void Aggregates_are_those_of_the_cells_of_each_group()
    {
        for (int seed = 1; seed <= 20; seed++)
            foreach (var type in RandomColumns.Types)
            {
                var random = new Random(seed);
                Matrix key = RandomColumns.Make(ValueTypeCode.SI64, 70, random), cells = RandomColumns.Make(type, 70, random);
                using var groups = RowGroups.Of([key]);
                var rows = Enumerable.Range(0, 70).GroupBy(r => groups.OfRows[r, 0]).OrderBy(g => g.Key).Select(g => g.Select(r => RandomColumns.Cell(cells, r)).ToArray()).ToArray();
                foreach (var aggregate in Enum.GetValues<GroupAggregate>())
                {
                    if (type == ValueTypeCode.Str && aggregate is GroupAggregate.Sum or GroupAggregate.Mean) continue;
                    var result = GroupedCells.Of(aggregate, cells, groups);
                    Assert.Equal(GroupedCells.ResultType(aggregate, type), result.ValueType);
                    for (int g = 0; g < groups.Count; g++)
                    {
                        object expected = Expected(aggregate, rows[g], result.ValueType), actual = RandomColumns.Cell(result, g);
                        bool same = expected is double x && actual is double y ? Near(x, y, type) : expected.Equals(actual);
                        Assert.True(same, $"{aggregate} of {type} is {actual}, not {expected}; seed {seed}");
                    }
                }
            }
    }

    [Fact]
    public void A_sum_of_floats_keeps_what_additions_round_away()
    {
        using var groups = RowGroups.Of([DenseMatrix<long>.Copy([5, 7, 5, 7, 5, 7, 5], 7, 1)]);
        var sums = (DenseMatrix<double>)GroupedCells.Of(GroupAggregate.Sum, DenseMatrix<double>.Copy([1e100, 1, 1, double.PositiveInfinity, -1e100, 2, 0.5], 7, 1), groups);
        Assert.Equal([1.5, double.PositiveInfinity], sums.ToArray());
        using var tenths = RowGroups.One(1_000_000);
        var tenth = RandomMatrices.Build(1_000_000, 1, (_, _) => 0.1);
        Assert.Equal([100000.0], ((DenseMatrix<double>)GroupedCells.Of(GroupAggregate.Sum, tenth, tenths)).ToArray(), (x, y) => Math.Abs(x - y) < 1e-10);
    }

    [Fact]
    public void Strings_have_no_sum()
    {
        using var groups = RowGroups.One(1);
        Assert.Equal(Diag.TextAggregate, Assert.Throws<RaisedException>(() => GroupedCells.Of(GroupAggregate.Sum, new StringMatrix(["a"], 1, 1), groups)).Def);
    }

    static bool Near(double x, double y, ValueTypeCode type) => x.Equals(y) || x == y || Math.Abs(x - y) <= (type == ValueTypeCode.F32 ? 1e-6 : 1e-14) * Math.Abs(x);

    static object Expected(GroupAggregate aggregate, object[] cells, ValueTypeCode type) => aggregate switch
    {
        GroupAggregate.Count => (BigInteger)cells.Length,
        GroupAggregate.Min or GroupAggregate.Max => Extreme(cells, aggregate == GroupAggregate.Min ? -1 : 1),
        GroupAggregate.Mean => Total(cells) / cells.Length,
        _ when cells[0] is double => type == ValueTypeCode.F32 ? (float)Total(cells) : Total(cells),
        _ => Wrap(cells.Aggregate(BigInteger.Zero, (sum, x) => sum + (BigInteger)x), type),
    };

    // Exact as long as every cell is finite and the sum is: a sum of f64 is a fraction.
    static double Total(object[] cells)
    {
        double[] numbers = [.. cells.Select(c => c is double d ? d : (double)(BigInteger)c)];
        double plain = numbers.Sum();
        if (!double.IsFinite(plain)) return plain;
        const int scale = 1074;
        var exact = numbers.Aggregate(BigInteger.Zero, (sum, x) => sum + Scaled(x, scale));
        return Math.ScaleB((double)(exact >> 40), 40 - scale);
    }

    static BigInteger Scaled(double x, int scale)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52 & 0x7FF);
        BigInteger mantissa = (bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52);
        return (x < 0 ? -mantissa : mantissa) << Math.Max(exponent, 1) - 1075 + scale;
    }

    static object Extreme(object[] cells, int sign)
    {
        object best = cells[0];
        foreach (object cell in cells.Skip(1))
        {
            int order = cell is string s ? TextOrder.Compare(s, (string)best) : cell is double d ? best is double.NaN || d == (double)best ? 0 : d.CompareTo((double)best) : ((IComparable)cell).CompareTo(best);
            if (cell is not double.NaN && (best is double.NaN || order * sign > 0)) best = cell;
        }
        return best is double.NaN ? sign < 0 ? double.PositiveInfinity : double.NegativeInfinity : best;
    }

    static BigInteger Wrap(BigInteger x, ValueTypeCode type)
    {
        int bits = 8 * type.SizeInBytes();
        var low = x & ((BigInteger.One << bits) - 1);
        bool signed = type is ValueTypeCode.SI64 or ValueTypeCode.SI32 or ValueTypeCode.SI8;
        return signed && low >> bits - 1 == 1 ? low - (BigInteger.One << bits) : low;
    }
}
