using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Tests.Compiler;

/// <summary>
/// Every file below <c>tests/golden/ir-lowering</c>: a script, a line <c>----</c>, the IR as lowering makes it (no pass has run), or what is wrong
/// with the script. With <c>DAPHNE_UPDATE_GOLDEN=1</c> the outputs are written instead (then look at the difference); never in CI.
/// </summary>
public sealed class GoldenLoweringTests
{
    const string Line = "----\n";

    public static TheoryData<string> Files => [.. Directory.GetFiles(Repository.Golden("ir-lowering"), "*.txt").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public void Lowering_gives_what_the_file_says(string file)
    {
        string path = Path.Combine(Repository.Golden("ir-lowering"), file), text = File.ReadAllText(path);
        int line = text.IndexOf(Line, StringComparison.Ordinal);
        string script = line < 0 ? text : text[..line], output = Lowered(script);
        if (Environment.GetEnvironmentVariable("DAPHNE_UPDATE_GOLDEN") == "1" && Environment.GetEnvironmentVariable("CI") is null)
            File.WriteAllText(path, script + Line + output);
        else Assert.Equal(line < 0 ? "" : text[(line + Line.Length)..], output);
    }

    static string Lowered(string script)
    {
        string ir = "";
        var options = new CompilerOptions
        {
            Arguments = new Dictionary<string, ArgumentBinding>
            {
                ["n"] = ArgumentBinding.Literal(ValueTypeCode.SI64, 3L),
                ["X"] = ArgumentBinding.Input(IrType.Matrix(ValueTypeCode.F64, 4, 2)),
            },
            Outputs = null,
            MetaData = name => name == "there.csv" ? new(10, 3) { ValueType = ValueTypeCode.F64 } : throw Diag.MetaMissing.Raise(name + ".meta", name),
            Verify = true,
            Explain = (stage, module) => ir = stage == "parsing" ? IrText.Print(module) : ir,
        };
        try
        {
            DaphneCompiler.Compile(Parser.Parse(new SourceText(script, "s.daph")), options);
        }
        catch (ScriptException wrong)
        {
            // A mistake in shapes shows after lowering.
            return string.Concat(wrong.Diagnostics.Select(d => $"exit {(int)d.Def.Stage}: {d}"));
        }
        return ir;
    }
}
