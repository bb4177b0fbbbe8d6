namespace Daphne.Net.Tests;

/// <summary>Where the sources lie: tests read golden files and project files from there.</summary>
static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>A folder of golden files.</summary>
    public static string Golden(string folder) => Path.Combine(Root, "tests", "golden", folder);

    static string Find(string? folder) =>
        folder is null ? throw new DirectoryNotFoundException("no Daphne.Net.sln above " + AppContext.BaseDirectory)
        : File.Exists(Path.Combine(folder, "Daphne.Net.sln")) ? folder : Find(Path.GetDirectoryName(folder));
}
