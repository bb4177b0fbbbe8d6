using System.Text.Json;
using System.Text.Json.Serialization;

namespace Daphne.Net.Deployment;

/// <summary>
/// Everything that was created for a cluster, in a file only its owner can read: what a second process needs to list, attach to, stop and sweep
/// clusters whose first process is gone.
/// </summary>
public sealed record DeploymentRecord
{
    /// <summary>The cluster's id.</summary>
    public required string ClusterId { get; init; }

    /// <summary><c>ssh</c> or <c>slurm</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>When it was deployed, in UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The version that deployed it.</summary>
    public required string Version { get; init; }

    /// <summary>The coordinator's identity in PEM: a secret, which is why the file is only the owner's.</summary>
    public required string Identity { get; init; }

    /// <summary>The machines: of SSH all of them, of Slurm the login node.</summary>
    public required IReadOnlyList<RecordedHost> Hosts { get; init; }

    /// <summary>The Slurm jobs.</summary>
    public IReadOnlyList<SlurmJob> Jobs { get; init; } = [];

    /// <summary>Where the workers listen.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Workers that were asked of Slurm, and the least of them to begin with.</summary>
    public int Workers { get; init; }

    /// <inheritdoc cref="Workers"/>
    public int MinWorkers { get; init; }

    /// <summary>Workers of each job where there are several; 0 where all are one job.</summary>
    public int WorkersPerJob { get; init; }

    /// <summary>Words that start the tool on a node of Slurm: its path, or a container with its path.</summary>
    public IReadOnlyList<string> Launch { get; init; } = [];

    /// <summary>Set once everything was stopped.</summary>
    public bool Stopped { get; init; }

    /// <summary>The process the cluster ends with; null for one that goes on by itself.</summary>
    public OwnerProcess? Owner { get; init; }

    /// <summary>
    /// True if the process the cluster should have ended with is gone and could not end it: a leftover, running or not. False while that process lives, which
    /// may be deploying it still; null for a cluster that nobody has to end, and where its owner's machine cannot be asked.
    /// </summary>
    public bool? IsLeft() => Owner?.Lives() is { } lives ? !lives : null;
}

/// <summary>A machine of a deployment.</summary>
/// <param name="Host">As ssh knows it.</param>
/// <param name="Name">Its own name: an alias may stand for several machines.</param>
/// <param name="Root">Our folder there.</param>
/// <param name="Processes">The workers that were started there without a scheduler.</param>
public sealed record RecordedHost(string Host, string Name, string Root, IReadOnlyList<DetachedProcess> Processes)
{
    /// <summary>A configuration of ssh that was used instead of the user's.</summary>
    public string? SshConfig { get; init; }

    /// <summary>The account there, where one was named.</summary>
    public string? User { get; init; }

    /// <summary>The port of its sshd, where one was named.</summary>
    public int? Port { get; init; }

    /// <summary>The private key, where one was named.</summary>
    public string? IdentityFile { get; init; }

    /// <summary>The machines to go through, where they were named.</summary>
    public string? JumpHosts { get; init; }

    /// <summary>Further words for ssh.</summary>
    public IReadOnlyList<string> SshArguments { get; init; } = [];

    /// <summary>A machine as it is known before it was asked: its name and how to log in to it.</summary>
    public static RecordedHost Of(string host, SshOptions ssh) => new(host, host, "", [])
    {
        SshConfig = ssh.ConfigFile, User = ssh.User, Port = ssh.Port, IdentityFile = ssh.IdentityFile, JumpHosts = ssh.JumpHosts, SshArguments = [.. ssh.Arguments],
    };

    /// <summary>How to log in to it again.</summary>
    public SshOptions Ssh()
    {
        var ssh = new SshOptions { ConfigFile = SshConfig, User = User, Port = Port, IdentityFile = IdentityFile, JumpHosts = JumpHosts };
        foreach (string word in SshArguments) ssh.Arguments.Add(word);
        return ssh;
    }
}

/// <summary>The records of this account: one file per cluster below <c>daphne/clusters</c> in the user's state directory.</summary>
public sealed class DeploymentRecords
{
    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly string folder;

    /// <summary>Records in a folder. Default: <c>$XDG_STATE_HOME/daphne/clusters</c>, else <c>~/.local/state/daphne/clusters</c>.</summary>
    public DeploymentRecords(string? folder = null) => this.folder = folder ?? Path.Combine(StateFolder(), "daphne", "clusters");

    /// <summary>All records, oldest first. A file that is none is passed over: it is not ours to judge.</summary>
    public IReadOnlyList<DeploymentRecord> List() =>
        !Directory.Exists(folder) ? [] : [.. Directory.GetFiles(folder, "*.json").Select(ReadFile).OfType<DeploymentRecord>().OrderBy(r => r.Created)];

    /// <summary>The record of a cluster; null where there is none. The beginning of an id will do if only one begins so.</summary>
    public DeploymentRecord? Find(string clusterId)
    {
        var found = List().Where(r => r.ClusterId.StartsWith(clusterId, StringComparison.Ordinal)).ToArray();
        return found.FirstOrDefault(r => r.ClusterId == clusterId) ?? (found.Length == 1 ? found[0] : null);
    }

    /// <summary>Writes a record, replacing an older one of the cluster when the new one is whole.</summary>
    public void Save(DeploymentRecord record)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, Private | UnixFileMode.UserExecute);
        Write(PathOf(record.ClusterId), file => JsonSerializer.Serialize(file, record, RecordJson.Default.DeploymentRecord));
    }

    // Never there in part, never readable for others.
    static void Write(string path, Action<Stream> content)
    {
        string part = $"{path}.{Guid.NewGuid():n}.part";
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) create.UnixCreateMode = Private;
        using (var file = new FileStream(part, create))
        {
            content(file);
            file.Flush(flushToDisk: true);
        }
        File.Move(part, path, overwrite: true);
    }

    /// <summary>Forgets a cluster.</summary>
    public void Remove(string clusterId)
    {
        File.Delete(PathOf(clusterId));
        if (Directory.Exists(folder)) File.Delete(IdentityPathOf(clusterId));
    }

    /// <summary>Writes the coordinator's identity of a cluster into a file that only its owner can read, for programs that want a file.</summary>
    /// <returns>Its path.</returns>
    public string WriteIdentity(DeploymentRecord record)
    {
        string path = IdentityPathOf(record.ClusterId);
        Write(path, file => file.Write(System.Text.Encoding.ASCII.GetBytes(record.Identity)));
        return path;
    }

    string IdentityPathOf(string clusterId) => Path.Combine(folder, clusterId + ".pem");

    string PathOf(string clusterId) => Path.Combine(folder, clusterId + ".json");

    static DeploymentRecord? ReadFile(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, RecordJson.Default.DeploymentRecord);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static string StateFolder() =>
        OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
        : Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { } state && Path.IsPathRooted(state) ? state
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".local", "state");
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeploymentRecord))]
sealed partial class RecordJson : JsonSerializerContext;
