using System.Diagnostics;
using System.Globalization;
using System.Text;
using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Runtime.Sql;

namespace Daphne.Net.Tests.Fuzz;

/// <summary>Whatever a query says, it ends with rows or with diagnostics that have a place in it: no crash, no fault of ours, no hang.</summary>
public sealed class SqlFuzzTests
{
    static readonly TimeSpan bound = TimeSpan.FromSeconds(20);

    static readonly string[] words =
    [
        "SELECT", "DISTINCT", "FROM", "WHERE", "GROUP BY", "HAVING", "ORDER BY", "LIMIT", "OFFSET", "JOIN", "LEFT JOIN", "FULL OUTER JOIN", "CROSS JOIN", "ON", "AS", "AND", "OR", "NOT",
        "IN", "LIKE", "ESCAPE", "BETWEEN", "CASE", "WHEN", "THEN", "ELSE", "END", "CAST(", "AS si8)", "AS str)", "AS f32)", "AS bool)", "t0", "t1", "t2", "v0", "v1", "i", "r", "s", "t0.i", "v0.r", "v1.s", "*", "v0.*",
        "+", "-", "*", "/", "%", "||", "=", "<>", "<", "!=", "(", ")", ",", ".", ";", "0", "1", "-1", "2.5", "1e300", "9223372036854775807", "'a'", "'", "\"b\"", "`c`", "`", "'\\", "\\n", "ä", "😀", "\0",
        "sum(", "count(*)", "count(DISTINCT", "min(", "avg(", "sqrt(", "ln(", "power(", "substr(", "length(", "upper(", "concat(", "mod(", "nothing(",
    ];

    static double Budget => double.Parse(Environment.GetEnvironmentVariable("DAPHNE_FUZZ_SECONDS") ?? "2", CultureInfo.InvariantCulture);

    static int FirstSeed => int.Parse(Environment.GetEnvironmentVariable("DAPHNE_FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public void Queries_that_are_nearly_right_end_with_rows_or_diagnostics()
    {
        var (begin, rows, refused, failed, seed) = (Stopwatch.StartNew(), 0, 0, 0, FirstSeed);
        for (; begin.Elapsed.TotalSeconds < Budget; seed++)
        {
            string query = Mutated(seed);
            var clock = Stopwatch.StartNew();
            try
            {
                switch (Outcome(query, seed))
                {
                    case null: rows++; break;
                    case RaisedException: failed++; break;
                    default: refused++; break;
                }
            }
            catch (Exception e) when (e is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"seed {seed}\n{query}\n{e}");
            }
            Assert.True(clock.Elapsed < bound, $"seed {seed} takes {clock.Elapsed}\n{query}");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{seed - FirstSeed} queries: {rows} gave rows, {failed} failed running, {refused} were refused");
        Assert.True(rows > 0 && refused > 0, $"the mutations are not between right and wrong: {rows} gave rows, {refused} were refused");
    }

    static Exception? Outcome(string query, int seed)
    {
        var tables = new SqlTables(seed % 50, anyTypes: seed % 2 == 0);
        var diagnostics = new DiagnosticBag();
        if (SqlCompiler.Compile(new SourceText(query), tables.Views, diagnostics) is not { } compiled)
        {
            var mistake = Assert.Single(diagnostics.All);
            if (mistake.Span.Source is null || mistake.Span.End > query.Length || mistake.ToString().Length == 0) Assert.Fail($"seed {seed}: {mistake.Def.Code} has no place in\n{query}");
            return new ScriptException(mistake);
        }
        try
        {
            var result = tables.Run(compiled);
            for (int c = 0; c < result.Cols; c++)
                if (result.ValueType(c) != compiled.Plan.Types[c]) Assert.Fail($"seed {seed}: column {c} is {result.ValueType(c)}, not {compiled.Plan.Types[c]}\n{query}");
            return null;
        }
        catch (RaisedException e)
        {
            Assert.True(e.Def != Diag.NotThisTypeYet, $"seed {seed}: {e.Message}\n{query}");
            return e;
        }
    }

    static string Mutated(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder(new RandomQueries(seed).Next().Text);
        for (int i = random.Next(4); i > 0; i--)
        {
            int at = random.Next(text.Length + 1), length = Math.Min(random.Next(12), text.Length - at);
            switch (random.Next(6))
            {
                case 0: text.Remove(at, length); break;
                case 1: text.Insert(at, text.ToString(at, length)); break;
                case 2: text.Insert(random.Next(text.Length + 1), text.ToString(at, length)); break;
                case 3: text.Insert(at, (char)random.Next(1, 200)); break;
                default: Word(text, random); break;
            }
        }
        return text.ToString();
    }

    // In place of a word, or before it.
    static void Word(StringBuilder text, Random random)
    {
        string all = text.ToString();
        int at = all.IndexOf(' ', random.Next(all.Length + 1)) + 1, end = all.IndexOf(' ', at);
        if (random.Next(2) == 0 && end > at) text.Remove(at, end - at);
        text.Insert(at, words[random.Next(words.Length)] + " ");
    }
}
