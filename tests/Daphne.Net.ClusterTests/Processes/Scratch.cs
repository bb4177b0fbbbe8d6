namespace Daphne.Net.ClusterTests.Processes;

/// <summary>A folder of one test: scripts and data, and the state directory of the processes it starts, so that nothing touches the user's own.</summary>
sealed class Scratch : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("daphne-test-").FullName;

    /// <summary>What <c>XDG_STATE_HOME</c> is set to.</summary>
    public string State => Path.Combine(Root, "state");

    /// <summary>Writes a file and gives its name, which is relative to <see cref="Root"/>.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(Root, name), text);
        return name;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
