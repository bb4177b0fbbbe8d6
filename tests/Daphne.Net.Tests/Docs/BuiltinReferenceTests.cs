using Daphne.Net.Cli;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Docs;

/// <summary>The reference page is made from the operator table, and its examples print what it says.</summary>
public sealed class BuiltinReferenceTests : IDisposable
{
    // Examples read the samples' data and write beside it.
    readonly string folder = Directory.CreateTempSubdirectory("daphne-examples-").FullName;

    public BuiltinReferenceTests()
    {
        string data = Path.Combine(folder, "data");
        Directory.CreateDirectory(data);
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "samples", "data"))) File.Copy(file, Path.Combine(data, Path.GetFileName(file)));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_page_is_what_the_table_says_and_the_examples_print() =>
        GoldenText.Check(Path.Combine(Repository.Root, "docs", "builtins.md"), BuiltinReference.Page(OutputOf));

    [Fact]
    public void Every_built_in_function_has_an_example_that_prints_something()
    {
        string[] silent = [.. BuiltinReference.Names.Where(name => !BuiltinReference.Examples(name).Any() || BuiltinReference.Examples(name).Any(e => OutputOf(e).Length == 0))];
        Assert.Empty(silent);
    }

    [Fact]
    public void The_tool_lists_them_and_shows_one()
    {
        StringWriter output = new(), error = new();
        Assert.Equal(0, BuiltinsCommand.Run([], output, error));
        Assert.Equal(BuiltinReference.Names.Count, output.ToString().Count(c => c == '\n'));
        Assert.Equal(0, BuiltinsCommand.Run(["nrow"], output = new(), error));
        Assert.Equal("nrow(arg)\n\nNumber of rows.\n  result: a size (uint64_t)\n\n  arg: a matrix or a frame\n\nexample\n  print(nrow([1, 2, 3]));\n", output.ToString());
        Assert.Equal("", error.ToString());
        Assert.Equal(1, BuiltinsCommand.Run(["nrows"], output = new(), error));
        Assert.Equal("error DPH7020: there is no built-in function 'nrows'\nhint: did you mean 'nrow'?\n", error.ToString());
    }

    string OutputOf(string example)
    {
        var output = new StringWriter();
        try
        {
            ScriptEngine.Run(new SourceText(example, "example"), new ScriptInputs(), new ScriptOptions { Output = output, Error = output, Files = new(folder, MayRead: true, MayWrite: true) });
        }
        catch (ScriptException e)
        {
            Assert.Fail($"{example}\n{e.Message}");
        }
        return output.ToString();
    }
}
