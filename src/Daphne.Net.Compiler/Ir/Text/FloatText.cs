using System.Globalization;
using System.Text;

namespace Daphne.Net.Compiler;

/// <summary>
/// Floating-point constants as MLIR prints them: <c>2.000000e+00</c> where seven digits say it exactly, else all digits that are needed, and the
/// bits in hexadecimal where there are no digits (nan, inf) or no point to know a float by.
/// </summary>
static class FloatText
{
    // f32 is printed with 9 and f64 with 17 digits: enough to read the same bits back.
    public static string Of(double value) => Of(value, 17, () => $"0x{BitConverter.DoubleToUInt64Bits(value):X16}", s => BitConverter.DoubleToUInt64Bits(double.Parse(s, CultureInfo.InvariantCulture)) == BitConverter.DoubleToUInt64Bits(value));

    public static string Of(float value) => Of(value, 9, () => $"0x{BitConverter.SingleToUInt32Bits(value):X8}", s => BitConverter.SingleToUInt32Bits(float.Parse(s, CultureInfo.InvariantCulture)) == BitConverter.SingleToUInt32Bits(value));

    static string Of(double value, int digits, Func<string> bits, Func<string, bool> same)
    {
        if (!double.IsFinite(value)) return bits();
        string brief = value.ToString("e6", CultureInfo.InvariantCulture);
        brief = brief[^3] == '0' ? brief[..^3] + brief[^2..] : brief;   // .NET writes three digits of exponent, MLIR two where two suffice
        if (same(brief)) return brief;
        string full = Digits(value, digits);
        return full.Contains('.') && same(full) ? full : bits();
    }

    // d.ddd with an exponent where there would be more than three zeros beside the digits.
    static string Digits(double value, int precision)
    {
        string scientific = value.ToString("e" + (precision - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        int e = scientific.IndexOf('e');
        int exponent = int.Parse(scientific[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string sign = scientific[0] == '-' ? "-" : "", digits = scientific[sign.Length..e].Replace(".", "").TrimEnd('0');
        int trailing = exponent - digits.Length + 1;     // zeros behind the digits if positive
        if (exponent >= 0 && trailing < 0) return sign + digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
        if (exponent >= 0 && trailing <= 3) return sign + digits + new string('0', trailing);
        if (exponent is < 0 and >= -3) return sign + "0." + new string('0', -exponent - 1) + digits;
        var text = new StringBuilder(sign).Append(digits[0]).Append('.').Append(digits.Length > 1 ? digits[1..] : "0");
        return text.Append('E').Append(exponent < 0 ? '-' : '+').Append(Math.Abs(exponent)).ToString();
    }
}
