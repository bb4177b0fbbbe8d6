using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>Statements other than functions. Every method returns null after a reported failure.</summary>
public sealed partial class Parser
{
    Statement? ParseStatement()
    {
        if (!Enter()) return null;
        Statement? statement = Current.Kind switch
        {
            TokenKind.LeftBrace when !FrameLiteralAhead() => ParseBlock(mayEndWithSemicolon: true),
            TokenKind.If => ParseIf(),
            TokenKind.While => ParseWhile(),
            TokenKind.Do => ParseDoWhile(),
            TokenKind.For => ParseFor(),
            TokenKind.Def => ParseFunction(),
            TokenKind.Return => ParseReturn(),
            TokenKind.Import => ParseImport(),
            _ => ParseSimple(),
        };
        depth--;
        return statement;
    }

    /// <summary>The one statement below a head; an empty one is reported and read as <c>{}</c>.</summary>
    Statement? ParseBody()
    {
        if (!Is(TokenKind.Semicolon)) return ParseStatement();
        var span = SpanOf(Current);
        Skip(Diag.EmptyStatement);
        return new BlockStatement(new()) { Span = span };
    }

    BlockStatement? ParseBlock(bool mayEndWithSemicolon)
    {
        int first = at;
        if (!Expect(TokenKind.LeftBrace)) return null;
        var statements = new List<Statement>();
        while (!Is(TokenKind.RightBrace) && !Is(TokenKind.End)) ParseInto(statements, inBlock: true);
        if (!ExpectClosing(TokenKind.RightBrace, first)) return null;
        var span = SpanFrom(first);
        if (mayEndWithSemicolon) Accept(TokenKind.Semicolon);
        return new(new([.. statements])) { Span = span };
    }

    IfStatement? ParseIf()
    {
        int first = at++;
        if (ParseCondition() is not { } condition || ParseBody() is not { } then) return null;
        Statement? otherwise = null;
        if (Accept(TokenKind.Else) && (otherwise = ParseBody()) is null) return null;
        return new(condition, then, otherwise) { Span = SpanFrom(first) };
    }

    WhileStatement? ParseWhile()
    {
        int first = at++;
        return ParseCondition() is { } condition && ParseBody() is { } body ? new(condition, body) { Span = SpanFrom(first) } : null;
    }

    DoWhileStatement? ParseDoWhile()
    {
        int first = at++;
        if (ParseBody() is not { } body || !Expect(TokenKind.While) || ParseCondition() is not { } condition) return null;
        var span = SpanFrom(first);
        Accept(TokenKind.Semicolon);
        return new(body, condition) { Span = span };
    }

    Expression? ParseCondition()
    {
        int opener = at;
        if (!Expect(TokenKind.LeftParen) || ParseExpression() is not { } condition) return null;
        if (Is(TokenKind.Assign))
        {
            Skip(Diag.AssignmentInCondition);
            if (ParseExpression() is null) return null;
        }
        return ExpectClosing(TokenKind.RightParen, opener, "an operator or ") ? condition : null;
    }

    ForStatement? ParseFor()
    {
        int first = at++, opener = at;
        if (!Expect(TokenKind.LeftParen)) return null;
        var variable = Current;
        if (ExpectName("the name of the loop variable") is not { } name || !ExpectIn() || ParseExpression() is not { } from || !Expect(TokenKind.Colon) || ParseExpression() is not { } to) return null;
        Expression? step = null;
        if (Accept(TokenKind.Colon) && (step = ParseExpression()) is null) return null;
        if (!ExpectClosing(TokenKind.RightParen, opener, "an operator or ") || ParseBody() is not { } body) return null;
        return new(name, from, to, step, body) { Span = SpanFrom(first), VariableSpan = SpanOf(variable) };
    }

    bool ExpectIn()
    {
        if (!Is(TokenKind.Assign)) return Expect(TokenKind.In);
        Fail(Diag.LoopWithoutRange, SpanOf(Current));
        // Over the two semicolons of such a head, at which reading would start again.
        for (int open = 1; open > 0 && !Is(TokenKind.End) && !Is(TokenKind.LeftBrace); at++)
            open += Current.Kind switch { TokenKind.LeftParen => 1, TokenKind.RightParen => -1, _ => 0 };
        return false;
    }

