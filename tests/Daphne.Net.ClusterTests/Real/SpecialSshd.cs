using System.Globalization;
using Daphne.Net.Deployment;

namespace Daphne.Net.ClusterTests.Real;

/// <summary>A second sshd on the login node, on a port and with settings of its own; disposing ends it and the connections it has.</summary>
sealed class SpecialSshd : IDisposable
{
    static int lastPort = 2200;

    readonly string folder = Directory.CreateTempSubdirectory("daphne-sshd-").FullName, name, config;

    /// <summary>Starts it.</summary>
    /// <param name="settings">Lines of its configuration.</param>
    public SpecialSshd(params string[] settings)
    {
        Port = Interlocked.Increment(ref lastPort);
        name = $"special-{Port}";
        config = Path.Combine(RealCluster.Folder, "etc", name);
        RemoveFiles();      // of a test that was killed
        string plain = File.ReadAllText(Path.Combine(RealCluster.Folder, "etc", "sshd_config.login"));
        // The first line for a setting is the one that holds.
        File.WriteAllText(config, $"{string.Join('\n', settings)}\nPort {Port}\nPidFile {config}.pid\n{string.Join('\n', plain.Split('\n').Where(l => !l.StartsWith("Port ", StringComparison.Ordinal)))}");
        File.WriteAllText(Path.Combine(folder, "config"), Client(""));
        Start();
    }

    public int Port { get; }

    /// <summary>How to log in to it as <c>login</c>.</summary>
    public SshOptions Options => new() { ConfigFile = Path.Combine(folder, "config") };

    /// <summary>How to log in to it, with more lines of ssh's configuration.</summary>
    public SshOptions With(string lines)
    {
        File.WriteAllText(Path.Combine(folder, "config"), Client(lines));
        return Options;
    }

    /// <summary>A file beside the client's configuration.</summary>
    public string Write(string file, string text)
    {
        string path = Path.Combine(folder, file);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Ends its connections, and its listening, and starts it with other settings before the old ones.</summary>
    public void Restart(params string[] settings)
    {
        Stop();
        File.WriteAllText(config, $"{string.Join('\n', settings)}\n{string.Join('\n', File.ReadLines(config).Where(l => !settings.Any(s => s.Split(' ')[0] == l.Split(' ')[0])))}\n");
        Start();
    }

    /// <summary>Ends the connections that it has.</summary>
    public void Disconnect() => RealCluster.Control("exec", "login", "sh", "-c", "pkill -KILL -f '^sshd: hpc' || true");

    /// <summary>How often something stands in its log.</summary>
    public int Logged(string words) => File.ReadLines(config + ".log").Count(l => l.Contains(words, StringComparison.Ordinal));

    public void Dispose()
    {
        Stop();
        RemoveFiles();
        Directory.Delete(folder, recursive: true);
    }

    void RemoveFiles()
    {
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(config)!, name + "*")) File.Delete(file);
    }

    // The cluster knows the login node's key under its plain name, whatever the port.
    string Client(string lines) => $"Host login\n  Port {Port.ToString(CultureInfo.InvariantCulture)}\n  HostKeyAlias login\n  ConnectTimeout 40\n{lines}\nMatch all\nInclude {RealCluster.SshConfig}\n";

    // It detaches before it listens, and writes the file with its number afterwards.
    void Start() => RealCluster.Control("exec", "login", "sh", "-c", $"/usr/sbin/sshd -f {config} -E {config}.log && for i in $(seq 1200); do [ -s {config}.pid ] && exit 0; sleep 0.05; done; exit 1");

    void Stop()
    {
        RealCluster.Control("exec", "login", "sh", "-c", $"kill $(cat {config}.pid); i=0; while [ -e {config}.pid ] && [ $i -lt 1000 ]; do sleep 0.02; i=$((i + 1)); done");
        Disconnect();
    }
}
