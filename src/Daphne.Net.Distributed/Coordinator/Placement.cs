using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>A part of a value on one worker.</summary>
/// <param name="Worker">Number of the worker in its set.</param>
/// <param name="Handle">What the worker calls it; its shape is the part's.</param>
readonly record struct PlacedPart(int Worker, Handle Handle);

/// <summary>
/// Where a value lies on the workers: one part per worker, in worker order. <see cref="Combine"/> says how the parts make the value; null means
/// that every part is all of it. Disposing frees the parts.
/// </summary>
sealed class Placement(WorkerSet workers, CombineKind? combine, ImmutableArray<PlacedPart> parts) : IDisposable
{
    int disposed;

    public CombineKind? Combine => combine;

    public ImmutableArray<PlacedPart> Parts => parts;

    /// <summary>True if the parts are the ranges that a value of as many rows (or columns) is split into, so that a pipeline over both moves neither.</summary>
    public bool HasRangesOf(SplitPlan plan) =>
        combine == plan.Combine && parts.Length == plan.Ranges.Length
        && parts.Select((p, i) => p.Worker == i && (plan.Axis == SplitKind.Cols ? p.Handle.Cols : p.Handle.Rows) == plan.Ranges[i].Count).All(same => same);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0) workers.FreeLater(parts);
    }
}
