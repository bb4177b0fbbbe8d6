using System.Numerics;

namespace Daphne.Net.Data;

/// <summary>A finite, positive double taken apart: <see cref="Mantissa"/> * 2^<see cref="Exponent"/>, the mantissa's highest bit set.</summary>
readonly record struct BinaryFloat(ulong Mantissa, int Exponent)
{
    public static BinaryFloat Of(double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        int exponent = (int)(bits >> 52) & 0x7FF;
        ulong mantissa = bits & ((1UL << 52) - 1);
        if (exponent == 0) exponent = 1;            // subnormal: no hidden bit
        else mantissa |= 1UL << 52;
        int shift = BitOperations.LeadingZeroCount(mantissa);
        return new(mantissa << shift, exponent - 1075 - shift);
    }

    /// <summary>floor(log10(value)) or one less.</summary>
    public int Log10Estimate => (int)(((long)(Exponent + 63) * 1262611) >> 22);
}
