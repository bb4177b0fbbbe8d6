using System.Globalization;
using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>What the text of a literal means.</summary>
static class LiteralText
{
    /// <summary>The literal a token stands for; null where it is none, or after reporting one that does not fit.</summary>
    public static Literal? Of(Token token, SourceText source, DiagnosticBag diagnostics)
    {
        var span = new SourceSpan(source, token.Start, token.Length);
        var text = source.Text.AsSpan(token.Start, token.Length);
        return token.Kind switch
        {
            TokenKind.Integer => Integer(text, span, diagnostics),
            TokenKind.Float => Float(text, span, diagnostics),
            TokenKind.String => String(text, span),
            TokenKind.True or TokenKind.False => new(ValueTypeCode.Bool, token.Kind == TokenKind.True) { Span = span },
            _ => null,
        };
    }

    /// <summary>An integer with its suffix; null after reporting one that does not fit.</summary>
    static Literal? Integer(ReadOnlySpan<char> text, SourceSpan span, DiagnosticBag diagnostics)
    {
        var digits = text.TrimEnd("ulz");
        var suffix = text[digits.Length..];
        var type = suffix is "u" or "ull" or "z" ? ValueTypeCode.UI64 : ValueTypeCode.SI64;
        // A z literal is read as a signed number first, so half the range is its limit. -2^63 is written as the negative of 2^63,
        // which is therefore let through and wraps, but only without suffix.
        ulong most = suffix is "u" or "ull" ? ulong.MaxValue : suffix is "" ? 1ul << 63 : long.MaxValue;
        if (ulong.TryParse(Plain(digits), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) && value <= most)
            return new(type, type == ValueTypeCode.UI64 ? value : unchecked((long)value)) { Span = span };
        diagnostics.Report(Diag.NumberOutOfRange, span, text.ToString(), type.DslName(), suffix is "u" or "ull" ? ulong.MaxValue : (ulong)long.MaxValue);
        return null;
    }

    /// <summary>A float or one of the words for special values; null after reporting an f32 that does not fit (an f64 becomes inf).</summary>
    static Literal? Float(ReadOnlySpan<char> text, SourceSpan span, DiagnosticBag diagnostics)
    {
        if (text is "nan" or "nanf") return new(ValueTypeCode.F64, double.NaN) { Span = span };
        if (text is "inf" or "inff") return new(ValueTypeCode.F64, double.PositiveInfinity) { Span = span };
        if (text[^1] != 'f') return new(ValueTypeCode.F64, double.Parse(Plain(text), NumberStyles.Float, CultureInfo.InvariantCulture)) { Span = span };
        float value = float.Parse(Plain(text[..^1]), NumberStyles.Float, CultureInfo.InvariantCulture);
        if (float.IsFinite(value)) return new(ValueTypeCode.F32, value) { Span = span };
        diagnostics.Report(Diag.NumberOutOfRange, span, text.ToString(), "f32", "3.4028235e38f");
        return null;
    }

    /// <summary>
    /// The value of a string literal given with its quotes. Escapes are replaced kind by kind with <c>\\</c> last, as the original does:
    /// <c>"\\n"</c> is a backslash and a line break.
    /// </summary>
    static Literal String(ReadOnlySpan<char> quoted, SourceSpan span)
    {
        string text = quoted[1..^1].ToString();
        if (text.Contains('\\'))
            text = text.Replace("\\b", "\b").Replace("\\f", "\f").Replace("\\n", "\n").Replace("\\r", "\r").Replace("\\t", "\t").Replace("\\\"", "\"").Replace("\\\\", "\\");
        return new(ValueTypeCode.Str, text) { Span = span };
    }

    static ReadOnlySpan<char> Plain(ReadOnlySpan<char> digits) =>
        digits.ContainsAny('_', '\'') ? digits.ToString().Replace("_", "").Replace("'", "") : digits;
}
