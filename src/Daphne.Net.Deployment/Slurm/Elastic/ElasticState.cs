using System.Collections.Immutable;

namespace Daphne.Net.Deployment.Elastic;

/// <summary>What an elastic cluster believes of a job that has not ended.</summary>
/// <param name="Workers">How many it has, those that were lost on its nodes not counted.</param>
/// <param name="Since">When it was asked for.</param>
sealed record ElasticJob(int Workers, TimeSpan Since)
{
    /// <summary>How many it has when it is started again.</summary>
    public int Full { get; } = Workers;

    /// <summary>Where it stands; <see cref="JobPhase.Unknown"/> before Slurm has said so.</summary>
    public JobPhase Phase { get; init; }

    public string State { get; init; } = "";

    /// <summary>When its time is over, by our clock; null before it runs.</summary>
    public TimeSpan? Ends { get; init; }

    /// <summary>How often Slurm started it again.</summary>
    public int Generation { get; init; }

    public int Listening { get; init; }

    /// <summary>Since when it is being ended; null where it is not.</summary>
    public TimeSpan? Ending { get; init; }

    /// <summary>When it was told to end; null where it was not.</summary>
    public TimeSpan? Cancelled { get; init; }

    public bool Pressed { get; init; }

    /// <summary>Nodes it must not get.</summary>
    public ImmutableArray<string> Excluded { get; init; } = [];

    /// <summary>Slurm is being told to give it some of them after all.</summary>
    public bool Allowing { get; init; }

    /// <summary>How often in a row that failed.</summary>
    public int Kept { get; init; }

    /// <summary>Slurm is not told so before.</summary>
    public TimeSpan AllowFrom { get; init; }
}

/// <param name="Least">The fewest workers.</param>
/// <param name="Most">The most, waiting ones included.</param>
/// <param name="PerJob">Workers of a job.</param>
/// <param name="ReplaceLead">How long before its end a job is replaced.</param>
/// <param name="GrowAfter">How long a script must have been running.</param>
/// <param name="ShrinkAfter">How long none must have been running.</param>
/// <param name="AvoidFor">How long a node is avoided.</param>
/// <param name="MostJobs">Jobs in all.</param>
sealed record ElasticLimits(int Least, int Most, int PerJob, TimeSpan ReplaceLead, TimeSpan GrowAfter, TimeSpan ShrinkAfter, TimeSpan AvoidFor, int MostJobs)
{
    /// <summary>Jobs that may be submitted, and that may be changed, in one turn, so that a controller is not flooded.</summary>
    public int Burst { get; init; } = 16;

    /// <summary>Jobs in a row that may end without a worker before no more are submitted.</summary>
    public int Failures { get; init; } = 5;

    /// <summary>The pause after the first of them; it doubles with each.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The pause after so many failures in a row.</summary>
    public TimeSpan Pause(int failures) => TimeSpan.FromTicks((long)Math.Min(FirstPause.Ticks * Math.Pow(2, failures - 1), LongestPause.Ticks));

    /// <summary>How long a node is avoided whose worker is lost, while Slurm does not say yet that anything is wrong with it.</summary>
    public TimeSpan SuspectFor { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a job may be ending before it counts as ended: Slurm may be about to start it again.</summary>
    public TimeSpan EndingFor { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the workers of a job that was told to end may take.</summary>
    public TimeSpan DrainFor { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>All that decides whether jobs are submitted or cancelled.</summary>
sealed record ElasticState(ElasticLimits Limits)
{
    public TimeSpan Now { get; init; }

    /// <summary>How many workers there should be.</summary>
    public int Wanted { get; init; }

    public bool Working { get; init; }

    /// <summary>Since when scripts run, or none does; later where the cluster has grown meanwhile.</summary>
    public TimeSpan Since { get; init; }

    /// <summary>Somebody said how many there should be, and they are not there yet.</summary>
    public bool Told { get; init; }

    /// <summary>There are to be fewer: the one reason for which a job is cancelled.</summary>
    public bool Shrinking { get; init; }

    public ImmutableSortedDictionary<int, ElasticJob> Jobs { get; init; } = ImmutableSortedDictionary<int, ElasticJob>.Empty;

    /// <summary>Jobs submitted so far; the number of the last one.</summary>
    public int Submitted { get; init; }

    /// <summary>Nodes to be avoided, and until when.</summary>
    public ImmutableSortedDictionary<string, TimeSpan> Avoided { get; init; } = ImmutableSortedDictionary<string, TimeSpan>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Jobs in a row that were refused or ended before they had a worker.</summary>
    public int Failures { get; init; }

    /// <summary>Nothing is submitted before.</summary>
    public TimeSpan NotBefore { get; init; }

    /// <summary>Why nothing is submitted any more; null where something is.</summary>
    public string? GivenUp { get; init; }

    /// <summary>Workers that are there or will be, those not counted whose time is nearly over.</summary>
    public int Coming => Jobs.Values.Sum(j => IsStaying(j) ? j.Workers : 0);

    public int Listening => Jobs.Values.Sum(j => j.Listening);

    /// <summary>True if its workers count: they are there or will be, and not for a moment only.</summary>
    public bool IsStaying(ElasticJob job) =>
        job.Cancelled is null && !(job.Ends - Now <= Limits.ReplaceLead) && (job.Phase is JobPhase.Unknown or JobPhase.Pending or JobPhase.Running || Now - job.Ending < Limits.EndingFor);
}
