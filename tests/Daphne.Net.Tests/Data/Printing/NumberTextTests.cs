using System.Globalization;
using System.Numerics;
using System.Text;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Data.Printing;

public sealed class NumberTextTests
{
    // Lines "bits %g %f", as the C library of Linux formats these doubles: ties, borders of the exponent form, the whole range of exponents.
    static readonly (double Value, string G, string F)[] recorded =
    [
        .. File.ReadLines(Path.Combine(Repository.Golden("printing"), "percent-g-and-f.txt")).Select(line => line.Split(' '))
            .Select(p => (BitConverter.UInt64BitsToDouble(ulong.Parse(p[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture)), p[1], p[2])),
    ];

    [Fact]
    public void A_double_prints_as_percent_g_does()
    {
        Assert.True(recorded.Length > 1000);
        Assert.All(recorded, r => Assert.Equal(r.G, Printed(r.Value)));
    }

    [Fact]
    public void A_double_in_a_string_looks_as_percent_f_does() =>
        Assert.All(recorded, r => Assert.Equal(r.F, Printer.Concatenated(Datum.Of(r.Value))));

    [Fact]
    public void Six_digits_are_the_exact_value_rounded_to_even()
    {
        const int seed = 4;
        var random = new Random(seed);
        for (int i = 0; i < 8_000; i++)
        {
            double value = Math.Abs(BitConverter.Int64BitsToDouble(random.NextInt64()));
            if (!double.IsFinite(value) || value == 0) continue;
            if (i % 2 == 0) value = (random.Next(100_000, 1_000_000) * 10L + 5) * Math.Pow(10, random.Next(0, 12));
            var (digits, exponent) = SignificantDigits.Of(value);
            Assert.True(digits is >= 100_000 and < 1_000_000, $"seed {seed}: {value:R}");
            Assert.True(IsNearestEven(value, digits, exponent - 5), $"seed {seed}: {value:R} gave {digits}e{exponent - 5}");
        }
    }

    // |value - digits * 10^q| <= 10^q / 2, in whole numbers, even digits where it is equal. (999999.5 and the like become 100000 of the next power.)
    static bool IsNearestEven(double value, uint digits, int q)
    {
        var x = BinaryFloat.Of(value);
        BigInteger left = x.Mantissa, unit = 1;
        if (x.Exponent >= 0) left <<= x.Exponent; else unit <<= -x.Exponent;
        if (q >= 0) unit *= BigInteger.Pow(10, q); else left *= BigInteger.Pow(10, -q);
        var distance = 2 * BigInteger.Abs(left - digits * unit);
        return distance < unit || (distance == unit && digits % 2 == 0);
    }

    [Theory]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.NegativeInfinity, "-inf")]
    [InlineData(-0.0, "-0")]
    [InlineData(100000.5, "100000")]
    [InlineData(1e6, "1e+06")]
    [InlineData(-1e-300, "-1e-300")]
    public void Special_doubles_print(double value, string text)
    {
        Assert.Equal(text, Printed(value));
        Assert.Equal(text, Printed(-(-value)));
    }

    [Fact]
    public void A_nan_prints_without_its_sign() => Assert.Equal("nan", Printed(BitConverter.UInt64BitsToDouble(0xFFF8000000000000)));

    [Fact]
    public void Every_value_type_prints()
    {
        Assert.Equal("0.1", Printed(0.1f));
        Assert.Equal("1.67772e+07", Printed(16777217f));
        Assert.Equal("-9223372036854775808", Printed(long.MinValue));
        Assert.Equal("18446744073709551615", Printed(ulong.MaxValue));
        Assert.Equal("-2147483648", Printed(int.MinValue));
        Assert.Equal("4294967295", Printed(uint.MaxValue));
        Assert.Equal("-128", Printed(sbyte.MinValue));
        Assert.Equal("255", Printed(byte.MaxValue));
        Assert.Equal("1", Printed(true));
        Assert.Equal("0", Printed(false));
        Assert.Equal("18446744073709551615", Printer.ToText(Datum.OfBits(ValueTypeCode.Size, ulong.MaxValue)));
    }

    // .NET's own shortest form has the same digits in another layout, except for some powers of two, where what it writes (4.104536801298376E-289 for
    // 2^-958) reads back as the neighbour below.
    [Fact]
    public void The_form_for_files_reads_back_and_is_as_short_as_can_be()
    {
        const int seed = 8;
        var random = new Random(seed);
        IEnumerable<double> values =
        [
            .. recorded.Select(r => r.Value), double.Epsilon, 2.2250738585072014e-308, 9007199254740992, 1e22, 1e23, 9.5e-5, 1e-5, 9.9e-6, 1e16, 1e17, 0.3,
            .. Enumerable.Range(-1074, 2098).Select(e => Math.ScaleB(1, e)),
            .. Enumerable.Range(0, 8_000).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64())),
            .. Enumerable.Range(0, 4_000).Select(_ => Math.Round(random.NextDouble() * 1000, random.Next(16))),
        ];
        foreach (double value in values.Where(double.IsFinite))
        {
            string text = Written(value), single = Written((float)value);
            Assert.True(BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)), $"seed {seed}: {value:R} as {text}");
            if (!IsPowerOfTwo(value)) Assert.True(Digits(text) == Digits(value.ToString("R", CultureInfo.InvariantCulture)), $"seed {seed}: {value:R} as {text}");
            if (!float.IsFinite((float)value)) continue;
            Assert.True(BitConverter.SingleToInt32Bits((float)value) == BitConverter.SingleToInt32Bits(float.Parse(single, CultureInfo.InvariantCulture)), $"seed {seed}: {value:R} as {single}");
            if (!IsPowerOfTwo((float)value)) Assert.True(Digits(single) == Digits(((float)value).ToString("R", CultureInfo.InvariantCulture)), $"seed {seed}: {(float)value:R} as {single}");
        }
    }

    static bool IsPowerOfTwo(double value) => double.IsPow2(Math.Abs(value));

    // The digits without sign, point, exponent and outer zeros.
    static string Digits(string text) => new string([.. text.TakeWhile(c => c is not ('e' or 'E')).Where(char.IsAsciiDigit)]).Trim('0');

    [Theory]
    [InlineData(1e-7, "1e-07")]
    [InlineData(0.00001, "0.00001")]
    [InlineData(-1.5e-5, "-0.000015")]
    [InlineData(9.5e-6, "9.5e-06")]
    [InlineData(123456.789, "123456.789")]
    [InlineData(1e16, "10000000000000000")]
    [InlineData(1.5e17, "1.5e+17")]
    [InlineData(double.MaxValue, "1.7976931348623157e+308")]
    [InlineData(-5e-324, "-5e-324")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.NegativeInfinity, "-inf")]
    [InlineData(-0.0, "-0")]
    public void The_form_for_files(double value, string text) => Assert.Equal(text, Written(value));

    static string Written<T>(T value) where T : unmanaged
    {
        Span<byte> text = stackalloc byte[NumberText.MostPrinted];
        return Encoding.ASCII.GetString(text[..NumberText.RoundTrip(value, text)]);
    }

    [Fact]
    public void The_table_of_powers_is_right()
    {
        for (int q = PowersOfTen.Least; q <= PowersOfTen.Most; q++)
        {
            var power = BigInteger.Pow(10, Math.Abs(q));
            int shift = 127 - PowersOfTen.Log2(q);
            var expected = q < 0 ? (BigInteger.One << shift) / power : shift >= 0 ? power << shift : power >> -shift;
            Assert.Equal(expected, ((BigInteger)PowersOfTen.High(q) << 64) + PowersOfTen.Low(q));
        }
    }

    static string Printed<T>(T value) where T : unmanaged
    {
        string text = Printer.ToText(Datum.Of(value));
        byte[] cell = new byte[NumberText.MostPrinted];
        Assert.Equal(text, Encoding.ASCII.GetString(cell, 0, NumberText.Print(value, cell)));
        return text;
    }
}
