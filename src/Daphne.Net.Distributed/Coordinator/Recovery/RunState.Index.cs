using System.Collections.Immutable;

namespace Daphne.Net.Distributed.Recovery;

/// <summary>What the tables of a run say about one worker.</summary>
sealed record WorkerIndex
{
    public static readonly WorkerIndex Empty = new();

    /// <summary>Calls it has not answered, abandoned ones too.</summary>
    public ImmutableSortedSet<int> Calls { get; init; } = [];

    /// <summary>How many of them are abandoned.</summary>
    public int Late { get; init; }

    /// <summary>Goals it works on, as a twin too.</summary>
    public ImmutableSortedSet<int> Goals { get; init; } = [];

    /// <summary>Pieces it holds.</summary>
    public ImmutableSortedSet<int> Pieces { get; init; } = [];

    /// <summary>Those of them nobody will ask for: freed once nothing reads them.</summary>
    public ImmutableSortedSet<int> Spare { get; init; } = [];

    /// <summary>Handles of results nobody counts on: freed once the worker answers.</summary>
    public ImmutableSortedSet<int> Orphans { get; init; } = [];

    /// <summary>When its silence has been too long; null when nobody listens here.</summary>
    public TimeSpan? Alarm { get; init; }
}

/// <summary>
/// The tables again by worker and by piece, so that a step costs what it concerns and not what there is. Every change of a table that has an
/// index goes through the methods of <c>RunState.Changes.cs</c>.
/// </summary>
sealed partial record RunState
{
    public ImmutableDictionary<int, WorkerIndex> Workers { get; init; } = ImmutableDictionary<int, WorkerIndex>.Empty;

    /// <summary>Workers that are up, the best for new work first: those that owe no answer, then by goals.</summary>
    public ImmutableSortedSet<(bool Late, int Goals, int Worker)> Ready { get; init; } = [];

    public ImmutableSortedSet<int> Suspects { get; init; } = [];

    /// <summary>By when workers must have been heard.</summary>
    public ImmutableSortedSet<(TimeSpan At, int Worker)> Alarms { get; init; } = [];

    /// <summary>Calls that are not abandoned. All have the same time, so the first is due first.</summary>
    public ImmutableSortedSet<int> Waiting { get; init; } = [];

    /// <summary>Of these, sends and computations by what they make where.</summary>
    public ImmutableDictionary<(int Piece, int Worker), int> Making { get; init; } = ImmutableDictionary<(int, int), int>.Empty;

    /// <summary>Of these, fetches by piece.</summary>
    public ImmutableDictionary<int, int> Fetching { get; init; } = ImmutableDictionary<int, int>.Empty;

    public ImmutableDictionary<int, ImmutableSortedSet<int>> Holders { get; init; } = ImmutableDictionary<int, ImmutableSortedSet<int>>.Empty;

    /// <summary>How often kept pieces name a piece as input.</summary>
    public ImmutableDictionary<int, int> Readers { get; init; } = ImmutableDictionary<int, int>.Empty;

    /// <summary>Goals that wait until it is known who died of a fragment.</summary>
    public ImmutableSortedSet<int> Blocked { get; init; } = [];

    public WorkerIndex At(int worker) => Workers.GetValueOrDefault(worker, WorkerIndex.Empty);

    /// <summary>The first worker that holds a piece and answers; -1 for none.</summary>
    public int Holder(int piece, int except = -1)
    {
        if (Holders.TryGetValue(piece, out var holders))
            foreach (int w in holders)
                if (w != except && Answers(w)) return w;
        return -1;
    }

    /// <summary>What fragments on a worker read, or will when its goals have what they lack there.</summary>
    public HashSet<int> ReadOn(int worker)
    {
        var at = At(worker);
        var read = new HashSet<int>();
        foreach (int c in at.Calls) read.UnionWith(Calls[c].Reads);
        var missing = new Stack<int>(at.Goals.Where(g => Holder(g) < 0));
        var seen = new HashSet<int>(missing);
        while (missing.TryPop(out int id))
            foreach (int i in Pieces[id].Inputs)
            {
                read.Add(i);
                if (!Copies.ContainsKey((i, worker)) && seen.Add(i)) missing.Push(i);
            }
        return read;
    }
}
