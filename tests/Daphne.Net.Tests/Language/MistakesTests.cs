using System.Text;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Tests.Language;

public sealed class MistakesTests
{
    /// <summary>Each case: a script, a line <c>----</c>, every diagnostic in full and how many statements could be read; cases are separated by <c>====</c>.</summary>
    [Fact]
    public void Every_mistake_is_named_with_place_and_cure()
    {
        string path = Path.Combine(Repository.Golden("language"), "mistakes.txt"), golden = File.ReadAllText(path);
        var actual = new StringBuilder();
        foreach (string script in golden.Split("\n====\n").Select(part => part.Split("\n----\n")[0]))
        {
            var diagnostics = new DiagnosticBag();
            var tree = Parser.Parse(new SourceText(script, "k.daphne"), diagnostics);
            if (actual.Length > 0) actual.Append("====\n");
            actual.Append(script).Append("\n----\n").AppendJoin("", diagnostics.All).Append($"{tree.Statements.Count} read\n");
        }
        GoldenText.Check(path, actual.ToString());
    }
}
