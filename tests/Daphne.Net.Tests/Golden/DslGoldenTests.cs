namespace Daphne.Net.Tests.Golden;

/// <summary>
/// Every recorded script prints what the original printed and ends as it ended. <c>not-yet.txt</c> names the scripts that do not, each with the
/// reason; one that does must leave the list.
/// </summary>
public sealed class DslGoldenTests
{
    static readonly Dictionary<string, string> notYet = File.ReadAllLines(Path.Combine(Repository.Golden("dsl"), "not-yet.txt"))
        .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(": ", 2)).ToDictionary(parts => parts[0], parts => parts[1]);

    // Options belong to the tool and are tested through it.
    public static TheoryData<string> Cases =>
        [.. DslCase.In("core").Concat(DslCase.In("data")).Where(c => c.Options is "" or "--vec").Select(c => c.Name).Where(IsOurs)];

    // platform-*: what the machine of the recording did with undefined conversions. *-unsupported: limits of the original.
    static bool IsOurs(string name) => !name.Contains("/platform-", StringComparison.Ordinal) && !name.EndsWith("-unsupported", StringComparison.Ordinal);

    [Theory, MemberData(nameof(Cases))]
    public void A_script_prints_what_was_recorded(string name)
    {
        string? difference = new DslCase(Path.Combine(Repository.Golden("dsl"), name + ".daphne")).Difference();
        if (notYet.TryGetValue(name, out string? reason)) Assert.False(difference is null, $"{name} works now; take it off the list ({reason})");
        else Assert.True(difference is null, $"{name} {difference}");
    }

    [Fact]
    public void The_list_names_only_scripts_that_exist() =>
        Assert.Empty(notYet.Keys.Except(Cases.Select(c => c.Data)));
}
