namespace Daphne.Net.Data;

/// <summary>The one path of a file that can be reached by several.</summary>
public static class RealPath
{
    // Links may lead in a circle; the system follows 40 of them.
    const int MostLinks = 40;

    /// <summary>The absolute path without <c>.</c>, <c>..</c> and symbolic links. What does not exist, or leads in a circle, stays as it is.</summary>
    public static string Of(string path)
    {
        int links = 0;
        return Of(Path.GetFullPath(path), ref links);
    }

    static string Of(string full, ref int links)
    {
        if (Path.GetDirectoryName(full) is not { } folder) return full;
        string resolved = Path.Combine(Of(folder, ref links), Path.GetFileName(full));
        if (new FileInfo(resolved).LinkTarget is not { } target || ++links > MostLinks) return resolved;
        return Of(Path.GetFullPath(target, Path.GetDirectoryName(resolved)!), ref links);
    }
}
