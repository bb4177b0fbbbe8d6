using System.Buffers.Text;

namespace Daphne.Net.Data;

/// <summary>Shortest digits as text: plain from 1e-5 to below 1e17, otherwise with an exponent of at least two digits (<c>1e-07</c>, <c>1.5e+20</c>).</summary>
static class ShortestText
{
    const int MostPlain = 17, LeastPlain = -5;

    /// <summary>Writes a finite, positive number; returns the number of bytes.</summary>
    public static int Write(ShortestDigits number, Span<byte> utf8)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number.Digits, digits, out int count);
        int point = count + number.Power;                      // where the point stands, counted from the first digit
        while (digits[count - 1] == '0') count--;
        digits = digits[..count];
        if (point is <= LeastPlain or > MostPlain) return Scientific(digits, point - 1, utf8);
        if (point <= 0)
        {
            "0.0000"u8[..(2 - point)].CopyTo(utf8);
            digits.CopyTo(utf8[(2 - point)..]);
            return 2 - point + count;
        }
        if (point >= count)
        {
            digits.CopyTo(utf8);
            utf8[count..point].Fill((byte)'0');
            return point;
        }
        digits[..point].CopyTo(utf8);
        utf8[point] = (byte)'.';
        digits[point..].CopyTo(utf8[(point + 1)..]);
        return count + 1;
    }

    /// <summary>One digit, the others behind a point, the exponent; returns the number of bytes.</summary>
    public static int Scientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> utf8)
    {
        int at = 0;
        utf8[at++] = digits[0];
        if (digits.Length > 1)
        {
            utf8[at++] = (byte)'.';
            digits[1..].CopyTo(utf8[at..]);
            at += digits.Length - 1;
        }
        utf8[at++] = (byte)'e';
        utf8[at++] = (byte)(exponent < 0 ? '-' : '+');
        int size = Math.Abs(exponent);
        if (size >= 100) utf8[at++] = (byte)('0' + size / 100);
        utf8[at++] = (byte)('0' + size / 10 % 10);
        utf8[at++] = (byte)('0' + size % 10);
        return at;
    }
}
