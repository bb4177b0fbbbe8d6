using System.Globalization;
using System.Numerics;
using System.Text;
using Daphne.Net.Data;

namespace Daphne.Net.Tests.Data.Numbers;

/// <summary>Every text gives the float that <c>double.Parse</c> gives, which is exactly rounded.</summary>
public sealed class NumberScannerTests
{
    [Fact]
    public void Random_doubles_in_all_forms()
    {
        const int seed = 1;
        var random = new Random(seed);
        for (int i = 0; i < 15_000; i++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(value)) continue;
            Same(value.ToString(i % 4 == 0 ? "R" : i % 4 == 1 ? "E16" : i % 4 == 2 ? "E" + random.Next(1, 30) : "G" + random.Next(1, 20), CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Random_digits_with_random_exponents()
    {
        const int seed = 2;
        var random = new Random(seed);
        for (int i = 0; i < 15_000; i++)
        {
            var text = new StringBuilder(i % 3 == 0 ? "-" : "");
            int length = random.Next(1, 30), point = random.Next(-1, length + 1);
            for (int d = 0; d < length; d++)
            {
                if (d == point) text.Append('.');
                text.Append((char)('0' + random.Next(10) * random.Next(2)));
            }
            if (i % 2 == 0) text.Append(i % 4 == 0 ? 'e' : 'E').Append(random.Next(-345, 320));
            Same(text.ToString());
        }
    }

    // The exact decimal expansion of the point between two neighbours, and the same a little less and a little more: the hardest inputs there are.
    [Fact]
    public void Points_between_two_neighbours()
    {
        const int seed = 3;
        var random = new Random(seed);
        for (int i = 0; i < 700; i++)
        {
            int exponent = i % 3 == 0 ? random.Next(-60, 20) : random.Next(-1074, 970);
            ulong mantissa = ((1UL << 52) + (ulong)random.NextInt64(1L << 52)) * 2 + 1;
            int q = Math.Min(exponent - 1, 0);
            var digits = exponent >= 1 ? new BigInteger(mantissa) << (exponent - 1) : mantissa * BigInteger.Pow(5, -q);
            Same($"{digits}e{q}");
            Same($"{digits - 1}9e{q - 1}");
            Same($"{digits}.00000000001e{q}");
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0.0")]
    [InlineData("000000000000000000000000000001.5")]
    [InlineData("0.00000000000000000000000000000000000000000001")]
    [InlineData("9007199254740993")]
    [InlineData("9007199254740993.0000000000000000000000000000000000001")]
    [InlineData("2.2250738585072011e-308")]
    [InlineData("2.2250738585072014e-308")]
    [InlineData("4.9406564584124654e-324")]
    [InlineData("2.4703282292062327e-324")]
    [InlineData("2.4703282292062328e-324")]
    [InlineData("1.7976931348623157e308")]
    [InlineData("1.7976931348623158e308")]
    [InlineData("1.7976931348623159e308")]
    [InlineData("1e309")]
    [InlineData("1e-400")]
    [InlineData("1e99999999999999999999")]
    [InlineData("0e99999999999999999999")]
    [InlineData("1e-99999999999999999999")]
    [InlineData("7.3177701707893310e+15")]
    [InlineData("5e-1")]
    [InlineData("0.5")]
    [InlineData("16777217")]
    [InlineData("3.4028235677973366e38")]
    [InlineData("1.1754943508222875e-38")]
    [InlineData("7.0064923216240854e-46")]
    [InlineData("1.4012984643248171e-45")]
    [InlineData("+1.")]
    [InlineData(".5e+01")]
    public void Known_corners(string text) => Same(text);

    [Theory]
    [InlineData("nan", double.NaN)]
    [InlineData("-NaN", double.NaN)]
    [InlineData("Inf", double.PositiveInfinity)]
    [InlineData("-infinity", double.NegativeInfinity)]
    public unsafe void Words(string text, double value)
    {
        Assert.Equal((value, text.Length), Scan<double>(text));
        Assert.Equal(((float)value, text.Length), Scan<float>(text));
    }

    [Theory]
    [InlineData("1e", 1)]
    [InlineData("1e+", 1)]
    [InlineData("1.5.5", 3)]
    [InlineData("1-", 1)]
    [InlineData("12x", 2)]
    public void A_number_ends_where_it_ends(string text, int length) => Assert.Equal(length, Scan<double>(text).Length);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("e5")]
    [InlineData("na")]
    [InlineData("+-1")]
    public void No_number(string text)
    {
        Assert.Equal(-1, Scan<double>(text).Length);
        Assert.Equal(-1, Scan<long>(text).Length);
    }

    [Fact]
    public void Integers()
    {
        Assert.Equal((long.MinValue, 20), Scan<long>("-9223372036854775808"));
        Assert.Equal((ulong.MaxValue, 21), Scan<ulong>("018446744073709551615"));
        Assert.Equal(-1, Scan<ulong>("18446744073709551616").Length);
        Assert.Equal(-1, Scan<ulong>("99999999999999999999").Length);
        Assert.Equal(-1, Scan<long>("9223372036854775808").Length);
        Assert.Equal((-1, 4), Scan<int>("-1.9"));
        Assert.Equal((400, 3), Scan<int>("4e2"));
        Assert.Equal((7, 3), Scan<int>("007"));
        Assert.Equal((0, 2), Scan<byte>("-0"));
        Assert.Equal(-1, Scan<byte>("256").Length);
        Assert.Equal(-1, Scan<byte>("-1").Length);
        Assert.Equal((sbyte.MinValue, 4), Scan<sbyte>("-128"));
        Assert.Equal(-1, Scan<sbyte>("128").Length);
        Assert.Equal(-1, Scan<uint>("4294967296").Length);
        Assert.Equal((true, 1), Scan<bool>("1"));
        Assert.Equal(-1, Scan<bool>("2").Length);
        Assert.Equal(-1, Scan<int>("nan").Length);
    }

    static void Same(string text)
    {
        var (value, length) = Scan<double>(text);
        Assert.Equal(text.Length, length);
        double expected = double.Parse(text, CultureInfo.InvariantCulture);
        Assert.True(BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(value), $"{text}: {value:R}, not {expected:R}");
        float single = Scan<float>(text).Value, expectedSingle = float.Parse(text, CultureInfo.InvariantCulture);
        Assert.True(BitConverter.SingleToInt32Bits(expectedSingle) == BitConverter.SingleToInt32Bits(single), $"{text}: {single:R}, not {expectedSingle:R}");
    }

    static unsafe (T Value, int Length) Scan<T>(string text) where T : unmanaged
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(text), (byte)'\n', .. new byte[16]];
        fixed (byte* start = bytes)
        {
            byte* p = start;
            return CellScanner.TryScan(ref p, out T value) ? (value, (int)(p - start)) : (default, -1);
        }
    }
}
