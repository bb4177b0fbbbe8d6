using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>
/// The copies on workers of an object that lies here, kept as its companion until it is freed: what was sent once is not sent again. Thread-safe, because
/// several runs may share an argument; two that send it at once leave two copies, and none goes while a run may still compute with it.
/// </summary>
sealed class Copies(WorkerSet workers) : IDisposable
{
    static readonly Lock attaching = new();

    readonly Lock gate = new();
    readonly List<Placement> placements = [];

    /// <summary>Those of a matrix or frame on these workers; null if it has copies on the workers of another cluster already, which it keeps.</summary>
    public static Copies? Of(DataObject value, WorkerSet workers)
    {
        lock (attaching)
        {
            value.Companion ??= new Copies(workers);
            return value.Companion is Copies copies && copies.Workers == workers ? copies : null;
        }
    }

    public WorkerSet Workers => workers;

    /// <summary>Where its ranges lie, one per worker; null where they do not.</summary>
    public Placement? Ranges(SplitPlan plan)
    {
        lock (gate) return placements.Find(p => p.HasRangesOf(plan));
    }

    /// <summary>Where all of it lies on each of the first workers; null where it does not.</summary>
    public Placement? Whole(int onWorkers)
    {
        lock (gate) return placements.Find(p => p.Combine is null && p.Parts.Length >= onWorkers);
    }

    /// <summary>Keeps a placement until the object is freed.</summary>
    public void Add(Placement placement)
    {
        lock (gate) placements.Add(placement);
    }

    public void Dispose()
    {
        foreach (var placement in placements) placement.Dispose();
    }
}
