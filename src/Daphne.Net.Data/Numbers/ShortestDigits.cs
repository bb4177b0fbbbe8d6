namespace Daphne.Net.Data;

/// <summary>
/// The shortest decimal number that reads back as a given float, the nearest one among these: R. Giulietti's Schubfach ("The Schubfach way to render
/// doubles", 2020). Digits * 10^<see cref="Power"/>; the digits may end in zeros.
/// </summary>
readonly record struct ShortestDigits(ulong Digits, int Power)
{
    /// <summary>Of a finite, positive double.</summary>
    public static ShortestDigits Of(double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value), fraction = bits & ((1UL << 52) - 1);
        int exponent = (int)(bits >> 52);
        return exponent == 0 ? Of(fraction, -1074, false) : Of(fraction | 1UL << 52, exponent - 1075, fraction == 0 && exponent > 1);
    }

    /// <summary>Of a finite, positive float.</summary>
    public static ShortestDigits Of(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value), fraction = bits & ((1U << 23) - 1);
        int exponent = (int)(bits >> 23);
        return exponent == 0 ? Of(fraction, -149, false) : Of(fraction | 1U << 23, exponent - 150, fraction == 0 && exponent > 1);
    }

    // mantissa * 2^exponent. Everything in quarters of the last place, so that the borders to the neighbours are whole numbers; below a power of two the
    // lower neighbour is closer.
    static ShortestDigits Of(ulong mantissa, int exponent, bool lowerIsCloser)
    {
        ulong odd = mantissa & 1;                                               // an even mantissa also owns its borders
        int k = (exponent * 1262611 - (lowerIsCloser ? 524031 : 0)) >> 22;      // floor(log10) of the distance to the neighbours
        int shift = exponent + PowersOfTen.Log2(-k) + 1;
        ulong high = PowersOfTen.High(-k), low = PowersOfTen.Low(-k) + (-k is >= 0 and <= PowersOfTen.MostExact ? 0UL : 1);    // rounded up
        ulong least = Scaled(high, low, (4 * mantissa - (lowerIsCloser ? 1UL : 2)) << shift) + odd;
        ulong middle = Scaled(high, low, (4 * mantissa) << shift);
        ulong most = Scaled(high, low, (4 * mantissa + 2) << shift) - odd;

        ulong s = middle / 4;
        if (s >= 10)
        {
            ulong tens = s / 10;
            bool lower = least <= 40 * tens, upper = 40 * tens + 40 <= most;
            if (lower != upper) return new(upper ? tens + 1 : tens, k + 1);
        }
        bool below = least <= 4 * s, above = 4 * s + 4 <= most;
        if (below != above) return new(above ? s + 1 : s, k);
        ulong half = 4 * s + 2;
        return new(middle > half || (middle == half && (s & 1) == 1) ? s + 1 : s, k);
    }

    // The upper part of the product; its last bit says whether anything was cut off.
    static ulong Scaled(ulong high, ulong low, ulong factor)
    {
        ulong carry = Math.BigMul(low, factor, out _), top = Math.BigMul(high, factor, out ulong rest);
        rest += carry;
        if (rest < carry) top++;
        return top | (rest > 1 ? 1UL : 0);
    }
}
