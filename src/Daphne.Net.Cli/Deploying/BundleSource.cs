using System.Diagnostics;
using Daphne.Net.Deployment;
using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary>Where the bundle comes from: the one that is named, the one of the source tree we stand in, the one beside the tool, or the tool itself where it is self-contained.</summary>
static class BundleSource
{
    const string Script = "eng/bundle.sh";

    /// <summary>Builds it where there are sources, else finds it.</summary>
    public static Bundle Build(string? named, TextWriter progress, CancellationToken ct)
    {
        if (named is null && SourceTree() is { } tree) return Made(tree, progress, ct);
        return Find(named);
    }

    /// <summary>The bundle, packed now if it is only there as files.</summary>
    /// <exception cref="ScriptException">There is none.</exception>
    public static Bundle Find(string? named)
    {
        if ((named ?? Environment.GetEnvironmentVariable("DAPHNE_BUNDLE")) is { Length: > 0 } path) return Bundle.Of(path);
        string own = AppContext.BaseDirectory.TrimEnd('/');
        List<string> folders = [Path.Combine(own, "daphne-bundle")];
        if (SourceTree() is { } tree) folders.Insert(0, Path.Combine(tree, "artifacts", "bundle"));
        foreach (string folder in folders)
            if (Directory.Exists(folder) && Directory.GetFiles(folder, "daphne-*.tar.gz").OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault() is { } archive) return Bundle.Of(archive);
        if (File.Exists(Path.Combine(own, "libcoreclr.so"))) return Bundle.Pack(own, Path.Combine(Path.GetTempPath(), $"daphne-bundle-{Environment.UserName}"));
        throw new ScriptException(Diag.NothingToBuild.At(default, Directory.GetCurrentDirectory(), string.Join(", ", folders)));
    }

    static string? SourceTree()
    {
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Daphne.Net.sln")) && File.Exists(Path.Combine(folder.FullName, Script))) return folder.FullName;
        return null;
    }

    // What it says goes to our error stream: our output is for results. Its last line is the archive's path, below the tree.
    static Bundle Made(string tree, TextWriter progress, CancellationToken ct)
    {
        using var build = Process.Start(new ProcessStartInfo("bash", [Path.Combine(tree, Script)]) { WorkingDirectory = tree, RedirectStandardOutput = true, RedirectStandardInput = true })!;
        using var kill = ct.Register(() => build.Kill(entireProcessTree: true));
        build.StandardInput.Close();
        string last = "";
        while (build.StandardOutput.ReadLine() is { } line)
        {
            if (last.Length > 0) progress.Write(last + "\n");
            last = line;
        }
        build.WaitForExit();
        ct.ThrowIfCancellationRequested();
        return build.ExitCode == 0 ? Bundle.Of(Path.Combine(tree, last)) : throw new ScriptException(Diag.BuildFailed.At(default, Script, build.ExitCode));
    }
}