    ReturnStatement? ParseReturn()
    {
        int first = at++;
        var values = new List<Expression>();
        if (!Is(TokenKind.Semicolon) && !Is(TokenKind.RightBrace))
        {
            do
            {
                if (ParseExpression() is not { } value) return null;
                values.Add(value);
            }
            while (Accept(TokenKind.Comma));
        }
        return ExpectSemicolon() ? new(new([.. values])) { Span = SpanFrom(first) } : null;
    }

    ImportStatement? ParseImport()
    {
        int first = at++;
        if (depth > 1) diagnostics.Report(Diag.NestedImport, SpanOf(tokens[first]));
        if (ExpectString("the path of a script in quotes") is not { } path) return null;
        string? alias = null;
        if (Accept(TokenKind.As) && (alias = ExpectString("an alias in quotes")) is null) return null;
        return ExpectSemicolon() ? new(path, alias) { Span = SpanFrom(first) } : null;
    }

    // Paths are taken as they are written, backslashes included.
    string? ExpectString(string what)
    {
        if (Is(TokenKind.String)) return Text(tokens[at++])[1..^1].ToString();
        FailExpected(what);
        return null;
    }

    /// <summary>An expression or an assignment: which one shows behind the first expression.</summary>
    Statement? ParseSimple()
    {
        int first = at;
        if (ParseExpression() is not { } expression) return null;
        if (Is(TokenKind.Assign) || Is(TokenKind.Comma)) return ParseAssignment(first, expression);
        return ExpectSemicolon() ? new ExpressionStatement(expression) { Span = SpanFrom(first) } : null;
    }

    AssignStatement? ParseAssignment(int first, Expression left)
    {
        var targets = new List<AssignTarget>();
        for (int start = first; ; start = at)
        {
            if (start > first)
            {
                if (ParseExpression() is not { } next) return null;
                left = next;
            }
            if (ToTarget(tokens[start], left) is not { } target) return null;
            targets.Add(target);
            if (!Accept(TokenKind.Comma)) break;
        }
        if (!Expect(TokenKind.Assign) || ParseExpression() is not { } value || !ExpectSemicolon()) return null;
        return new(new([.. targets]), value) { Span = SpanFrom(first) };
    }

    AssignTarget? ToTarget(Token start, Expression left)
    {
        // The first token tells x from (x).
        if (start.Kind == TokenKind.Identifier)
        {
            if (left is Identifier { Name: var name }) return new(name, null) { Span = left.Span };
            if (left is IndexExpression { Object: Identifier { Name: var indexed }, Index: var index }) return new(indexed, index) { Span = left.Span };
        }
        if (left is Literal && TokenText.Word(Text(start)) != TokenKind.Identifier) Fail(Diag.ReservedWord, left.Span, Text(start).ToString());
        else Fail(Diag.NotAssignable, left.Span);
        return null;
    }

    /// <summary>
    /// At a '{' that starts a statement: a frame literal or a block? Looks to the end of the first expression inside, which decides:
    /// only in a frame literal ':' follows it, or ',' or '}' where it is a bracketed row.
    /// </summary>
    bool FrameLiteralAhead()
    {
        bool row = tokens[at + 1].Kind is TokenKind.LeftBracket;
        int open = 0, questions = 0;
        for (int i = at + 1; ; i++)
        {
            switch (tokens[i].Kind)
            {
                case TokenKind.LeftBrace when i == at + 1:
                case TokenKind.End or TokenKind.Semicolon or TokenKind.Assign when open == 0:
                case TokenKind.End:
                case var kind when TokenText.StartsStatement(kind):
                    return false;
                case TokenKind.LeftParen or TokenKind.LeftBracket or TokenKind.LeftFilter or TokenKind.LeftBrace:
                    open++;
                    break;
                case TokenKind.Comma when open == 0:
                    return row;
                case TokenKind.RightParen or TokenKind.RightBracket or TokenKind.RightFilter or TokenKind.RightBrace:
                    if (open-- == 0) return row;
                    break;
                case TokenKind.Question when open == 0:
                    questions++;
                    break;
                case TokenKind.Colon when open == 0:
                    if (questions-- == 0) return true;
                    break;
                default:
                    break;
            }
        }
    }
}
