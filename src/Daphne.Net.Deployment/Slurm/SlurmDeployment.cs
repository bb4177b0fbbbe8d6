namespace Daphne.Net.Deployment;

/// <summary>
/// Workers in a Slurm job, or in many of an elastic cluster, reached through the connection to the login node. Nothing of ours runs on the login node; the job's script is
/// what <see cref="JobScript"/> shows beforehand.
/// </summary>
public sealed partial class SlurmDeployment : IDeployment
{
    readonly SlurmDeploymentOptions options;
    readonly SlurmClient slurm;
    readonly IProgress<DeployProgress>? progress;
    readonly SemaphoreSlim gate = new(1);
    ClusterFolder? folder;
    bool begun, owns, ending, disposed;

    SlurmDeployment(SlurmDeploymentOptions options, DeploymentRecord record, IProgress<DeployProgress>? progress)
    {
        (this.options, Record, this.progress) = (options, record, progress);
        slurm = new(options.Login, options.Time);
        Missed = record.WorkersPerJob == 0 ? new(this, options, slurm) : null;
    }

    /// <inheritdoc/>
    public DeploymentRecord Record { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Addresses => Record.Addresses;

    /// <inheritdoc/>
    public Func<string, int, CancellationToken, ValueTask<Stream>>? Connect => options.Login is LocalShell ? null : options.Login.ConnectAsync;

    /// <summary>What keeps the number of workers as it should be; null where the workers are one job.</summary>
    public ElasticWorkers? Elastic { get; private set; }

    /// <summary>What finds out what became of workers that do not answer; null where <see cref="Elastic"/> replaces them, here or in the process that has the cluster.</summary>
    public MissedWorkers? Missed { get; }

    SlurmJob Job => Record.Jobs[0];

    string Jobs => Record.Jobs.Count == 1 ? $"job {Job}" : "jobs " + string.Join(' ', Record.Jobs);

    /// <summary>Submits the job and waits until its workers listen. On failure or cancellation the job is cancelled and nothing is left.</summary>
    /// <exception cref="DeploymentException">The login node cannot be reached, Slurm refuses the job, it does not start in time, or its workers do not.</exception>
    public static async Task<SlurmDeployment> StartAsync(SlurmDeploymentOptions options, ClusterSecrets secrets, IProgress<DeployProgress>? progress = null, CancellationToken ct = default)
    {
        var deployment = await SubmitOwnedAsync(options, secrets, progress, ct).ConfigureAwait(false);
        try
        {
            await deployment.WaitAsync(ct).ConfigureAwait(false);
            return deployment;
        }
        catch
        {
            await deployment.GiveUpAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Submits the job and does not wait for it. On failure or cancellation nothing is left.</summary>
    /// <exception cref="DeploymentException">The login node cannot be reached, or Slurm refuses the job.</exception>
    public static async Task<SlurmDeployment> SubmitAsync(SlurmDeploymentOptions options, ClusterSecrets secrets, IProgress<DeployProgress>? progress = null, CancellationToken ct = default)
    {
        var deployment = await SubmitOwnedAsync(options, secrets, progress, ct).ConfigureAwait(false);
        deployment.owns = false;
        deployment.Save(deployment.Record with { Owner = null });
        return deployment;
    }

    // While it is being deployed a cluster is this process's, also one that goes on by itself later.
    static async Task<SlurmDeployment> SubmitOwnedAsync(SlurmDeploymentOptions options, ClusterSecrets secrets, IProgress<DeployProgress>? progress, CancellationToken ct)
    {
        options.Slurm.Check();
        var record = new DeploymentRecord
        {
            ClusterId = secrets.ClusterId, Kind = "slurm", Created = options.Time.GetUtcNow(), Version = secrets.Version, Identity = secrets.CoordinatorPem, Hosts = [options.Recorded with { Root = options.RemoteFolder ?? "" }],
            Workers = options.Slurm.Workers, MinWorkers = options.Slurm.MinWorkers, WorkersPerJob = options.Slurm.Elastic?.WorkersPerJob ?? 0, Owner = OwnerProcess.Current,
        };
        var deployment = new SlurmDeployment(options, record, progress) { owns = true };
        options.Records.Save(record);
        try
        {
            await deployment.SubmitAsync(secrets, ct).ConfigureAwait(false);
            return deployment;
        }
        catch
        {
            await deployment.GiveUpAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Removes a bundle from the login node, unless a cluster is there, which may run it.</summary>
    /// <returns>False where a cluster is there.</returns>
    public static async Task<bool> RemoveBundlesAsync(IShell login, string? remoteFolder, CancellationToken ct = default)
    {
        string root = await ClusterFolder.RootAsync(login, remoteFolder, ct).ConfigureAwait(false);
        // Only folders that hold our mark are removed.
        var remove = new ShellCommand($$"""
            cd {{ShellQuote.Word(root)}} || exit 1
            [ -z "$(ls -A clusters 2>/dev/null)" ] || { echo used; exit 0; }
            for bundle in bundles/daphne-*; do [ ! -f "$bundle/.complete" ] || rm -rf "$bundle"; done
            """) { Timeout = TimeSpan.FromMinutes(5) };
        return (await login.RunAsync(remove, ct).ConfigureAwait(false)).Demand("removing the bundle", login.Name) != "used";
    }

    /// <summary>The cluster's folder on the login node; null before there is one.</summary>
    public ClusterFolder? Folder => folder;

    /// <summary>Finds the job of a deployment whose first process is gone.</summary>
    public static SlurmDeployment Attach(DeploymentRecord record, SlurmDeploymentOptions options, IProgress<DeployProgress>? progress = null) =>
        new(options, record, progress) { begun = true, folder = record.Hosts[0].Root is { Length: > 0 } root ? ClusterFolder.Known(options.Login, root, record.ClusterId, record.ClusterId) : null };

    /// <summary>Where the job stands.</summary>
    public Task<JobState> JobAsync(CancellationToken ct = default) => slurm.StateAsync(Job, ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> StatusAsync(CancellationToken ct = default) =>
        Record.Jobs.Count == 0 ? ["no job was submitted"]
        : [.. Record.Jobs.Zip(await slurm.StatesAsync(Record.Jobs, ct).ConfigureAwait(false), (job, state) => $"job {job}: {state}"), .. Addresses.Select((a, n) => $"worker {n}: {a}")];

    /// <inheritdoc/>
    public async Task<bool> RunsAsync(CancellationToken ct = default)
    {
        await RecoverAsync(ct).ConfigureAwait(false);
        return Record.Jobs.Count > 0 && (await slurm.StatesAsync(Record.Jobs, ct).ConfigureAwait(false)).Any(s => s.Phase is not (JobPhase.Ended or JobPhase.Forgotten));
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken ct = default)
    {
        ending = true;
        if (Elastic is not null) await Elastic.DisposeAsync().ConfigureAwait(false);
        if (Missed is not null) await Missed.DisposeAsync().ConfigureAwait(false);
        await gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (Record.Stopped) return;
            await RecoverAsync(ct).ConfigureAwait(false);
            if (Record.Jobs.Count > 0)
            {
                Report(DeployStep.Stopping, Jobs);
                await slurm.CancelAllAsync(Record.Jobs, ct).ConfigureAwait(false);
                await UntilTheyAreGoneAsync(ct).ConfigureAwait(false);
                Report(DeployStep.Stopped, Jobs);
            }
            Record = Record with { Stopped = true };
            options.Records.Save(Record);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public async Task CleanAsync(CancellationToken ct = default)
    {
        await StopAsync(ct).ConfigureAwait(false);
        if (folder is null && begun) folder = await ClusterFolder.FindAsync(options.Login, options.RemoteFolder, Record.ClusterId, Record.ClusterId, ct).ConfigureAwait(false);
        if (folder is not null) await folder.RemoveAsync(ct).ConfigureAwait(false);
        options.Records.Remove(Record.ClusterId);
    }

    /// <inheritdoc/>
    public Task LogsAsync(Action<string> onLine, bool follow = false, CancellationToken ct = default) => folder is null ? Task.CompletedTask : WorkerLogs.ReadAsync(folder, follow, onLine, ct);

    /// <summary>Closes the connection to the login node. The job goes on; without a coordinator its workers end after the dead-man time.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        if (Elastic is not null) await Elastic.DisposeAsync().ConfigureAwait(false);
        if (Missed is not null) await Missed.DisposeAsync().ConfigureAwait(false);
        if (owns && !ending) Save(Record with { Owner = null });
        if (!options.KeepLogin) await options.Login.DisposeAsync().ConfigureAwait(false);
        gate.Dispose();
    }

    async Task SubmitAsync(ClusterSecrets secrets, CancellationToken ct)
    {
        Report(DeployStep.LoggingIn, options.Login.Name);
        string name = (await options.Login.RunAsync(new("uname -n"), ct).ConfigureAwait(false)).Demand("asking for its name", options.Login.Name);
        ct.ThrowIfCancellationRequested();
        begun = true;
        // Short, and not cancelled in the middle: what is made must be known, so that it can be removed.
        folder = await ClusterFolder.MakeAsync(options.Login, options.RemoteFolder, secrets.ClusterId, secrets.ClusterId, secrets.WorkerPem, CancellationToken.None).ConfigureAwait(false);
        Save(Record with { Hosts = [options.Recorded with { Name = name, Root = folder.Root }] });
        Report(DeployStep.Sending, options.Bundle.Name);
        var (program, sent) = await BundleInstall.RunAsync(options.Login, options.Bundle, folder.Root, null, ct).ConfigureAwait(false);
        Report(DeployStep.Sent, sent ? options.Bundle.Name : $"{options.Bundle.Name} was there");
        string[] launch = [.. options.LaunchPrefix.Select(word => word.Replace(SlurmDeploymentOptions.RootMark, folder.Root, StringComparison.Ordinal)), program];
        Record = Record with { Launch = launch };
        foreach (var part in Parts()) await SubmitAsync(part, ct).ConfigureAwait(false);
    }

    internal Task<SlurmJob> SubmitMoreAsync(JobPart part) => SubmitAsync(part, CancellationToken.None);

    internal void Joined(IEnumerable<ListeningWorker> all)
    {
        Record = Record with { Addresses = [.. all.OrderBy(w => w.Job).ThenBy(w => w.Number).Select(w => w.Address)] };
        // What a guest knows of its host's record may be old.
        if (owns) Save(Record);
    }

    // One job with all workers, or as many as there are parts.
    IEnumerable<JobPart> Parts()
    {
        int workers = options.Slurm.Workers, each = options.Slurm.Elastic?.WorkersPerJob ?? workers;
        return Enumerable.Range(0, (workers + each - 1) / each).Select(n => new JobPart(n + 1, Math.Min(each, workers - n * each), []));
    }

    async Task<SlurmJob> SubmitAsync(JobPart part, CancellationToken ct)
    {
        string script = JobScript.Render(options.Slurm, Record.ClusterId, folder!.Path, Record.Launch, part);
        var job = await slurm.SubmitAsync(script, JobScript.NameOf(Record.ClusterId, part.Number), ct).ConfigureAwait(false);
        Save(Record with { Jobs = [.. Record.Jobs, job] });
        Report(DeployStep.Starting, $"job {job}");
        ct.ThrowIfCancellationRequested();
        return job;
    }

    // A first process that was ended in the middle may have submitted a job and not written it down.
    async Task RecoverAsync(CancellationToken ct)
    {
        if (!begun) return;
        if (Record.WorkersPerJob > 0)
        {
            var more = (await slurm.FindAllAsync(Record.ClusterId, ct).ConfigureAwait(false)).Except(Record.Jobs).ToArray();
            if (more.Length > 0) Save(Record with { Jobs = [.. Record.Jobs, .. more] });
        }
        else if (Record.Jobs.Count == 0 && await slurm.FindAsync(JobScript.NameOf(Record.ClusterId), ct).ConfigureAwait(false) is { } job) Save(Record with { Jobs = [job] });
    }

    async Task GiveUpAsync()
    {
        using var patience = new CancellationTokenSource(options.EndTimeout + TimeSpan.FromSeconds(30));
        var removal = CleanAsync(patience.Token);
        // What could not be removed stays in the record, for a later sweep.
        await removal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeAsync().ConfigureAwait(false);
    }

    void Save(DeploymentRecord record) => options.Records.Save(Record = record);

    void Report(DeployStep step, string detail, int worker = 0) => progress?.Report(new(step, worker, Record.Workers, detail));
}
