using System.Globalization;
using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

// The clauses of a query.
internal sealed partial class SqlParser
{
    SqlSelect Select()
    {
        int first = at;
        Enter();
        ExpectWord("SELECT");
        bool distinct = AcceptWord("DISTINCT");
        if (!distinct) AcceptWord("ALL");
        var items = Several(Item);
        ExpectWord("FROM");
        var from = From();
        var where = AcceptWord("WHERE") ? Condition() : null;
        NodeList<SqlExpression> groupBy = new();
        if (AcceptWord("GROUP"))
        {
            ExpectWord("BY");
            groupBy = Several(GroupKey);
        }
        var having = AcceptWord("HAVING") ? Condition() : null;
        NodeList<SqlOrderKey> orderBy = new();
        if (AcceptWord("ORDER"))
        {
            ExpectWord("BY");
            orderBy = Several(OrderKey);
        }
        long? limit = AcceptWord("LIMIT") ? Count() : null;
        long offset = limit is not null && AcceptWord("OFFSET") ? Count() : 0;
        depth--;
        return new(distinct, items, from, where, groupBy, having, orderBy, limit, offset) { Span = SpanFrom(first) };
    }

    NodeList<T> Several<T>(Func<T> one)
    {
        List<T> all = [one()];
        while (Accept(SqlTokenKind.Comma)) all.Add(one());
        return new([.. all]);
    }

    long Count()
    {
        var token = Current;
        Expect(SqlTokenKind.Integer, "a number of rows");
        return long.TryParse(Text(token), NumberStyles.None, CultureInfo.InvariantCulture, out long n) ? n : throw Fail(Diag.SqlNumber, SpanOf(token), Text(token), "si64");
    }

    SqlItem Item()
    {
        int first = at;
        var expression = Star() ?? Condition();
        var (span, label) = (SpanFrom(first), LabelFrom(first));
        return new(expression, AcceptWord("AS") ? Name("a name") : ImplicitAlias()) { Span = span, Label = label };
    }

    // Names lose their backquotes; strings keep their blanks.
    string LabelFrom(int first) => string.Concat(tokens[first..at].Select(t => t.Kind == SqlTokenKind.Quoted ? Text(t)[1..^1] : Text(t)));

    SqlExpression GroupKey() => Star() ?? Condition();

    SqlStar? Star()
    {
        int first = at;
        if (Accept(SqlTokenKind.Star)) return new(null as string) { Span = SpanFrom(first) };
        if (tokens[at].Kind is not (SqlTokenKind.Word or SqlTokenKind.Quoted) || at + 2 >= tokens.Length || tokens[at + 1].Kind != SqlTokenKind.Dot || tokens[at + 2].Kind != SqlTokenKind.Star) return null;
        string source = Name("a view");
        at += 2;
        return new(source) { Span = SpanFrom(first) };
    }

    SqlOrderKey OrderKey()
    {
        int first = at;
        var key = Condition();
        bool descending = AcceptWord("DESC");
        if (!descending) AcceptWord("ASC");
        return new(key, descending) { Span = SpanFrom(first) };
    }

    // A comma is a join of its own and binds as loosely as the others: from left to right.
    SqlTable From()
    {
        int first = at;
        var table = Table();
        for (int joins = 0; ; joins++)
        {
            SqlJoinKind kind;
            if (Accept(SqlTokenKind.Comma)) kind = SqlJoinKind.Cross;
            else if (AcceptJoin() is { } found) kind = found;
            else
            {
                depth -= joins;
                return table;
            }
            bool comma = tokens[at - 1].Kind == SqlTokenKind.Comma;
            Enter();
            var right = Table();
            SqlExpression? on = null;
            if (!comma && kind != SqlJoinKind.Cross)
            {
                ExpectWord("ON");
                on = Condition();
            }
            table = new SqlJoin(kind, table, right, on) { Span = SpanFrom(first) };
        }
    }

    SqlJoinKind? AcceptJoin()
    {
        SqlJoinKind? kind = IsWord("JOIN") || IsWord("INNER") ? SqlJoinKind.Inner : IsWord("CROSS") ? SqlJoinKind.Cross
            : IsWord("LEFT") ? SqlJoinKind.Left : IsWord("RIGHT") ? SqlJoinKind.Right : IsWord("FULL") ? SqlJoinKind.Full : null;
        if (kind is null) return null;
        if (!IsWord("JOIN")) at++;
        if (kind is SqlJoinKind.Left or SqlJoinKind.Right or SqlJoinKind.Full) AcceptWord("OUTER");
        ExpectWord("JOIN");
        return kind;
    }

    SqlTable Table()
    {
        int first = at;
        if (Accept(SqlTokenKind.LeftParen))
        {
            var query = Select();
            Expect(SqlTokenKind.RightParen, "')'");
            string alias = (AcceptWord("AS") ? Name("a name") : ImplicitAlias()) ?? throw Fail(Diag.SqlSubqueryAlias, SpanFrom(first));
            return new SqlSubquery(query, alias) { Span = SpanFrom(first) };
        }
        string name = Name("a view");
        return new SqlView(name, AcceptWord("AS") ? Name("a name") : ImplicitAlias()) { Span = SpanFrom(first) };
    }

    // Without AS, what may begin the next clause is no alias.
    string? ImplicitAlias() => Is(SqlTokenKind.Quoted) || (Is(SqlTokenKind.Word) && !SqlWords.IsKeyword(Text(Current))) ? Name("a name") : null;
}
