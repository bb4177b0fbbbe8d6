using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>
/// Reads DaphneDSL: recursive descent for statements, precedence climbing for expressions. A mistake is reported, what remains of its statement is
/// skipped, and reading goes on, so that one run reports several mistakes.
/// </summary>
public sealed partial class Parser
{
    /// <summary>
    /// How deep statements, brackets and operators may lie inside one another. A chain <c>a + b + c</c> is one level: who walks the tree goes along the
    /// left operands of <see cref="Binary"/> in a loop. Keeps every recursive walk, this one included, within a stack of 1 MB.
    /// </summary>
    // Measured: a level of parentheses costs this parser 1.2 KB of stack in a debug build, so that 890 levels fill 1 MB. Twice as much is left for others.
    public const int MaxDepth = 500;

    readonly SourceText source;
    readonly DiagnosticBag diagnostics;
    readonly Token[] tokens;
    readonly Dictionary<string, string> names = [];
    int at;
    int depth;

    // The height of the expression read last; depth + height is how deep the tree reaches at this place.
    int height;

    // A statement failed and was reported: silence until the next one.
    bool failed;

    // The script is too deep: silence until the end.
    bool stopped;

    // Where the current statement begins, and the last token in it that the lexer had complained about.
    int statementStart, lastMalformed = -1;

    Parser(SourceText source, DiagnosticBag diagnostics) =>
        (this.source, this.diagnostics, tokens) = (source, diagnostics, Lexer.Run(source, diagnostics));

    /// <summary>Reads a script; statements with mistakes are reported to <paramref name="diagnostics"/> and left out of the tree.</summary>
    public static Script Parse(SourceText source, DiagnosticBag diagnostics) => new Parser(source, diagnostics).ParseScript();

    /// <summary>Reads a script.</summary>
    /// <exception cref="ScriptException">The script has mistakes; all of them are named.</exception>
    public static Script Parse(SourceText source)
    {
        var diagnostics = new DiagnosticBag();
        var script = Parse(source, diagnostics);
        diagnostics.ThrowIfErrors();
        return script;
    }

    Token Current => tokens[at];

    bool Is(TokenKind kind) => tokens[at].Kind == kind;

    bool Accept(TokenKind kind)
    {
        if (!Is(kind)) return false;
        at++;
        return true;
    }

    ReadOnlySpan<char> Text(Token token) => source.Text.AsSpan(token.Start, token.Length);

    // Names repeat; one string each.
    string NameOf(Token token)
    {
        string text = Text(token).ToString();
        if (names.TryGetValue(text, out string? name)) return name;
        return names[text] = text;
    }

    SourceSpan SpanOf(Token token) => new(source, token.Start, token.Length);

    /// <summary>From the token at <paramref name="first"/> to the one read last.</summary>
    SourceSpan SpanFrom(int first) => new(source, tokens[first].Start, Math.Max(tokens[at - 1].End - tokens[first].Start, 0));

    bool Expect(TokenKind kind)
    {
        if (Accept(kind)) return true;
        FailExpected($"'{TokenText.Of(kind)}'");
        return false;
    }

    /// <summary>Reads the closing bracket to the opening one at <paramref name="opener"/>; <paramref name="or"/> names what else could have come.</summary>
    bool ExpectClosing(TokenKind closing, int opener, string or = "")
    {
        if (Accept(closing)) return true;
        var found = Current;
        if (closing == TokenKind.RightBracket && found.Kind == TokenKind.RightFilter) Fail(Diag.DoubleBracket, SpanOf(found), "]]", "] ]");
        else if (closing == TokenKind.RightFilter && found.Kind == TokenKind.RightBracket) Fail(Diag.DoubleBracket, SpanOf(tokens[opener]), "[[", "[ [");
        else if (found.Kind is TokenKind.End or TokenKind.Semicolon or TokenKind.RightBrace or TokenKind.RightParen or TokenKind.RightBracket or TokenKind.RightFilter
            || TokenText.StartsStatement(found.Kind) || LooksLikeNextStatement())
            Fail(Diag.Unclosed, SpanOf(tokens[opener]), TokenText.Of(tokens[opener].Kind), TokenText.Of(closing), Describe(found));
        else FailExpected($"{or}'{TokenText.Of(closing)}'");
        return false;
    }

    string? ExpectName(string what)
    {
        if (Is(TokenKind.Identifier)) return NameOf(tokens[at++]);
        if (TokenText.Word(Text(Current)) != TokenKind.Identifier) Fail(Diag.ReservedWord, SpanOf(Current), Text(Current).ToString());
        else FailExpected(what);
        return null;
    }

    string Describe(Token token) =>
        token.Kind == TokenKind.End ? "the end of the script"
        : token.Length > 40 ? $"'{Text(token)[..40]}…'"
        : token.Kind == TokenKind.String ? Text(token).ToString()
        : $"'{Text(token)}'";

    void FailExpected(string what) => Fail(Diag.Expected, SpanOf(Current), what, Describe(Current));

    void Fail(DiagnosticDef def, SourceSpan span, params object?[] details)
    {
        // A malformed token has been reported by the lexer; what the parser thinks of the rest of its statement is not news.
        if (!Silent) diagnostics.Report(def, span, details);
        failed = true;
    }

    bool Silent => failed || stopped || Is(TokenKind.Malformed) || lastMalformed >= statementStart;

    bool Enter()
    {
        if (depth < MaxDepth)
        {
            depth++;
            return true;
        }
        StopTooDeep();
        return false;
    }

    /// <summary>Notes the height of an expression just built; false once it reaches too deep.</summary>
    bool Grow(int newHeight)
    {
        height = newHeight;
        if (depth + height <= MaxDepth) return true;
        StopTooDeep();
        return false;
    }

    // The rest of such a script would only repeat the complaint.
    void StopTooDeep()
    {
        Fail(Diag.TooDeep, SpanOf(Current), MaxDepth);
        stopped = true;
        at = tokens.Length - 1;
    }
}
