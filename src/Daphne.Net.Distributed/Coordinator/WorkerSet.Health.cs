namespace Daphne.Net.Distributed;

/// <summary>Who is there: what clients say of their workers, and what questions find out where a call failed.</summary>
public sealed partial class WorkerSet
{
    /// <summary>
    /// A call to the worker broke or was not answered: asks for a sign of life and says whether one came. If none came, all runs know before this ends.
    /// </summary>
    internal Task<bool> AnswersAsync(WorkerSeat seat)
    {
        lock (gate)
        {
            if (disposed) return Task.FromResult(false);
            if (seat.Asking is { IsCompleted: false } asking) return asking;
            return seat.Asking = Task.Run(() => AskAsync(seat));
        }
    }

    async Task<bool> AskAsync(WorkerSeat seat)
    {
        try
        {
            // It came back as another process, or with another session: that is to be known before its old handles are asked for.
            if (IsLost(seat)) await seat.Client.HelloAsync(new(Options.AskTime), leaving.Token).ConfigureAwait(false);
            await seat.Client.StatsAsync(new(Options.AskTime), leaving.Token).ConfigureAwait(false);
            Answered(seat);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;   // the set is being disposed
        }
        catch (WorkerException e)
        {
            if (e.Reason == WorkerFailure.Superseded) Supersede(seat, e.Detail);
            else if (e.Reason is WorkerFailure.UnknownHandle or WorkerFailure.SessionLost) Lose(seat, e.Detail);
            else FallSilent(seat, e.Detail);
            return false;
        }
    }

    void Hear(WorkerSeat seat, WorkerHealth health)
    {
        switch (health)
        {
            case WorkerHealth.Answering: Answered(seat); break;
            // Perhaps it was we who slept: it is asked before its work moves.
            case WorkerHealth.Silent: _ = AnswersAsync(seat); break;
            case WorkerHealth.SessionLost: Lose(seat, "its session is over"); break;
            case WorkerHealth.Gone: Lose(seat, "it is gone"); break;
            case WorkerHealth.Superseded: Supersede(seat, "it obeys another coordinator now"); break;
        }
    }

    void Answered(WorkerSeat seat)
    {
        lock (gate)
        {
            int session = seat.Client.Generation;
            // What is free to be freed: handles of a session that is over mean nothing, and workers of the original give old names to new values.
            if (session == seat.Session && !seat.Client.Identity.Foreign) FreeLater(seat, [.. seat.LeftBehind]);
            seat.LeftBehind.Clear();
            if (seat.State == WorkerState.Up && session == seat.Session) return;
            grace = new(Options.Grace);
            if (seat.State == WorkerState.Lost || session != seat.Session) seat.Generation++;
            (seat.Session, seat.State, seat.Why) = (session, WorkerState.Up, "");
            Tell(seat);
        }
        Raise(seat);
    }

    void FallSilent(WorkerSeat seat, string why)
    {
        lock (gate)
        {
            Watch(seat);
            if (seat.State != WorkerState.Up) return;
            (seat.State, seat.Why) = (WorkerState.Silent, why);
            Tell(seat);
        }
        Raise(seat);
    }

    void Lose(WorkerSeat seat, string why)
    {
        lock (gate)
        {
            Watch(seat);
            if (seat.State == WorkerState.Lost) return;
            (seat.State, seat.Why) = (WorkerState.Lost, why);
            Tell(seat);
        }
        Raise(seat);
    }

    /// <summary>What a worker said of another coordinator that it obeys now; null: none did. Then nobody here is obeyed again: runs end, and none begins.</summary>
    internal WorkerException? Superseded
    {
        get
        {
            lock (gate) return superseded;
        }
    }

    WorkerException? superseded;

    internal void Supersede(WorkerSeat seat, string why)
    {
        lock (gate)
        {
            superseded ??= new(seat.Client.Identity, WorkerFailure.Superseded, why);
            (seat.State, seat.Why, seat.Superseded) = (WorkerState.Lost, why, true);
            seat.LeftBehind.Clear();
            foreach (var run in runs) run.BeTakenOver();
        }
        Raise(seat);
    }

    // Under the gate, so that every run hears things in one order; telling is putting something into its queue.
    void Tell(WorkerSeat seat)
    {
        foreach (var run in runs) run.Hear(new(seat, seat.Generation, seat.State));
    }

    void Raise(WorkerSeat seat) => Changed?.Invoke(new(seat.Client.Identity, seat.State, seat.Why));

    bool IsLost(WorkerSeat seat)
    {
        lock (gate) return seat.State == WorkerState.Lost;
    }

    void Watch(WorkerSeat seat)
    {
        if (seat.Watched || disposed || superseded is not null) return;
        seat.Watched = true;
        _ = Task.Run(() => WatchAsync(seat));
    }

    // Until it answers. A pause of this process is no silence of the worker: no round counts for more than it was to take.
    async Task WatchAsync(WorkerSeat seat)
    {
        var silent = TimeSpan.Zero;
        try
        {
            while (true)
            {
                var pause = IsLost(seat) ? 4 * Options.AskAgain : Options.AskAgain;
                long began = Options.Time.GetTimestamp();
                await Task.Delay(pause, Options.Time, leaving.Token).ConfigureAwait(false);
                bool answered = await AnswersAsync(seat).ConfigureAwait(false);
                lock (gate)
                {
                    if (seat is { State: WorkerState.Up, LeftBehind.Count: 0 } || superseded is not null)
                    {
                        seat.Watched = false;
                        return;
                    }
                }
                var took = Options.Time.GetElapsedTime(began);
                var most = pause + Options.AskTime + Options.AskAgain;
                silent += took < most ? took : most;
                if (!answered && silent >= Options.LostAfter) Lose(seat, seat.Why);
            }
        }
        catch (OperationCanceledException)
        {
            // The set is being disposed.
        }
    }
}
