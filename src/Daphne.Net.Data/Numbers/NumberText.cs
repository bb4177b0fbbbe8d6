using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Numbers as text, in the three forms the language knows: printed, concatenated to a string, written to a CSV file. UTF-8, no culture.</summary>
public static class NumberText
{
    /// <summary>No printed cell is longer, in bytes.</summary>
    public const int MostPrinted = 32;

    /// <summary>
    /// The print form: integers in decimal, bool as 1 or 0, floats with six significant digits as C's <c>%g</c> writes them (<c>0.1</c>, <c>1e+06</c>,
    /// <c>nan</c>, <c>-inf</c>, <c>-0</c>). Returns the number of bytes; <paramref name="utf8"/> must hold <see cref="MostPrinted"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Print<T>(T value, Span<byte> utf8) where T : unmanaged
    {
        if (typeof(T) == typeof(double)) return PrintFloat((double)(object)value, utf8);
        if (typeof(T) == typeof(float)) return PrintFloat((float)(object)value, utf8);
        if (typeof(T) == typeof(bool)) return PrintInteger((bool)(object)value ? 1 : 0, utf8);
        if (typeof(T) == typeof(ulong)) return PrintInteger((ulong)(object)value, utf8);
        return PrintInteger((long)Datum.ToBits(value), utf8);
    }

    /// <summary>The print form of a scalar from its storage bits.</summary>
    public static string Print(ValueTypeCode type, ulong bits)
    {
        Span<byte> text = stackalloc byte[MostPrinted];
        int length = type switch
        {
            ValueTypeCode.F64 => PrintFloat(BitConverter.UInt64BitsToDouble(bits), text),
            ValueTypeCode.F32 => PrintFloat(BitConverter.UInt32BitsToSingle((uint)bits), text),
            ValueTypeCode.UI64 or ValueTypeCode.Size => PrintInteger(bits, text),
            ValueTypeCode.Str => throw new ArgumentException("a string has no storage bits", nameof(type)),
            _ => PrintInteger((long)bits, text),
        };
        return Encoding.ASCII.GetString(text[..length]);
    }

    /// <summary>What a scalar adds to a string: integers and bools as printed, floats as C's <c>%f</c> writes them, with six decimals.</summary>
    public static string Concatenated(ValueTypeCode type, ulong bits) => type switch
    {
        ValueTypeCode.F64 => SixDecimals(BitConverter.UInt64BitsToDouble(bits)),
        ValueTypeCode.F32 => SixDecimals(BitConverter.UInt32BitsToSingle((uint)bits)),
        _ => Print(type, bits),
    };

    /// <summary>
    /// The form for files: the shortest digits that read back as the same value (<c>0.1</c>, <c>1e-07</c>), <c>nan</c>, <c>inf</c>, <c>-inf</c>; integers in decimal, bool as 1 or 0.
    /// Returns the number of bytes; <paramref name="utf8"/> must hold <see cref="MostPrinted"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RoundTrip<T>(T value, Span<byte> utf8) where T : unmanaged
    {
        if (typeof(T) != typeof(double) && typeof(T) != typeof(float)) return Print(value, utf8);
        double number = typeof(T) == typeof(double) ? (double)(object)value : (float)(object)value;
        if (!double.IsFinite(number) || number == 0) return PrintFloat(number, utf8);
        int sign = 0;
        if (number < 0) utf8[sign++] = (byte)'-';
        return sign + ShortestText.Write(typeof(T) == typeof(double) ? ShortestDigits.Of(Math.Abs(number)) : ShortestDigits.Of(Math.Abs((float)number)), utf8[sign..]);
    }

    static int PrintInteger(long value, Span<byte> utf8) => Formatted(Utf8Formatter.TryFormat(value, utf8, out int n), n);

    static int PrintInteger(ulong value, Span<byte> utf8) => Formatted(Utf8Formatter.TryFormat(value, utf8, out int n), n);

    static int Formatted(bool fits, int length) => fits ? length : throw new ArgumentException("too little room for a number");

    static int PrintFloat(double value, Span<byte> utf8)
    {
        int at = 0;
        if (double.IsNaN(value)) return Put("nan"u8, utf8, 0);
        if (double.IsNegative(value)) (utf8[at++], value) = ((byte)'-', -value);
        if (value == 0) return Put("0"u8, utf8, at);
        if (double.IsInfinity(value)) return Put("inf"u8, utf8, at);

        var (digits, exponent) = SignificantDigits.Of(value);
        Span<byte> six = stackalloc byte[6];
        for (int i = 5; i >= 0; i--) (digits, six[i]) = (digits / 10, (byte)('0' + digits % 10));
        int count = 6;
        while (six[count - 1] == '0') count--;

        if (exponent is < -4 or >= 6) return at + ShortestText.Scientific(six[..count], exponent, utf8[at..]);
        if (exponent < 0)
        {
            at = Put("0."u8, utf8, at);
            for (int i = -1; i > exponent; i--) utf8[at++] = (byte)'0';
            return Put(six[..count], utf8, at);
        }
        at = Put(six[..(exponent + 1)], utf8, at);
        if (count <= exponent + 1) return at;
        utf8[at++] = (byte)'.';
        return Put(six[(exponent + 1)..count], utf8, at);
    }

    static int Put(ReadOnlySpan<byte> text, Span<byte> utf8, int at)
    {
        text.CopyTo(utf8[at..]);
        return at + text.Length;
    }

    // value * 10^6, rounded, ties to even, in whole numbers: exact for every double.
    static string SixDecimals(double value)
    {
        if (double.IsNaN(value)) return "nan";
        string sign = double.IsNegative(value) ? "-" : "";
        if (double.IsInfinity(value)) return sign + "inf";
        if (value == 0) return sign + "0.000000";
        var (mantissa, exponent) = BinaryFloat.Of(Math.Abs(value));
        var scaled = (BigInteger)mantissa * 1_000_000;
        if (exponent >= 0) scaled <<= exponent;
        else
        {
            var whole = scaled >> -exponent;
            var rest = scaled - (whole << -exponent);
            int side = rest.CompareTo(BigInteger.One << (-exponent - 1));
            scaled = side > 0 || (side == 0 && !whole.IsEven) ? whole + 1 : whole;
        }
        string digits = scaled.ToString().PadLeft(7, '0');
        return $"{sign}{digits.AsSpan(0, digits.Length - 6)}.{digits.AsSpan(digits.Length - 6)}";
    }
}
