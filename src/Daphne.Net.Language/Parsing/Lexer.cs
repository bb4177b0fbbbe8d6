using System.Globalization;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>Cuts a script into tokens, longest match first. Never fails: what is no token is reported and left out.</summary>
ref partial struct Lexer
{
    readonly SourceText source;
    readonly ReadOnlySpan<char> text;
    readonly DiagnosticBag diagnostics;
    Token[] tokens;    // not a list: generic code over structs of ours is compiled at every start of the tool
    int count;
    int at;
    int firstMultiLineString = -1;

    Lexer(SourceText source, DiagnosticBag diagnostics)
    {
        this.source = source;
        this.diagnostics = diagnostics;
        text = source.Text;
        tokens = new Token[16 + text.Length / 4];
    }

    /// <summary>All tokens of <paramref name="source"/>; the last one is <see cref="TokenKind.End"/>.</summary>
    public static Token[] Run(SourceText source, DiagnosticBag diagnostics)
    {
        var lexer = new Lexer(source, diagnostics);
        if (lexer.text is ['\uFEFF', ..]) lexer.at = 1;   // a byte order mark
        while (lexer.at < lexer.text.Length) lexer.Next();
        lexer.Add(new Token(TokenKind.End, lexer.text.Length, 0));
        return lexer.Sized(lexer.count);
    }

    void Next()
    {
        char c = text[at];
        if (c is ' ' or '\t' or '\r' or '\n') at++;
        else if (char.IsAsciiLetter(c) || c == '_') Word();
        else if (char.IsAsciiDigit(c) || c == '.' && char.IsAsciiDigit(Peek(1))) Number();
        else if (c == '"') String();
        else if (c == '#' || c == '/' && Peek(1) == '/') LineComment();
        else if (c == '/' && Peek(1) == '*') BlockComment();
        else if (Pair(c, Peek(1)) is var pair and not TokenKind.End) Add(pair, 2);
        else if (Single(c) is var single and not TokenKind.End) Add(single, 1);
        else Unknown();
    }

    readonly char Peek(int ahead) => at + ahead < text.Length ? text[at + ahead] : '\0';

    void Add(TokenKind kind, int length)
    {
        Add(new Token(kind, at, length));
        at += length;
    }

    void Add(Token token)
    {
        if (count == tokens.Length) tokens = Sized(2 * count);
        tokens[count++] = token;
    }

    readonly Token[] Sized(int size)
    {
        var sized = new Token[size];
        Array.Copy(tokens, sized, count);
        return sized;
    }

    readonly SourceSpan Span(int start, int length) => new(source, start, length);

    static bool IsWordChar(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    void Word()
    {
        int end = at + 1;
        while (end < text.Length && IsWordChar(text[end])) end++;
        Add(TokenText.Word(text[at..end]), end - at);
    }

    static TokenKind Pair(char c, char next) => (c, next) switch
    {
        ('[', '[') => TokenKind.LeftFilter,
        (']', ']') => TokenKind.RightFilter,
        (':', ':') => TokenKind.DoubleColon,
        ('-', '>') => TokenKind.Arrow,
        ('=', '=') => TokenKind.Equal,
        ('!', '=') => TokenKind.NotEqual,
        ('<', '=') => TokenKind.LessEqual,
        ('>', '=') => TokenKind.GreaterEqual,
        ('&', '&') => TokenKind.And,
        ('|', '|') => TokenKind.Or,
        _ => TokenKind.End,
    };

    static TokenKind Single(char c) => c switch
    {
        '(' => TokenKind.LeftParen,
        ')' => TokenKind.RightParen,
        '[' => TokenKind.LeftBracket,
        ']' => TokenKind.RightBracket,
        '{' => TokenKind.LeftBrace,
        '}' => TokenKind.RightBrace,
        ';' => TokenKind.Semicolon,
        ',' => TokenKind.Comma,
        '.' => TokenKind.Dot,
        ':' => TokenKind.Colon,
        '$' => TokenKind.Dollar,
        '=' => TokenKind.Assign,
        '?' => TokenKind.Question,
        '+' => TokenKind.Plus,
        '-' => TokenKind.Minus,
        '*' => TokenKind.Star,
        '/' => TokenKind.Slash,
        '%' => TokenKind.Percent,
        '^' => TokenKind.Caret,
        '@' => TokenKind.At,
        '<' => TokenKind.Less,
        '>' => TokenKind.Greater,
        _ => TokenKind.End,
    };

    void LineComment()
    {
        int length = text[at..].IndexOfAny('\r', '\n');
        at = length < 0 ? text.Length : at + length;
    }

    void BlockComment()
    {
        int length = text[(at + 2)..].IndexOf("*/");
        if (length < 0) diagnostics.Report(Diag.UnterminatedComment, Span(at, 2));
        at = length < 0 ? text.Length : at + length + 4;
    }

    void String()
    {
        int end = at + 1;
        while (true)
        {
            int length = text[end..].IndexOfAny('"', '\\');
            if (length < 0 || end + length + 1 >= text.Length && text[end + length] == '\\')
            {
                UnterminatedString();
                return;
            }
            end += length;
            if (text[end] == '"') break;
            if (!"bfnrt\"\\".Contains(text[end + 1])) diagnostics.Report(Diag.UnknownEscape, Span(end, 2), text.Slice(end, 2).ToString());
            end += 2;
        }
        if (firstMultiLineString < 0 && text[at..end].Contains('\n')) firstMultiLineString = at;
        Add(TokenKind.String, end + 1 - at);
    }

    // Nothing behind it can be trusted to lie outside a string, but its first line is most likely all of it.
    void UnterminatedString()
    {
        int lineEnd = text[at..].IndexOfAny('\r', '\n'), length = lineEnd < 0 ? text.Length - at : lineEnd;
        int suspect = firstMultiLineString < 0 ? at : firstMultiLineString;
        diagnostics.Report(Diag.UnterminatedString, Span(at, length), source.Position(suspect).Line);
        Add(new Token(TokenKind.Malformed, at, length));
        at = text.Length;
    }

    void Unknown()
    {
        int start = at;
        if (text[at] is '!' or '&' or '|' or '~')
        {
            string hint = text[at] switch { '!' => "write x == 0 or x == false", '&' => "write '&&'", '|' => "write '||'", _ => "write x == 0" };
            diagnostics.Report(Diag.UnknownOperator, Span(at, 1), text[at], hint);
            // As an infix operator it stands for its double form, so that the parser has no second complaint.
            if (text[at] is '&' or '|') Add(new Token(text[at] == '&' ? TokenKind.And : TokenKind.Or, at, 1));
            at++;
        }
        else if (OtherQuotes.Contains(text[at]))
        {
            int lineEnd = text[at..].IndexOf('\n'), closing = text[(at + 1)..].IndexOfAny(OtherQuotes), rest = lineEnd < 0 ? text.Length - at : lineEnd;
            int length = closing < 0 || closing + 2 > rest ? rest : closing + 2;
            diagnostics.Report(Diag.WrongQuotes, Span(at, length));
            Add(TokenKind.Malformed, length);
        }
        else
        {
            // A run of them is one mistake: a pasted picture, a wrong encoding.
            while (at < text.Length && IsUnknown(text[at])) at++;
            Rune.DecodeFromUtf16(text[start..], out var rune, out _);
            string shown = Rune.IsControl(rune) || rune == Rune.ReplacementChar || Rune.IsWhiteSpace(rune) ? "" : $"'{rune}' ";
            diagnostics.Report(Diag.UnknownCharacter, Span(start, at - start), string.Create(CultureInfo.InvariantCulture, $"{shown}(U+{rune.Value:X4})"));
            Add(new Token(TokenKind.Malformed, start, at - start));
        }
    }

    const string OtherQuotes = "'\u2018\u2019\u201C\u201D\u201E\u00AB\u00BB";

    static bool IsUnknown(char c) => !OtherQuotes.Contains(c) && IsNoToken(c);

    static bool IsNoToken(char c) => c is > '~' or '`' or '\\' || c < ' ' && c is not ('\t' or '\r' or '\n');
}
