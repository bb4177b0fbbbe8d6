using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Tests.Runtime.Sql;

public sealed class SqlPlanTests
{
    [Fact]
    public void An_optimised_plan_gives_the_same_rows_in_the_same_order()
    {
        for (int seed = 1; seed <= 150; seed++)
        {
            var tables = new SqlTables(seed);
            var random = new RandomQueries(seed);
            for (int i = 0; i < 10; i++)
            {
                string text = random.Next().Text;
                Frame plain = tables.Run(tables.Bind(text)), optimised = tables.Run(tables.Compile(text));
                Assert.True(Printed(plain) == Printed(optimised), $"seed {seed}, query {i}:\n{text}\n{Printed(plain)}\noptimised:\n{Printed(optimised)}\n{tables.Script()}");
            }
        }
    }

    [Theory]
    [InlineData("j", " BETWEEN i AND 3.5", "")]
    [InlineData("j", " BETWEEN 1 AND 2", "")]
    [InlineData("j", " IN (i, 1)", "")]
    [InlineData("CASE ", " WHEN 1 THEN 0 WHEN 0 THEN 1 ELSE 2 END", "j")]
    public void Nesting_makes_no_plan_grow_beyond_the_text(string opening, string closing, string inner)
    {
        const int depth = 60;
        var tables = new SqlTables(3);
        // j BETWEEN … BETWEEN … BETWEEN …, or CASE CASE CASE j WHEN … WHEN … WHEN …
        string value = (inner.Length == 0 ? opening : string.Concat(Enumerable.Repeat(opening, depth)) + inner) + string.Concat(Enumerable.Repeat(closing, depth));
        string text = $"SELECT {value} AS c FROM t0 WHERE {value} < 2 GROUP BY {value}";
        Assert.Equal(Printed(tables.Run(tables.Bind(text))), Printed(tables.Run(tables.Compile(text))));
        string nested = string.Concat(Enumerable.Repeat("SELECT j + j AS j FROM (", depth)) + "SELECT j FROM t0" + string.Concat(Enumerable.Repeat(") AS q WHERE j < 100 AND j + j > -100", depth));
        Assert.Equal(Printed(tables.Run(tables.Bind(nested))), Printed(tables.Run(tables.Compile(nested))));
    }

    [Fact]
    public void Many_rows_on_several_threads_give_what_a_loop_gives()
    {
        const int rows = 300_000, keys = 2_000;
        long[] k = [.. Enumerable.Range(0, rows).Select(i => i * 7919L % (2 * keys))];
        double[] v = [.. Enumerable.Range(0, rows).Select(i => i % 1000 / 4.0)];
        Frame big = new(rows, [DenseMatrix<long>.Copy(k, rows, 1), DenseMatrix<double>.Copy(v, rows, 1)], ["k", "v"]);
        Frame small = new(keys, [DenseMatrix<long>.Copy([.. Enumerable.Range(0, keys).Select(i => (long)i)], keys, 1), new StringMatrix([.. Enumerable.Range(0, keys).Select(i => $"n{i % 10}")], keys, 1)], ["id", "n"]);
        var views = new[] { new SqlViewSchema("b", big.Labels, [ValueTypeCode.SI64, ValueTypeCode.F64]), new SqlViewSchema("s", small.Labels, [ValueTypeCode.SI64, ValueTypeCode.Str]) };
        var query = SqlCompiler.Compile(new SourceText("SELECT n, sum(v + 1), count(*) FROM b JOIN s ON id = k WHERE v > 10 AND k % 3 = 0 GROUP BY n"), views, new DiagnosticBag())!;
        var expected = Enumerable.Range(0, rows).Where(i => k[i] < keys && v[i] > 10 && k[i] % 3 == 0).GroupBy(i => $"n{k[i] % 10}").OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new object[] { g.Key, g.Sum(i => v[i] + 1), (long)g.Count() });
        Assert.Equal(expected, SqlTables.Rows(SqlTables.Run(query, [big, small])));
    }

    [Theory]
    // An equality in WHERE becomes a key, what speaks of one side goes there, and columns nobody looks at are gone.
    [InlineData("SELECT v.r FROM t0 AS v, t1 AS w WHERE w.i = v.i AND w.q > 1.0", "project [1] (join Inner on 0=0 (scan t0 [0, 2]) (filter (scan t1 [0, 1])))")]
    [InlineData("SELECT v.r FROM t0 AS v JOIN t1 AS w ON v.i < w.i AND v.j > 1", "project [2] (join Inner rest (filter (scan t0 [0, 1, 2])) (scan t1 [0]))")]
    // Of a left join's condition only the right side's part may go down; of WHERE only the left side's.
    [InlineData("SELECT v.r FROM t0 AS v LEFT JOIN t1 AS w ON v.i = w.i AND w.q > 1.0 AND v.j > 2 WHERE v.j < 5", "project [2] (join Left on 0=0 rest (filter (scan t0 [0, 1, 2])) (filter (scan t1 [0, 1])))")]
    [InlineData("SELECT v.r FROM t0 AS v LEFT JOIN t1 AS w ON v.i = w.i WHERE w.q > 1.0", "project [1] (filter (join Left on 0=0 (scan t0 [0, 2]) (scan t1 [0, 1])))")]
    // What may fail stays behind what stands before it.
    [InlineData("SELECT v.i FROM t0 AS v, t1 AS w WHERE v.i = w.i AND v.j / v.i > 1", "project [0] (filter (join Inner on 0=0 (scan t0 [0, 1]) (scan t1 [0])))")]
    // Through sub-queries and groups, where it speaks of keys alone.
    [InlineData("SELECT d.n FROM (SELECT i, count(*) AS n FROM t0 GROUP BY i) AS d WHERE d.i > 2 AND d.n > 1", "project [0] (project [1] (filter (group 1 keys, 1 aggregates (filter (scan t0 [0])))))")]
    [InlineData("SELECT v.i FROM t0 AS v WHERE 1 = 1 AND v.i > 1 + 1", "project [0] (filter (scan t0 [0]))")]
    public void Conditions_and_columns_go_where_they_belong(string query, string plan)
    {
        var tables = new SqlTables(1);
        Assert.Equal(plan, Shape(tables.Compile(query).Plan));
    }

    static string Shape(SqlPlan plan) => plan switch
    {
        SqlScan p => $"scan t{p.View} [{string.Join(", ", p.Columns)}]",
        SqlFilter p => $"filter ({Shape(p.Input)})",
        SqlProject p => $"project [{string.Join(", ", p.Values.Select(v => v is SqlColumn c ? c.Index.ToString(System.Globalization.CultureInfo.InvariantCulture) : "…"))}] ({Shape(p.Input)})",
        SqlGroup p => $"group {p.Keys.Count} keys, {p.Aggregates.Count} aggregates ({Shape(p.Input)})",
        SqlJoinRows p => $"join {(p.Kind == SqlJoinKind.Cross ? SqlJoinKind.Inner : p.Kind)}{string.Concat(p.Keys.Select(k => $" on {((SqlColumn)k.Left).Index}={((SqlColumn)k.Right).Index}"))}{(p.Rest is null ? "" : " rest")} ({Shape(p.Left)}) ({Shape(p.Right)})",
        _ => plan.GetType().Name,
    };

    static string Printed(Frame frame)
    {
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        frame.Print(text);
        return System.Text.Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
