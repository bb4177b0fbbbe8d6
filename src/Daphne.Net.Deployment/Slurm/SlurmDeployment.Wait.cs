using System.Diagnostics;

namespace Daphne.Net.Deployment;

// Waiting: for workers, and for the end.
public sealed partial class SlurmDeployment
{
    static readonly TimeSpan lookAgain = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Waits until the workers listen. Where fewer come than were asked for, but no fewer than <see cref="SlurmOptions.MinWorkers"/>, it goes on with these: of an elastic cluster at once, the others
    /// join later; else after <see cref="SlurmDeploymentOptions.WorkerTimeout"/>. The jobs stay whatever comes.
    /// </summary>
    /// <exception cref="DeploymentException">The jobs ended, or did not start in time, or too few workers listen; the message says where each job stands and what its logs end with.</exception>
    public async Task WaitAsync(CancellationToken ct = default)
    {
        if (Record.Jobs.Count == 0) throw new DeploymentException(DeploymentFailure.JobEnded, $"no job was submitted for cluster {Record.ClusterId}");
        int wanted = Record.Workers, least = Record.MinWorkers > 0 ? Math.Min(Record.MinWorkers, wanted) : wanted;
        bool othersJoin = Record.WorkersPerJob > 0;
        var watch = new JobWatch(slurm);
        long begun = Stopwatch.GetTimestamp(), allRun = 0;
        var pause = options.AskEvery / 8;
        Dictionary<SlurmJob, string> told = [];
        while (true)
        {
            var states = await watch.AskAsync(Record.Jobs, ct).ConfigureAwait(false);
            foreach (var (job, state) in Record.Jobs.Zip(states))
                if (state.Phase is not (JobPhase.Running or JobPhase.Ended) && told.GetValueOrDefault(job) != state.ToString()) Report(DeployStep.Waiting, $"job {job}: {told[job] = state.ToString()}");
            bool run = states.Any(s => s.Phase is JobPhase.Running), ended = states.Any(s => s.Phase == JobPhase.Ended), wait = states.Any(s => s.Phase is not (JobPhase.Running or JobPhase.Ended));
            // Only those whose job runs: what another one wrote before its end is no worker.
            var there = run ? await ListeningAsync(states, ct).ConfigureAwait(false) : [];
            if (there.Count >= wanted)
            {
                Take(there);
                return;
            }
            if (!wait && allRun == 0) allRun = Stopwatch.GetTimestamp();
            bool lateStart = wait && Stopwatch.GetElapsedTime(begun) > options.Slurm.StartTimeout, lateListen = !wait && Stopwatch.GetElapsedTime(allRun) > options.WorkerTimeout;
            if (there.Count >= least && (othersJoin || lateListen || lateStart))
            {
                Take(there);
                Report(DeployStep.Fewer, $"{there.Count} of {wanted} workers listen{Where(states)}");
                return;
            }
            if (ended && !(run || wait)) throw await EndedAsync(states, there.Count, ct).ConfigureAwait(false);
            if (lateStart) throw new DeploymentException(DeploymentFailure.TimedOut, $"{Jobs} did not start within {options.Slurm.StartTimeout}{(there.Count > 0 ? $", {there.Count} of {wanted} workers listen, at least {least} are wanted" : "")}{Where(states)}{await SaidAsync(ct).ConfigureAwait(false)}");
            if (lateListen) throw new DeploymentException(DeploymentFailure.TimedOut, $"{there.Count} of {wanted} workers listen {options.WorkerTimeout.TotalSeconds:0} s after {Jobs} started, at least {least} are wanted{Where(states)}{await SaidAsync(ct).ConfigureAwait(false)}");
            await Task.Delay(run ? lookAgain : pause, options.Time, ct).ConfigureAwait(false);
            if (!run) pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 3 / 2, options.AskEvery.Ticks * 10));
        }
    }

    internal async Task<IReadOnlyList<ListeningWorker>> ListeningAsync(IReadOnlyList<JobState> states, CancellationToken ct)
    {
        var running = Record.Jobs.Zip(states).Where(j => j.Second.Phase == JobPhase.Running).Select(j => j.First.Id).ToHashSet();
        return [.. (await WorkerLogs.OfJobsAsync(folder!, ct).ConfigureAwait(false)).Where(w => running.Contains(w.Job))];
    }

    void Take(IReadOnlyList<ListeningWorker> there)
    {
        for (int n = 0; n < there.Count; n++) Report(DeployStep.Listening, there[n].Address, n);
        Listening = there;
        Save(Record with { Addresses = [.. there.Select(w => w.Address)] });
        if (owns && options.Slurm.Elastic is not null) Elastic = new(this, options, slurm, there);
    }

    /// <summary>The workers that listened when we last looked.</summary>
    internal IReadOnlyList<ListeningWorker> Listening { get; private set; } = [];

    string Where(IReadOnlyList<JobState> states) => string.Concat(Record.Jobs.Zip(states, (job, state) => $"; job {job}: {state}"));

    async Task<DeploymentException> EndedAsync(IReadOnlyList<JobState> states, int listening, CancellationToken ct)
    {
        List<string> how = [];
        foreach (var (job, state) in Record.Jobs.Zip(states)) how.Add($"job {job}: {await HowAsync(job, state, ct).ConfigureAwait(false)}");
        return new(DeploymentFailure.JobEnded, $"{Jobs} ended before {(listening > 0 ? "enough" : "its")} workers listened: {string.Join("; ", how)}{await SaidAsync(ct).ConfigureAwait(false)}");
    }

    // Where Slurm itself looks after memory, without the kernel's help, it ends the step and the job has merely failed: only its log says of what.
    internal async Task<string> HowAsync(SlurmJob job, JobState state, CancellationToken ct)
    {
        string how = (await slurm.EndAsync(job, state, ct).ConfigureAwait(false)).Text;
        if (folder is null || !state.State.StartsWith('F')) return how;
        string log = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"job-{job.Id}.log");
        string said = (await options.Login.RunAsync(new($"cd {ShellQuote.Word(folder.Path)} && grep -h -m 1 'exceeded memory limit' {log} 2>/dev/null || true"), ct).ConfigureAwait(false)).Output.Trim();
        return said.Length == 0 ? how : $"{how}: {said}; ask for more ({nameof(SlurmOptions.MemoryPerCore)}, {nameof(SlurmOptions.CoresPerWorker)}), or for more workers, each of which holds fewer rows then";
    }

    async Task UntilTheyAreGoneAsync(CancellationToken ct)
    {
        var watch = new JobWatch(slurm);
        long since = Stopwatch.GetTimestamp();
        for (var pause = options.AskEvery / 8; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 3 / 2, options.AskEvery.Ticks * 10)))
        {
            var states = await watch.AskAsync(Record.Jobs, ct).ConfigureAwait(false);
            if (states.All(s => s.Phase == JobPhase.Ended)) return;
            if (Stopwatch.GetElapsedTime(since) > options.EndTimeout)
                throw new DeploymentException(DeploymentFailure.TimedOut, $"{Jobs} is not gone {options.EndTimeout.TotalSeconds:0} s after it was cancelled{Where(states)}; it stays recorded, 'daphne clusters clean {Record.ClusterId}' tries again");
            await Task.Delay(pause, options.Time, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until all jobs have ended, whatever ends them.</summary>
    /// <returns>How each of them ended, a line each.</returns>
    /// <exception cref="DeploymentException">The login node has not answered for long.</exception>
    public async Task<IReadOnlyList<string>> WaitForEndAsync(CancellationToken ct = default)
    {
        var watch = new JobWatch(slurm);
        for (var pause = options.AskEvery / 8; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 3 / 2, options.AskEvery.Ticks * 10)))
        {
            var states = await watch.AskAsync(Record.Jobs, ct).ConfigureAwait(false);
            if (states.All(s => s.Phase == JobPhase.Ended))
            {
                List<string> how = [];
                foreach (var (job, state) in Record.Jobs.Zip(states)) how.Add($"job {job}: {await HowAsync(job, state, ct).ConfigureAwait(false)}");
                return how;
            }
            await Task.Delay(pause, options.Time, ct).ConfigureAwait(false);
        }
    }

    async Task<string> SaidAsync(CancellationToken ct)
    {
        string said = (await options.Login.RunAsync(new($"cd {ShellQuote.Word(folder!.Path)} && tail -n 20 job-*.log worker-*.log 2>/dev/null || true"), ct).ConfigureAwait(false)).Output.TrimEnd('\n');
        return said.Length == 0 ? "" : "; its logs end with:\n" + said;
    }
}
