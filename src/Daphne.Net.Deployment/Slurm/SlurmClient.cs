using System.Globalization;
using System.Text;

namespace Daphne.Net.Deployment;

/// <summary>
/// Slurm's own commands on a machine that has them. Each answer has a second and a third source, because <c>squeue</c> forgets jobs that ended and many
/// sites have no accounting.
/// </summary>
public sealed class SlurmClient
{
    const int MostTries = 6;
    // sbatch itself waits for a busy controller, for up to two minutes.
    static readonly TimeSpan firstPause = TimeSpan.FromSeconds(1), longestPause = TimeSpan.FromSeconds(30), submitTime = TimeSpan.FromMinutes(3);

    readonly IShell shell;
    readonly TimeProvider time;
    readonly Random jitter;

    /// <summary>Slurm as it is on a machine.</summary>
    /// <param name="shell">The machine.</param>
    /// <param name="time">Measures pauses. Default: the system's clock.</param>
    /// <param name="jitterSeed">Spreads pauses, so that many clients of one busy controller do not come back at once. Default: the id of this process.</param>
    public SlurmClient(IShell shell, TimeProvider? time = null, int? jitterSeed = null) =>
        (this.shell, this.time, jitter) = (shell, time ?? TimeProvider.System, new Random(jitterSeed ?? Environment.ProcessId));

    /// <summary>Submits a script, which goes to <c>sbatch</c> on its standard input.</summary>
    /// <param name="script">The script.</param>
    /// <param name="name">The job's name, which is looked for before a submission is tried again: a busy controller may have taken the first one.</param>
    /// <param name="ct">Ends it between two tries; a job may have been taken then, which <see cref="FindAsync"/> finds.</param>
    /// <exception cref="DeploymentException">Slurm refuses it, or does not answer; the message holds its words.</exception>
    public async Task<SlurmJob> SubmitAsync(string script, string name, CancellationToken ct = default)
    {
        for (int tried = 1; ; tried++)
        {
            ct.ThrowIfCancellationRequested();
            var result = await SubmitOnceAsync(script).ConfigureAwait(false);
            if (result.ExitStatus == 0 && Parse(result.Output) is { } job) return job;
            bool busy = IsBusy(result.Error);
            // Nothing is submitted again before Slurm has said that there is no such job.
            if (busy && await FindAsync(name, ct).ConfigureAwait(false) is { } taken) return taken;
            if (result.ExitStatus == 0) throw new DeploymentException(DeploymentFailure.CommandFailed, $"sbatch on {shell.Name} answered '{result.Output.Trim()}', which is no number of a job");
            if (!busy || tried == MostTries) throw Refused(result, script, busy);
            await Task.Delay(Pause(tried), time, ct).ConfigureAwait(false);
        }
    }

