using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>Operators, indexing and calls. Every method returns null after a reported failure and leaves the height of its result in <see cref="height"/>.</summary>
public sealed partial class Parser
{
    /// <summary>An expression of operators that bind at least as tightly as <paramref name="minimum"/>.</summary>
    Expression? ParseExpression(int minimum = Precedence.Conditional)
    {
        if (!Enter()) return null;
        int first = at;
        var left = ParseSigned();
        while (left is not null && Precedence.Of(Current.Kind) is var precedence && precedence != Precedence.None && precedence >= minimum)
        {
            int leftHeight = height;
            left = precedence == Precedence.Conditional ? ParseConditional(first, left, leftHeight) : ParseBinary(first, left, leftHeight, precedence);
        }
        depth--;
        return left;
    }

    Binary? ParseBinary(int first, Expression left, int leftHeight, int precedence)
    {
        var op = tokens[at++];
        if (Is(TokenKind.Assign) && Current.Start == op.End)
        {
            string spelling = TokenText.Of(op.Kind);
            Fail(Diag.UnknownOperator, SpanOf(op).To(SpanOf(Current)), spelling + "=", $"write x = x {spelling} …");
            return null;
        }
        string? kernel = null;
        if (precedence is Precedence.Additive or Precedence.Multiplicative && Accept(TokenKind.DoubleColon) && (kernel = ExpectName("the name of a kernel")) is null) return null;
        // Operators in a row, each on the result of those before it, are one level however many they are.
        if (ParseExpression(precedence + 1) is not { } right || !Grow(Math.Max(left is Binary ? leftHeight : leftHeight + 1, height + 1))) return null;
        return new(TokenText.Of(op.Kind), kernel, left, right) { Span = SpanFrom(first), OperatorSpan = SpanOf(op) };
    }

    Conditional? ParseConditional(int first, Expression condition, int conditionHeight)
    {
        at++;
        if (ParseExpression() is not { } then) return null;
        int tallest = Math.Max(conditionHeight, height);
        if (!Expect(TokenKind.Colon) || ParseExpression(Precedence.Conditional + 1) is not { } otherwise || !Grow(Math.Max(tallest, height) + 1)) return null;
        return new(condition, then, otherwise) { Span = SpanFrom(first) };
    }

    Expression? ParseSigned()
    {
        int first = at;
        while (Current.Kind is TokenKind.Plus or TokenKind.Minus) at++;
        int last = at;
        var operand = ParsePostfix();
        for (int sign = last - 1; sign >= first && operand is not null; sign--)
            operand = Grow(height + 1) ? new Unary(TokenText.Of(tokens[sign].Kind), operand) { Span = SpanFrom(sign) } : null;
        return operand;
    }

    Expression? ParsePostfix()
    {
        int first = at;
        var expression = ParsePrimary();
        while (expression is not null)
        {
            int objectHeight = height;
            if (Is(TokenKind.LeftBracket))
                expression = ParseIndexing() is { } index && Grow(Math.Max(objectHeight, height) + 1) ? new IndexExpression(expression, index) { Span = SpanFrom(first) } : null;
            else if (Is(TokenKind.LeftFilter)) expression = ParseFilter(first, expression, objectHeight);
            else break;
        }
        return expression;
    }

    Indexing? ParseIndexing()
    {
        int opener = at++;
        if (ParseIndexRange() is not { } rows) return null;
        int tallest = height;
        if (Is(TokenKind.RightBracket))
        {
            string written = rows.Span.Length == 0 ? "i" : source.Text.Substring(rows.Span.Start, Math.Min(rows.Span.Length, 40));
            Fail(Diag.IndexNeedsComma, SpanFrom(opener).To(SpanOf(Current)), written);
            return null;
        }
        if (!Is(TokenKind.Comma))
        {
            ExpectClosing(TokenKind.Comma, opener);
            return null;
        }
        at++;
        if (ParseIndexRange() is not { } cols) return null;
        height = Math.Max(tallest, height);
        return ExpectClosing(TokenKind.RightBracket, opener, "an operator, ':' or ") ? new(rows, cols) { Span = SpanFrom(opener) } : null;
    }

