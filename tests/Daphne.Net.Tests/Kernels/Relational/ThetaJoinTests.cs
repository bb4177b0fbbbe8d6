using System.Numerics;
using System.Text;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class ThetaJoinTests
{
    [Fact]
    public void Pairs_are_those_for_which_all_conditions_hold()
    {
        for (int seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            JoinCondition[] conditions = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Condition(random, 25, 20))];
            var expected = from l in Enumerable.Range(0, 25) from r in Enumerable.Range(0, 20) where conditions.All(c => Holds(c, l, r)) select ((long)l, (long)r);
            using var rows = ThetaJoin.Rows(conditions);
            Assert.True(expected.SequenceEqual(rows.Left.ToArray().Zip(rows.Right!.ToArray())), $"{string.Join(", ", conditions)}, seed {seed}");
        }
    }

    static JoinCondition Condition(Random random, int leftRows, int rightRows)
    {
        var left = RandomColumns.Types[random.Next(RandomColumns.Types.Length)];
        var right = left == ValueTypeCode.Str ? left : RandomColumns.Types[random.Next(1, RandomColumns.Types.Length)];
        return new(RandomColumns.Make(left, leftRows, random), (KeyComparison)random.Next(6), RandomColumns.Make(right, rightRows, random));
    }

    static bool Holds(JoinCondition c, int l, int r)
    {
        object x = RandomColumns.Cell(c.Left, l), y = RandomColumns.Cell(c.Right, r);
        if (x is double.NaN || y is double.NaN) return c.Comparison == KeyComparison.NotEqual;
        int order = x is string s ? Encoding.UTF8.GetBytes(s).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes((string)y)) : Fraction(x).CompareTo(Fraction(y));
        return c.Comparison switch
        {
            KeyComparison.Equal => order == 0,
            KeyComparison.NotEqual => order != 0,
            KeyComparison.Less => order < 0,
            KeyComparison.LessOrEqual => order <= 0,
            KeyComparison.Greater => order > 0,
            _ => order >= 0,
        };
    }

    // In units of the smallest f64; infinities beyond all.
    static BigInteger Fraction(object x)
    {
        if (x is BigInteger whole) return whole << 1074;
        double d = (double)x;
        if (double.IsInfinity(d)) return (BigInteger.One << 3000) * Math.Sign(d);
        long bits = BitConverter.DoubleToInt64Bits(d);
        int exponent = (int)(bits >> 52 & 0x7FF);
        BigInteger mantissa = (bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52);
        return (d < 0 ? -mantissa : mantissa) << Math.Max(exponent, 1) - 1;
    }
}
