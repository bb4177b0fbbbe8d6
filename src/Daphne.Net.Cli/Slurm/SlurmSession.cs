using Daphne.Net.Deployment;
using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary>One call of <c>daphne slurm</c>: its settings and words, and what its commands share. What lives between calls is the deployment record.</summary>
sealed class SlurmSession(SlurmSettings settings, IReadOnlyList<string> words, DeployReport report) : IAsyncDisposable
{
    const int FewestPorts = 100, Cores = 1;
    static readonly TimeSpan defaultWait = TimeSpan.FromHours(1), mostDeadMan = TimeSpan.FromDays(10);

    readonly DeploymentRecords records = new();
    readonly Dictionary<string, IShell> logins = new(StringComparer.Ordinal);

    public SlurmSettings Settings => settings;

    /// <summary>The words behind the command.</summary>
    public IReadOnlyList<string> Words { get; set; } = words;

    public DeployReport Report => report;

    /// <summary>The cluster that a command of this call made; else the one that is named, else the latest of the login node.</summary>
    public string? Made { get; set; }

    /// <summary>The login node, or this machine. One connection for all commands of a call: each login may take a code.</summary>
    public IShell Login => LoginTo(settings.Login ?? "", settings.SshOptions);

    public string LoginName => settings.Login ?? "this machine";

    /// <summary>The connection to where a cluster was submitted. How to log in is what this call says, if it says so, else what the record does.</summary>
    public IShell LoginOf(DeploymentRecord record) => LoginTo(record.Hosts[0].Host, () =>
    {
        bool says = settings.User is not null || settings.IdentityFile is not null || settings.SshConfig is not null || settings.Ssh.Count > 0;
        var ssh = says ? settings.SshOptions() : record.Hosts[0].Ssh();
        ssh.UseTerminal = OutputStream.IsTerminal(2);
        return ssh;
    });

    IShell LoginTo(string host, Func<SshOptions> ssh) => logins.TryGetValue(host, out var there) ? there : logins[host] = DaphneCluster.ShellOf(host, ssh());

    public Bundle Bundle() => BundleSource.Find(settings.Bundle);

    /// <summary>What is asked of Slurm.</summary>
    public SlurmOptions Slurm()
    {
        var slurm = new SlurmOptions { Workers = settings.Workers, MinWorkers = settings.Least, CoresPerWorker = Cores, StartTimeout = settings.Timeout ?? defaultWait };
        if (settings.Port is { } first) slurm.Ports = (first, Math.Min(65535, first + Math.Max(settings.Workers, FewestPorts) - 1));
        SrunArguments.Apply(settings.Srun, slurm);
        foreach (string root in settings.FilesRoots) slurm.FilesRoots.Add(root);
        slurm.Elastic = settings.Elastic;
        // Between two calls nobody greets the workers: the job's end is theirs.
        if (slurm.Elastic is null) slurm.DeadMan = slurm.WallTime < mostDeadMan ? slurm.WallTime : mostDeadMan;
        if (slurm.DrainLead > slurm.WallTime / 4) slurm.DrainLead = slurm.WallTime / 4;
        return slurm;
    }

    /// <summary>Words before the program's path: the container, where one is asked for.</summary>
    public async Task<IReadOnlyList<string>> LaunchPrefixAsync(string root, CancellationToken ct)
    {
        if (!settings.InContainer) return [];
        string image = settings.Image ?? $"{root}/{Container.Folder}/{SingularityVerb.Image}";
        return Container.Exec(await Container.RuntimeOfAsync(Login, ct).ConfigureAwait(false), image, root, settings.Container);
    }

    public SlurmDeploymentOptions Options(SlurmOptions slurm, IReadOnlyList<string> prefix, Bundle bundle) => new()
    {
        Login = Login, KeepLogin = true, Recorded = RecordedHost.Of(settings.Login ?? "", settings.SshOptions()), Slurm = slurm, RemoteFolder = settings.Root, Bundle = bundle, LaunchPrefix = prefix, Records = records,
    };

    /// <summary>The record of the cluster that is meant.</summary>
    /// <exception cref="ScriptException">There is none.</exception>
    public DeploymentRecord Record()
    {
        if ((Made ?? settings.Cluster) is { } id)
            return records.Find(id) is { Kind: "slurm" } named ? named : throw new DeploymentException(DeploymentFailure.NoSuchCluster, $"no cluster of Slurm '{id}' is recorded here, or several begin so; daphne clusters list shows those that are");
        return records.List().LastOrDefault(r => r.Kind == "slurm" && !r.Stopped && r.Hosts[0].Host == (settings.Login ?? ""))
            ?? throw new ScriptException(Diag.NoClusterThere.At(default, LoginName, settings.Login is null ? "" : $"-l {settings.Login} "));
    }

    /// <summary>The deployment that is meant.</summary>
    public SlurmDeployment Deployment()
    {
        var record = Record();
        var slurm = new SlurmOptions { Workers = record.Workers, MinWorkers = settings.Least > 0 ? settings.Least : record.MinWorkers, StartTimeout = settings.Timeout ?? defaultWait };
        return SlurmDeployment.Attach(settings.Least > 0 ? record with { MinWorkers = settings.Least } : record,
            new() { Login = LoginOf(record), KeepLogin = true, Recorded = record.Hosts[0], Slurm = slurm, Bundle = new("", ""), Records = records }, report);
    }

    /// <summary>Refuses words behind a command that takes fewer.</summary>
    public void AtMost(int count, string verb)
    {
        if (Words.Count > count) throw new ScriptException(Diag.WordTooMany.At(default, Words[count], verb, count == 0 ? "nothing" : "one word"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var login in logins.Values) await login.DisposeAsync().ConfigureAwait(false);
    }
}
