namespace Daphne.Net.Compiler;

/// <summary>A script that an import statement has found.</summary>
/// <param name="Path">Where to read it.</param>
/// <param name="Shown">What diagnostics call it.</param>
/// <param name="Identity">The same for every way to write the path: no links, no detours.</param>
/// <param name="InLibrary">True if its name stands behind that of a library.</param>
sealed record ImportedFile(string Path, string Shown, string Identity, bool InLibrary = false)
{
    /// <summary>Its name without folder and extension.</summary>
    public string Stem => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The name of the folder it lies in.</summary>
    public string Folder => System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) ?? "");
}
