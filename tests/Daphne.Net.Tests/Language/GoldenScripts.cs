namespace Daphne.Net.Tests.Language;

/// <summary>The recorded scripts of the original.</summary>
static class GoldenScripts
{
    /// <summary>Paths below <c>tests/golden/dsl</c>, in ordinal order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Directory.GetFiles(Repository.Golden("dsl"), "*.daphne", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>The recorded exit status; null where a script is only there to be imported.</summary>
    public static int? ExitStatus(string path) => File.Exists(Path.ChangeExtension(path, ".rc")) ? int.Parse(File.ReadAllText(Path.ChangeExtension(path, ".rc"))) : null;
}
