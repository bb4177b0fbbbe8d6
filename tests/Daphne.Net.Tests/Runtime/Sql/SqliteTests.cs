using System.Diagnostics;
using System.Globalization;
using Daphne.Net.Data;

namespace Daphne.Net.Tests.Runtime.Sql;

/// <summary>Random queries over random tables give the rows that SQLite gives. <c>eng/setup.sh</c> installs it.</summary>
public sealed class SqliteTests
{
    const string Program = "sqlite3", Mark = "----";
    const int Seeds = 40, QueriesPerSeed = 25;

    static int FirstSeed => int.Parse(Environment.GetEnvironmentVariable("DAPHNE_FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public void Queries_give_the_rows_that_sqlite_gives()
    {
        if (Missing)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"{Program} is not installed; eng/setup.sh does it");
            Assert.Skip($"{Program} is not installed; eng/setup.sh does it");
        }
        for (int seed = FirstSeed; seed < FirstSeed + Seeds; seed++)
        {
            var tables = new SqlTables(seed);
            var random = new RandomQueries(seed);
            var queries = Enumerable.Range(0, QueriesPerSeed).Select(_ => random.Next()).ToArray();
            string[][][] expected = Sqlite(tables, [.. queries.Select(q => q.Text)]);
            for (int i = 0; i < queries.Length; i++)
            {
                var (text, ordered) = queries[i];
                var result = tables.Run(tables.Compile(text));
                string? difference = Difference(result, expected[i], ordered);
                Assert.True(difference is null, $"seed {seed}, query {i}:\n{text}\n{difference}\n{tables.Script()}");
            }
        }
    }

    static bool Missing => !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, Program)));

    // One row a line, cells separated by tabs; no text holds either.
    static string[][][] Sqlite(SqlTables tables, string[] queries)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, "-batch :memory:") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.Write(tables.Script());
        process.StandardInput.Write(".mode list\n.separator \"\\t\"\n.nullvalue NULL\n");
        foreach (string query in queries) process.StandardInput.Write($"{query};\n.print {Mark}\n");
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        string[] parts = process.StandardOutput.ReadToEnd().Split(Mark + "\n");
        process.WaitForExit();
        Assert.Equal("", errors.Result);
        Assert.Equal(queries.Length + 1, parts.Length);
        return [.. parts[..^1].Select(part => part.Length == 0 ? [] : part[..^1].Split('\n').Select(line => line.Split('\t')).ToArray())];
    }

    static string? Difference(Frame result, string[][] expected, bool ordered)
    {
        object[][] rows = SqlTables.Rows(result);
        string got = string.Join("\n", rows.Select(r => string.Join(" | ", r))), wanted = string.Join("\n", expected.Select(r => string.Join(" | ", r)));
        string both = $"{result.Header}\n{got}\nSQLite:\n{wanted}";
        if (rows.Length != expected.Length) return both;
        if (!ordered)
        {
            // Rows that are equal stand side by side then, whatever made them.
            rows = [.. rows.OrderBy(Canonical, StringComparer.Ordinal)];
            expected = [.. expected.OrderBy(row => string.Join("\t", row.Select((cell, c) => Canonical(Parsed(cell, result[c])))), StringComparer.Ordinal)];
        }
        for (int r = 0; r < rows.Length; r++)
            for (int c = 0; c < rows[r].Length; c++)
                if (!Same(rows[r][c], Parsed(expected[r][c], result[c]))) return $"row {r}, column {c}\n{both}";
        return null;
    }

    static string Canonical(object[] row) => string.Join("\t", row.Select(Canonical));

    static string Canonical(object cell) => cell is double d ? (d == 0 ? 0 : Math.Round(d, 9)).ToString("R", CultureInfo.InvariantCulture) : Convert.ToString(cell, CultureInfo.InvariantCulture)!;

    // What an outer join fills in has no NULL here: nan, 0 or the empty string.
    static object Parsed(string cell, Matrix column) => column switch
    {
        StringMatrix => cell == "NULL" ? "" : cell,
        DenseMatrix<double> => cell == "NULL" ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture),
        _ => cell == "NULL" ? 0L : (long)double.Parse(cell, CultureInfo.InvariantCulture),
    };

    static bool Same(object x, object y) => (x, y) switch
    {
        (double a, double b) => (double.IsNaN(a) && double.IsNaN(b)) || Math.Abs(a - b) <= 1e-12 * Math.Max(1, Math.Abs(a)),
        (ulong a, long b) => (long)a == b,
        _ => x.Equals(y),
    };
}
