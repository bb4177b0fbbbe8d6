using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>How the rows (or columns) of a value are cut into ranges, and whose each of them is.</summary>
/// <param name="Axis">What the ranges are of.</param>
/// <param name="Ranges">Not empty, one behind the other.</param>
/// <param name="Takers">For each range who gets it: a position among the workers that take part. It rises.</param>
sealed record Cut(SplitKind Axis, ImmutableArray<(long First, long Count)> Ranges, ImmutableArray<int> Takers)
{
    /// <summary>True if any of those who take part gets several ranges.</summary>
    public bool SeveralEach => Takers.Length > 1 && Takers.Zip(Takers.Skip(1)).Any(t => t.First == t.Second);

    /// <summary>The ranges of each who takes part, by their positions in <see cref="Ranges"/>.</summary>
    public IEnumerable<int[]> ByTaker => Enumerable.Range(0, Takers.Length).GroupBy(i => Takers[i]).Select(g => g.ToArray());

    /// <summary>The ranges that parts of these sizes have, put one behind the other; empty parts are left out.</summary>
    public static Cut Of(SplitKind axis, IEnumerable<(long Count, int Taker)> parts)
    {
        var ranges = ImmutableArray.CreateBuilder<(long, long)>();
        var takers = ImmutableArray.CreateBuilder<int>();
        long first = 0;
        foreach (var (count, taker) in parts)
        {
            if (count == 0) continue;
            ranges.Add((first, count));
            takers.Add(taker);
            first += count;
        }
        return new(axis, ranges.ToImmutable(), takers.ToImmutable());
    }

    public bool Equals(Cut? other) => other is not null && Axis == other.Axis && Ranges.AsSpan().SequenceEqual(other.Ranges.AsSpan()) && Takers.AsSpan().SequenceEqual(other.Takers.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Axis, Ranges.Length);
}

/// <summary>A value that is cut: pipelines over it follow its ranges, so that nothing moves and sums are added in one order wherever they are computed.</summary>
interface ICut
{
    /// <summary>Of this run; null: nobody is to follow it.</summary>
    Cut? CutIn(DistributedBackend run);
}
