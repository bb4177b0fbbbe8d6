using System.Text;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Runtime.Scripts;

/// <summary>
/// Every built-in function of the operator table and every operator with every value type: a result, or a diagnostic that says what is wrong; the same
/// optimised, as written, and in pipelines cut into single rows. What comes of it stands in <c>tests/golden/types</c>.
/// </summary>
public sealed class TypeCoverageTests
{
    static readonly string[] types = [.. ValueTypes.All.Where(t => t != ValueTypeCode.Size).Select(t => t.DslName())];

    // No fault of the script's: the product has a gap or a mistake.
    static readonly DiagnosticDef[] gaps = [Diag.NotThisTypeYet, Diag.WrongRepresentation, Diag.TypeNotKnown, Diag.MalformedProgram, Diag.NotSupportedYet];

    // What these take is no matrix or scalar of any type, or they do not come back the same twice.
    static readonly string[] others = ["readMatrix", "readFrame", "readCsv", "now", "stop", "print", "map", "receiveFromNumpy", "saveDaphneLibResult", "startProfiling", "stopProfiling", "openFile", "openDevice", "openFileOnTarget", "close"];

    [Fact]
    public void Operators() => Check("operators", [.. Op.All.Where(op => op.Token is not null && op.Arity == 2).Select(op => op.Token!).Append("@").Distinct().SelectMany(token =>
        (IEnumerable<(string, string)>)[($"X {token} X", $"X {token} X"), ($"x {token} x", $"x {token} x")]),
        ("-X", "-X"), ("-x", "-x"), ("x ? 1 : 2", "x ? 1 : 2"), ("X ? X : X", "X ? X : X"), ("c ? X : X", "C ? X : X"), ("c ? x : x", "C ? x : x"), ("true ? X : X", "true ? X : X"),
        ("X[0, ]", "X[0, ]"), ("X[, P]", "X[, P]"), ("X[[C[, 0], ]]", "X[[C[, 0], ]]"), ("X[0, 0] = X[1, 1]", "X"), ("as.str(X)", "as.str(X)"), ("as.si64(X)", "as.si64(X)"), ("as.f32(X)", "as.f32(X)"),
        ("as.bool(X)", "as.bool(X)"), ("as.ui8(x)", "as.ui8(x)"), ("as.str(x)", "as.str(x)"), ("as.scalar(X[0, 0])", "as.scalar(X[0, 0])"), ("as.matrix(x)", "as.matrix(x)"), ("map(X, f)", "map(X, f)"), ("[x, x]", "[x, x]"), ("for", "L")]);

    [Fact]
    public void Built_in_functions() => Check("builtins", [.. Calls()]);

    // For every row a call whose matrices and scalars are of the type; numbers of rows, positions and flags are what they must be.
    static IEnumerable<(string, string)> Calls()
    {
        foreach (var (name, rows) in Op.BuiltinsByName.OrderBy(b => b.Key, StringComparer.Ordinal))
        {
            if (others.Contains(name)) continue;
            foreach (var row in rows)
            {
                if (row.Builtin.Parameters.Any(p => p.Kind is ParameterKind.Frame or ParameterKind.List or ParameterKind.Function)) continue;
                string call = Call(row.Builtin);
                yield return (call, call);
                // What takes any value takes scalars too.
                if (row.Builtin.Parameters.Length > 0 && row.Builtin.Parameters.All(p => p.Kind == ParameterKind.Any)) yield return (call.Replace('X', 'x'), call.Replace('X', 'x'));
            }
        }
    }

    static string Call(Builtin b) => b.Name switch
    {
        "rand" => "rand(2, 2, x, x, 1.0, 7)",
        "sample" => "sample(x, 1, true, 7)",
        "seq" => "seq(x, x, x)",
        "fill" => "fill(x, 2, 2)",
        "ctable" => "ctable(K, K, x)",
        "order" => "order(X, 0, true, false)",
        "solve" => "solve(X, X)",
        "replace" => "replace(X, x, x)",
        "oneHot" => "oneHot(X, [4, -1](1, 2))",
        "recode" => "R(K)",
        "bin" => "bin(X, 2)",
        "quantize" => "quantize(X, 0, x)",
        "reshape" => "reshape(X, 1, 4)",
        "write" or "writeMatrix" or "writeFrame" => $"{b.Name}",
        "gemv" => "gemv(X, K)",
        "diagMatrix" => "diagMatrix(K)",
        _ when b.Name.StartsWith("outer", StringComparison.Ordinal) => $"{b.Name}(K, t(K))",
        _ when b.ByGroups || b.Name == "count" => $"{b.Name}(X, [0, 1], 2)",
        _ => $"{b.Name}({string.Join(", ", b.Parameters.Select(Argument).Concat(b.Axis is { } axis ? [axis.ToString(System.Globalization.CultureInfo.InvariantCulture)] : []))})",
    };

