using System.Collections.Immutable;

namespace Daphne.Net.Distributed.Recovery;

/// <summary>The results of one pipeline, by which a slow one is found.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Kept">How many of them are kept, alive or for lineage.</param>
sealed record Siblings(int Count, int Kept)
{
    /// <summary>What finished computations took, by time and call.</summary>
    public ImmutableSortedSet<(TimeSpan Took, int Call)> Took { get; init; } = [];

    /// <summary>After how long one is slow; null until half of them have finished.</summary>
    public TimeSpan? Patience(RecoveryLimits limits)
    {
        if (Took.IsEmpty || 2 * Took.Count < Count) return null;
        var slow = limits.SlowFactor * Took[Took.Count / 2].Took;
        return slow > limits.SlowAfter ? slow : limits.SlowAfter;
    }
}
