using System.Collections.Immutable;
using Daphne.Net.Data;

namespace Daphne.Net.Distributed;

/// <summary>
/// What lies on workers of a matrix or frame that lies here, kept as its companion until it is freed: what was sent once is not sent again, by this run or another.
/// Thread-safe, because several runs may share an argument; two that send it at once leave two copies.
/// </summary>
sealed class HostCopies(WorkerSet workers) : IDisposable
{
    static readonly Lock attaching = new();

    readonly Lock gate = new();
    readonly Dictionary<RunDriver, List<(ImmutableArray<CellRange> Ranges, ImmutableArray<int> Pieces)>> pieces = [];
    readonly Dictionary<(int Worker, int Generation, CellRange Range), SharedCopy> copies = [];
    bool freed;

    /// <summary>Those of a matrix or frame on these workers; null if it has copies on the workers of another cluster already, which it keeps.</summary>
    public static HostCopies? Of(DataObject value, WorkerSet workers)
    {
        lock (attaching)
        {
            value.Companion ??= new HostCopies(workers);
            return value.Companion is HostCopies copies && copies.Workers == workers ? copies : null;
        }
    }

    public WorkerSet Workers => workers;

    /// <summary>The pieces of a run that stand for these ranges; default if it has none.</summary>
    public ImmutableArray<int> PiecesOf(RunDriver run, ImmutableArray<CellRange> ranges)
    {
        lock (gate) return pieces.TryGetValue(run, out var known) ? known.Find(k => k.Ranges.SequenceEqual(ranges)).Pieces : default;
    }

    public void Add(RunDriver run, ImmutableArray<CellRange> ranges, ImmutableArray<int> made)
    {
        lock (gate)
        {
            if (!pieces.TryGetValue(run, out var known)) pieces.Add(run, known = []);
            known.Add((ranges, made));
        }
    }

    /// <summary>The run is over: its pieces, which nobody will ask for again.</summary>
    public ImmutableArray<int> Forget(RunDriver run)
    {
        lock (gate) return pieces.Remove(run, out var known) ? [.. known.SelectMany(k => k.Pieces)] : [];
    }

    /// <summary>Which share of these parts lies on no worker: 0 where all were sent, by whatever run.</summary>
    public double Missing(ImmutableArray<CellRange> ranges)
    {
        lock (gate) return (double)ranges.Count(range => !copies.Values.Any(c => c.Key.Range == range && workers.Holds(c.Seat, c.Key.Generation))) / ranges.Length;
    }

    /// <summary>A worker that has this part and answers: the preferred one if it does; null if none has it.</summary>
    public int? HolderOf(CellRange range, int preferred)
    {
        lock (gate)
        {
            int? holder = null;
            foreach (var copy in copies.Values)
            {
                if (copy.Key.Range != range || !workers.Holds(copy.Seat, copy.Key.Generation, andAnswers: true)) continue;
                if (copy.Seat.Number == preferred) return preferred;
                holder = Math.Min(holder ?? int.MaxValue, copy.Seat.Number);
            }
            return holder;
        }
    }

    /// <summary>A copy of this part that a run left on the worker, with one user more; null if there is none.</summary>
    public SharedCopy? Use(WorkerSeat seat, int generation, CellRange range)
    {
        lock (gate)
        {
            if (!copies.TryGetValue((seat.Number, generation, range), out var copy)) return null;
            copy.Users++;
            return copy;
        }
    }

    /// <summary>Lets other runs use what this one sent; null if there is such a copy already, or nobody will ask.</summary>
    public SharedCopy? Share(WorkerSeat seat, int generation, CellRange range, Handle handle)
    {
        lock (gate)
        {
            if (freed) return null;
            // What the worker had of this before it was given up.
            foreach (var old in copies.Values.Where(c => c.Seat == seat && c.Key.Range == range && c.Key.Generation < generation).ToArray()) PutAside(old);
            var copy = new SharedCopy(this, seat, (seat.Number, generation, range), handle);
            return copies.TryAdd(copy.Key, copy) ? copy : null;
        }
    }

    /// <summary>Nobody will ask for these ranges again, because the value is cut into others from now on. What all workers have stays.</summary>
    public void Recut()
    {
        lock (gate)
            foreach (var copy in copies.Values.Where(c => c.Key.Range != CellRange.All).ToArray()) PutAside(copy);
    }

    // Freed at once, or by its last user.
    void PutAside(SharedCopy copy)
    {
        copies.Remove(copy.Key);
        if (copy.Users == 0) Free(copy);
    }

    // Workers of the original give old names to new values: of one that came back nothing is freed that it had before.
    void Free(SharedCopy copy)
    {
        if (workers.Holds(copy.Seat, copy.Key.Generation)) workers.FreeLater(copy.Seat, [copy.Handle]);
        else if (!copy.Seat.Client.Identity.Foreign) workers.LeaveBehind(copy.Seat, [copy.Handle]);
    }

    /// <summary>One user fewer. Gone: the worker does not know it any more.</summary>
    public void Leave(SharedCopy copy, bool gone = false)
    {
        lock (gate)
        {
            if (gone && copies.GetValueOrDefault(copy.Key) == copy) copies.Remove(copy.Key);
            if (--copy.Users > 0 || copies.GetValueOrDefault(copy.Key) == copy) return;
        }
        Free(copy);
    }

    /// <summary>The matrix is freed here. Runs may keep its cells for the sake of what was made of them.</summary>
    public void Dispose()
    {
        List<SharedCopy> unused;
        RunDriver[] runs;
        lock (gate)
        {
            freed = true;
            unused = [.. copies.Values.Where(c => c.Users == 0)];
            copies.Clear();
            runs = [.. pieces.Keys];
        }
        foreach (var copy in unused) Free(copy);
        foreach (var run in runs) run.Drop(Forget(run));
    }
}

/// <summary>A copy on a worker that several runs may use.</summary>
sealed class SharedCopy(HostCopies owner, WorkerSeat seat, (int Worker, int Generation, CellRange Range) key, Handle handle)
{
    public (int Worker, int Generation, CellRange Range) Key => key;

    public WorkerSeat Seat => seat;

    public Handle Handle => handle;

    public int Users { get; set; } = 1;

    public void Leave(bool gone = false) => owner.Leave(this, gone);
}
