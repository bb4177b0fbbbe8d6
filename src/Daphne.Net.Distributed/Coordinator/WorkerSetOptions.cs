namespace Daphne.Net.Distributed;

/// <summary>When the workers of a cluster count as lost, and how long a run waits for others.</summary>
public sealed record WorkerSetOptions
{
    /// <summary>How long a run waits while no worker answers, before it fails. Default 60 seconds.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a worker may be silent before what it held counts as lost, where its client does not know better. Default 30 seconds.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>True if the workers end as a whole with any of them, as the ranks of an MPI job do: nothing is moved to the others then. Default false.</summary>
    public bool Together { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How a large value for several workers goes from one to the other. Null: a worker hands on, if at all, what it has entirely.</summary>
    internal SendAlong? Along { get; init; }

    /// <summary>Longest time a question for a sign of life may take.</summary>
    internal TimeSpan AskTime { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The time between two questions to a worker that is silent; to one that is lost, four times as much.</summary>
    internal TimeSpan AskAgain { get; init; } = TimeSpan.FromSeconds(0.5);
}

/// <summary>How long a run waits while no worker answers.</summary>
/// <param name="Time">Zero: not at all, because nobody comes back.</param>
/// <param name="Why">What is known of the workers, in words; empty for nothing.</param>
sealed record WorkerGrace(TimeSpan Time, string Why = "");
