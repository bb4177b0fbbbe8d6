using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

/// <summary>Finds the files an import statement means.</summary>
sealed class ImportSearch(CompilerOptions options)
{
    /// <summary>One script, or all of a library in order of their names.</summary>
    /// <exception cref="RaisedException">There is none, there are several, or the host does not want it.</exception>
    public IReadOnlyList<ImportedFile> Find(ImportStatement s, ScriptNames importer)
    {
        // Only a path without extension can name a library.
        if (!Path.HasExtension(s.Path) && options.ImportPaths.Libraries.TryGetValue(s.Path, out var folders)) return [.. folders.SelectMany(folder => Library(s.Path, folder))];
        List<string> refused = [];
        var found = Candidates(s.Path, importer).Select(c => At(c.Path, c.Shown, refused)).Where(f => f is not null).DistinctBy(f => f!.Identity).ToArray();
        if (found is [{ } only]) return [only];
        if (found.Length > 1) throw Diag.ImportAmbiguous.Raise(s.Path, string.Join(", ", found.Select(f => $"'{f!.Shown}'")));
        throw refused.Count > 0 ? Diag.ImportNotAllowed.Raise(refused[0]) : Diag.ImportMissing.Raise(s.Path, Cure(s.Path));
    }

    IEnumerable<(string Path, string Shown)> Candidates(string path, ScriptNames importer)
    {
        // Path.Combine leaves an absolute path as it is.
        yield return (Path.Combine(importer.Directory, path), Path.Combine(importer.ShownDirectory, path));
        if (Path.IsPathRooted(path) || !Path.HasExtension(path)) yield break;
        foreach (string folder in options.ImportPaths.DefaultDirectories) yield return (Path.Combine(folder, path), Path.Combine(folder, path));
    }

    ImportedFile? At(string path, string shown, List<string> refused, bool inLibrary = false)
    {
        if (options.ImportFile(path) is not { } readable) refused.Add(shown);
        else if (File.Exists(readable)) return new(readable, shown, RealPath.Of(readable), inLibrary);
        return null;
    }

    IEnumerable<ImportedFile> Library(string name, string folder)
    {
        if (options.ImportFile(folder) is not { } readable) throw Diag.ImportNotAllowed.Raise(folder);
        if (!Directory.Exists(readable)) throw Diag.ImportEmptyLibrary.Raise(name, $"there is no folder '{folder}'");
        var scripts = Directory.GetFiles(readable).Where(f => Path.GetExtension(f) is ".daphne" or ".daph").Order(StringComparer.Ordinal).ToArray();
        if (scripts.Length == 0) throw Diag.ImportEmptyLibrary.Raise(name, $"none lies in '{folder}'");
        List<string> refused = [];
        var found = scripts.Select(f => At(Path.Combine(folder, Path.GetFileName(f)), Path.Combine(folder, Path.GetFileName(f)), refused, inLibrary: true)).ToArray();
        return refused.Count > 0 ? throw Diag.ImportNotAllowed.Raise(refused[0]) : found.OfType<ImportedFile>();
    }

    string Cure(string path) =>
        !Path.HasExtension(path) ? "the path of a script has its extension; without one it is the name of a library in the configuration"
        : Path.IsPathRooted(path) ? "check the path"
        : "the path is relative to the importing script" + (options.ImportPaths.DefaultDirectories.IsEmpty ? "" : $" or to one of {string.Join(", ", options.ImportPaths.DefaultDirectories)}");
}
