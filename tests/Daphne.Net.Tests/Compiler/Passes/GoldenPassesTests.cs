using Daphne.Net.Compiler;

namespace Daphne.Net.Tests.Compiler.Passes;

/// <summary>
/// Every file below <c>tests/golden/passes</c>: a line <c>// RUN: passes</c>, the input, a line <c>// ----</c>, the whole output. With
/// <c>DAPHNE_UPDATE_GOLDEN=1</c> the outputs are written instead (then look at the difference); never in CI.
/// </summary>
public sealed class GoldenPassesTests
{
    const string Run = "// RUN: ", Line = "// ----\n";

    public static TheoryData<string> Files => [.. Directory.GetFiles(Repository.Golden("passes"), "*.mlir").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public void The_passes_give_what_the_file_says(string file)
    {
        string path = Path.Combine(Repository.Golden("passes"), file), text = File.ReadAllText(path);
        Assert.StartsWith(Run, text);
        string names = text[Run.Length..text.IndexOf('\n')];
        int line = text.IndexOf(Line, StringComparison.Ordinal);
        string input = line < 0 ? text : text[..line];
        var module = PassPipeline.Parse(names, new() { Verify = true }).Apply(IrText.Parse(input, file));
        string output = IrText.Print(module);
        if (Environment.GetEnvironmentVariable("DAPHNE_UPDATE_GOLDEN") == "1" && Environment.GetEnvironmentVariable("CI") is null)
            File.WriteAllText(path, input + Line + output);
        else Assert.Equal(line < 0 ? "" : text[(line + Line.Length)..], output);
    }

    [Fact]
    public void Every_pass_has_a_golden_file() =>
        Assert.Equal(PassPipeline.All.Select(p => p.Name).Order(StringComparer.Ordinal).Except(["infer"]),
            PassPipeline.All.Select(p => p.Name).Where(n => File.Exists(Path.Combine(Repository.Golden("passes"), n + ".mlir"))).Order(StringComparer.Ordinal));
}
