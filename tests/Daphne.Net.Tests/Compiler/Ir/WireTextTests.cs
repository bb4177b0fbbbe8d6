using Daphne.Net.Compiler;

namespace Daphne.Net.Tests.Compiler.Ir;

/// <summary>Fragments the original's coordinator sent are read, are sound, and print as they came.</summary>
public sealed class WireTextTests
{
    public static TheoryData<string> Recorded => [.. Directory.GetFiles(Repository.Golden("wire"), "*.mlir_code", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Repository.Golden("wire"), f)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Recorded))]
    public void A_recorded_fragment_prints_as_it_came(string file)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Golden("wire"), file));
        var module = IrText.Parse(text, file);
        Assert.Empty(Verifier.Check(module));
        Assert.Equal(text, IrText.Print(module));
    }
}
