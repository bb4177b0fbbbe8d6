using Daphne.Net.Dialect;
using Daphne.Net.Language;
using Daphne.Net.Tests.Runtime.Sql;

namespace Daphne.Net.Tests.Language.Sql;

public sealed class SqlParserTests
{
    [Fact]
    public void Reading_what_was_printed_gives_the_same_tree()
    {
        for (int seed = 1; seed <= 100; seed++)
        {
            var random = new RandomQueries(seed);
            for (int i = 0; i < 10; i++) CheckRoundTrip(random.Next().Text, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData("select `a b`.`c d`, `select`, case.a, not.b from `a b`, case, not, `limit` limit 3 offset 1;")]
    [InlineData("SELECT -5, - 5, -x, +-x, - -5, 1e3, .5, 2., 'it''s', 'a\\'b', \"q\"\"q\", '\\\\' FROM v")]
    [InlineData("SELECT CASE a WHEN 1 THEN 'x' ELSE 'y' END c, CAST(a AS bigint), f() FROM (SELECT * FROM v) w FULL OUTER JOIN u ON NOT a IN (1) OR b NOT LIKE 'x' ESCAPE '!'")]
    [InlineData("SELECT v.*, count(*), count(DISTINCT a) FROM v GROUP BY *, v.* HAVING a BETWEEN 1 AND 2 AND b ORDER BY a DESC, b ASC")]
    [InlineData("SELECT case AS c, case, not FROM v WHERE case > 1 AND not = 2 AND NOT not ORDER BY case")]
    [InlineData("SELECT ((a)), a < b < c, limit, v.limit, end FROM v AS limit WHERE (a OR b) AND c")]
    public void Reading_what_was_printed_gives_the_same_tree_here_too(string query) => CheckRoundTrip(query, "");

    [Theory]
    [InlineData("SELECT v.a   +   1 , ( v.a ), Sum( v.a ) , 'a b' || `c d`, a AND b FROM v", "v.a+1|(v.a)|Sum(v.a)|'a b'||c d|aANDb")]
    public void A_column_is_called_as_it_was_written_without_blanks(string query, string labels) =>
        Assert.Equal(labels, string.Join("|", Parse(query).Items.Select(i => i.Label)));

    [Theory]
    [InlineData("SELECT FROM v WHERE;", "1:8 DPH2600 expected a value, but found 'FROM'")]
    [InlineData("SELECT a", "1:9 DPH2600 expected FROM, but found the end of the query")]
    [InlineData("SELECT a FROM v\nWHERE a != 1", "2:9 DPH2606 '!=' is no operator of this SQL")]
    [InlineData("SELECT a FROM v WHERE a = 'x", "1:27 DPH2602 this string never ends")]
    [InlineData("SELECT 'a\\q' FROM v", "1:10 DPH2603 unknown escape '\\q'")]
    [InlineData("SELECT a # b FROM v", "1:10 DPH2601 the character '#' (U+0023) has no meaning in a query")]
    [InlineData("SELECT 9223372036854775808 FROM v", "1:8 DPH2604 9223372036854775808 does not fit into si64")]
    [InlineData("SELECT CASE WHEN a THEN b END FROM v", "1:8 DPH2607 CASE needs an ELSE: there is no NULL to fall back to")]
    [InlineData("SELECT CAST(a AS money) FROM v", "1:18 DPH2608 CAST knows no type 'money'")]
    [InlineData("SELECT a AS order FROM v", "1:13 DPH2609 'order' is a word of the language and cannot be a name here")]
    [InlineData("SELECT a FROM (SELECT b FROM v)", "1:15 DPH2610 a sub-query needs a name")]
    [InlineData("SELECT 1 + * FROM v", "1:12 DPH2631 '*' cannot stand here")]
    [InlineData("SELECT a FROM v LIMIT x", "1:23 DPH2600 expected a number of rows, but found 'x'")]
    [InlineData("SELECT a FROM v; SELECT", "1:18 DPH2600 expected the end of the query, but found 'SELECT'")]
    public void A_mistake_is_named_at_its_place(string query, string mistake)
    {
        var diagnostics = new DiagnosticBag();
        Assert.Null(SqlParser.Parse(new SourceText(query, ""), diagnostics));
        var found = Assert.Single(diagnostics.All);
        Assert.Equal(mistake, $"{found.Span.ToString()[1..]} {found.Def.Code} {found.Message}");
    }

    [Fact]
    public void A_query_nested_too_deep_is_refused_and_a_long_one_is_not()
    {
        var diagnostics = new DiagnosticBag();
        foreach (string deep in (string[])[new string('(', 100_000), string.Concat(Enumerable.Repeat("NOT ", 100_000)), string.Concat(Enumerable.Repeat("- ", 100_000)), string.Concat(Enumerable.Repeat("1 + ", 100_000)),
            string.Concat(Enumerable.Repeat("CASE WHEN ", 100_000)), string.Concat(Enumerable.Repeat("f(", 100_000))])
            Assert.Null(SqlParser.Parse(new SourceText($"SELECT {deep}1 FROM v"), diagnostics));
        Assert.Null(SqlParser.Parse(new SourceText("SELECT a FROM " + string.Concat(Enumerable.Repeat("(SELECT a FROM ", 100_000))), diagnostics));
        Assert.All(diagnostics.All, d => Assert.Equal(Diag.SqlTooDeep, d.Def));
        Assert.Equal(10_000, ((SqlLogical)Parse($"SELECT a FROM v WHERE {string.Join(" OR ", Enumerable.Repeat("a = 1", 10_000))}").Where!).Operands.Count);
    }

    static SqlSelect Parse(string query)
    {
        var diagnostics = new DiagnosticBag();
        var tree = SqlParser.Parse(new SourceText(query), diagnostics);
        return tree ?? throw new InvalidOperationException($"{query}\n{string.Concat(diagnostics.All)}");
    }

    static void CheckRoundTrip(string query, string what)
    {
        var tree = Parse(query);
        string text = SqlPrinter.Print(tree);
        var again = Parse(text);
        Assert.True(tree.Equals(again), $"{what}\n{query}\nis printed as\n{text}\nand read as\n{SqlPrinter.Print(again)}");
        Assert.Equal(text, SqlPrinter.Print(again));
    }
}
