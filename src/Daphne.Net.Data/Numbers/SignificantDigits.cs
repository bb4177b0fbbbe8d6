using System.Numerics;

namespace Daphne.Net.Data;

/// <summary>
/// A number rounded to six significant decimal digits, as C's <c>%g</c> does it: the exact binary value decides, and an exact tie goes to the even digit.
/// (The number formatting of .NET rounds such ties away from zero: 100000.5 must print as 100000.)
/// </summary>
readonly record struct SignificantDigits(uint Digits, int Exponent)
{
    const uint Least = 100_000, Beyond = 1_000_000;

    /// <summary>value = Digits * 10^(Exponent - 5), rounded; 100000 ≤ Digits ≤ 999999.</summary>
    public static SignificantDigits Of(double value)
    {
        if (value < 1e18 && value >= 1 && (double)(ulong)value == value) return OfInteger((ulong)value);
        var x = BinaryFloat.Of(value);
        int exponent = x.Log10Estimate;
        if (!TryScale(x, exponent, out uint digits)) return OfExact(x);
        if (digits >= Beyond && !TryScale(x, ++exponent, out digits)) return OfExact(x);
        return Carried(digits, exponent);
    }

    static SignificantDigits Carried(uint digits, int exponent) => digits == Beyond ? new(Least, exponent + 1) : new(digits, exponent);

    static SignificantDigits OfInteger(ulong value)
    {
        int exponent = 5;
        if (value < Least)
        {
            for (; value < Least; exponent--) value *= 10;
            return new((uint)value, exponent);
        }
        ulong divisor = 1;
        for (; value / divisor >= Beyond; exponent++) divisor *= 10;
        var (digits, rest) = Math.DivRem(value, divisor);
        if (rest * 2 > divisor || (rest * 2 == divisor && (digits & 1) == 1)) digits++;
        return Carried((uint)digits, exponent);
    }

    // round(x * 10^(5 - exponent)) from the leading 192 bits of the product; false where these cannot tell which way to round.
    static bool TryScale(BinaryFloat x, int exponent, out uint digits)
    {
        int q = 5 - exponent;
        ulong middle = Math.BigMul(x.Mantissa, PowersOfTen.High(q), out ulong low0);
        ulong carry = Math.BigMul(x.Mantissa, PowersOfTen.Low(q), out ulong low);
        ulong high = middle;
        middle = low0 + carry;
        if (middle < low0) high++;

        int fraction = -(x.Exponent + PowersOfTen.Log2(q) - 127) - 128;      // bits of high behind the point: 41 … 47
        ulong half = 1UL << (fraction - 1), rest = high & ((half << 1) - 1);
        digits = (uint)(high >> fraction);
        // An inexact power is a little too small, so the product may belong one unit of the middle word higher.
        bool exact = q is >= 0 and <= PowersOfTen.MostExact;
        if (!exact && rest == half - 1 && middle == ulong.MaxValue) return false;
        bool tie = exact && rest == half && middle == 0 && low == 0;
        if (tie ? (digits & 1) == 1 : rest >= half) digits++;
        return true;
    }

    // The same in whole numbers of any length: a few values in 10^18 come here.
    static SignificantDigits OfExact(BinaryFloat x)
    {
        for (int exponent = x.Log10Estimate; ; exponent++)
        {
            BigInteger numerator = x.Mantissa, denominator = 1;
            if (x.Exponent >= 0) numerator <<= x.Exponent; else denominator <<= -x.Exponent;
            if (exponent <= 5) numerator *= BigInteger.Pow(10, 5 - exponent); else denominator *= BigInteger.Pow(10, exponent - 5);
            var digits = BigInteger.DivRem(numerator, denominator, out var rest);
            if (digits >= Beyond) continue;
            int side = (rest * 2).CompareTo(denominator);
            if (side > 0 || (side == 0 && !digits.IsEven)) digits++;
            return Carried((uint)digits, exponent);
        }
    }
}
