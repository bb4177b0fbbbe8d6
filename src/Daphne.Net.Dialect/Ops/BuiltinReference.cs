using System.Globalization;
using System.Text;

namespace Daphne.Net.Dialect;

/// <summary>The reference of the built-in functions, as text, from the operator table: what <c>daphne builtins</c> prints and <c>docs/builtins.md</c> holds.</summary>
public static class BuiltinReference
{
    const int NameWidth = 24;

    /// <summary>The names of all built-in functions in order of the alphabet.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Op.BuiltinsByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>One line per function: its name and what it does.</summary>
    public static string Overview()
    {
        var text = new StringBuilder();
        foreach (string name in Names) text.Append(name.PadRight(NameWidth - 1)).Append(' ').Append(Op.BuiltinsByName[name][0].Op.Doc).Append('\n');
        return text.ToString();
    }

    /// <summary>All about one function: its parameters, what comes back, its examples; null where there is no such function.</summary>
    public static string? Of(string name)
    {
        if (!Op.BuiltinsByName.TryGetValue(name, out var rows)) return null;
        var text = new StringBuilder(Signature(name)).Append("\n\n");
        foreach (var row in rows) text.Append(Prefix(row)).Append(row.Op.Doc).Append('\n').Append("  result: ").Append(Result(row)).Append('\n');
        AppendParameters(text, rows[0].Builtin, "  ");
        foreach (string example in Examples(name)) text.Append("\nexample\n  ").Append(example.Replace("\n", "\n  ")).Append('\n');
        return text.ToString();
    }

    /// <summary>The reference page, in Markdown.</summary>
    /// <param name="outputOf">What an example prints.</param>
    public static string Page(Func<string, string> outputOf)
    {
        var text = new StringBuilder("""
            # Built-in functions

            Made from the operator table (`src/Daphne.Net.Dialect/Ops`); every example is run by a test, and `daphne builtins NAME` prints the same.
            Arguments may be given by name (`rand(numRows=2, …)`). `axis` 0 works on each row, 1 on each column. Where a function takes matrices it
            takes every value type that its operation has a meaning for, the most general one first: str f64 f32 ui64 si64 ui32 si32 ui8 si8 bool.


            """);
        text.AppendJoin(" ·\n", Names.Select(name => $"[{name}](#{name.ToLowerInvariant()})")).Append('\n');
        foreach (string name in Names)
        {
            var rows = Op.BuiltinsByName[name];
            text.Append("\n## ").Append(name).Append("\n\n`").Append(Signature(name)).Append("`\n\n");
            foreach (var row in rows) text.Append(rows.Count > 1 ? "- " : "").Append(Prefix(row)).Append(row.Op.Doc).Append(" Result: ").Append(Result(row)).Append(".\n");
            AppendParameters(text, rows[0].Builtin, "- ");
            foreach (string example in Examples(name))
                text.Append("\n```\n").Append(example).Append("\n```\n```text\n").Append(outputOf(example)).Append("```\n");
        }
        return text.ToString();
    }

    /// <summary>The examples of a function: short scripts that run.</summary>
    public static IEnumerable<string> Examples(string name) => Op.BuiltinsByName[name].Select(row => row.Builtin.Example).OfType<string>().Distinct();

    static string Signature(string name)
    {
        var rows = Op.BuiltinsByName[name];
        var parameters = rows[0].Builtin.Parameters.Select(Written).ToList();
        if (rows.Any(row => row.Builtin.ByGroups)) parameters.AddRange(["[axisOrGroups]", "[numGroups]"]);
        else if (rows.Any(row => row.Builtin.Axis is not null)) parameters.Add(rows.All(row => row.Builtin.Axis is not null) ? "axis" : "[axis]");
        return $"{name}({string.Join(", ", parameters)})";
    }

    static string Written(Parameter p) =>
        p.Variadic ? p.Name + "..." : p.Default is { } value ? $"{p.Name} = {Literal(value)}" : p.Optional ? $"[{p.Name}]" : p.Name;

    static string Literal(object value) => value switch
    {
        bool b => b ? "true" : "false",
        string s => $"\"{s}\"",
        double d => d.ToString("0.0###############", CultureInfo.InvariantCulture),
        var other => Convert.ToString(other, CultureInfo.InvariantCulture)!,
    };

