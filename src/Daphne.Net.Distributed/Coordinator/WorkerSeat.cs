namespace Daphne.Net.Distributed;

/// <summary>What the set believes of a worker.</summary>
public enum WorkerState
{
    /// <summary>It gets work.</summary>
    Up,
    /// <summary>It does not answer: its work moves, what it holds is not given up.</summary>
    Silent,
    /// <summary>What it held is gone. It gets work again once it answers, as one that holds nothing.</summary>
    Lost,
}

/// <summary>A change in a set of workers.</summary>
/// <param name="Worker">Which worker.</param>
/// <param name="State">What it is from now on.</param>
/// <param name="Detail">Why, in words; empty for good news.</param>
public sealed record WorkerChange(WorkerIdentity Worker, WorkerState State, string Detail);

/// <summary>A worker in its set. What changes is guarded by the set.</summary>
sealed class WorkerSeat(int number, IWorkerClient client)
{
    public int Number => number;

    public IWorkerClient Client => client;

    /// <summary>Grows each time it comes back with nothing.</summary>
    public int Generation { get; set; } = 1;

    public WorkerState State { get; set; }

    public string Why { get; set; } = "";

    /// <summary>It obeys another coordinator: it is asked nothing more.</summary>
    public volatile bool Superseded;

    /// <summary>The session of the client that this generation stands for.</summary>
    public int Session { get; set; } = client.Generation;

    /// <summary>What it may still hold of generations that were given up: freed if it turns out to have been cut off only.</summary>
    public List<Handle> LeftBehind { get; } = [];

    /// <summary>A question for a sign of life that is under way.</summary>
    public Task<bool>? Asking { get; set; }

    /// <summary>True while somebody asks again and again.</summary>
    public bool Watched { get; set; }

    public Action<WorkerHealth>? Listener { get; set; }
}

/// <summary>What a set tells its runs of a worker.</summary>
readonly record struct SeatNews(WorkerSeat Seat, int Generation, WorkerState State);
