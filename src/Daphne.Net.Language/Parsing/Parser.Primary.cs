using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>What expressions are made of: literals, parentheses, casts, matrix and frame literals.</summary>
public sealed partial class Parser
{
    Expression? ParsePrimary()
    {
        height = 1;
        switch (Current.Kind)
        {
            case TokenKind.Integer or TokenKind.Float or TokenKind.String or TokenKind.True or TokenKind.False or TokenKind.Malformed:
                return ParseLiteral();
            case TokenKind.Identifier:
                return ParseName();
            case TokenKind.LeftParen:
                return ParseParenthesised();
            case TokenKind.Dollar:
                int dollar = at++;
                return ExpectName("the name of a script argument") is { } name ? new Argument(name) { Span = SpanFrom(dollar) } : null;
            case TokenKind.As when tokens[at + 1].Kind != TokenKind.Assign:
                return ParseCast();
            case TokenKind.LeftBracket:
                return ParseMatrixLiteral();
            case TokenKind.LeftBrace:
                return ParseFrameLiteral();
            case TokenKind.LeftFilter:
                Fail(Diag.DoubleBracket, SpanOf(Current), "[[", "[ [");
                return null;
            case TokenKind.Semicolon when tokens[Math.Max(at - 1, 0)].Kind == TokenKind.Assign:
                FailExpected("a value");
                return null;
            default:
                if (TokenText.Word(Text(Current)) != TokenKind.Identifier && (tokens[at + 1].Kind == TokenKind.Assign || Current.Kind is TokenKind.DataType or TokenKind.ValueType))
                    Fail(Diag.ReservedWord, SpanOf(Current), Text(Current).ToString());
                else FailExpected("an expression");
                return null;
        }
    }

    Literal ParseLiteral()
    {
        if (Is(TokenKind.Malformed)) lastMalformed = at;
        var token = tokens[at++];
        // One that does not fit has been reported; a stand-in lets the rest of the statement be read.
        return LiteralText.Of(token, source, diagnostics) ?? new Literal(ValueTypeCode.SI64, 0L) { Span = SpanOf(token) };
    }

    Expression? ParseParenthesised()
    {
        int opener = at++;
        return ParseExpression() is { } inner && ExpectClosing(TokenKind.RightParen, opener, "an operator or ") ? inner : null;
    }

    CastExpression? ParseCast()
    {
        int first = at++;
        if (!Expect(TokenKind.Dot) || ParseType() is not { } type) return null;
        int opener = at;
        if (!Expect(TokenKind.LeftParen) || ParseExpression() is not { } operand || !ExpectClosing(TokenKind.RightParen, opener, "an operator or ")) return null;
        return Grow(height + 1) ? new(type, operand) { Span = SpanFrom(first) } : null;
    }

    MatrixLiteral? ParseMatrixLiteral()
    {
        int first = at;
        if (ParseElements() is not { } elements) return null;
        int tallest = height, opener = at;
        Expression? rows = null, cols = null;
        bool hasShape = Accept(TokenKind.LeftParen);
        if (hasShape)
        {
            if (!Is(TokenKind.Comma) && (rows = ParseExpression()) is null) return null;
            if (rows is not null) tallest = Math.Max(tallest, height);
            if (!Expect(TokenKind.Comma)) return null;
            if (!Is(TokenKind.RightParen))
            {
                if ((cols = ParseExpression()) is null) return null;
                tallest = Math.Max(tallest, height);
            }
            if (!ExpectClosing(TokenKind.RightParen, opener, "an operator or ")) return null;
        }
        return Grow(tallest + 1) ? new(elements, hasShape, rows, cols) { Span = SpanFrom(first) } : null;
    }

    /// <summary><c>[a, b, …]</c>, possibly empty, without a trailing comma.</summary>
    NodeList<Expression>? ParseElements()
    {
        int opener = at, tallest = 0;
        if (!Expect(TokenKind.LeftBracket)) return null;
        var elements = new List<Expression>();
        if (!Is(TokenKind.RightBracket))
        {
            do
            {
                if (ParseExpression() is not { } element) return null;
                tallest = Math.Max(tallest, height);
                elements.Add(element);
            }
            while (Accept(TokenKind.Comma));
        }
        height = tallest;
        return ExpectClosing(TokenKind.RightBracket, opener, "an operator, ',' or ") ? new([.. elements]) : null;
    }

    Expression? ParseFrameLiteral()
    {
        int opener = at++;
        if (Accept(TokenKind.RightBrace)) return new FrameLiteralByColumns(new(), new()) { Span = SpanFrom(opener) };
        bool bracket = Is(TokenKind.LeftBracket);
        if (ParseExpression() is not { } first) return null;
        return bracket && first is MatrixLiteral { HasShape: false } labels && Current.Kind is TokenKind.Comma or TokenKind.RightBrace
            ? ParseFrameRows(opener, labels.Elements)
            : ParseFrameColumns(opener, first);
    }

    FrameLiteralByRows? ParseFrameRows(int opener, NodeList<Expression> labels)
    {
        int tallest = height;
        var rows = new List<NodeList<Expression>>();
        while (Accept(TokenKind.Comma))
        {
            if (ParseElements() is not { } row) return null;
            tallest = Math.Max(tallest, height);
            rows.Add(row);
        }
        return ExpectClosing(TokenKind.RightBrace, opener, "',' or ") && Grow(tallest + 1) ? new(labels, new([.. rows])) { Span = SpanFrom(opener) } : null;
    }

    FrameLiteralByColumns? ParseFrameColumns(int opener, Expression label)
    {
        int tallest = height;
        List<Expression> labels = [], columns = [];
        while (true)
        {
            labels.Add(label);
            if (!Expect(TokenKind.Colon) || ParseExpression() is not { } column) return null;
            columns.Add(column);
            tallest = Math.Max(tallest, height);
            if (!Accept(TokenKind.Comma)) break;
            if (ParseExpression() is not { } next) return null;
            label = next;
            tallest = Math.Max(tallest, height);
        }
        return ExpectClosing(TokenKind.RightBrace, opener, "an operator, ',' or ") && Grow(tallest + 1) ? new(new([.. labels]), new([.. columns])) { Span = SpanFrom(opener) } : null;
    }
}
