using System.Globalization;
using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

// Expressions, loosest first: OR; AND; NOT; comparison, BETWEEN, IN, LIKE; + -; * / %; ||; sign. Each level that recurses counts its depth.
internal sealed partial class SqlParser
{
    SqlExpression Condition()
    {
        int first = at;
        Enter();
        var result = Chain(SqlOperator.Or, () => Chain(SqlOperator.And, Negation, first), first);
        depth--;
        return result;
    }

    SqlExpression Chain(SqlOperator op, Func<SqlExpression> operand, int first)
    {
        var one = operand();
        if (!IsWord(op.Text())) return one;
        List<SqlExpression> all = [one];
        while (AcceptWord(op.Text())) all.Add(operand());
        return new SqlLogical(op, new([.. all])) { Span = SpanFrom(first) };
    }

    SqlExpression Negation()
    {
        int first = at;
        // A view or a column called not keeps working.
        if (!IsWord("NOT") || EndsValue(tokens[at + 1])) return Comparison();
        at++;
        Enter();
        var operand = Negation();
        depth--;
        return new SqlUnary(SqlOperator.Not, operand) { Span = SpanFrom(first) };
    }

    SqlExpression Comparison()
    {
        int first = at, levels = 0;
        var left = Sum();
        while (true)
        {
            if (ComparisonOf(Current) is { } op)
            {
                at++;
                left = new SqlBinary(op, left, Sum()) { Span = SpanFrom(first) };
            }
            else if (Predicate(left, first) is { } predicate) left = predicate;
            else
            {
                depth -= levels;
                return left;
            }
            Enter();
            levels++;
        }
    }

    SqlOperator? ComparisonOf(SqlToken token)
    {
        if (token.Kind == SqlTokenKind.NotEqual && Text(token) == "!=") throw Fail(Diag.SqlNotEqual, SpanOf(token));
        return token.Kind switch
        {
            SqlTokenKind.Equal => SqlOperator.Equal,
            SqlTokenKind.NotEqual => SqlOperator.NotEqual,
            SqlTokenKind.Less => SqlOperator.Less,
            SqlTokenKind.LessEqual => SqlOperator.LessEqual,
            SqlTokenKind.Greater => SqlOperator.Greater,
            SqlTokenKind.GreaterEqual => SqlOperator.GreaterEqual,
            _ => null,
        };
    }

    SqlExpression? Predicate(SqlExpression operand, int first)
    {
        bool not = IsWord("NOT") && (IsWord(at + 1, "BETWEEN") || IsWord(at + 1, "IN") || IsWord(at + 1, "LIKE"));
        if (not) at++;
        if (AcceptWord("BETWEEN"))
        {
            var lower = Sum();
            ExpectWord("AND");
            return new SqlBetween(not, operand, lower, Sum()) { Span = SpanFrom(first) };
        }
        if (AcceptWord("IN"))
        {
            Expect(SqlTokenKind.LeftParen, "'('");
            var list = Several(Condition);
            Expect(SqlTokenKind.RightParen, "')'");
            return new SqlIn(not, operand, list) { Span = SpanFrom(first) };
        }
        if (!AcceptWord("LIKE")) return null;
        var pattern = Sum();
        return new SqlLike(not, operand, pattern, AcceptWord("ESCAPE") ? Sum() : null) { Span = SpanFrom(first) };
    }

    SqlExpression Sum() => LeftToRight(Product, kind => kind switch { SqlTokenKind.Plus => SqlOperator.Add, SqlTokenKind.Minus => SqlOperator.Subtract, _ => null });

    SqlExpression Product() => LeftToRight(Joined, kind => kind switch
    {
        SqlTokenKind.Star => SqlOperator.Multiply,
        SqlTokenKind.Slash => SqlOperator.Divide,
        SqlTokenKind.Percent => SqlOperator.Modulo,
        _ => null,
    });

    SqlExpression Joined() => LeftToRight(Signed, kind => kind == SqlTokenKind.Concatenate ? SqlOperator.Concatenate : null);

    SqlExpression LeftToRight(Func<SqlExpression> operand, Func<SqlTokenKind, SqlOperator?> operatorOf)
    {
        int first = at, levels = 0;
        var left = operand();
        while (operatorOf(Current.Kind) is { } op)
        {
            at++;
            Enter();
            levels++;
            left = new SqlBinary(op, left, operand()) { Span = SpanFrom(first) };
        }
        depth -= levels;
        return left;
    }

