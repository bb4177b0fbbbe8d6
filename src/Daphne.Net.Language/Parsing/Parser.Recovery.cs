using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>Lists of statements, and how reading goes on after a statement that failed.</summary>
public sealed partial class Parser
{
    Script ParseScript()
    {
        var statements = new List<Statement>();
        while (!Is(TokenKind.End))
        {
            if (Is(TokenKind.RightBrace))
            {
                Skip(Diag.ClosesNothing, "}");
                Accept(TokenKind.Semicolon);
            }
            else ParseInto(statements, inBlock: false);
        }
        return new Script(new([.. statements])) { Span = new(source, 0, source.Text.Length) };
    }

    void ParseInto(List<Statement> statements, bool inBlock)
    {
        if (Is(TokenKind.Semicolon)) Skip(Diag.EmptyStatement);
        else if (Is(TokenKind.Else)) Skip(Diag.ElseWithoutIf);
        else
        {
            int start = statementStart = at;
            if (ParseStatement() is { } statement) statements.Add(statement);
            if (failed) Recover(start, inBlock);
        }
    }

    void Skip(DiagnosticDef def, params object?[] details)
    {
        diagnostics.Report(def, SpanOf(Current), details);
        at++;
    }

    /// <summary>Goes on behind the next ';', or before something that starts or ends a statement and lies behind <paramref name="start"/>.</summary>
    void Recover(int start, bool inBlock)
    {
        int open = 0;
        for (failed = false; !Is(TokenKind.End); at++)
        {
            var kind = Current.Kind;
            if (kind == TokenKind.LeftBrace)
            {
                // Behind ')' it is the body of a statement whose head failed: worth reading.
                if (open == 0 && at > start && tokens[at - 1].Kind == TokenKind.RightParen) return;
                open++;
            }
            else if (kind == TokenKind.RightBrace)
            {
                if (open == 0 && inBlock) return;
                if (--open <= 0)
                {
                    at++;
                    Accept(TokenKind.Semicolon);
                    break;
                }
            }
            else if (open > 0) continue;
            else if (kind == TokenKind.Semicolon)
            {
                at++;
                break;
            }
            else if (at > start && TokenText.StartsStatement(kind)) return;
        }
        // The other branch of an if whose first branch failed.
        Accept(TokenKind.Else);
    }

    /// <summary>Reads the ';' of a statement. Where only the ';' is missing, the statement counts and reading goes on.</summary>
    bool ExpectSemicolon()
    {
        if (Accept(TokenKind.Semicolon)) return true;
        var before = tokens[at - 1];
        var found = Current;
        bool next = found.Kind is TokenKind.End or TokenKind.RightBrace or TokenKind.Else || TokenText.StartsStatement(found.Kind)
            || OnNewLine && found.Kind is TokenKind.Identifier or TokenKind.LeftBrace;
        if (next)
        {
            if (!Silent) diagnostics.Report(Diag.MissingSemicolon, new SourceSpan(source, before.End, 0));
        }
        else if (found.Kind is TokenKind.RightParen or TokenKind.RightBracket or TokenKind.RightFilter) Fail(Diag.ClosesNothing, SpanOf(found), TokenText.Of(found.Kind));
        else FailExpected("an operator or ';'");
        return next;
    }

    bool OnNewLine => source.Text.AsSpan(tokens[at - 1].End, Current.Start - tokens[at - 1].End).Contains('\n');

    bool LooksLikeNextStatement() =>
        Is(TokenKind.Identifier) && OnNewLine && tokens[at + 1].Kind is TokenKind.LeftParen or TokenKind.Assign or TokenKind.Dot;
}
