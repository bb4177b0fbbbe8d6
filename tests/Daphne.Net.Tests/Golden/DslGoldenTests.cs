namespace Daphne.Net.Tests.Golden;

/// <summary>
/// Every recorded script prints what the original printed (in the folder <c>own</c>: what it should print here), writes what it wrote and ends as it ended. <c>not-yet.txt</c> names the scripts that do not,
/// each with the reason; one that does must leave the list.
/// </summary>
public sealed class DslGoldenTests(DslFolder folder) : IClassFixture<DslFolder>
{
    static readonly Dictionary<string, string> notYet = File.ReadAllLines(Path.Combine(Repository.Golden("dsl"), "not-yet.txt"))
        .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(": ", 2)).ToDictionary(parts => parts[0], parts => parts[1]);

    public static TheoryData<string> Cases => [.. In("core").Concat(In("data")).Concat(In("own")).Where(IsOurs)];

    static IEnumerable<string> In(string folder) =>
        Directory.GetFiles(Repository.Golden("dsl/" + folder), "*.rc").Select(f => $"{folder}/{Path.GetFileNameWithoutExtension(f)}").Order(StringComparer.Ordinal);

    // platform-*: what the machine of the recording made of undefined conversions. *-unsupported: limits of the original.
    static bool IsOurs(string name) => !name.Contains("/platform-", StringComparison.Ordinal) && !name.EndsWith("-unsupported", StringComparison.Ordinal);

    static bool HasCommandLine(string name) => new[] { ".opts", ".args" }.Any(extension => File.Exists(Path.Combine(Repository.Golden("dsl"), name + extension)));

    // A command line belongs to the tool.
    DslCase Case(string name, bool byRows) =>
        new(Path.Combine(Repository.Golden("dsl"), name + ".daphne"), Path.Combine(folder.Root, Path.GetDirectoryName(name)!)) { ByRows = byRows, ThroughTool = !byRows && HasCommandLine(name) };

    [Theory, MemberData(nameof(Cases))]
    public void A_script_prints_what_was_recorded(string name)
    {
        string? difference = Case(name, byRows: false).Difference();
        if (notYet.TryGetValue(name, out string? reason)) Assert.False(difference is null, $"{name} works now; take it off the list ({reason})");
        else Assert.True(difference is null, $"{name} {difference}");
    }

    [Fact]
    public void A_script_prints_the_same_row_by_row()
    {
        var differences = In("core").Concat(In("own")).Where(name => IsOurs(name) && !HasCommandLine(name) && !notYet.ContainsKey(name))
            .Select(name => (Name: name, Difference: Case(name, byRows: true).Difference())).Where(c => c.Difference is not null);
        Assert.Empty(differences);
    }

    [Fact]
    public void Every_built_in_function_stands_in_a_script()
    {
        string scripts = string.Concat(Directory.GetFiles(Repository.Golden("dsl"), "*.daphne", SearchOption.AllDirectories).Select(File.ReadAllText));
        string[] missing = [.. Daphne.Net.Dialect.Op.BuiltinsByName.Keys.Where(name => !System.Text.RegularExpressions.Regex.IsMatch(scripts, $@"\b{name}\s*\("))];
        Assert.Empty(missing);
    }

    [Fact]
    public void The_list_names_only_scripts_that_exist() => Assert.Empty(notYet.Keys.Except(Cases.Select(c => c.Data)));
}

/// <summary>A copy of the recorded scripts and their inputs, without what they wrote.</summary>
public sealed class DslFolder : IDisposable
{
    /// <summary>Where it lies.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("daphne-dsl-").FullName;

    public DslFolder()
    {
        string source = Repository.Golden("dsl");
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories).Where(f => !Path.GetFileName(f).Contains(".written", StringComparison.Ordinal)))
        {
            string target = Path.Combine(Root, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
