using System.Text;

namespace Daphne.Net.Tests.Data.Files;

/// <summary>A folder that lives as long as the test.</summary>
sealed class TemporaryFolder : IDisposable
{
    const string Memory = "/dev/shm";

    static int count;

    readonly string path;

    public TemporaryFolder() : this(Directory.CreateTempSubdirectory("daphne-test-").FullName) { }

    TemporaryFolder(string path) => this.path = path;

    /// <summary>A folder in memory where the system has such: for tests that write the same small file a million times.</summary>
    public static TemporaryFolder InMemory() =>
        Directory.Exists(Memory) ? new(Directory.CreateDirectory(Path.Combine(Memory, $"daphne-test-{Environment.ProcessId}-{Interlocked.Increment(ref count)}")).FullName) : new();

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
