using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Compiler.Ir;

/// <summary>What the reader takes and what it says of mistakes, as files below <c>tests/golden/ir</c>; <c>DAPHNE_UPDATE_GOLDEN=1</c> writes them anew.</summary>
public sealed class GoldenTextTests
{
    const string Line = "// ----\n";

    [Fact]
    public void Every_form_is_read_and_printed_in_one_form() => Check("forms.mlir", input =>
    {
        var module = IrText.Parse(input, "forms.mlir");
        Assert.Empty(Verifier.Check(module));
        string text = IrText.Print(module);
        Assert.Equal(text, IrText.Print(IrText.Parse(text)));
        return Line + text;
    }, File.ReadAllText(Path.Combine(Repository.Golden("ir"), "forms.mlir")).Split(Line)[0]);

    [Fact]
    public void Every_mistake_is_named_with_its_place()
    {
        string texts = File.ReadAllText(Path.Combine(Repository.Golden("ir"), "mistakes.txt"));
        Check("mistakes.out", input => string.Join(Line, input.Split(Line).Select(text =>
            Assert.Single(Assert.Throws<ScriptException>(() => IrText.Parse(text, "m")).Diagnostics).ToString())), texts, keepInput: false);
    }

    static void Check(string file, Func<string, string> output, string input, bool keepInput = true)
    {
        string path = Path.Combine(Repository.Golden("ir"), file), actual = (keepInput ? input : "") + output(input);
        if (Environment.GetEnvironmentVariable("DAPHNE_UPDATE_GOLDEN") == "1" && Environment.GetEnvironmentVariable("CI") is null) File.WriteAllText(path, actual);
        else Assert.Equal(File.ReadAllText(path), actual);
    }
}
