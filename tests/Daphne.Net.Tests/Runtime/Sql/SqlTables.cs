using System.Globalization;
using System.Text;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Kernels;

namespace Daphne.Net.Tests.Runtime.Sql;

/// <summary>Seeded frames with a few rows in which values repeat, and queries run over them.</summary>
sealed class SqlTables
{
    static readonly string[] texts = ["", "a", "ab", "abc", "b", "B", "Ab", "c%", "x_y", "ä"];

    /// <param name="seed">Decides everything.</param>
    /// <param name="anyTypes">Columns of numbers are of any type of numbers, not only si64 and f64.</param>
    public SqlTables(int seed, bool anyTypes = false)
    {
        var random = new Random(seed);
        Frames = [.. Schemas.Select(s => Make(s, random.Next(10) == 0 ? 0 : random.Next(1, 13), random, anyTypes))];
    }

    /// <summary>The columns of the tables t0, t1, t2: i for integers, r for reals, s for text.</summary>
    public static (string Name, ValueTypeCode Type)[][] Schemas { get; } =
    [
        [("i", ValueTypeCode.SI64), ("j", ValueTypeCode.SI64), ("r", ValueTypeCode.F64), ("s", ValueTypeCode.Str)],
        [("i", ValueTypeCode.SI64), ("q", ValueTypeCode.F64), ("s", ValueTypeCode.Str)],
        [("k", ValueTypeCode.SI64), ("r", ValueTypeCode.F64)],
    ];

    public Frame[] Frames { get; }

    public SqlViewSchema[] Views => [.. Frames.Select((f, i) => new SqlViewSchema($"t{i}", f.Labels, [.. Enumerable.Range(0, f.Cols).Select(f.ValueType)]))];

    /// <summary>Parses, binds and optimises; fails the test where that fails.</summary>
    public SqlQuery Compile(string query)
    {
        var diagnostics = new DiagnosticBag();
        return SqlCompiler.Compile(new SourceText(query), Views, diagnostics) ?? throw new InvalidOperationException($"{query}\n{string.Concat(diagnostics.All)}");
    }

    /// <summary>The same without optimisation.</summary>
    public SqlQuery Bind(string query)
    {
        var diagnostics = new DiagnosticBag();
        return SqlBinder.Bind(Daphne.Net.Language.SqlParser.Parse(new SourceText(query), diagnostics)!, Views, diagnostics)!;
    }

    public Frame Run(SqlQuery query) => Run(query, Frames);

    public static Frame Run(SqlQuery query, Frame[] frames) => SqlExecution.Run(query, frames, new Activation(new FunctionCode("query"), new RunContext(), new CallStack()));

    /// <summary>Cells of a frame, row by row.</summary>
    public static object[][] Rows(Frame frame) => [.. Enumerable.Range(0, (int)frame.Rows).Select(r => Enumerable.Range(0, frame.Cols).Select(c => Cell(frame[c], r)).ToArray())];

    /// <summary>Statements that make the tables in SQLite.</summary>
    public string Script()
    {
        var text = new StringBuilder("PRAGMA case_sensitive_like = ON;\n");
        for (int t = 0; t < Frames.Length; t++)
        {
            text.Append(CultureInfo.InvariantCulture, $"CREATE TABLE t{t} (").AppendJoin(", ", Schemas[t].Select(c => c.Name + (c.Type == ValueTypeCode.SI64 ? " INTEGER" : c.Type == ValueTypeCode.F64 ? " REAL" : " TEXT"))).Append(");\n");
            foreach (object[] row in Rows(Frames[t]))
                text.Append(CultureInfo.InvariantCulture, $"INSERT INTO t{t} VALUES (").AppendJoin(", ", row.Select(cell => cell is string s ? $"'{s}'" : Convert.ToString(cell, CultureInfo.InvariantCulture))).Append(");\n");
        }
        return text.ToString();
    }

    static Frame Make((string Name, ValueTypeCode Type)[] schema, int rows, Random random, bool anyTypes) =>
        new(rows, [.. schema.Select(c => Column(anyTypes && c.Type != ValueTypeCode.Str ? RandomColumns.Types[random.Next(1, RandomColumns.Types.Length)] : c.Type, rows, random))], [.. schema.Select(c => c.Name)]);

    // Quarters: sums of them are exact in any order.
    static Matrix Column(ValueTypeCode type, int rows, Random random) => type switch
    {
        not (ValueTypeCode.SI64 or ValueTypeCode.F64 or ValueTypeCode.Str) => RandomColumns.Make(type, rows, random),
        ValueTypeCode.SI64 => DenseMatrix<long>.Copy([.. Enumerable.Range(0, rows).Select(_ => (long)random.Next(-3, 7))], rows, 1),
        ValueTypeCode.F64 => DenseMatrix<double>.Copy([.. Enumerable.Range(0, rows).Select(_ => random.Next(-12, 20) / 4.0)], rows, 1),
        _ => new StringMatrix([.. Enumerable.Range(0, rows).Select(_ => texts[random.Next(texts.Length)])], rows, 1),
    };

    static object Cell(Matrix column, int row) => column switch
    {
        DenseMatrix<long> m => m[row, 0],
        DenseMatrix<ulong> m => m[row, 0],
        DenseMatrix<double> m => m[row, 0],
        StringMatrix m => m[row, 0],
        _ => throw new NotSupportedException(column.Header),
    };
}
