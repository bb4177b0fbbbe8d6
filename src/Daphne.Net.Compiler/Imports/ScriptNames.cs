using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

/// <summary>What one script, the main one or an imported one, knows beside variables: functions, imported scripts, and where it lies itself.</summary>
/// <param name="importer">The script that imports it; null for the main one.</param>
/// <param name="directory">What its imports are relative to.</param>
/// <param name="shownDirectory">The same as diagnostics write it.</param>
/// <param name="file">Its file; null for a text.</param>
sealed class ScriptNames(ScriptNames? importer, string directory, string shownDirectory, string? file)
{
    string? identity;

    /// <summary>The main script.</summary>
    public static ScriptNames Main(Script script, CompilerOptions options) => options.ScriptPath is not { } path
        ? new(null, "", "", null)
        : new(null, Path.GetDirectoryName(path) ?? "", Path.GetDirectoryName(script.Span.Source?.Name) ?? "", path);

    /// <summary>A script that this one imports.</summary>
    public ScriptNames Importing(ImportedFile file) => new(this, Path.GetDirectoryName(file.Path) ?? "", Path.GetDirectoryName(file.Shown) ?? "", file.Identity) { Depth = Depth + 1 };

    public string Directory => directory;
    public string ShownDirectory => shownDirectory;

    /// <summary>How many scripts import one the other down to this one.</summary>
    public int Depth { get; private init; }

    /// <summary>User functions, imported ones with their script's name in front.</summary>
    public Dictionary<string, List<UserFunction>> Functions { get; } = [];

    /// <summary>Functions it defines somewhere.</summary>
    public HashSet<string> Announced { get; } = [];

    /// <summary>Names of imported scripts: what stands before the dot.</summary>
    public HashSet<string> Imported { get; } = [];

    /// <summary>Names of imports that failed: what stands behind them is not known, and not worth a word.</summary>
    public HashSet<string> Failed { get; } = [];

    /// <summary>Files it has imported, by identity.</summary>
    public HashSet<string> Files { get; } = [];

    /// <summary>The scripts from the one with this identity down to this one; null if it is not among them.</summary>
    public IReadOnlyList<string>? WayFrom(string file)
    {
        List<string> way = [];
        for (var at = this; at is not null; at = at.Importer)
        {
            way.Insert(0, Path.GetFileName(at.Identity) ?? "");
            if (at.Identity == file) return way;
        }
        return null;
    }

    ScriptNames? Importer => importer;
    // As ImportedFile.Identity. Looked up only where something is imported: links are looked at for it.
    string? Identity => file is null ? null : identity ??= Data.RealPath.Of(file);

    /// <summary>True if a name with dots belongs to an import that failed.</summary>
    public bool IsLost(string name)
    {
        for (int dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
            if (Failed.Contains(name[..dot])) return true;
        return false;
    }
}
