using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>Numbers: <c>0</c>, <c>1_000</c>, <c>7u</c>, <c>1.5e-3f</c>. No leading zeros, a digit on both sides of every point and separator.</summary>
ref partial struct Lexer
{
    void Number()
    {
        int end = WholePart(at);
        bool isFloat = false;
        if (end > at)
        {
            if (At(end) == '.' && char.IsAsciiDigit(At(end + 1))) (isFloat, end) = (true, Digits(end + 1));
            if (Exponent(end) is var behind && behind > end) (isFloat, end) = (true, behind);
            end += Suffix(end, isFloat);
        }
        // Nothing that may follow a number begins like this, so it was meant to belong to it.
        if (end == at || At(end) is '.' or '\'' || IsWordChar(At(end))) Malformed(end);
        else Add(isFloat ? TokenKind.Float : TokenKind.Integer, end - at);
    }

    readonly char At(int position) => position < text.Length ? text[position] : '\0';

    readonly int WholePart(int start) => At(start) == '0' ? start + 1 : At(start) is >= '1' and <= '9' ? Digits(start) : start;

    /// <summary>Behind digits that may be separated one from the other by single <c>_</c> or <c>'</c>.</summary>
    readonly int Digits(int start)
    {
        int end = start;
        while (char.IsAsciiDigit(At(end)) || end > start && At(end) is '_' or '\'' && char.IsAsciiDigit(At(end + 1))) end++;
        return end;
    }

    readonly int Exponent(int start)
    {
        if (At(start) is not ('e' or 'E')) return start;
        int digits = start + (At(start + 1) is '+' or '-' ? 2 : 1);
        if (At(digits) == '0') return digits + 1;
        int end = digits;
        while (char.IsAsciiDigit(At(end))) end++;
        return end > digits ? end : start;
    }

    readonly int Suffix(int start, bool isFloat) =>
        isFloat ? (At(start) == 'f' ? 1 : 0)
        : text[start..].StartsWith("ull") ? 3
        : At(start) is 'l' or 'u' or 'z' ? 1 : 0;

    void Malformed(int end)
    {
        while (IsWordChar(At(end)) || At(end) is '.' or '\'') end++;
        string number = text[at..end].ToString();
        diagnostics.Report(Diag.MalformedNumber, Span(at, end - at), number, Cure(number));
        Add(TokenKind.Malformed, end - at);
    }

    static string Cure(string number) =>
        number[0] == '.' ? $"write 0{number}"
        : number.Contains("..") ? "a range is written from:to"
        : number[^1] == '.' ? $"write {number}0"
        : number[0] == '0' && number.Length > 1 && char.IsAsciiDigit(number[1]) ? "numbers do not begin with 0"
        : number[^1] is '_' or '\'' ? "'_' and '\\'' stand between two digits"
        : "numbers look like 12, 1_000, 7u, 1.5, 2e-3 or 1.5f";
}
