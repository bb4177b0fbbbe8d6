using System.Globalization;
using System.Runtime.CompilerServices;

namespace Daphne.Net.Data;

/// <summary>
/// Reads numbers from UTF-8, exactly rounded. The text must be followed by at least eight readable bytes, of which the first is no part of a number:
/// digits are looked at eight at a time.
/// </summary>
static unsafe class NumberScanner
{
    // So many decimal digits fit 64 bits.
    const int MostDigits = 19;

    /// <summary>A float with optional sign, or <c>nan</c>, <c>inf</c>, <c>infinity</c> in any case. <paramref name="p"/> moves behind it; false, and p stays, if there is none.</summary>
    public static bool TryFloat<TFormat>(ref byte* p, out ulong bits) where TFormat : struct, IBinaryFormat
    {
        byte* start = p, at = p;
        ulong sign = *at == '-' ? 1UL : 0;
        if (*at is (byte)'-' or (byte)'+') at++;
        byte* digits = at;
        ulong w = Digits(ref at, 0);
        long q = 0, count = at - digits;
        if (*at == '.')
        {
            byte* fraction = ++at;
            w = Digits(ref at, w);
            q = fraction - at;
            count -= q;
        }
        if (count == 0) return TrySpecial<TFormat>(ref p, digits, sign, out bits);
        q += Exponent(ref at);
        p = at;
        if (count > MostDigits && Significant(digits, at, ref count) > MostDigits)
        {
            bits = Long<TFormat>(digits, at, q);
            if (bits == ulong.MaxValue) bits = Parsed<TFormat>(digits, at);
        }
        else bits = DecimalToBinary.Convert<TFormat>(w, q);
        bits |= sign << (TFormat.MantissaBits == 52 ? 63 : 31);
        return true;
    }

    /// <summary>A whole number with optional sign, below 2^64 in size; digits behind a point are cut off. False, and p stays, if there is none.</summary>
    public static bool TryInteger(ref byte* p, out bool negative, out ulong size)
    {
        byte* at = p;
        negative = *at == '-';
        if (*at is (byte)'-' or (byte)'+') at++;
        byte* digits = at;
        while (*at == '0') at++;
        byte* first = at;
        size = Digits(ref at, 0);
        long count = at - first;
        bool any = at > digits;
        if (count > MostDigits && (count > MostDigits + 1 || (*first > '1' || size < 10_000_000_000_000_000_000))) return false;
        if (*at == '.')
        {
            byte* fraction = ++at;
            _ = Digits(ref at, 0);
            any |= at > fraction;
        }
        if (any && *at is (byte)'e' or (byte)'E') return TryIntegerByExponent(ref p, out negative, out size);
        if (any) p = at;
        return any;
    }

    static bool TryIntegerByExponent(ref byte* p, out bool negative, out ulong size)
    {
        byte* at = p;
        (negative, size) = (*p == '-', 0);
        if (!TryFloat<Binary64>(ref at, out ulong bits)) return false;
        double value = Math.Abs(BitConverter.UInt64BitsToDouble(bits));
        if (!(value < 18446744073709551616.0)) return false;
        p = at;
        size = (ulong)value;
        return true;
    }

    // Appends the digits at p to w. Beyond 19 digits the result has wrapped.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Digits(ref byte* p, ulong w)
    {
        byte* at = p;
        for (ulong eight = Unsafe.ReadUnaligned<ulong>(at); AreDigits(eight); eight = Unsafe.ReadUnaligned<ulong>(at += 8)) w = w * 100_000_000 + Eight(eight);
        for (uint digit = *at - (uint)'0'; digit <= 9; digit = *++at - (uint)'0') w = w * 10 + digit;
        p = at;
        return w;
    }

    static bool AreDigits(ulong eight) => (((eight + 0x4646464646464646) | (eight - 0x3030303030303030)) & 0x8080808080808080) == 0;

    // Pairs, then fours, then eight: three multiplications.
    static uint Eight(ulong eight)
    {
        eight -= 0x3030303030303030;
        eight = eight * 10 + (eight >> 8);
        return (uint)(((eight & 0x000000FF000000FF) * 0x000F424000000064 + ((eight >> 16) & 0x000000FF000000FF) * 0x0000271000000001) >> 32);
    }

    // An "e" that no number follows is not part of the number.
    static long Exponent(ref byte* p)
    {
        if (*p is not ((byte)'e' or (byte)'E')) return 0;
        byte* at = p + 1;
        bool negative = *at == '-';
        if (*at is (byte)'-' or (byte)'+') at++;
        if (*at - (uint)'0' > 9) return 0;
        long value = 0;
        for (; *at - (uint)'0' <= 9; at++)
            if (value < 1_000_000_000_000) value = value * 10 + (*at - '0');
        p = at;
        return negative ? -value : value;
    }

    // The number of digits without leading zeros.
    static long Significant(byte* digits, byte* end, ref long count)
    {
        for (; digits < end && *digits is (byte)'0' or (byte)'.'; digits++)
            if (*digits == '0') count--;
        return count;
    }

    // More than 19 digits: if the first 19 and the next number above them round to the same float, so does what lies between.
    static ulong Long<TFormat>(byte* digits, byte* end, long q) where TFormat : struct, IBinaryFormat
    {
        ulong w = 0;
        int taken = 0;
        for (byte* at = digits; at < end && *at is not ((byte)'e' or (byte)'E'); at++)
        {
            if (*at == '.') continue;
            if (taken == MostDigits)
            {
                q++;
                continue;
            }
            w = w * 10 + (*at - (uint)'0');
            if (w > 0) taken++;
        }
        ulong bits = DecimalToBinary.Convert<TFormat>(w, q);
        return bits == DecimalToBinary.Convert<TFormat>(w + 1, q) ? bits : ulong.MaxValue;
    }

    static ulong Parsed<TFormat>(byte* digits, byte* end) where TFormat : struct, IBinaryFormat
    {
        var text = new ReadOnlySpan<byte>(digits, (int)(end - digits));
        return TFormat.MantissaBits == 52
            ? BitConverter.DoubleToUInt64Bits(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture))
            : BitConverter.SingleToUInt32Bits(float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    static bool TrySpecial<TFormat>(ref byte* p, byte* word, ulong sign, out ulong bits) where TFormat : struct, IBinaryFormat
    {
        ulong infinite = (ulong)TFormat.InfiniteExponent << TFormat.MantissaBits;
        if (Is(word, "nan"u8)) return Special(ref p, word + 3, infinite | 1UL << (TFormat.MantissaBits - 1), out bits);
        ulong signed = infinite | sign << (TFormat.MantissaBits == 52 ? 63 : 31);
        if (Is(word, "infinity"u8)) return Special(ref p, word + 8, signed, out bits);
        if (Is(word, "inf"u8)) return Special(ref p, word + 3, signed, out bits);
        bits = 0;
        return false;
    }

    static bool Special(ref byte* p, byte* end, ulong value, out ulong bits)
    {
        p = end;
        bits = value;
        return true;
    }

    static bool Is(byte* word, ReadOnlySpan<byte> lowerCase)
    {
        foreach (byte letter in lowerCase)
            if ((*word++ | 0x20) != letter) return false;
        return true;
    }
}
