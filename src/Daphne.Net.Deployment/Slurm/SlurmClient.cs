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
    static readonly TimeSpan firstPause = TimeSpan.FromSeconds(1), longestPause = TimeSpan.FromSeconds(30);

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
    /// <param name="ct">Ends it.</param>
    /// <exception cref="DeploymentException">Slurm refuses it; the message holds its words.</exception>
    public async Task<SlurmJob> SubmitAsync(string script, string name, CancellationToken ct = default)
    {
        for (int tried = 1; ; tried++)
        {
            var result = await shell.RunAsync(new("sbatch --parsable") { Input = new MemoryStream(Encoding.UTF8.GetBytes(script)) }, ct).ConfigureAwait(false);
            if (result.ExitStatus == 0) return Parse(result.Output) ?? throw new DeploymentException(DeploymentFailure.CommandFailed, $"sbatch on {shell.Name} answered '{result.Output.Trim()}', which is no number of a job");
            if (tried == MostTries || !IsBusy(result.Error)) throw Refused(result, script);
            if (await FindAsync(name, ct).ConfigureAwait(false) is { } taken) return taken;
            await Task.Delay(Pause(tried), time, ct).ConfigureAwait(false);
        }
    }

    /// <summary>The job of a name that has not ended; null where there is none.</summary>
    public async Task<SlurmJob?> FindAsync(string name, CancellationToken ct = default)
    {
        var result = await shell.RunAsync(ShellCommand.Of("squeue", "--noheader", "--me", "--name=" + name, "--format=%i"), ct).ConfigureAwait(false);
        return result.ExitStatus == 0 ? Parse(result.Output.Split('\n')[0]) : null;
    }

    /// <summary>Where a job stands: <c>squeue</c>, else <c>scontrol</c>, else the accounting.</summary>
    public async Task<JobState> StateAsync(SlurmJob job, CancellationToken ct = default)
    {
        string id = job.Id.ToString(CultureInfo.InvariantCulture);
        string[] clusters = job.Cluster is null ? [] : ["-M", job.Cluster];
        var queue = await shell.RunAsync(ShellCommand.Of(["squeue", "--noheader", .. clusters, "--jobs=" + id, "--states=all", "--format=%T|%r|%S|%N"]), ct).ConfigureAwait(false);
        if (queue.ExitStatus == 0 && queue.Output.Split('\n').FirstOrDefault(l => l.Contains('|'))?.Split('|') is [var state, var reason, var start, var nodes]) return new(JobState.PhaseOf(state), state, reason, start, nodes);
        var control = await shell.RunAsync(ShellCommand.Of(["scontrol", .. clusters, "--oneliner", "show", "job", id]), ct).ConfigureAwait(false);
        if (control.ExitStatus == 0 && Field(control.Output, "JobState") is { } told) return new(JobState.PhaseOf(told), told, Field(control.Output, "Reason") ?? "", Field(control.Output, "StartTime") ?? "", Field(control.Output, "NodeList") ?? "");
        var accounting = await shell.RunAsync(ShellCommand.Of(["sacct", "--noheader", "--allocations", "--parsable2", .. clusters, "--jobs=" + id, "--format=State,Reason,Start,NodeList"]), ct).ConfigureAwait(false);
        if (accounting.ExitStatus == 0 && accounting.Output.Split('\n')[0].Split('|') is [var kept, var why, var began, var where] && kept.Length > 0) return new(JobState.PhaseOf(kept), kept, why, began, where);
        // Slurm knows nothing of it: whether it ended or Slurm is ill is for the caller to find out by asking again.
        return new(JobPhase.Unknown, "UNKNOWN", (queue.Error + control.Error + accounting.Error).Trim());
    }

    /// <summary>Cancels a job. One that has ended is no error.</summary>
    public async Task CancelAsync(SlurmJob job, CancellationToken ct = default)
    {
        string[] clusters = job.Cluster is null ? [] : ["-M", job.Cluster];
        var result = await shell.RunAsync(ShellCommand.Of(["scancel", .. clusters, job.Id.ToString(CultureInfo.InvariantCulture)]), ct).ConfigureAwait(false);
        if (result.ExitStatus != 0 && !result.Error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase)) result.Demand($"cancelling job {job}", shell.Name);
    }

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
        || error.Contains("try again", StringComparison.OrdinalIgnoreCase);

    DeploymentException Refused(ShellResult result, string script) => result.ExitStatus == 127
        ? new(DeploymentFailure.ProgramMissing, $"{shell.Name} has no sbatch; is it a login node of the cluster, and is Slurm on the PATH of a shell that is not a login shell?")
        : new(DeploymentFailure.JobRefused, $"Slurm on {shell.Name} refuses the job: {result.Error.Trim()}\nThe script was:\n{script}");

    TimeSpan Pause(int tried) => TimeSpan.FromSeconds(Math.Min(firstPause.TotalSeconds * Math.Pow(2, tried - 1) * (0.5 + jitter.NextDouble()), longestPause.TotalSeconds));
}
