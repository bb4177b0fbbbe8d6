using System.Globalization;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>Cuts a query into tokens, longest match first. The first thing that is no token is reported and ends the reading.</summary>
internal sealed class SqlLexer
{
    readonly SourceText source;
    readonly string text;
    readonly DiagnosticBag diagnostics;
    readonly List<SqlToken> tokens = [];
    int at;

    SqlLexer(SourceText source, DiagnosticBag diagnostics) => (this.source, text, this.diagnostics) = (source, source.Text, diagnostics);

    /// <summary>All tokens, the last one <see cref="SqlTokenKind.End"/>; null after reporting what is none.</summary>
    public static SqlToken[]? Run(SourceText source, DiagnosticBag diagnostics)
    {
        var lexer = new SqlLexer(source, diagnostics);
        while (lexer.at < lexer.text.Length)
            if (!lexer.Next()) return null;
        lexer.tokens.Add(new(SqlTokenKind.End, lexer.text.Length, 0));
        return [.. lexer.tokens];
    }

    bool Next()
    {
        char c = text[at];
        if (c is ' ' or '\t' or '\r' or '\n') return Skip();
        if (char.IsAsciiLetter(c) || c == '_') return Word();
        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(At(at + 1)) && !BehindName())) return Number();
        if (c is '\'' or '"') return String(c);
        if (c == '`') return Backquoted();
        var (kind, length) = Symbol(c, At(at + 1));
        return length > 0 ? Add(kind, length) : Unknown();
    }

    char At(int position) => position < text.Length ? text[position] : '\0';

    // In t.5 the point belongs to the name: what stands behind it is a mistake there.
    bool BehindName() => tokens is [.., { Kind: SqlTokenKind.Word or SqlTokenKind.Quoted } last] && last.End == at;

    bool Skip()
    {
        at++;
        return true;
    }

    bool Add(SqlTokenKind kind, int length)
    {
        tokens.Add(new(kind, at, length));
        at += length;
        return true;
    }

    bool Fail(DiagnosticDef def, int start, int length, params object?[] details)
    {
        diagnostics.Report(def, new SourceSpan(source, start, length), details);
        return false;
    }

    bool Word()
    {
        int end = at + 1;
        while (char.IsAsciiLetterOrDigit(At(end)) || At(end) == '_') end++;
        return Add(SqlTokenKind.Word, end - at);
    }

    bool Number()
    {
        int end = Digits(at);
        bool whole = true;
        if (At(end) == '.') (whole, end) = (false, Digits(end + 1));
        if (At(end) is 'e' or 'E')
        {
            int digits = end + (At(end + 1) is '+' or '-' ? 2 : 1), behind = Digits(digits);
            if (behind > digits) (whole, end) = (false, behind);
        }
        return Add(whole ? SqlTokenKind.Integer : SqlTokenKind.Float, end - at);
    }

    int Digits(int from)
    {
        while (char.IsAsciiDigit(At(from))) from++;
        return from;
    }

    // A quote inside is escaped or doubled.
    bool String(char quote)
    {
        int end = at + 1;
        for (; ; end++)
        {
            if (end >= text.Length) return Fail(Diag.SqlString, at, Math.Max(1, text.AsSpan(at).IndexOf('\n')), quote);
            if (text[end] == '\\')
            {
                if (!"bfnrt\"'\\".Contains(At(end + 1))) return Fail(Diag.SqlEscape, end, Math.Min(2, text.Length - end), text.Substring(end, Math.Min(2, text.Length - end)));
                end++;
            }
            else if (text[end] == quote)
            {
                if (At(end + 1) != quote) break;
                end++;
            }
        }
        return Add(SqlTokenKind.String, end + 1 - at);
    }

    bool Backquoted()
    {
        int end = text.IndexOf('`', at + 1);
        return end < 0 ? Fail(Diag.SqlString, at, 1, "`") : Add(SqlTokenKind.Quoted, end + 1 - at);
    }

    static (SqlTokenKind Kind, int Length) Symbol(char c, char next) => (c, next) switch
    {
        ('<', '>') or ('!', '=') => (SqlTokenKind.NotEqual, 2),
        ('<', '=') => (SqlTokenKind.LessEqual, 2),
        ('>', '=') => (SqlTokenKind.GreaterEqual, 2),
        ('|', '|') => (SqlTokenKind.Concatenate, 2),
        ('<', _) => (SqlTokenKind.Less, 1),
        ('>', _) => (SqlTokenKind.Greater, 1),
        ('=', _) => (SqlTokenKind.Equal, 1),
        ('(', _) => (SqlTokenKind.LeftParen, 1),
        (')', _) => (SqlTokenKind.RightParen, 1),
        (',', _) => (SqlTokenKind.Comma, 1),
        ('.', _) => (SqlTokenKind.Dot, 1),
        (';', _) => (SqlTokenKind.Semicolon, 1),
        ('*', _) => (SqlTokenKind.Star, 1),
        ('/', _) => (SqlTokenKind.Slash, 1),
        ('%', _) => (SqlTokenKind.Percent, 1),
        ('+', _) => (SqlTokenKind.Plus, 1),
        ('-', _) => (SqlTokenKind.Minus, 1),
        _ => default,
    };

    bool Unknown()
    {
        Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out int length);
        string shown = Rune.IsControl(rune) || rune == Rune.ReplacementChar || Rune.IsWhiteSpace(rune) ? "" : $"'{rune}' ";
        return Fail(Diag.SqlCharacter, at, length, string.Create(CultureInfo.InvariantCulture, $"{shown}(U+{rune.Value:X4})"));
    }
}
