using Daphne.Net.Deployment;
using Daphne.Net.Distributed;

namespace Daphne.Net;

// Clusters on other machines.
public sealed partial class DaphneCluster
{
    const int IdDigits = 10;

    Func<string>? jobScript;
    Action<string>? jobFolder;

    /// <summary>Workers on machines that are reached over SSH, all traffic inside the one connection to each. They end with the cluster.</summary>
    /// <param name="hosts">The machines, as ssh knows them: names of its configuration, <c>host</c> or <c>user@host</c>.</param>
    /// <param name="configure">Further options.</param>
    public static DaphneCluster FromSsh(IEnumerable<string> hosts, Action<SshClusterOptions>? configure = null)
    {
        string[] all = [.. hosts];
        if (all.Length == 0) throw new ArgumentException("a cluster needs at least one machine", nameof(hosts));
        var options = new SshClusterOptions();
        configure?.Invoke(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.WorkersPerHost, 1, nameof(configure));
        return new(async (progress, ct) =>
        {
            if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("deploying over SSH needs a Unix machine");
            var (secrets, identity) = NewSecrets(options.Lifetime);
            var deployment = await SshDeployment.StartAsync(new()
            {
                Hosts = all, Ssh = options.Ssh, WorkersPerHost = options.WorkersPerHost, RemoteFolder = options.RemoteFolder, Bundle = WorkerBundle.Find(options.Bundle),
                StartTimeout = options.StartTimeout, DeadMan = options.DeadMan, FilesRoots = [.. options.FilesRoots],
            }, secrets, progress, ct).ConfigureAwait(false);
            return await ClusterMembers.OfAsync(deployment, identity, owns: true, progress, ct).ConfigureAwait(false);
        });
    }

    /// <summary>Workers on machines that are reached over SSH; see <see cref="FromSsh(IEnumerable{string}, Action{SshClusterOptions}?)"/>.</summary>
    public static DaphneCluster FromSsh(params string[] hosts) => FromSsh(hosts, null);

    /// <summary>Workers in a job of Slurm. The coordinator stays here; all traffic goes inside the one SSH connection to the login node.</summary>
    /// <param name="login">The login node, as ssh knows it; null where this process runs on a machine with Slurm's commands.</param>
    /// <param name="configure">What to ask Slurm for.</param>
    /// <exception cref="DeploymentException">An option cannot be; the message names it.</exception>
    public static DaphneCluster FromSlurm(string? login, Action<SlurmClusterOptions>? configure = null)
    {
        var options = new SlurmClusterOptions();
        configure?.Invoke(options);
        options.Check();
        string id = NewId();
        return new(async (progress, ct) =>
        {
            var bundle = WorkerBundle.Find(options.Bundle);
            var (secrets, identity) = NewSecrets(options.StartTimeout + options.WallTime, id);
            var deployment = await SlurmDeployment.StartAsync(new()
            {
                Login = ShellOf(login, options.Ssh), Recorded = RecordedHost.Of(login ?? "", options.Ssh), Slurm = options, RemoteFolder = options.RemoteFolder,
                Bundle = bundle, LaunchPrefix = [.. options.LaunchPrefix], WorkerTimeout = options.WorkerTimeout,
            }, secrets, progress, ct).ConfigureAwait(false);
            return await ClusterMembers.OfAsync(deployment, identity, owns: true, progress, ct).ConfigureAwait(false);
        })
        {
            jobScript = () =>
            {
                string root = options.RemoteFolder ?? "$HOME/.daphne", name = WorkerBundle.Find(options.Bundle).Name;
                return Deployment.JobScript.Render(options, id, $"{root}/clusters/{id}", [.. options.LaunchPrefix, $"{root}/bundles/{name}/{Bundle.Program}"]);
            },
            jobFolder = folder => JobFolder.Write(folder, options, NewSecrets(options.StartTimeout + options.WallTime, id).Secrets, WorkerBundle.Find(options.Bundle), [.. options.LaunchPrefix]),
        };
    }

    /// <summary>The clusters this account has deployed on other machines and not taken down, oldest first.</summary>
    public static IReadOnlyList<DeploymentRecord> List() => new DeploymentRecords().List();

