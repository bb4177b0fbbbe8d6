using System.Collections.Immutable;

namespace Daphne.Net.Deployment.Elastic;

/// <summary>Something that an elastic cluster hears of. Jobs go by their numbers within the cluster.</summary>
abstract record ElasticEvent
{
    /// <summary>Scripts run on the cluster from now on, or none does any more.</summary>
    public sealed record Worked(bool Running) : ElasticEvent;

    /// <summary>Somebody wants so many workers.</summary>
    public sealed record Scaled(int Workers) : ElasticEvent;

    /// <summary>Slurm did not take a job. <paramref name="Again"/>: it may take it later.</summary>
    public sealed record Refused(int Job, bool Again, string Why) : ElasticEvent;

    /// <summary>What Slurm says of a job. An answer that it does not know is no event.</summary>
    /// <param name="Job">Which.</param>
    /// <param name="Phase">Where it stands.</param>
    /// <param name="State">In Slurm's words.</param>
    /// <param name="Left">How long it may run yet; null where it does not run or nobody says.</param>
    /// <param name="Blamed">Of a job that ended: the nodes whose fault it is.</param>
    public sealed record Seen(int Job, JobPhase Phase, string State, TimeSpan? Left, ImmutableArray<string> Blamed) : ElasticEvent;

    /// <summary>Workers of a job listen, so many by now.</summary>
    public sealed record Listening(int Job, int Generation, int Workers) : ElasticEvent;

    /// <summary>A worker is gone although its job runs, or seems to. <paramref name="Certain"/>: its node is to blame.</summary>
    public sealed record Lost(int Job, string Node, bool Certain) : ElasticEvent;

    /// <summary>A job that waits excludes these nodes no longer.</summary>
    public sealed record Allowed(int Job, ImmutableArray<string> Nodes) : ElasticEvent;

    /// <summary>A job excludes what it did. <paramref name="Why"/>: Slurm's words; null where it waits no longer, or was not asked about.</summary>
    public sealed record Kept(int Job, string? Why) : ElasticEvent;
}

/// <summary>Something to do.</summary>
abstract record ElasticEffect
{
    public sealed record Submit(int Job, int Workers, ImmutableArray<string> Exclude) : ElasticEffect;

    /// <param name="Job">Which.</param>
    /// <param name="Hard">False to let its workers finish what they do.</param>
    public sealed record Cancel(int Job, bool Hard) : ElasticEffect;

    /// <summary>A job that waits may run on these nodes again. Answered by <see cref="ElasticEvent.Allowed"/> or <see cref="ElasticEvent.Kept"/>.</summary>
    public sealed record Allow(int Job, ImmutableArray<string> Nodes) : ElasticEffect;

    /// <summary>Somebody should hear of it: of a job, or of the cluster.</summary>
    public sealed record Tell(string Text, int Job = 0) : ElasticEffect;
}
