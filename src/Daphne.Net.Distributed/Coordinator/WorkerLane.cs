using Daphne.Net.Distributed.Recovery;

namespace Daphne.Net.Distributed;

/// <summary>A call to a worker, waiting or under way.</summary>
/// <param name="Id">Of the call.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="Piece">What it is about.</param>
/// <param name="Lane">To whom.</param>
/// <param name="Bytes">About how much moves.</param>
/// <param name="Budget">How long it may take.</param>
/// <param name="Work">Does it.</param>
sealed record WorkerCall(int Id, CallKind Kind, int Piece, WorkerLane Lane, long Bytes, TimeSpan Budget, Func<CancellationToken, Task<CallAnswer>> Work)
{
    /// <summary>When the driver stops waiting, by its clock; the client should have long before.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>What it needs until it has ended: released then.</summary>
    public Data.DataObject? Needs { get; init; }

    /// <summary>Told if it will not begin.</summary>
    public Action? Dropped { get; init; }

    /// <summary>Ends the call.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>Ends the waiting for it, where ending the call did not help.</summary>
    public CancellationTokenSource Late { get; } = new();

    /// <summary>It will not begin.</summary>
    public void Drop()
    {
        Needs?.Release();
        Dropped?.Invoke();
    }
}

/// <summary>What a call brought: what it made, or a value that was fetched.</summary>
readonly record struct CallAnswer(IReadOnlyList<CallValue> Made, Data.DataObject? Value = null);

/// <summary>The calls to one generation of a worker: in order and one at a time, or several with bounds on their number and bytes. Used by one thread.</summary>
sealed class WorkerLane(WorkerSeat seat, int generation, DispatchMode mode)
{
    const int MostTransfers = 2, MostComputing = 2;
    const long MostBytes = 256 << 20;

    readonly LinkedList<WorkerCall> computing = new(), moving = new();
    int computes, transfers;
    long bytes;

    public WorkerSeat Seat => seat;

    public int Generation => generation;

    public void Add(WorkerCall call) => (mode == DispatchMode.Asynchronous && call.Kind == CallKind.Compute ? computing : moving).AddLast(call);

    /// <summary>Takes out a call that has not begun; false if there is none of that number.</summary>
    public bool Remove(WorkerCall call) => moving.Remove(call) || computing.Remove(call);

    /// <summary>Takes out all that have not begun.</summary>
    public WorkerCall[] Clear()
    {
        WorkerCall[] all = [.. computing, .. moving];
        computing.Clear();
        moving.Clear();
        return all;
    }

    /// <summary>The call that begins now; null if none may.</summary>
    public WorkerCall? Begin()
    {
        var line = mode == DispatchMode.Synchronous ? (computes + transfers == 0 ? moving : null)
            : computing.Count > 0 && computes < MostComputing ? computing
            : moving.First is { Value: var next } && transfers < MostTransfers && (transfers == 0 || bytes + next.Bytes <= MostBytes) ? moving : null;
        if (line?.First is not { Value: var call }) return null;
        line.RemoveFirst();
        Count(call, 1);
        return call;
    }

    public void End(WorkerCall call) => Count(call, -1);

    void Count(WorkerCall call, int one)
    {
        if (call.Kind == CallKind.Compute) computes += one;
        else transfers += one;
        bytes += one * call.Bytes;
    }
}
