using System.Diagnostics;

namespace Daphne.Net.Deployment;

/// <summary>
/// Workers in a Slurm job, reached through the connection to the login node. Nothing of ours runs on the login node; the job's script is what
/// <see cref="JobScript"/> shows beforehand.
/// </summary>
public sealed class SlurmDeployment : IDeployment
{
    // A job that Slurm does not know may be one it has just taken: asked this often before it counts as gone. That Slurm does not answer says nothing.
    const int MostForgotten = 5;
    // A login node may be started again while we wait.
    static readonly TimeSpan longestLoss = TimeSpan.FromMinutes(2);

    readonly SlurmDeploymentOptions options;
    readonly SlurmClient slurm;
    readonly IProgress<DeployProgress>? progress;
    readonly SemaphoreSlim gate = new(1);
    ClusterFolder? folder;
    bool begun, disposed;

    SlurmDeployment(SlurmDeploymentOptions options, DeploymentRecord record, IProgress<DeployProgress>? progress)
    {
        (this.options, Record, this.progress) = (options, record, progress);
        slurm = new(options.Login, options.Time);
    }

    /// <inheritdoc/>
    public DeploymentRecord Record { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Addresses => Record.Addresses;

    /// <inheritdoc/>
    public Func<string, int, CancellationToken, ValueTask<Stream>>? Connect => options.Login is LocalShell ? null : options.Login.ConnectAsync;

    SlurmJob Job => Record.Jobs[0];

    /// <summary>Submits the job and waits until its workers listen. On failure or cancellation the job is cancelled and nothing is left.</summary>
    /// <exception cref="DeploymentException">The login node cannot be reached, Slurm refuses the job, it does not start in time, or its workers do not.</exception>
    public static async Task<SlurmDeployment> StartAsync(SlurmDeploymentOptions options, ClusterSecrets secrets, IProgress<DeployProgress>? progress = null, CancellationToken ct = default)
    {
        var deployment = await SubmitAsync(options, secrets, progress, ct).ConfigureAwait(false);
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
        var record = new DeploymentRecord
        {
            ClusterId = secrets.ClusterId, Kind = "slurm", Created = options.Time.GetUtcNow(), Version = secrets.Version, Identity = secrets.CoordinatorPem, Hosts = [options.Recorded with { Root = options.RemoteFolder ?? "" }],
            Workers = options.Slurm.Workers, MinWorkers = options.Slurm.MinWorkers,
        };
        var deployment = new SlurmDeployment(options, record, progress);
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

    /// <summary>Waits until the job runs and its workers listen. The job stays whatever comes.</summary>
    /// <exception cref="DeploymentException">The job ended, or did not start in time, or its workers do not listen.</exception>
    public async Task WaitAsync(CancellationToken ct = default)
    {
        if (Record.Jobs.Count == 0) throw new DeploymentException(DeploymentFailure.JobEnded, $"no job was submitted for cluster {Record.ClusterId}");
        await UntilItRunsAsync(ct).ConfigureAwait(false);
        await ListenAsync(ct).ConfigureAwait(false);
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
        Record.Jobs.Count == 0 ? ["no job was submitted"] : [$"job {Job}: {await JobAsync(ct).ConfigureAwait(false)}", .. Addresses.Select((a, n) => $"worker {n}: {a}")];

    /// <inheritdoc/>
    public async Task<bool> RunsAsync(CancellationToken ct = default)
    {
        await RecoverAsync(ct).ConfigureAwait(false);
        return Record.Jobs.Count > 0 && (await JobAsync(ct).ConfigureAwait(false)).Phase is not (JobPhase.Ended or JobPhase.Forgotten);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken ct = default)
    {
        await gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (Record.Stopped) return;
            await RecoverAsync(ct).ConfigureAwait(false);
            if (Record.Jobs.Count > 0)
            {
                Report(DeployStep.Stopping, $"job {Job}");
                await slurm.CancelAsync(Job, ct).ConfigureAwait(false);
                var state = await UntilAsync(s => s.Phase == JobPhase.Ended, options.EndTimeout, static (_, _) => { }, ct).ConfigureAwait(false);
                if (state.Phase != JobPhase.Ended)
                    throw new DeploymentException(DeploymentFailure.TimedOut, $"job {Job} is not gone {options.EndTimeout.TotalSeconds:0} s after it was cancelled: {state}; it stays recorded, 'daphne clusters clean {Record.ClusterId}' tries again");
                Report(DeployStep.Stopped, $"job {Job}");
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
        await options.Login.DisposeAsync().ConfigureAwait(false);
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
        string script = JobScript.Render(options.Slurm, secrets.ClusterId, folder.Path, launch);
        var job = await slurm.SubmitAsync(script, JobScript.NameOf(secrets.ClusterId), ct).ConfigureAwait(false);
        Save(Record with { Jobs = [job] });
        Report(DeployStep.Starting, $"job {job}");
        ct.ThrowIfCancellationRequested();
    }

    async Task UntilItRunsAsync(CancellationToken ct)
    {
        string told = "";
        var state = await UntilAsync(s => s.Phase is JobPhase.Running or JobPhase.Ended, options.Slurm.StartTimeout, (s, _) =>
        {
            if (s.ToString() == told) return;
            Report(DeployStep.Waiting, $"job {Job}: {told = s.ToString()}");
        }, ct).ConfigureAwait(false);
        if (state.Phase == JobPhase.Running) return;
        string said = await SaidAsync(ct).ConfigureAwait(false);
        throw state.Phase == JobPhase.Ended
            ? new DeploymentException(DeploymentFailure.JobEnded, $"job {Job} ended before it had workers: {state}{said}")
            : new DeploymentException(DeploymentFailure.TimedOut, $"job {Job} did not start within {options.Slurm.StartTimeout}: {state}");
    }

    async Task ListenAsync(CancellationToken ct)
    {
        int workers = Record.Workers, least = Record.MinWorkers > 0 ? Math.Min(Record.MinWorkers, workers) : workers;
        var clock = Stopwatch.StartNew();
        while (true)
        {
            string[] addresses = [.. (await WorkerLogs.AddressesAsync(folder!, workers, ct).ConfigureAwait(false)).OfType<string>()];
            bool late = clock.Elapsed > options.WorkerTimeout;
            if (addresses.Length == workers || (late && addresses.Length >= least))
            {
                for (int n = 0; n < addresses.Length; n++) Report(DeployStep.Listening, addresses[n], n);
                Save(Record with { Addresses = addresses });
                return;
            }
            var state = await JobAsync(ct).ConfigureAwait(false);
            if (state.Phase == JobPhase.Ended) throw new DeploymentException(DeploymentFailure.JobEnded, $"job {Job} ended before its workers listened: {state}{await SaidAsync(ct).ConfigureAwait(false)}");
            if (late) throw new DeploymentException(DeploymentFailure.TimedOut, $"{addresses.Length} of {workers} workers listen {options.WorkerTimeout.TotalSeconds:0} s after job {Job} started, at least {least} are wanted{await SaidAsync(ct).ConfigureAwait(false)}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), options.Time, ct).ConfigureAwait(false);
        }
    }

    // Asks until it is so, less and less often; the last answer where the time is over.
    async Task<JobState> UntilAsync(Func<JobState, bool> isSo, TimeSpan most, Action<JobState, TimeSpan> asked, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var pause = options.AskEvery / 8;
        var answered = clock.Elapsed;
        for (int forgotten = 0; ;)
        {
            JobState state;
            try
            {
                state = await JobAsync(ct).ConfigureAwait(false);
                answered = clock.Elapsed;
            }
            catch (DeploymentException e) when (e.Reason is DeploymentFailure.Unreachable or DeploymentFailure.TimedOut && clock.Elapsed - answered < longestLoss)
            {
                state = new(JobPhase.Unknown, "UNKNOWN", e.Message.Split('\n')[0]);
            }
            forgotten = state.Phase == JobPhase.Forgotten ? forgotten + 1 : 0;
            if (forgotten == MostForgotten) state = new(JobPhase.Ended, "UNKNOWN", $"Slurm knows nothing of it any more: {state.Reason}");
            asked(state, clock.Elapsed);
            if (isSo(state) || clock.Elapsed > most) return state;
            await Task.Delay(pause, options.Time, ct).ConfigureAwait(false);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 3 / 2, options.AskEvery.Ticks * 10));
        }
    }

    async Task<string> SaidAsync(CancellationToken ct)
    {
        string said = (await options.Login.RunAsync(new($"cd {ShellQuote.Word(folder!.Path)} && tail -n 20 job-*.log worker-*.log 2>/dev/null || true"), ct).ConfigureAwait(false)).Output.TrimEnd('\n');
        return said.Length == 0 ? "" : "; its logs end with:\n" + said;
    }

    // A first process that was ended in the middle may have submitted the job and not written it down.
    async Task RecoverAsync(CancellationToken ct)
    {
        if (begun && Record.Jobs.Count == 0 && await slurm.FindAsync(JobScript.NameOf(Record.ClusterId), ct).ConfigureAwait(false) is { } job) Save(Record with { Jobs = [job] });
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
