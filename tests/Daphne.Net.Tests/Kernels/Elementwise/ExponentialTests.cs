using System.Numerics;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

/// <summary>exp and ln against 200 bits.</summary>
public sealed class ExponentialTests
{
    // Numbers with so many bits behind the point.
    const int Bits = 200;

    [Fact]
    public void Exp_is_within_one_ulp()
    {
        var random = new Random(5);
        double worst = 0, at = 0;
        for (int i = 0; i < 4000; i++)
        {
            double x = i % 2 == 0 ? random.NextDouble() * 1400 - 700 : (random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-30, 6));
            double error = UlpsOff(Exponential<double>.Invoke(x), x);
            if (error > worst) (worst, at) = (error, x);
        }
        Assert.True(worst < 0.9, $"exp({at:R}) is {worst} ulp off, seed 5");
        Assert.True(worst > 0.5, $"the measure itself is wrong: {worst}");   // a rounded result cannot always be the nearest one
    }

    [Fact]
    public void Exp_of_special_numbers()
    {
        Assert.Equal([1, 1, double.PositiveInfinity, 0, double.NaN, double.PositiveInfinity, double.PositiveInfinity, 0, 0],
            new[] { 0, -0.0, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 709.8, 1e300, -746, -1e300 }.Select(Exponential<double>.Invoke));
        Assert.Equal(Math.Exp(709.7), Exponential<double>.Invoke(709.7), 1e293);
        Assert.Equal(double.Epsilon, Exponential<double>.Invoke(-744.5));
        Assert.Equal(Math.Exp(-740), Exponential<double>.Invoke(-740));
        Assert.Equal([float.PositiveInfinity, 0f, MathF.E, 1f], new[] { 89f, -110f, 1f, 0f }.Select(EwUnary.Kernel<float>(Op.EwExp)!.Invoke));
    }

    [Fact]
    public void Ln_is_within_one_ulp()
    {
        var random = new Random(6);
        double worst = 0, at = 0;
        for (int i = 0; i < 4000; i++)
        {
            double x = (i % 4) switch
            {
                0 => Math.Pow(2, random.NextDouble() * 2000 - 1000),
                1 => 1 + (random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-40, 1)),
                2 => random.NextDouble() * 100,
                _ => random.Next(1, 1 << 30) * double.Epsilon,
            };
            double y = NaturalLogarithm<double>.Invoke(x), error = y == 0 ? 0 : LnUlpsOff(y, x);
            if (error > worst) (worst, at) = (error, x);
        }
        Assert.True(worst < 1, $"ln({at:R}) is {worst} ulp off, seed 6");
        Assert.True(worst > 0.5, $"the measure itself is wrong: {worst}");
    }

    [Fact]
    public void Ln_of_special_numbers()
    {
        Assert.Equal([0, double.NegativeInfinity, double.NegativeInfinity, double.PositiveInfinity, double.NaN, double.NaN, 1],
            new[] { 1, 0, -0.0, double.PositiveInfinity, double.NaN, -1, Math.E }.Select(NaturalLogarithm<double>.Invoke));
        Assert.Equal(0L, BitConverter.DoubleToInt64Bits(NaturalLogarithm<double>.Invoke(1)));
        var log = EwBinary.Kernel<double>(Op.EwLog)!;
        Assert.Equal([3, 2, double.NegativeInfinity, double.NaN, double.PositiveInfinity, 0.5], [log.Invoke(8, 2), log.Invoke(100, 10), log.Invoke(0, 2), log.Invoke(-1, 2), log.Invoke(2, 1), log.Invoke(2, 4)]);
    }

    // ln x = y + ln(x e^-y), and x e^-y is so near to 1 that two terms of the series do.
    static double LnUlpsOff(double y, double x)
    {
        var (value, shift) = Exp(-y);
        var one = BigInteger.One << Bits;
        var product = BigInteger.Multiply(Mantissa(x, out int exponent), value);
        int power = exponent + shift;
        var d = (power >= 0 ? product << power : product >> -power) - one;
        var off = d - (d * d >> (Bits + 1));
        double ulp = Math.BitIncrement(Math.Abs(y)) - Math.Abs(y);
        return Math.Abs((double)off / Math.Pow(2, Bits) / ulp);
    }

    static BigInteger Mantissa(double x, out int exponent)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int biased = (int)((bits >> 52) & 0x7FF);
        exponent = Math.Max(biased, 1) - 1075;
        return (bits & 0xFFFFFFFFFFFFF) | (biased > 0 ? 1L << 52 : 0);
    }

    static double UlpsOff(double result, double x)
    {
        var (exact, shift) = Exp(x);
        double ulp = Math.BitIncrement(result) - result;
        // (result - exact * 2^shift) / ulp; result / ulp is whole
        var scaled = new BigInteger(result / ulp) << Bits;
        int power = shift - (int)Math.Log2(ulp);
        return Math.Abs((double)(scaled - (power >= 0 ? exact << power : exact >> -power)) / Math.Pow(2, Bits));
    }

    // e^x = value * 2^shift: x = shift * ln 2 + r in fixed point, then the series.
    static (BigInteger Value, int Shift) Exp(double x)
    {
        var (ln2, one) = (Ln2(), BigInteger.One << Bits);
        var fixedPoint = Fixed(x);
        int k = (int)Math.Floor(x / Math.Log(2));
        BigInteger r = fixedPoint - k * ln2, term = one, sum = one;
        for (int n = 1; !term.IsZero; n++)
        {
            term = (term * r >> Bits) / n;
            sum += term;
            if (n > 200) break;
        }
        return (sum, k);
    }

    static BigInteger Fixed(double x)
    {
        var mantissa = Mantissa(x, out int exponent) * Math.Sign(x);
        int shift = Bits + exponent;
        return shift >= 0 ? mantissa << shift : mantissa >> -shift;
    }

    // ln 2 = sum of 1 / (n 2^n)
    static BigInteger Ln2()
    {
        BigInteger sum = 0;
        for (int n = 1; n <= Bits; n++) sum += (BigInteger.One << (Bits + 20 - n)) / n;
        return sum >> 20;
    }
}
