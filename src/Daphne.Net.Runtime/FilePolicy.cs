using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Which files a run may touch, and what relative paths are relative to.</summary>
public sealed record FilePolicy(string? BaseDirectory, bool MayRead, bool MayWrite)
{
    /// <summary>All files this process may touch; relative paths are relative to its current directory.</summary>
    public static FilePolicy CurrentDirectory { get; } = new(null, true, true);

    /// <summary>No files: what fragments run with on a worker, which must never open what a peer names.</summary>
    public static FilePolicy Nothing { get; } = new(null, false, false);

    /// <summary>The path to read from.</summary>
    /// <exception cref="RaisedException">This run may not read files.</exception>
    public string ForReading(string path) => MayRead ? Resolve(path) : throw Diag.FilesNotAllowed.Raise("read", path);

    /// <summary>The path to write to.</summary>
    /// <exception cref="RaisedException">This run may not write files.</exception>
    public string ForWriting(string path) => MayWrite ? Resolve(path) : throw Diag.FilesNotAllowed.Raise("write", path);

    /// <summary>Folders that imported scripts must lie in, directly or further down; null where they may lie anywhere.</summary>
    public IReadOnlyCollection<string>? ImportFolders { get; init; }

    /// <summary>The path to import a script from; null if this run may not.</summary>
    public string? ForImport(string path)
    {
        if (!MayRead) return null;
        string resolved = Resolve(path);
        if (ImportFolders is null) return resolved;
        // Links count as what they lead to.
        string real = RealPath.Of(resolved);
        return ImportFolders.Any(folder => real == RealPath.Of(folder) || real.StartsWith(RealPath.Of(folder).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal)) ? resolved : null;
    }

    string Resolve(string path) => BaseDirectory is null ? path : Path.Combine(BaseDirectory, path);
}