    static string Prefix(BuiltinRow row) => row.Builtin.Axis is { } axis ? $"axis {axis}: " : row.Builtin.ByGroups ? "by groups: " : "";

    static void AppendParameters(StringBuilder text, Builtin builtin, string indent)
    {
        if (builtin.Parameters.IsEmpty) return;
        text.Append('\n');
        foreach (var p in builtin.Parameters) text.Append(indent).Append(p.Name).Append(": ").Append(Kind(p.Kind)).Append(p.Variadic ? ", any number of them" : "").Append('\n');
    }

    static string Kind(ParameterKind kind) => kind switch
    {
        ParameterKind.Any => "any value",
        ParameterKind.Object => "a matrix or a frame",
        ParameterKind.Matrix => "a matrix",
        ParameterKind.Frame => "a frame",
        ParameterKind.List => "a list",
        ParameterKind.Scalar => "a scalar",
        ParameterKind.Size => "a number of rows, columns or cells",
        ParameterKind.Integer => "a number, truncated to si64",
        ParameterKind.Float => "a number, as f64",
        ParameterKind.Flag => "true or false",
        ParameterKind.Text => "text",
        ParameterKind.Axis => "0 (per row) or 1 (per column)",
        ParameterKind.Function => "the name of a function of the script",
        _ => throw new System.Diagnostics.UnreachableException($"{kind} has no words"),
    };

    static string Result(BuiltinRow row)
    {
        if (row.Builtin.Result is { } own) return own;
        string type = row.Op.Type switch
        {
            TypeRule.None => "nothing",
            TypeRule.KeepFirst => "of the type of the first argument",
            TypeRule.Promote => "of the most general value type of the arguments, a matrix where one is",
            TypeRule.PromoteFloat => "as f64 unless the argument is f32, a matrix where one is",
            TypeRule.PromoteInteger => "of the most general value type of the arguments, floats as ui64",
            TypeRule.Compare => "0 and 1 in the most general value type of the arguments, strings as si64",
            TypeRule.Text => "strings, a matrix where an argument is one",
            TypeRule.MatrixOfFirst => "a matrix of the value type of the first argument",
            TypeRule.MatrixOfFirstFloat => "a matrix of f64, of f32 where the argument is",
            TypeRule.MatrixOfAll => "a matrix of the most general value type of the arguments",
            TypeRule.MatrixOfAllFloat => "a matrix of f64, of f32 where the arguments are",
            TypeRule.MatrixOfSize => "a matrix of positions (uint64_t)",
            TypeRule.ScalarOfFirst => "a scalar of the value type of the argument",
            TypeRule.ScalarOfFirstFloat => "an f64, or an f32 where the argument is",
            TypeRule.ScalarOfFirstNumber => "a scalar of the value type of the argument, of si64 for bool",
            TypeRule.MatrixOfFirstNumber => "a matrix of the value type of the first argument, of si64 for bool",
            TypeRule.Size => "a size (uint64_t)",
            TypeRule.SI64 => "an si64",
            TypeRule.F64 => "an f64",
            TypeRule.Bool => "true or false",
            TypeRule.String => "a string",
            _ => throw new InvalidOperationException($"the row of '{row.Builtin.Name}' has rules of its own and does not say what comes back (Result)"),
        };
        return row.Op.Shape switch
        {
            ShapeRule.KeepFirst when row.Op.Type == TypeRule.KeepFirst => "of the type and shape of the first argument",
            ShapeRule.KeepFirst => type + ", of the first one's shape",
            ShapeRule.Broadcast => type + ", of the first matrix' shape; a later operand may be a row, a column or a scalar",
            ShapeRule.Transposed => type + ", rows and columns swapped",
            ShapeRule.ColumnOfRows => type + ", one column",
            ShapeRule.RowOfCols => type + ", one row",
            ShapeRule.FromScalars12 or ShapeRule.FromScalars01 => type + ", numRows x numCols",
            ShapeRule.Outer => type + ", rows of lhs x columns of rhs",
            ShapeRule.SquareOfRows => type + ", rows x rows",
            ShapeRule.SquareOfCols => type + ", columns x columns",
            ShapeRule.BesideEachOther => type + ", columns added up",
            ShapeRule.AboveEachOther => type + ", rows added up",
            _ => type,
        };
    }
}
