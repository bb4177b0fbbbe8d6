using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>
/// Reads a query: recursive descent, one token ahead. The first mistake is reported and ends the reading; a query is short, and a second complaint
/// would mostly be about the first.
/// </summary>
internal sealed partial class SqlParser
{
    /// <summary>
    /// How deep a tree may be, chains of <c>+</c> and <c>*</c> included (one level per operator); chains of AND, OR and commas count once. Keeps every
    /// recursive walk over the tree well within a stack of 1 MB.
    /// </summary>
    public const int MaxDepth = 200;

    readonly SourceText source;
    readonly DiagnosticBag diagnostics;
    readonly SqlToken[] tokens;
    int at;
    int depth;

    SqlParser(SourceText source, DiagnosticBag diagnostics, SqlToken[] tokens) => (this.source, this.diagnostics, this.tokens) = (source, diagnostics, tokens);

    /// <summary>Reads a query; null after reporting a mistake. Spans are places in <paramref name="source"/>.</summary>
    public static SqlSelect? Parse(SourceText source, DiagnosticBag diagnostics)
    {
        if (SqlLexer.Run(source, diagnostics) is not { } tokens) return null;
        var parser = new SqlParser(source, diagnostics, tokens);
        try
        {
            var query = parser.Select();
            parser.Accept(SqlTokenKind.Semicolon);
            if (!parser.Is(SqlTokenKind.End)) throw parser.Expected("the end of the query");
            return query;
        }
        catch (Abandoned)
        {
            return null;    // reported where it was thrown
        }
    }

    SqlToken Current => tokens[at];
    string Text(SqlToken token) => source.Text.Substring(token.Start, token.Length);
    bool Is(SqlTokenKind kind) => tokens[at].Kind == kind;
    bool IsWord(string word) => IsWord(at, word);
    bool IsWord(int position, string word) => position < tokens.Length && tokens[position].Kind == SqlTokenKind.Word
        && source.Text.AsSpan(tokens[position].Start, tokens[position].Length).Equals(word, StringComparison.OrdinalIgnoreCase);

    bool Accept(SqlTokenKind kind)
    {
        if (!Is(kind)) return false;
        at++;
        return true;
    }

    bool AcceptWord(string word)
    {
        if (!IsWord(word)) return false;
        at++;
        return true;
    }

    void Expect(SqlTokenKind kind, string what)
    {
        if (!Accept(kind)) throw Expected(what);
    }

    void ExpectWord(string word)
    {
        if (!AcceptWord(word)) throw Expected(word);
    }

    /// <summary>From the token at <paramref name="first"/> to the one read last.</summary>
    SourceSpan SpanFrom(int first) => new(source, tokens[first].Start, Math.Max(0, tokens[Math.Max(at - 1, first)].End - tokens[first].Start));

    /// <summary>A name: a word that is no keyword here, or anything in backquotes.</summary>
    string Name(string what, bool afterDot = false)
    {
        var token = Current;
        if (token.Kind == SqlTokenKind.Quoted) return Text(tokens[at++])[1..^1];
        if (token.Kind != SqlTokenKind.Word) throw Expected(what);
        string word = Text(token);
        if (!afterDot && SqlWords.IsReserved(word)) throw Fail(Diag.SqlWord, SpanOf(token), word);
        at++;
        return word;
    }

    string Describe(SqlToken token) => token.Kind == SqlTokenKind.End ? "the end of the query" : token.Length > 40 ? $"'{Text(token)[..40]}…'" : $"'{Text(token)}'";
    SourceSpan SpanOf(SqlToken token) => new(source, token.Start, token.Length);
    Abandoned Expected(string what) => Fail(Diag.SqlExpected, SpanOf(Current), what, Describe(Current));

    Abandoned Fail(DiagnosticDef def, SourceSpan span, params object?[] details)
    {
        diagnostics.Report(def, span, details);
        return new Abandoned();
    }

    void Enter()
    {
        if (++depth > MaxDepth) throw Fail(Diag.SqlTooDeep, SpanOf(Current), MaxDepth);
    }

    /// <summary>The reading ended; why has been reported.</summary>
    sealed class Abandoned : Exception;
}