    /// <summary>As <see cref="List"/>, without holding up the caller while files are read.</summary>
    public static Task<IReadOnlyList<DeploymentRecord>> ListAsync(CancellationToken ct = default) => Task.Run(List, ct);

    /// <summary>Takes up a cluster that another process deployed and greets its workers: <see cref="AttachTo"/> and <see cref="Deploy"/> in one.</summary>
    /// <exception cref="DeploymentException">No such cluster is recorded, or it was stopped, or it cannot be reached.</exception>
    /// <exception cref="WorkerException">A worker does not answer.</exception>
    public static async Task<DaphneCluster> AttachAsync(string clusterId, IProgress<DeployProgress>? progress = null, CancellationToken ct = default)
    {
        var cluster = AttachTo(clusterId);
        try
        {
            return await cluster.Deploy(progress, ct).ConfigureAwait(false);
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends a recorded cluster, whoever deployed it, and removes what was made for it.</summary>
    /// <exception cref="DeploymentException">No such cluster is recorded, or its machines do not do as they should.</exception>
    public static async Task StopAsync(string clusterId, CancellationToken ct = default)
    {
        var deployment = DeploymentOf(Recorded(clusterId));
        await using (deployment.ConfigureAwait(false)) await deployment.CleanAsync(ct).ConfigureAwait(false);
    }

    static DeploymentRecord Recorded(string clusterId) => new DeploymentRecords().Find(clusterId)
        ?? throw new DeploymentException(DeploymentFailure.NoSuchCluster, $"no cluster '{clusterId}' is recorded here; daphne clusters list shows those that are");

    /// <summary>Takes up a cluster that another process deployed. It goes on when this object is disposed; <see cref="StopAsync(CancellationToken)"/> ends it.</summary>
    /// <param name="clusterId">Its id, or as much of its beginning as no other cluster has.</param>
    /// <exception cref="DeploymentException">No such cluster is recorded, or it was stopped.</exception>
    public static DaphneCluster AttachTo(string clusterId) => AttachOver(null, clusterId);

    // Over a connection that somebody else has open, if it is given.
    internal static DaphneCluster AttachOver(IShell? login, string clusterId) => new(async (progress, ct) =>
    {
        var record = Recorded(clusterId);
        if (record.Stopped) throw new DeploymentException(DeploymentFailure.NoSuchCluster, $"cluster {record.ClusterId} was stopped");
        if (record.Addresses.Count == 0) throw new DeploymentException(DeploymentFailure.NoSuchCluster, $"nobody has seen the workers of cluster {record.ClusterId} listen; wait for them with 'daphne slurm wait'");
        // Its process died and left it: it goes on by itself from now on, and a sweep leaves it alone while it runs.
        if (record.IsLeft() == true) new DeploymentRecords().Save(record = record with { Owner = null });
        return await ClusterMembers.OfAsync(DeploymentOf(record, login), PeerIdentity.FromText(record.Identity), owns: false, progress, ct).ConfigureAwait(false);
    });

    /// <summary>
    /// Takes up the cluster that the variables <c>DAPHNE_CLUSTER</c>, or <c>DISTRIBUTED_WORKERS</c> and <c>DAPHNE_IDENTITY_FILE</c>, name: what <c>daphne clusters env</c>
    /// and <see cref="WriteEnvironment"/> write. It goes on when this object is disposed.
    /// </summary>
    /// <exception cref="DeploymentException">They name none.</exception>
    public static DaphneCluster FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable(ClusterVariables.Workers) is { Length: > 0 } workers)
            return Attach(workers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), o => o.IdentityFile = Environment.GetEnvironmentVariable(ClusterVariables.IdentityFile) is { Length: > 0 } file ? file : null);
        return Environment.GetEnvironmentVariable(ClusterVariables.Cluster) is { Length: > 0 } id ? AttachTo(id)
            : throw new DeploymentException(DeploymentFailure.NoSuchCluster, $"neither {ClusterVariables.Workers} nor {ClusterVariables.Cluster} is set; 'daphne clusters env ID' prints what to set");
    }

    /// <summary>
    /// Writes what another shell or program of this account needs to use the deployed cluster, as lines to evaluate (<c>. FILE; daphne --distributed script</c>). Only
    /// its owner can read the file, and it holds no secret but where one lies. The cluster must live on: dispose it later than they use it.
    /// </summary>
    public void WriteEnvironment(string path)
    {
        var record = Deployed.Record;
        var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(path, create);
        file.Write(ClusterVariables.Script(record, ClusterVariables.Of(record, new())));
    }

    /// <summary>
    /// Runs the script in a file as a program of MPI in the cluster's job of Slurm: a rank for each worker, the first of which coordinates, with the Open MPI or MPICH that
    /// the nodes have. It ends as a whole with any of its ranks.
    /// </summary>
    /// <param name="path">The script; what it imports and reads must be on the nodes.</param>
    /// <param name="arguments">Arguments of the script as the tool takes them: <c>n=3</c>.</param>
    /// <param name="onOutput">Gets what the script prints, as it prints it.</param>
    /// <param name="onError">Gets what is said to its error stream.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>The exit status of the script, as <c>daphne --help</c> lists them.</returns>
    /// <exception cref="DeploymentException">It is no cluster of Slurm, there is no MPI, or a rank died: the message names it and the signal.</exception>
    public async Task<int> RunMpiFileAsync(string path, IReadOnlyList<string> arguments, Action<string> onOutput, Action<string>? onError = null, CancellationToken ct = default)
    {
        if (Deployed is not SlurmDeployment slurm) throw new DeploymentException(DeploymentFailure.BadOption, "ranks of MPI are started in a job of Slurm; this cluster has none");
        var step = await MpiStep.FindAsync(slurm, [], ct).ConfigureAwait(false);
        var run = await step.StartAsync(await File.ReadAllBytesAsync(path, ct).ConfigureAwait(false), [], arguments, ct).ConfigureAwait(false);
        try
        {
            return await MpiStep.FollowAsync(run, onOutput, onError ?? (static _ => { }), ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await run.StopAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The id of the cluster, once it is deployed on other machines; else null.</summary>
    public string? Id => members?.Deployment?.Record.ClusterId;

    /// <summary>Exactly what will be submitted to Slurm, for a cluster <see cref="FromSlurm"/> described. The folder of the job is named with <c>$HOME</c>, because nobody has asked the login node yet.</summary>
    /// <exception cref="InvalidOperationException">It is no cluster of Slurm.</exception>
    public string JobScript() => (jobScript ?? throw new InvalidOperationException("only a cluster of Slurm has a job script"))();

    /// <summary>
    /// Writes a folder with all that the job needs, for somebody who submits it himself: script, bundle, identities, and what to do with them. Nothing is contacted.
    /// </summary>
    /// <param name="folder">Made where it is not there; only its owner can enter it.</param>
    /// <exception cref="InvalidOperationException">It is no cluster of Slurm.</exception>
    /// <exception cref="DeploymentException">There is no bundle, or the folder cannot be written.</exception>
    public void WriteJob(string folder) => (jobFolder ?? throw new InvalidOperationException("only a cluster of Slurm has a job"))(folder);

    /// <summary>
    /// Asks for another number of workers of an elastic cluster (<see cref="SlurmOptions.Elastic"/>) and ends once Slurm has taken the jobs, or was told which are to end. <see cref="WaitAsync"/> waits
    /// until workers are there. From there the number follows the work as before.
    /// </summary>
    /// <param name="workers">From <see cref="SlurmOptions.MinWorkers"/> to <see cref="ElasticOptions.MaxWorkers"/>.</param>
    /// <param name="ct">Ends the waiting; what was asked for stays asked for.</param>
    /// <exception cref="DeploymentException">Slurm refuses, or does not answer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is not within these.</exception>
    /// <exception cref="InvalidOperationException">The cluster is not elastic, or was deployed by another process.</exception>
    public Task ScaleAsync(int workers, CancellationToken ct = default)
    {
        _ = Deployed;
        return (members!.Elastic ?? throw new InvalidOperationException("the number of this cluster's workers is fixed; set Elastic in FromSlurm, in the process that deploys it")).ScaleAsync(workers, ct);
    }

    /// <summary>Waits until so many workers are in the cluster. <see cref="Deploy"/> waits for those it needs; others join later only where something starts them.</summary>
    /// <param name="workers">How many.</param>
    /// <param name="ct">Ends it; there is no other bound.</param>
    /// <exception cref="DeploymentException">All jobs or processes of the workers have ended.</exception>
    public async Task WaitAsync(int workers, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        _ = Deployed;
        for (int asked = 0; members?.Workers.Usable.Length < workers; asked++)
        {
            if (asked % AskEach == AskEach - 1 && !await Deployed.RunsAsync(ct).ConfigureAwait(false))
                throw new DeploymentException(DeploymentFailure.JobEnded, $"the workers of cluster {Id} have ended, and {workers} are waited for: {string.Join("; ", await StatusAsync(ct).ConfigureAwait(false))}");
            await Task.Delay(lookAgain, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the jobs or processes of the workers have ended, whatever ends them: their time, somebody else, a failure.</summary>
    /// <param name="ct">Ends the waiting; the workers stay.</param>
    /// <returns>How they ended: a line each.</returns>
    public async Task<IReadOnlyList<string>> WaitForEndAsync(CancellationToken ct = default)
    {
        if (Deployed is SlurmDeployment slurm) return await slurm.WaitForEndAsync(ct).ConfigureAwait(false);
        while (await Deployed.RunsAsync(ct).ConfigureAwait(false)) await Task.Delay(lookAgain * AskEach, ct).ConfigureAwait(false);
        return await StatusAsync(ct).ConfigureAwait(false);
    }

    const int AskEach = 20;
    static readonly TimeSpan lookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>How the workers, or the job they run in, stand: a line each.</summary>
    public Task<IReadOnlyList<string>> StatusAsync(CancellationToken ct = default) => Deployed.StatusAsync(ct);

    /// <summary>Gives the lines the workers wrote; with <paramref name="follow"/> until cancelled.</summary>
    public Task LogsAsync(Action<string> onLine, bool follow = false, CancellationToken ct = default) => Deployed.LogsAsync(onLine, follow, ct);

    /// <summary>Ends the workers, also those of a cluster that was only attached to.</summary>
    public Task StopAsync(CancellationToken ct = default) => Deployed.StopAsync(ct);

    /// <summary>Ends the workers and removes what was made for the cluster on other machines. Bundles stay: the next deployment needs them.</summary>
    public Task CleanAsync(CancellationToken ct = default) => Deployed.CleanAsync(ct);

    IDeployment Deployed => (members ?? throw new InvalidOperationException("the cluster is not deployed; await Deploy() first")).Deployment
        ?? throw new InvalidOperationException("the workers of this cluster were not deployed on other machines");

    internal static IDeployment DeploymentOf(DeploymentRecord record, IShell? login = null)
    {
        if (record.Kind != "ssh") return SlurmDeployment.Attach(record, new() { Login = login ?? ShellOf(record.Hosts[0].Host, record.Hosts[0].Ssh()), KeepLogin = login is not null, Recorded = record.Hosts[0], Bundle = new("", "") });
        return OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException("deploying over SSH needs a Unix machine") : SshDeployment.Attach(record);
    }

    internal static IShell ShellOf(string? host, SshOptions ssh) =>
        string.IsNullOrEmpty(host) ? new LocalShell()
        : OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException("deploying over SSH needs a Unix machine")
        : new SshShell(host, ssh);

    internal static string NewId() => Guid.NewGuid().ToString("n")[..IdDigits];

    internal static (ClusterSecrets Secrets, PeerIdentity Coordinator) NewSecrets(TimeSpan lifetime, string? id = null)
    {
        using var authority = new ClusterAuthority(id ?? NewId(), lifetime);
        using var worker = authority.Issue("worker");
        var coordinator = authority.Issue("coordinator");
        return (new(authority.ClusterId, coordinator.ToPem(), worker.ToPem(), typeof(DaphneCluster).Assembly.GetName().Version!.ToString(3)), coordinator);
    }
}
