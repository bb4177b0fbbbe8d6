using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>A place in IR text, and how words, strings and brackets are taken from there. Every failure is one <see cref="ScriptException"/>.</summary>
class IrCursor(SourceText source)
{
    readonly string text = source.Text;

    /// <summary>The next character to read.</summary>
    protected int At { get; set; }

    /// <summary>The character here, or NUL at the end.</summary>
    protected char Here => At < text.Length ? text[At] : '\0';

    protected SourceSpan From(int start) => new(source, start, Math.Max(At - start, 0));

    /// <summary>Passes over blanks and comments.</summary>
    protected void Skip()
    {
        while (At < text.Length)
            if (char.IsWhiteSpace(text[At])) At++;
            else if (text[At] == '/' && At + 1 < text.Length && text[At + 1] == '/')
            {
                int end = text.IndexOf('\n', At);
                At = end < 0 ? text.Length : end + 1;
            }
            else return;
    }

    /// <summary>Takes <paramref name="token"/> (blanks before it are passed over) if it is next; a word only if it ends there.</summary>
    protected bool Eat(string token)
    {
        Skip();
        if (string.CompareOrdinal(text, At, token, 0, token.Length) != 0) return false;
        int end = At + token.Length;
        if (AttributeText.IsBarePart(token[^1]) && end < text.Length && AttributeText.IsBarePart(text[end])) return false;
        At = end;
        return true;
    }

    /// <summary>True if <paramref name="token"/> is next; takes nothing.</summary>
    protected bool Sees(string token)
    {
        Skip();
        return string.CompareOrdinal(text, At, token, 0, token.Length) == 0;
    }

    protected void Expect(string token)
    {
        if (!Eat(token)) throw Expected($"'{token}'");
    }

    /// <summary>A run of letters, digits, <c>_ $ .</c>; without a leading digit unless <paramref name="digits"/>.</summary>
    protected string Word(string what, bool digits = false)
    {
        Skip();
        int start = At;
        if (digits ? AttributeText.IsBarePart(Here) : AttributeText.IsBareStart(Here))
            while (AttributeText.IsBarePart(Here)) At++;
        return At > start ? text[start..At] : throw Expected(what);
    }

    /// <summary>A run of decimal digits directly here.</summary>
    protected string Digits()
    {
        int start = At;
        while (char.IsAsciiDigit(Here)) At++;
        return text[start..At];
    }

    /// <summary>The text from <paramref name="start"/> to here.</summary>
    protected string Since(int start) => text[start..At];

    /// <summary>A number as written: sign, digits, point, exponent, or hexadecimal.</summary>
    protected string Number()
    {
        Skip();
        int start = At;
        if (Here == '-') At++;
        if (Here == '0' && At + 1 < text.Length && text[At + 1] is 'x' or 'X')
        {
            At += 2;
            while (char.IsAsciiHexDigit(Here)) At++;
            return text[start..At];
        }
        if (!char.IsAsciiDigit(Here)) throw Expected("a number");
        Digits();
        if (Here != '.') return text[start..At];
        At++;
        Digits();
        if (Here is not ('e' or 'E')) return text[start..At];
        At++;
        if (Here is '+' or '-') At++;
        Digits();
        return text[start..At];
    }

    /// <summary>A string in quotes with its escapes undone.</summary>
    protected string Quoted()
    {
        Skip();
        if (Here != '"') throw Expected("a string");
        int start = At++;
        List<byte> bytes = [];
        while (Here != '"')
        {
            if (At >= text.Length || Here == '\n') throw Fail(Diag.IrSyntax, start, "the end of a string", "the end of the line");
            if (Here == '\\') bytes.Add(Escape());
            else if (char.IsAscii(Here)) bytes.Add((byte)text[At++]);
            else
            {
                int length = char.IsHighSurrogate(Here) && At + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text, At, length));
                At += length;
            }
        }
        At++;
        return Encoding.UTF8.GetString([.. bytes]);
    }

    byte Escape()
    {
        int start = At++;
        char c = Here;
        At++;
        switch (c)
        {
            case '\\' or '"': return (byte)c;
            case 'n': return (byte)'\n';
            case 't': return (byte)'\t';
        }
        if (!char.IsAsciiHexDigit(c) || !char.IsAsciiHexDigit(Here)) throw Fail(Diag.IrSyntax, start, "\\\\, \\\", \\n, \\t or two hexadecimal digits", "another escape");
        At++;
        return Convert.FromHexString(text[(start + 1)..At])[0];
    }

    /// <summary>Passes over <c>loc(...)</c> or <c>loc(#alias)</c> if it is next: places in somebody else's files mean nothing here.</summary>
    protected void SkipLocation()
    {
        if (!Sees("loc(")) return;
        int start = At, depth = 0;
        At += 3;
        do
        {
            if (At >= text.Length) throw Fail(Diag.IrSyntax, start, "the end of a location", "the end of the text");
            if (Here == '"') Quoted();
            else
            {
                depth += Here == '(' ? 1 : Here == ')' ? -1 : 0;
                At++;
            }
        }
        while (depth > 0);
    }

    protected ScriptException Expected(string what)
    {
        Skip();
        int end = At;
        while (end < text.Length && end - At < 30 && !char.IsWhiteSpace(text[end]) && (end == At || AttributeText.IsBarePart(text[end]))) end++;
        return new(Diag.IrSyntax.At(new(source, At, Math.Max(end - At, 0)), what, At >= text.Length ? "the end of the text" : $"'{text[At..Math.Max(end, At + 1)]}'"));
    }

    protected ScriptException Fail(DiagnosticDef def, int start, params object?[] details) => new(def.At(From(start), details));
}
