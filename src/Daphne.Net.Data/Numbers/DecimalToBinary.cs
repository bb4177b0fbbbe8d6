using System.Numerics;

namespace Daphne.Net.Data;

/// <summary>
/// w * 10^q as the nearest binary float, ties to even, without big numbers: D. Lemire, "Number parsing at a gigabyte per second" (2021), with the proof of
/// N. Mushtak and D. Lemire, "Fast number parsing without fallback" (2023), that 128 bits of 10^q decide for every 64-bit w.
/// </summary>
static class DecimalToBinary
{
    /// <summary>The bits of the float, without sign.</summary>
    public static ulong Convert<TFormat>(ulong w, long q) where TFormat : struct, IBinaryFormat
    {
        if (w == 0 || q < TFormat.Powers.Least) return 0;
        ulong infinite = (ulong)TFormat.InfiniteExponent << TFormat.MantissaBits;
        if (q > TFormat.Powers.Most) return infinite;

        int zeros = BitOperations.LeadingZeroCount(w);
        var (high, low) = Product<TFormat>(w << zeros, (int)q);
        int top = (int)(high >> 63), cut = top + 64 - TFormat.MantissaBits - 3;
        ulong mantissa = high >> cut;
        int exponent = PowersOfTen.Log2((int)q) + 63 + top - zeros - TFormat.LeastExponent;
        if (exponent <= 0)
        {
            if (exponent <= -63) return 0;
            mantissa >>= 1 - exponent;
            return (mantissa + (mantissa & 1)) >> 1;       // rounding up into the first normal number sets the exponent by itself
        }
        // Exactly between two neighbours: to the even one, which is the lower one if its last bit, the second here, is 0.
        if (low <= 1 && q >= TFormat.TiePowers.Least && q <= TFormat.TiePowers.Most && (mantissa & 3) == 1 && mantissa << cut == high) mantissa &= ~1UL;
        mantissa = (mantissa + (mantissa & 1)) >> 1;
        ulong bits = mantissa + ((ulong)(exponent - 1) << TFormat.MantissaBits);      // the hidden bit adds the missing 1
        return bits < infinite ? bits : infinite;
    }

    // The leading 128 bits of w * 10^q; the second half of the power is only needed where the first leaves the mantissa undecided.
    static (ulong High, ulong Low) Product<TFormat>(ulong w, int q) where TFormat : struct, IBinaryFormat
    {
        ulong high = Math.BigMul(w, PowersOfTen.High(q), out ulong low);
        ulong undecided = ulong.MaxValue >> (TFormat.MantissaBits + 3);
        if ((high & undecided) != undecided) return (high, low);
        // The proof wants powers down to 10^-27 rounded up: so that those which cancel exactly (5 * 10^-1) come out exact.
        ulong second = Math.BigMul(w, PowersOfTen.Low(q) + (q is < 0 and >= -27 ? 1UL : 0), out _);
        low += second;
        return (low < second ? high + 1 : high, low);
    }
}
