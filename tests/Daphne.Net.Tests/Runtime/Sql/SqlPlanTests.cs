using Daphne.Net.Compiler;
using Daphne.Net.Data;

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
        SqlJoinRows p => $"join {(p.Kind == Daphne.Net.Language.SqlJoinKind.Cross ? Daphne.Net.Language.SqlJoinKind.Inner : p.Kind)}{string.Concat(p.Keys.Select(k => $" on {((SqlColumn)k.Left).Index}={((SqlColumn)k.Right).Index}"))}{(p.Rest is null ? "" : " rest")} ({Shape(p.Left)}) ({Shape(p.Right)})",
        _ => plan.GetType().Name,
    };

    static string Printed(Frame frame)
    {
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        frame.Print(text);
        return System.Text.Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