    SqlExpression Signed()
    {
        int first = at;
        if (!Is(SqlTokenKind.Minus) && !Is(SqlTokenKind.Plus)) return Primary();
        bool minus = tokens[at++].Kind == SqlTokenKind.Minus;
        // The smallest si64 has no positive counterpart, so the sign of a literal is part of it.
        if (minus && Current.Kind is SqlTokenKind.Integer or SqlTokenKind.Float) return Number(first, "-");
        Enter();
        var operand = Signed();
        depth--;
        return new SqlUnary(minus ? SqlOperator.Minus : SqlOperator.Plus, operand) { Span = SpanFrom(first) };
    }

    SqlLiteral Number(int first, string sign)
    {
        var token = tokens[at++];
        string text = sign + Text(token);
        if (token.Kind == SqlTokenKind.Float)
        {
            double value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            return double.IsFinite(value) ? new(ValueTypeCode.F64, value) { Span = SpanFrom(first) } : throw Fail(Diag.SqlNumber, SpanFrom(first), text, "f64");
        }
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long n)
            ? new(ValueTypeCode.SI64, n) { Span = SpanFrom(first) } : throw Fail(Diag.SqlNumber, SpanFrom(first), text, "si64");
    }

    SqlExpression Primary()
    {
        int first = at;
        switch (Current.Kind)
        {
            case SqlTokenKind.Integer or SqlTokenKind.Float: return Number(first, "");
            case SqlTokenKind.String:
                at++;
                return new SqlLiteral(ValueTypeCode.Str, SqlStrings.Value(Text(tokens[first]))) { Span = SpanFrom(first) };
            case SqlTokenKind.LeftParen:
                at++;
                var inner = Condition();
                Expect(SqlTokenKind.RightParen, "')'");
                return new SqlParentheses(inner) { Span = SpanFrom(first) };
            case SqlTokenKind.Star: throw Fail(Diag.SqlStar, SpanOf(Current));
            case SqlTokenKind.Word when tokens[at + 1].Kind != SqlTokenKind.Dot:
                if (IsWord("CASE") && !EndsValue(tokens[at + 1])) return Case();
                if (IsWord("CAST") && tokens[at + 1].Kind == SqlTokenKind.LeftParen) return Cast();
                if (tokens[at + 1].Kind == SqlTokenKind.LeftParen) return Call();
                break;
        }
        if (Current.Kind == SqlTokenKind.Word && SqlWords.IsReserved(Text(Current)) && tokens[at + 1].Kind != SqlTokenKind.Dot) throw Expected("a value");
        string name = Name("a value");
        if (!Accept(SqlTokenKind.Dot)) return new SqlName(null, name) { Span = SpanFrom(first) };
        if (Is(SqlTokenKind.Star)) throw Fail(Diag.SqlStar, SpanOf(Current));
        return new SqlName(name, Name("a column", afterDot: true)) { Span = SpanFrom(first) };
    }

    // Behind a column called case there is an operator or the end of something.
    bool EndsValue(SqlToken next) => next.Kind == SqlTokenKind.Word ? SqlWords.IsReserved(Text(next)) : next.Kind is not (SqlTokenKind.Quoted or SqlTokenKind.Integer or SqlTokenKind.Float or SqlTokenKind.String
        or SqlTokenKind.LeftParen or SqlTokenKind.Minus or SqlTokenKind.Plus);

    SqlCall Call()
    {
        int first = at;
        string function = Name("a function");
        at++;
        bool distinct = AcceptWord("DISTINCT");
        var arguments = Is(SqlTokenKind.RightParen) ? new NodeList<SqlExpression>() : Several(() => Star() ?? Condition());
        Expect(SqlTokenKind.RightParen, "')'");
        return new(function, distinct, arguments) { Span = SpanFrom(first) };
    }

    SqlCase Case()
    {
        int first = at++;
        var subject = IsWord("WHEN") ? null : Condition();
        List<SqlWhen> whens = [];
        while (IsWord("WHEN"))
        {
            int start = at++;
            var condition = Condition();
            ExpectWord("THEN");
            whens.Add(new(condition, Condition()) { Span = SpanFrom(start) });
        }
        if (whens.Count == 0) throw Expected("WHEN");
        if (IsWord("END")) throw Fail(Diag.SqlElse, SpanFrom(first));
        ExpectWord("ELSE");
        var otherwise = Condition();
        ExpectWord("END");
        return new(subject, new([.. whens]), otherwise) { Span = SpanFrom(first) };
    }

    SqlCast Cast()
    {
        int first = at;
        at += 2;
        var operand = Condition();
        ExpectWord("AS");
        var type = Current;
        string name = Name("a type");
        if (SqlTypes.Find(name) is not { } code) throw Fail(Diag.SqlType, SpanOf(type), name);
        Expect(SqlTokenKind.RightParen, "')'");
        return new(operand, code) { Span = SpanFrom(first) };
    }
}
