using System.Diagnostics;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>The bundle that <c>eng/bundle.sh</c> builds; built by the first test that needs it where the test command has not.</summary>
static class TestBundle
{
    static readonly Lazy<string> path = new(Build);

    /// <summary>The archive.</summary>
    public static string Path => path.Value;

    static string Build()
    {
        string folder = System.IO.Path.Combine(Repository.Root, "artifacts", "bundle");
        if (Directory.Exists(folder) && Directory.GetFiles(folder, "daphne-*.tar.gz") is [var there]) return there;
        using var build = Process.Start(new ProcessStartInfo("bash", [System.IO.Path.Combine(Repository.Root, "eng", "bundle.sh")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = build.StandardError.ReadToEndAsync();
        string output = build.StandardOutput.ReadToEnd();
        Assert.True(build.WaitForExit(TimeSpan.FromMinutes(10)) && build.ExitCode == 0, $"eng/bundle.sh failed: {output}{error.Result}");
        return System.IO.Path.Combine(Repository.Root, output.Trim().Split('\n')[^1]);
    }
}
