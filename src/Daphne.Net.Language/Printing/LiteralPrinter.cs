using System.Globalization;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>Literals as a script writes them.</summary>
static class LiteralPrinter
{
    public static string Print(Literal literal) => literal.Value switch
    {
        bool value => value ? "true" : "false",
        long.MinValue => "9223372036854775808",   // wraps
        long value => value.ToString(CultureInfo.InvariantCulture),
        ulong value => value.ToString(CultureInfo.InvariantCulture) + "u",
        double value => Float(value, value.ToString("R", CultureInfo.InvariantCulture), ""),
        float value => Float(value, value.ToString("R", CultureInfo.InvariantCulture), "f"),
        string value => Text(value),
        _ => throw new System.Diagnostics.UnreachableException($"no literal holds a {literal.Value.GetType()}"),
    };

    public static bool StartsWithMinus(Literal literal) => literal.Value is long and < 0 and not long.MinValue || literal.Value is double or float && Print(literal)[0] == '-';

    static string Float(double value, string digits, string suffix)
    {
        // The words exist for f64 only; an f32 infinity or nan is an f64 one cast back.
        if (!double.IsFinite(value))
        {
            string word = double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
            return suffix == "" ? word : $"as.f32({word})";
        }
        int exponent = digits.IndexOf('E');
        if (exponent < 0) return digits.Contains('.') ? digits + suffix : $"{digits}.0{suffix}";
        // .NET writes E-05; an exponent has no leading zeros here.
        string power = digits[(exponent + 2)..].TrimStart('0');
        return $"{digits[..exponent]}e{(digits[exponent + 1] == '-' ? "-" : "")}{power}{suffix}";
    }

    static string Text(string value)
    {
        var quoted = new StringBuilder("\"");
        bool sum = false;
        for (int i = 0; i < value.Length; i++)
        {
            quoted.Append(value[i] switch
            {
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '"' => "\\\"",
                '\\' => "\\\\",
                char c => c.ToString(),
            });
            // "\\n" would be read as a backslash and a line break (see LiteralText.String).
            if (value[i] != '\\' || i + 1 == value.Length || !"bfnrt".Contains(value[i + 1])) continue;
            quoted.Append("\" + \"");
            sum = true;
        }
        quoted.Append('"');
        return sum ? $"({quoted})" : quoted.ToString();
    }
}
