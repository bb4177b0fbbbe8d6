using System.Text.RegularExpressions;

namespace Daphne.Net.Tests;

/// <summary>What the documents point to exists.</summary>
public sealed partial class DocsTests
{
    static IEnumerable<string> Documents => Directory.GetFiles(Repository.Root, "*.md")
        .Concat(new[] { "docs", "src", "samples", "benchmarks", "eng" }.SelectMany(f => Directory.GetFiles(Path.Combine(Repository.Root, f), "*.md", SearchOption.AllDirectories)));

    [Fact]
    public void Every_relative_link_leads_to_a_file()
    {
        var broken = from document in Documents
                     from Match link in Link().Matches(File.ReadAllText(document))
                     let target = link.Groups[1].Value
                     where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#')
                     where !Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, target.Split('#')[0]))
                     select $"{Path.GetRelativePath(Repository.Root, document)}: {target}";
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_path_of_the_repository_that_is_named_exists()
    {
        var broken = from document in Documents
                     from Match path in NamedPath().Matches(File.ReadAllText(document))
                     let target = path.Groups[1].Value
                     where !target.AsSpan().ContainsAny("*<{…") && !Path.Exists(Path.Combine(Repository.Root, target))
                     select $"{Path.GetRelativePath(Repository.Root, document)}: {target}";
        Assert.Empty(broken);
    }

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    // `src/...`, `docs/...` in backticks; artifacts are made by the build.
    [GeneratedRegex(@"`((?:src|tests|benchmarks|samples|protos|docs|eng)/[^`\s]+)`")]
    private static partial Regex NamedPath();
}
