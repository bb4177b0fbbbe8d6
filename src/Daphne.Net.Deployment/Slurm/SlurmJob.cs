namespace Daphne.Net.Deployment;

/// <summary>A submitted job.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Cluster">The Slurm cluster it was given to, where there are several; null elsewhere.</param>
public sealed record SlurmJob(long Id, string? Cluster)
{
    /// <inheritdoc/>
    public override string ToString() => Cluster is null ? Id.ToString(System.Globalization.CultureInfo.InvariantCulture) : $"{Id} on {Cluster}";
}

/// <summary>Where a job stands.</summary>
public enum JobPhase
{
    /// <summary>Nobody could say. Not the same as gone.</summary>
    Unknown,
    /// <summary>It waits to be started.</summary>
    Pending,
    /// <summary>It runs.</summary>
    Running,
    /// <summary>It is being taken down.</summary>
    Ending,
    /// <summary>It is over.</summary>
    Ended,
    /// <summary>Slurm answers, and does not know it: it ended some time ago, or Slurm has just taken it.</summary>
    Forgotten,
}

/// <summary>What Slurm says of a job.</summary>
/// <param name="Phase">Where it stands.</param>
/// <param name="State">Slurm's word, for instance <c>PENDING</c> or <c>TIMEOUT</c>.</param>
/// <param name="Reason">Why it waits or ended, in Slurm's words; empty where there is none.</param>
/// <param name="Start">When it started, or is expected to; empty where Slurm does not say.</param>
/// <param name="Nodes">The nodes it has, as Slurm lists them.</param>
public sealed record JobState(JobPhase Phase, string State, string Reason = "", string Start = "", string Nodes = "")
{
    /// <summary>How long it may run yet, by Slurm's clock; null where it does not run or has no end.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>From Slurm's word for a state, long or short.</summary>
    public static JobPhase PhaseOf(string state) => state.Split(' ', '+')[0].ToUpperInvariant() switch
    {
        "PENDING" or "PD" or "CONFIGURING" or "CF" or "REQUEUED" or "RQ" or "REQUEUE_HOLD" or "RH" or "REQUEUE_FED" or "RF" or "SPECIAL_EXIT" or "SE" or "RESV_DEL_HOLD" or "RD" => JobPhase.Pending,
        "RUNNING" or "R" or "SUSPENDED" or "S" or "STOPPED" or "ST" or "RESIZING" or "RS" or "SIGNALING" or "SI" => JobPhase.Running,
        "COMPLETING" or "CG" or "STAGE_OUT" or "SO" => JobPhase.Ending,
        "COMPLETED" or "CD" or "CANCELLED" or "CA" or "FAILED" or "F" or "TIMEOUT" or "TO" or "NODE_FAIL" or "NF" or "PREEMPTED" or "PR" or "BOOT_FAIL" or "BF" or "DEADLINE" or "DL"
            or "OUT_OF_MEMORY" or "OOM" or "REVOKED" or "RV" => JobPhase.Ended,
        _ => JobPhase.Unknown,
    };

    /// <summary>A time that is left as <c>squeue</c> writes it, <c>1-02:03:04</c> or <c>5:00</c>; null for a word. Nothing is left where it says so.</summary>
    internal static TimeSpan? TimeLeft(string text)
    {
        if (text == "INVALID") return TimeSpan.Zero;        // the time is over and the job not yet
        string[] days = text.Split('-');
        int[] parts = [.. days[^1].Split(':').Select(p => int.TryParse(p, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int n) ? n : -1)];
        int whole = days.Length == 1 ? 0 : days.Length == 2 && int.TryParse(days[0], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int d) ? d : -1;
        return whole < 0 || whole > 36_500 || parts.Contains(-1) || parts.Length is < 2 or > 3 ? null : new TimeSpan(whole, parts.Length == 3 ? parts[0] : 0, parts[^2], parts[^1]);
    }

    /// <inheritdoc/>
    public override string ToString() => State + (Reason is "" or "None" ? "" : $" ({Reason})") + (Phase == JobPhase.Pending && Start.Length > 0 && Start != "N/A" ? $", expected to start at {Start}" : "");
}
