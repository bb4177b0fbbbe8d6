using Daphne.Net.Deployment;

namespace Daphne.Net;

/// <summary>Where the program is that worker processes run.</summary>
static class WorkerProgram
{
    const string Name = "Daphne.Net.Worker";

    /// <summary>The program and its leading arguments.</summary>
    /// <exception cref="DeploymentException">It is not there; the message says where it was looked for.</exception>
    public static IReadOnlyList<string> Command(string? given)
    {
        if ((given ?? Environment.GetEnvironmentVariable("DAPHNE_WORKER")) is { Length: > 0 } path)
            return File.Exists(path) ? Run(path) : throw Missing(path);
        string[] places = [.. Places()];
        return places.FirstOrDefault(File.Exists) is { } found ? Run(found) : throw Missing(string.Join(", ", places));
    }

    // The package puts a self-contained worker into a folder of its own; a project that references the worker project gets it beside itself.
    static IEnumerable<string> Places()
    {
        string suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        yield return Path.Combine(AppContext.BaseDirectory, "daphne-worker", Name + suffix);
        yield return Path.Combine(AppContext.BaseDirectory, Name + suffix);
        yield return Path.Combine(AppContext.BaseDirectory, Name + ".dll");
    }

    static string[] Run(string path) => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? [DotNet(), path] : [path];

    static string DotNet() =>
        Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self
        : Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? Path.Combine(root, "dotnet") : "dotnet";

    static DeploymentException Missing(string where) => new(DeploymentFailure.WorkerProgramMissing,
        $"the worker program is not there (looked for {where}); reference the package or project {Name}, or set DAPHNE_WORKER or LocalClusterOptions.WorkerProgram to its path");
}
