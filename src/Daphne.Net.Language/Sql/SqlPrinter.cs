using System.Globalization;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>Writes a query as text on one line. Reading a query, writing it and reading it again gives the same tree.</summary>
internal sealed class SqlPrinter
{
    readonly StringBuilder text = new();

    SqlPrinter() { }

    /// <summary>The query's text, without a semicolon.</summary>
    public static string Print(SqlSelect query)
    {
        var printer = new SqlPrinter();
        printer.Select(query);
        return printer.text.ToString();
    }

    /// <summary>An expression's text.</summary>
    public static string Print(SqlExpression expression)
    {
        var printer = new SqlPrinter();
        printer.Write(expression);
        return printer.text.ToString();
    }

    void Select(SqlSelect q)
    {
        text.Append(q.Distinct ? "SELECT DISTINCT " : "SELECT ");
        List(q.Items, item =>
        {
            Write(item.Expression);
            if (item.Alias is not null) text.Append(" AS ").Append(Name(item.Alias));
        });
        text.Append(" FROM ");
        Table(q.From);
        Clause(" WHERE ", q.Where);
        if (q.GroupBy.Count > 0) text.Append(" GROUP BY ");
        List(q.GroupBy, Write);
        Clause(" HAVING ", q.Having);
        if (q.OrderBy.Count > 0) text.Append(" ORDER BY ");
        List(q.OrderBy, key =>
        {
            Write(key.Expression);
            if (key.Descending) text.Append(" DESC");
        });
        if (q.Limit is { } limit) text.Append(CultureInfo.InvariantCulture, $" LIMIT {limit}");
        if (q.Offset > 0) text.Append(CultureInfo.InvariantCulture, $" OFFSET {q.Offset}");
    }

    void Clause(string word, SqlExpression? expression)
    {
        if (expression is null) return;
        text.Append(word);
        Write(expression);
    }

    void Table(SqlTable table)
    {
        switch (table)
        {
            case SqlView v: text.Append(Name(v.Name)).Append(v.Alias is null ? "" : " AS " + Name(v.Alias)); break;
            case SqlSubquery s:
                text.Append('(');
                Select(s.Query);
                text.Append(") AS ").Append(Name(s.Alias));
                break;
            case SqlJoin j:
                Table(j.Left);
                text.Append(j.Kind switch
                {
                    SqlJoinKind.Cross => ", ",
                    SqlJoinKind.Inner => " INNER JOIN ",
                    SqlJoinKind.Left => " LEFT JOIN ",
                    SqlJoinKind.Right => " RIGHT JOIN ",
                    _ => " FULL JOIN ",
                });
                Table(j.Right);
                Clause(" ON ", j.On);
                break;
        }
    }

    void Write(SqlExpression expression)
    {
        switch (expression)
        {
            case SqlLiteral e: text.Append(Literal(e)); break;
            case SqlName e: text.Append(e.Source is null ? "" : Name(e.Source) + ".").Append(Name(e.Name)); break;
            case SqlStar e: text.Append(e.Source is null ? "*" : Name(e.Source) + ".*"); break;
            case SqlCall e:
                text.Append(e.Function).Append(e.Distinct ? "(DISTINCT " : "(");
                List(e.Arguments, Write);
                text.Append(')');
                break;
            case SqlUnary e:
                // A blank, lest a sign and a literal become one.
                text.Append(e.Operator.Text()).Append(' ');
                Write(e.Operand);
                break;
            case SqlBinary e: Between(e.Left, $" {e.Operator.Text()} ", e.Right); break;
            case SqlLogical e: List(e.Operands, Write, $" {e.Operator.Text()} "); break;
            case SqlBetween e:
                Between(e.Operand, e.Not ? " NOT BETWEEN " : " BETWEEN ", e.Lower);
                Clause(" AND ", e.Upper);
                break;
            case SqlIn e:
                Write(e.Operand);
                text.Append(e.Not ? " NOT IN (" : " IN (");
                List(e.List, Write);
                text.Append(')');
                break;
            case SqlLike e:
                Between(e.Operand, e.Not ? " NOT LIKE " : " LIKE ", e.Pattern);
                Clause(" ESCAPE ", e.Escape);
                break;
            case SqlCase e: Case(e); break;
            case SqlCast e:
                text.Append("CAST(");
                Write(e.Operand);
                text.Append(" AS ").Append(e.Type.DslName()).Append(')');
                break;
            case SqlParentheses e:
                text.Append('(');
                Write(e.Inner);
                text.Append(')');
                break;
        }
    }

    void Case(SqlCase e)
    {
        text.Append("CASE");
        Clause(" ", e.Subject);
        foreach (var when in e.Whens)
        {
            Clause(" WHEN ", when.Condition);
            Clause(" THEN ", when.Value);
        }
        Clause(" ELSE ", e.Else);
        text.Append(" END");
    }

    void Between(SqlExpression left, string word, SqlExpression right)
    {
        Write(left);
        text.Append(word);
        Write(right);
    }

    void List<T>(NodeList<T> items, Action<T> write, string separator = ", ")
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0) text.Append(separator);
            write(items[i]);
        }
    }

    static string Literal(SqlLiteral e) => e.Value switch
    {
        string s => SqlStrings.Quote(s),
        double d => d.ToString("R", CultureInfo.InvariantCulture) is var digits && digits.AsSpan().ContainsAny('.', 'E') ? digits : digits + ".0",
        var whole => Convert.ToString(whole, CultureInfo.InvariantCulture)!,
    };

    static string Name(string name) =>
        name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !SqlWords.IsKeyword(name) ? name : $"`{name}`";
}
