using System.Collections.Immutable;
using System.Threading.Channels;

namespace Daphne.Net.Distributed;

/// <summary>
/// The workers of a cluster in their order: who is up, who is silent, who is lost, whatever run finds out; and the values nobody needs any more that are
/// still to be freed there. Frees happen in the background, in one call per worker, and never fail a run: a worker that is gone holds nothing. Thread-safe.
/// </summary>
public sealed partial class WorkerSet : IAsyncDisposable
{
    readonly Channel<(WorkerSeat Seat, IReadOnlyList<Handle> Handles)> garbage = Channel.CreateUnbounded<(WorkerSeat, IReadOnlyList<Handle>)>(new() { SingleReader = true });
    readonly Task sweeper;
    readonly bool ownsClients;
    readonly Lock gate = new();
    readonly HashSet<RunDriver> runs = [];
    readonly CancellationTokenSource leaving = new();
    ImmutableArray<WorkerSeat> seats = [];
    volatile bool disposed;
    volatile WorkerGrace grace;

    /// <summary>Wraps clients that are connected and greeted.</summary>
    /// <param name="clients">At least one; their order decides who gets which rows.</param>
    /// <param name="ownsClients">True to dispose the clients with the set.</param>
    /// <param name="options">When workers count as lost.</param>
    public WorkerSet(IEnumerable<IWorkerClient> clients, bool ownsClients = true, WorkerSetOptions? options = null)
    {
        Options = options ?? new();
        grace = new(Options.Grace);
        foreach (var client in clients) Add(client);
        if (seats.Length == 0) throw new ArgumentException("a cluster needs at least one worker", nameof(clients));
        this.ownsClients = ownsClients;
        Telemetry.Sets.Add(this);
        sweeper = Task.Run(SweepAsync);
    }

    /// <summary>When workers count as lost.</summary>
    public WorkerSetOptions Options { get; }

    /// <summary>All workers there ever were, in their order.</summary>
    public ImmutableArray<IWorkerClient> Clients => [.. Seats.Select(s => s.Client)];

    /// <summary>Those that are not lost, in their order: on these a run starts.</summary>
    public ImmutableArray<IWorkerClient> Usable
    {
        get
        {
            lock (gate) return [.. seats.Where(s => s.State != WorkerState.Lost).Select(s => s.Client)];
        }
    }

    /// <summary>Raised when a worker joins, falls silent, comes back or is lost; from any thread, and handlers must not wait.</summary>
    public event Action<WorkerChange>? Changed;

    /// <summary>How many get work at this moment.</summary>
    internal int Answering
    {
        get
        {
            lock (gate) return seats.Count(s => s.State == WorkerState.Up);
        }
    }

    /// <summary>How long runs wait while no worker answers, also those under way. Somebody who knows more of the workers sets it; one that joins or answers sets it back to what the options say.</summary>
    internal WorkerGrace Grace
    {
        get => grace;
        set => grace = value;
    }

    internal ImmutableArray<WorkerSeat> Seats
    {
        get
        {
            lock (gate) return seats;
        }
    }

    internal bool IsDisposed => disposed;

    /// <summary>Adds a worker that is connected and greeted: runs use it from their next pipeline on, and for what others lost at once.</summary>
    public void Add(IWorkerClient client)
    {
        WorkerSeat seat;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            seat = new(seats.Length, client);
            seats = seats.Add(seat);
            grace = new(Options.Grace);
            Tell(seat);
        }
        client.HealthChanged += seat.Listener = health => Hear(seat, health);
        if (seat.Number > 0) Raise(seat);
    }

    /// <summary>From now on the run is told of changes; what is there at this moment comes back.</summary>
    internal ImmutableArray<SeatNews> Register(RunDriver run)
    {
        lock (gate)
        {
            runs.Add(run);
            return [.. seats.Select(s => new SeatNews(s, s.Generation, s.State))];
        }
    }

    internal void Unregister(RunDriver run)
    {
        lock (gate) runs.Remove(run);
    }

    internal void FreeLater(WorkerSeat seat, IReadOnlyList<Handle> handles)
    {
        if (handles.Count > 0) garbage.Writer.TryWrite((seat, handles));
    }

    /// <summary>Values of a generation that was given up: they go if the worker was only cut off.</summary>
    internal void LeaveBehind(WorkerSeat seat, IReadOnlyList<Handle> handles)
    {
        lock (gate)
        {
            if (seat.State != WorkerState.Up) seat.LeftBehind.AddRange(handles);
            else FreeLater(seat, handles);
        }
    }

    /// <summary>True if what was placed on this generation of a worker is believed to be there, also while it is silent unless it must answer.</summary>
    internal bool Holds(WorkerSeat seat, int generation, bool andAnswers = false)
    {
        lock (gate) return seat.Generation == generation && (seat.State == WorkerState.Up || (seat.State == WorkerState.Silent && !andAnswers));
    }

    internal int GenerationOf(WorkerSeat seat)
    {
        lock (gate) return seat.Generation;
    }

    async Task SweepAsync()
    {
        while (await garbage.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            List<(WorkerSeat Seat, IReadOnlyList<Handle> Handles)> parts = [];
            while (garbage.Reader.TryRead(out var more)) parts.Add(more);
            await Task.WhenAll(parts.GroupBy(p => p.Seat).Select(g => FreeAsync(g.Key, [.. g.SelectMany(p => p.Handles)]))).ConfigureAwait(false);
        }
    }

    async Task FreeAsync(WorkerSeat seat, IReadOnlyList<Handle> handles)
    {
        if (seat.Superseded) return;
        try
        {
            await seat.Client.FreeAsync(handles, disposed ? new(Options.AskTime) : CallBudget.Control, CancellationToken.None).ConfigureAwait(false);
        }
        catch (WorkerException e) when (e.Reason is not (WorkerFailure.SessionLost or WorkerFailure.Superseded))
        {
            // It is asked what is the matter, and told again when it answers: it may have done so already, to somebody else.
            lock (gate)
            {
                seat.LeftBehind.AddRange(handles);
                Watch(seat);
            }
        }
        catch (WorkerException e)
        {
            // What lay there is gone with the session.
            if (e.Reason == WorkerFailure.Superseded) Supersede(seat, e.Detail);
        }
    }

    /// <summary>Ends the runs, frees what is still to be freed, then disposes the clients if the set owns them.</summary>
    public async ValueTask DisposeAsync()
    {
        RunDriver[] ending;
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
            Telemetry.Sets.Remove(this);
            ending = [.. runs];
        }
        foreach (var seat in seats) seat.Client.HealthChanged -= seat.Listener;
        await leaving.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(ending.Select(r => r.EndAsync())).ConfigureAwait(false);
        garbage.Writer.TryComplete();
        await sweeper.ConfigureAwait(false);
        // All at once: one that does not answer delays only itself.
        if (ownsClients) await Task.WhenAll(seats.Select(s => s.Client.DisposeAsync().AsTask())).ConfigureAwait(false);
    }
}