    bool AtIndexEnd => Current.Kind is TokenKind.Comma or TokenKind.RightBracket or TokenKind.RightFilter;

    IndexRange? ParseIndexRange()
    {
        int first = at, lowerHeight = 0;
        height = 0;
        if (AtIndexEnd) return new IndexAll { Span = SpanOf(Current) with { Length = 0 } };
        Expression? lower = null, upper = null;
        if (!Is(TokenKind.Colon))
        {
            if ((lower = ParseExpression()) is null) return null;
            if (!Is(TokenKind.Colon)) return new IndexPosition(lower) { Span = SpanFrom(first) };
            lowerHeight = height;
        }
        at++;
        height = 0;
        if (!AtIndexEnd && (upper = ParseExpression()) is null) return null;
        height = Math.Max(lowerHeight, height);
        return new IndexSlice(lower, upper) { Span = SpanFrom(first) };
    }

    FilterExpression? ParseFilter(int first, Expression filtered, int objectHeight)
    {
        int opener = at++;
        Expression? rows = null, cols = null;
        if (!Is(TokenKind.Comma))
        {
            if ((rows = ParseExpression()) is null) return null;
            objectHeight = Math.Max(objectHeight, height);
        }
        if (!Is(TokenKind.Comma))
        {
            if (Is(TokenKind.RightFilter)) Fail(Diag.IndexNeedsComma, SpanFrom(opener).To(SpanOf(Current)), "…");
            else ExpectClosing(TokenKind.RightFilter, opener, "',' or ");
            return null;
        }
        at++;
        if (!Is(TokenKind.RightFilter))
        {
            if ((cols = ParseExpression()) is null) return null;
            objectHeight = Math.Max(objectHeight, height);
        }
        return ExpectClosing(TokenKind.RightFilter, opener, "an operator or ") && Grow(objectHeight + 1) ? new(filtered, rows, cols) { Span = SpanFrom(first) } : null;
    }

    /// <summary>A variable or a call, both with an optional library in front.</summary>
    Expression? ParseName()
    {
        int first = at;
        string name = NameOf(tokens[at++]);
        while (Accept(TokenKind.Dot))
        {
            if (ExpectName("a name behind '.'") is not { } part) return null;
            name = $"{name}.{part}";
        }
        var nameSpan = SpanFrom(first);
        string? kernel = null;
        if (Accept(TokenKind.DoubleColon))
        {
            if ((kernel = ExpectName("the name of a kernel")) is null) return null;
            if (!Is(TokenKind.LeftParen))
            {
                FailExpected("'('");
                return null;
            }
        }
        height = 1;
        if (!Is(TokenKind.LeftParen)) return new Identifier(name) { Span = nameSpan };
        return ParseArguments() is { } arguments && Grow(height + 1) ? new Call(name, kernel, arguments) { Span = SpanFrom(first), NameSpan = nameSpan } : null;
    }

    NodeList<CallArgument>? ParseArguments()
    {
        int opener = at++, tallest = 0;
        var arguments = new List<CallArgument>();
        HashSet<string>? keywords = null;
        while (Current.Kind is not (TokenKind.RightParen or TokenKind.Semicolon or TokenKind.End))
        {
            int first = at;
            string? keyword = Is(TokenKind.Identifier) && tokens[at + 1].Kind == TokenKind.Assign ? NameOf(Current) : null;
            if (keyword is not null) at += 2;
            if (ParseExpression() is not { } value) return null;
            tallest = Math.Max(tallest, height);
            var argument = new CallArgument(keyword, value) { Span = SpanFrom(first) };
            if (keyword is not null && !(keywords ??= []).Add(keyword)) diagnostics.Report(Diag.RepeatedKeyword, argument.Span, keyword);
            if (keyword is null && arguments is [.., { Keyword: not null }]) diagnostics.Report(Diag.PositionalAfterKeyword, argument.Span);
            arguments.Add(argument);
            if (!Accept(TokenKind.Comma)) break;
        }
        height = tallest;
        return ExpectClosing(TokenKind.RightParen, opener, arguments.Count == 0 ? "an argument or " : "an operator, ',' or ") ? new([.. arguments]) : null;
    }
}
