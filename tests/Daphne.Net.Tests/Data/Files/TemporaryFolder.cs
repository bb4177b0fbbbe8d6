using System.Text;

namespace Daphne.Net.Tests.Data.Files;

/// <summary>A folder that lives as long as the test.</summary>
sealed class TemporaryFolder : IDisposable
{
    readonly string path = Directory.CreateTempSubdirectory("daphne-test-").FullName;

    public string this[string name] => Path.Combine(path, name);

    public IEnumerable<string> Names => Directory.EnumerateFileSystemEntries(path).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal);

    public string Write(string name, string text, string? meta = null)
    {
        File.WriteAllBytes(this[name], Encoding.UTF8.GetBytes(text));
        if (meta is not null) File.WriteAllText(this[name + ".meta"], meta);
        return this[name];
    }

    public void Dispose() => Directory.Delete(path, recursive: true);
}