    static string Argument(Parameter p) => p.Kind switch
    {
        ParameterKind.Any or ParameterKind.Object or ParameterKind.Matrix => "X",
        ParameterKind.Scalar => "x",
        ParameterKind.Flag => "true",
        ParameterKind.Text => "\"a\"",
        _ => "1",
    };

    static void Check(string name, (string Title, string Expression)[] forms)
    {
        var table = new StringBuilder("""
            # What each form makes of operands of each value type: [f64] a matrix, f64 a scalar, a number the diagnostic that refuses it (below).
            # X: 2x2, K: 2x1, x: scalar, of the type; C: truth values; P: positions; f: gives its argument back; R: the codes of recode.

            """);
        table.Append(Row("", types));
        List<string> faults = [];
        SortedDictionary<string, string> refusals = new(StringComparer.Ordinal);
        foreach (var (title, expression) in forms)
        {
            if (expression.StartsWith("write", StringComparison.Ordinal)) continue;
            List<string> cells = [];
            foreach (string type in types)
            {
                string script = Script(type, expression);
                var run = Outcome(script, new());
                if (run.Fault is not null) faults.Add($"{title} on {type}: {run.Fault}");
                foreach (var how in (ScriptOptions[])[new() { Optimize = false }, new() { Vectorize = true, Backend = static (engine, statistics) => new LocalPipelineBackend(engine, statistics, batchBytes: 1) }])
                    if (Outcome(script, how) is var other && (other.Output != run.Output || other.Refusal != run.Refusal))
                        faults.Add($"{title} on {type}: {run.Output}{run.Refusal}, but {(how.Optimize ? "in pipelines" : "unoptimised")} {other.Output}{other.Refusal}{other.Fault}");
                if (run.Refusal is { } refused) refusals[refused.Code] = refused.Message;
                cells.Add(run.Refusal?.Code["DPH".Length..] ?? Kind(run.Output.Split('\n')[0]));
            }
            table.Append(Row(title, cells));
        }
        foreach (var (code, message) in refusals) table.Append(code).Append(": ").Append(message).Append('\n');
        Assert.True(faults.Count == 0, string.Join("\n", faults));
        GoldenText.Check(Path.Combine(Repository.Root, "tests", "golden", "types", name + ".txt"), table.ToString());
    }

    static string Row(string title, IEnumerable<string> cells) => (title.PadRight(40) + " " + string.Concat(cells.Select(c => c.PadRight(8)))).TrimEnd() + "\n";

    // From the header of what was printed.
    static string Kind(string header) => header.StartsWith("DenseMatrix(", StringComparison.Ordinal) ? $"[{Name(header[(header.IndexOf(", ", StringComparison.Ordinal) + 2)..^1])}]" : Name(header);

    static string Name(string printed) => printed == "const char*" ? "str" : ValueTypes.All.FirstOrDefault(t => t.PrintedName() == printed && t != ValueTypeCode.Size).DslName();

    static string Script(string type, string expression)
    {
        string cells = type switch
        {
            "str" => "[\"b\", \"a\", \"a\", \"c\"]",
            "bool" => "[true, false, false, true]",
            _ => $"as.matrix<{type}>([2, 1, 1, 3])",
        };
        string text = $"def f(v:{type}) -> {type} {{ return v; }}\nA = {cells};\nX = reshape(A, 2, 2);\nK = A[0:2, ];\nx = as.scalar(A[1, 0]);\nC = [true, false, true, true](2, 2);\nP = [1, 0];\n";
        text += expression switch
        {
            "X" => "X[0, 0] = X[1, 1];\nprint(X);\n",
            "R(K)" => "codes, values = recode(K, true);\nprint(codes);\nprint(typeOf(values));\nprint(values);\n",
            "L" => "L = X;\nfor (i in 1:2) { L = L; }\nprint(L);\n",
            _ => Assigned(expression),
        };
        return text;
    }

    static string Assigned(string expression)
    {
        int results = Op.BuiltinsByName.TryGetValue(expression.Split('(')[0], out var rows) ? Math.Max(1, rows[0].Op.Results) : 1;
        string[] names = [.. Enumerable.Range(0, results).Select(i => $"r{i}")];
        return $"{string.Join(", ", names)} = {expression};\nprint(typeOf(r0));\n{string.Concat(names.Select(n => $"print({n});\n"))}";
    }

    static (string Output, DiagnosticDef? Refusal, string? Fault) Outcome(string script, ScriptOptions how)
    {
        var output = new StringWriter();
        try
        {
            ScriptEngine.Run(new SourceText(script, "types"), new ScriptInputs(), how with { Output = output, Files = new("/", MayRead: false, MayWrite: false) });
            return (output.ToString(), null, null);
        }
        catch (ScriptException e)
        {
            var d = e.Diagnostics[0];
            return (output.ToString(), d.Def, gaps.Contains(d.Def) ? d.Message : null);
        }
        catch (Exception e)
        {
            return (output.ToString(), null, e.ToString());
        }
    }
}
