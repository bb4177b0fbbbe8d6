using System.Text.RegularExpressions;

namespace Daphne.Net.Tests.Docs;

/// <summary>The tests that docs/faults.md names are there.</summary>
public sealed partial class FaultTableTests
{
    [Fact]
    public void Every_fault_has_tests_and_each_of_them_exists()
    {
        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories).ToLookup(f => Path.GetFileNameWithoutExtension(f)!, File.ReadAllText);
        List<string> wrong = [];
        int faults = 0;
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "docs", "faults.md")))
        {
            if (!line.StartsWith("| ", StringComparison.Ordinal) || line.StartsWith("| What", StringComparison.Ordinal) && line.Contains("In this process", StringComparison.Ordinal)) continue;
            faults++;
            var named = Name().Matches(line);
            if (named.Count == 0) wrong.Add($"no test: {line}");
            wrong.AddRange(named.Where(n => !sources[n.Groups[1].Value].Any(text => IsTest(text, n.Groups[2].Value))).Select(n => n.Value));
        }
        Assert.Empty(wrong);
        Assert.True(faults > 40, $"only {faults} faults were read");
    }

    // An attribute that makes a test of it stands somewhere between the method and the end of what is before it.
    static bool IsTest(string text, string method)
    {
        int at = text.IndexOf($" {method}(", StringComparison.Ordinal);
        return at >= 0 && text[..at] is var before && Math.Max(before.LastIndexOf("[Fact", StringComparison.Ordinal), before.LastIndexOf("[Theory", StringComparison.Ordinal)) > before.LastIndexOf("    }", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"`(\w+)\.([A-Z]\w+)`")]
    private static partial Regex Name();
}
