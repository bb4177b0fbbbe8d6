using Daphne.Net.Deployment;

namespace Daphne.Net;

/// <summary>Where the bundle is that other machines run.</summary>
static class WorkerBundle
{
    /// <summary>The bundle that was named, or the one that is found.</summary>
    /// <exception cref="DeploymentException">There is none; the message says where it was looked for.</exception>
    public static Bundle Find(string? given)
    {
        if ((given ?? Environment.GetEnvironmentVariable("DAPHNE_BUNDLE")) is { Length: > 0 } path) return Bundle.Of(path);
        string folder = Path.Combine(AppContext.BaseDirectory, "daphne-bundle");
        return Directory.Exists(folder) && Directory.GetFiles(folder, "daphne-*.tar.gz") is [var only, ..] ? Bundle.Of(only)
            : throw new DeploymentException(DeploymentFailure.FileMissing, $"there is no bundle for other machines (looked for {Path.Combine(folder, "daphne-*.tar.gz")}); make one with 'daphne bundle' and name it in DAPHNE_BUNDLE or in the options");
    }
}