    // Not cancelled in the middle: whether the job was taken could not be known then. Nor is it known where the answer is late or the connection is lost.
    async Task<ShellResult> SubmitOnceAsync(string script)
    {
        try
        {
            return await shell.RunAsync(new("sbatch --parsable") { Input = new MemoryStream(Encoding.UTF8.GetBytes(script)), Timeout = submitTime }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DeploymentException lost) when (lost.Reason is DeploymentFailure.TimedOut or DeploymentFailure.Unreachable)
        {
            return new(1, "", $"{NoAnswer}: {lost.Message}");
        }
    }

    /// <summary>The job of a name that Slurm has in its memory; null where there is none. Asks again where the controller is busy.</summary>
    /// <exception cref="DeploymentException">The controller does not answer.</exception>
    public async Task<SlurmJob?> FindAsync(string name, CancellationToken ct = default)
    {
        var result = await AskAsync(["squeue", "--noheader", "--me", "--name=" + name, "--states=all", "--format=%i"], ct).ConfigureAwait(false);
        return result.ExitStatus == 0 ? Parse(result.Output.Split('\n')[0])
            : throw new DeploymentException(DeploymentFailure.SchedulerSilent, $"Slurm on {shell.Name} does not say whether it has a job named {name}: {result.Error.Trim()}");
    }

    // A command that changes nothing when it is repeated.
    async Task<ShellResult> AskAsync(IEnumerable<string> words, CancellationToken ct)
    {
        var command = ShellCommand.Of(words);
        for (int tried = 1; ; tried++)
        {
            var result = await shell.RunAsync(command, ct).ConfigureAwait(false);
            if (result.ExitStatus == 0 || tried == MostTries || !IsBusy(result.Error)) return result;
            await Task.Delay(Pause(tried), time, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Where a job stands: <c>squeue</c>, else <c>scontrol</c>, else the accounting.</summary>
    public async Task<JobState> StateAsync(SlurmJob job, CancellationToken ct = default)
    {
        string id = job.Id.ToString(CultureInfo.InvariantCulture);
        string[] clusters = job.Cluster is null ? [] : ["-M", job.Cluster];
        var queue = await shell.RunAsync(ShellCommand.Of(["squeue", "--noheader", .. clusters, "--jobs=" + id, "--states=all", "--format=%T|%r|%S|%N|%L"]), ct).ConfigureAwait(false);
        if (queue.ExitStatus == 0 && queue.Output.Split('\n').FirstOrDefault(l => l.Contains('|'))?.Split('|') is [var state, var reason, var start, var nodes, .. var left]) return Queued(state, reason, start, nodes, left.FirstOrDefault(""));
        var control = await shell.RunAsync(ShellCommand.Of(["scontrol", .. clusters, "--oneliner", "show", "job", id]), ct).ConfigureAwait(false);
        if (control.ExitStatus == 0 && Field(control.Output, "JobState") is { } told) return new(JobState.PhaseOf(told), told, Field(control.Output, "Reason") ?? "", Field(control.Output, "StartTime") ?? "", Field(control.Output, "NodeList") ?? "");
        var accounting = await shell.RunAsync(ShellCommand.Of(["sacct", "--noheader", "--allocations", "--parsable2", .. clusters, "--jobs=" + id, "--format=State,Reason,Start,NodeList"]), ct).ConfigureAwait(false);
        bool forgotten = queue.ExitStatus == 0 || IsNoSuchJob(queue) || IsNoSuchJob(control);
        // The accounting runs behind: what the controller has forgotten does not run any more.
        if (accounting.ExitStatus == 0 && accounting.Output.Split('\n')[0].Split('|') is [var kept, var why, var began, var where] && kept.Length > 0 && (!forgotten || JobState.PhaseOf(kept) == JobPhase.Ended))
            return new(JobState.PhaseOf(kept), kept, why, began, where);
        return new(forgotten ? JobPhase.Forgotten : JobPhase.Unknown, "UNKNOWN", Words(queue, control));
    }

    static JobState Queued(string state, string reason, string start, string nodes, string left) => new(JobState.PhaseOf(state), state, reason, start, nodes) { Left = JobState.PhaseOf(state) == JobPhase.Running ? JobState.TimeLeft(left) : null };

    /// <summary>Where several jobs stand, in their order: one question for many, and <see cref="StateAsync"/> for those it does not answer.</summary>
    public async Task<IReadOnlyList<JobState>> StatesAsync(IReadOnlyList<SlurmJob> jobs, CancellationToken ct = default)
    {
        if (jobs.Count == 1) return [await StateAsync(jobs[0], ct).ConfigureAwait(false)];
        Dictionary<SlurmJob, JobState> said = [];
        foreach (var some in Batches(jobs))
        {
            // A job it has forgotten is passed over, unless it is the only one.
            var queue = await shell.RunAsync(ShellCommand.Of(["squeue", "--noheader", .. ClusterOf(some[0]), "--jobs=" + string.Join(',', some.Select(Id)), "--states=all", "--format=%i|%T|%r|%S|%N|%L"]), ct).ConfigureAwait(false);
            foreach (string line in queue.Output.Split('\n'))
                if (line.Split('|') is [var id, var state, var reason, var start, var nodes, var left] && some.FirstOrDefault(j => Id(j) == id) is { } job) said[job] = Queued(state, reason, start, nodes, left);
        }
        var states = new JobState[jobs.Count];
        for (int j = 0; j < states.Length; j++) states[j] = said.TryGetValue(jobs[j], out var state) ? state : await StateAsync(jobs[j], ct).ConfigureAwait(false);
        return states;
    }

    /// <summary>All jobs Slurm has in its memory whose names are one of a cluster's, those that ended too.</summary>
    /// <exception cref="DeploymentException">The controller does not answer.</exception>
    public async Task<IReadOnlyList<SlurmJob>> FindAllAsync(string clusterId, CancellationToken ct = default)
    {
        string name = JobScript.NameOf(clusterId);
        var result = await AskAsync(["squeue", "--noheader", "--me", "--states=all", "--format=%i|%j"], ct).ConfigureAwait(false);
        if (result.ExitStatus != 0) throw new DeploymentException(DeploymentFailure.SchedulerSilent, $"Slurm on {shell.Name} does not say which jobs it has: {result.Error.Trim()}");
        return [.. result.Output.Split('\n').Select(l => l.Split('|')).Where(l => l.Length == 2 && (l[1] == name || l[1].StartsWith(name + "-", StringComparison.Ordinal))).Select(l => Parse(l[0])).OfType<SlurmJob>()];
    }

    /// <summary>In words how a job ended, with what the accounting knows of its memory, and which of its nodes are to blame.</summary>
    public async Task<JobEnd> EndAsync(SlurmJob job, JobState state, CancellationToken ct = default)
    {
        string word = state.State.Split(' ', '+')[0];
        if (word is "OUT_OF_MEMORY" or "OOM") return new(await OutOfMemoryAsync(job, state, ct).ConfigureAwait(false), []);
        if (word is not ("NODE_FAIL" or "NF" or "BOOT_FAIL" or "BF")) return new(state.ToString(), []);
        string[] nodes = [.. HostList.Expand(state.Nodes)];
        if (nodes.Length > 1)
        {
            // Those that answer are not to blame.
            var asked = await shell.RunAsync(ShellCommand.Of(["sinfo", "--noheader", "--Node", "--nodes=" + state.Nodes, "--format=%N %t"]), ct).ConfigureAwait(false);
            string[] down = [.. asked.Output.Split('\n').Select(l => l.Split(' ')).Where(l => l.Length == 2 && (l[1].StartsWith("down", StringComparison.Ordinal) || l[1].StartsWith("fail", StringComparison.Ordinal) || l[1].EndsWith('*'))).Select(l => l[0]).Distinct()];
            if (down.Length > 0) nodes = down;
        }
        return new($"{state}, node {string.Join(' ', nodes)} failed", [.. nodes]);
    }

    async Task<string> OutOfMemoryAsync(SlurmJob job, JobState state, CancellationToken ct)
    {
        string asked = "", peak = "", node = "";
        long most = -1;
        var accounting = await shell.RunAsync(ShellCommand.Of(["sacct", "--noheader", "--parsable2", .. ClusterOf(job), "--jobs=" + Id(job), "--format=ReqMem,MaxRSS,MaxRSSNode"]), ct).ConfigureAwait(false);
        if (accounting.ExitStatus == 0)
            foreach (string line in accounting.Output.Split('\n'))
            {
                if (line.Split('|') is not [var requested, var used, var where]) continue;
                if (requested.Length > 0) asked = requested;
                if (Bytes(used) is { } bytes && bytes > most) (most, peak, node) = (bytes, used, where);
            }
        if (asked.Length == 0)
        {
            var control = await shell.RunAsync(ShellCommand.Of(["scontrol", .. ClusterOf(job), "--oneliner", "show", "job", Id(job)]), ct).ConfigureAwait(false);
            asked = Field(control.Output, "MinMemoryCPU") is { } each ? each + " a core" : Field(control.Output, "MinMemoryNode") is { } all ? all + " a node" : "";
        }
        return $"{state}: {(asked.Length > 0 ? $"{asked} of memory were asked for" : "how much memory was asked for is not known")}, {(peak.Length > 0 ? $"{peak} were used{(node.Length > 0 ? " on " + node : "")}" : "and nothing recorded how much was used")};"
            + $" ask for more ({nameof(SlurmOptions.MemoryPerCore)}, {nameof(SlurmOptions.CoresPerWorker)}), or for more workers, each of which holds fewer rows then";
    }

    // As sacct writes sizes: 4213M, 512K.
    static long? Bytes(string text)
    {
        int unit = text.Length == 0 ? -1 : "KMGTP".IndexOf(char.ToUpperInvariant(text[^1]));
        return double.TryParse(unit < 0 ? text : text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? (long)(number * Math.Pow(1024, unit + 1)) : null;
    }

    /// <summary>Warns the script of a job, as Slurm does before its time is over: its workers finish what they do and end.</summary>
    /// <exception cref="DeploymentException">The controller does not answer.</exception>
    public Task DrainAsync(SlurmJob job, CancellationToken ct = default) => EndAsync(["--batch", "--signal=USR1"], [job], ct);

    /// <summary>Cancels a job. One that has ended is no error.</summary>
    public Task CancelAsync(SlurmJob job, CancellationToken ct = default) => CancelAllAsync([job], ct);

    /// <summary>Cancels jobs. One that has ended is no error.</summary>
    public async Task CancelAllAsync(IReadOnlyList<SlurmJob> jobs, CancellationToken ct = default)
    {
        foreach (var some in Batches(jobs)) await EndAsync([], some, ct).ConfigureAwait(false);
    }

    async Task EndAsync(string[] how, SlurmJob[] jobs, CancellationToken ct)
    {
        var result = await AskAsync(["scancel", .. how, .. ClusterOf(jobs[0]), .. jobs.Select(Id)], ct).ConfigureAwait(false);
        if (result.ExitStatus == 0 || IsNoSuchJob(result)) return;
        string names = string.Join(' ', jobs.Select(j => j.ToString()));
        if (IsBusy(result.Error)) throw new DeploymentException(DeploymentFailure.SchedulerSilent, $"Slurm on {shell.Name} does not answer, job {names} was not cancelled: {result.Error.Trim()}");
        result.Demand($"cancelling job {names}", shell.Name);
    }

    /// <summary>A job that waits may get nodes that it was submitted not to get. What else it excludes stays as it is: somebody's directive, or the site's.</summary>
    /// <returns>False where it waits no longer.</returns>
    /// <exception cref="DeploymentException">The controller does not answer, or refuses.</exception>
    internal async Task<bool> AllowAsync(SlurmJob job, IReadOnlyCollection<string> nodes, CancellationToken ct = default)
    {
        var shown = await AskAsync(["scontrol", .. ClusterOf(job), "--oneliner", "show", "job", Id(job)], ct).ConfigureAwait(false);
        if (IsNoSuchJob(shown)) return false;
        string text = Demand(shown);
        if (JobState.PhaseOf(Field(text, "JobState") ?? "") != JobPhase.Pending) return false;
        var excluded = HostList.Expand(Field(text, "ExcNodeList") ?? "");
        string[] others = [.. excluded.Except(nodes)];
        if (others.Length == excluded.Count) return true;
        // An empty list is how Slurm wants it said that there are none.
        var changed = await AskAsync(["scontrol", .. ClusterOf(job), "update", "JobId=" + Id(job), "ExcNodeList=" + string.Join(',', others)], ct).ConfigureAwait(false);
        if (changed.ExitStatus != 0 && (IsNoSuchJob(changed) || WaitsNoLonger(changed))) return false;
        Demand(changed);
        return true;

        string Demand(ShellResult result) => result.ExitStatus != 0 && IsBusy(result.Error)
            ? throw new DeploymentException(DeploymentFailure.SchedulerSilent, $"Slurm on {shell.Name} does not answer: {result.Error.Trim()}") : result.Demand($"letting job {job} run on {string.Join(' ', nodes)}", shell.Name);
    }

    // A command line has an end, and so has a controller's patience.
    static IEnumerable<SlurmJob[]> Batches(IEnumerable<SlurmJob> jobs) => jobs.GroupBy(j => j.Cluster).SelectMany(g => g.Chunk(50));

    static string Id(SlurmJob job) => job.Id.ToString(CultureInfo.InvariantCulture);

    static string[] ClusterOf(SlurmJob job) => job.Cluster is null ? [] : ["-M", job.Cluster];

    const string NoAnswer = "no answer came, try again";

    static bool IsNoSuchJob(ShellResult result) => result.Error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase);

    static bool WaitsNoLonger(ShellResult result) =>
        result.Error.Contains("no longer pending", StringComparison.OrdinalIgnoreCase) || result.Error.Contains("already finished", StringComparison.OrdinalIgnoreCase) || result.Error.Contains("already completing", StringComparison.OrdinalIgnoreCase);

    static string Words(params ShellResult[] results) => string.Join("; ", results.Select(r => r.Error.Trim().ReplaceLineEndings(" ")).Where(w => w.Length > 0).Distinct());

    internal static SlurmJob? Parse(string parsable)
    {
        string[] parts = parsable.Trim().Split(';');
        return parts.Length is 1 or 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? new(id, parts.Length == 2 ? parts[1] : null) : null;
    }

    static string? Field(string oneLine, string name)
    {
        int at = (" " + oneLine).IndexOf($" {name}=", StringComparison.Ordinal);
        if (at < 0) return null;
        int begin = at + name.Length + 1, end = oneLine.IndexOf(' ', begin);
        return oneLine[begin..(end < 0 ? oneLine.TrimEnd().Length : end)];
    }

    static bool IsBusy(string error) =>
        error.Contains("temporarily unavailable", StringComparison.OrdinalIgnoreCase) || error.Contains("Socket timed out", StringComparison.OrdinalIgnoreCase)
        || error.Contains("Unable to contact slurm controller", StringComparison.OrdinalIgnoreCase) || error.Contains("Connection refused", StringComparison.OrdinalIgnoreCase)
        || error.Contains("Communication connection failure", StringComparison.OrdinalIgnoreCase) || error.Contains("Zero Bytes were transmitted", StringComparison.OrdinalIgnoreCase)
        || error.Contains("in standby mode", StringComparison.OrdinalIgnoreCase)
        || error.Contains("try again", StringComparison.OrdinalIgnoreCase);

    DeploymentException Refused(ShellResult result, string script, bool busy) => busy
        ? new(DeploymentFailure.SchedulerSilent, $"Slurm on {shell.Name} did not take the job in {MostTries} tries: {result.Error.Trim()}")
        : result.ExitStatus == 127
        ? new(DeploymentFailure.ProgramMissing, $"{shell.Name} has no sbatch; is it a login node of the cluster, and is Slurm on the PATH of a shell that is not a login shell?")
        : new(DeploymentFailure.JobRefused, $"Slurm on {shell.Name} refuses the job: {result.Error.Trim()}\nThe script was:\n{script}");

    TimeSpan Pause(int tried) => TimeSpan.FromSeconds(Math.Min(firstPause.TotalSeconds * Math.Pow(2, tried - 1) * (0.5 + jitter.NextDouble()), longestPause.TotalSeconds));
}
