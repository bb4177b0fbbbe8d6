using System.Collections.Immutable;

namespace Daphne.Net.Distributed.Recovery;

/// <summary>Changes of the tables that have an index.</summary>
sealed partial record RunState
{
    public RunState With(int worker, Member member)
    {
        bool up = member.Status == MemberStatus.Up;
        var ready = up ? Ready.Add(Rank(worker, At(worker))) : Ready.Remove(Rank(worker, At(worker)));
        return this with
        {
            Members = Members.SetItem(worker, member),
            Ready = ready,
            Suspects = member.Status == MemberStatus.Suspected ? Suspects.Add(worker) : Suspects.Remove(worker),
            AloneSince = ready.IsEmpty ? AloneSince ?? Elapsed : null,
        };
    }

    /// <summary>A new call.</summary>
    public RunState With(Call call)
    {
        var state = this with { NextCall = call.Id + 1, Calls = Calls.Add(call.Id, call), Waiting = Waiting.Add(call.Id) };
        state = call.Kind == CallKind.Fetch
            ? state with { Fetching = Fetching.Add(call.Piece, call.Id) }
            : state with { Making = Making.Add((call.Piece, call.Worker), call.Id) };
        var at = At(call.Worker);
        return state.With(call.Worker, at with { Calls = at.Calls.Add(call.Id) });
    }

    public RunState Without(Call call)
    {
        var state = call.Abandoned ? this : NotWaitingFor(call);
        var at = state.At(call.Worker);
        return (state with { Calls = state.Calls.Remove(call.Id) })
            .With(call.Worker, at with { Calls = at.Calls.Remove(call.Id), Late = at.Late - (call.Abandoned ? 1 : 0) });
    }

    public RunState Abandon(Call call)
    {
        var state = NotWaitingFor(call);
        var at = state.At(call.Worker);
        return (state with { Calls = state.Calls.SetItem(call.Id, call with { Abandoned = true }) }).With(call.Worker, at with { Late = at.Late + 1 });
    }

    public RunState WithCopy(int piece, int worker, int handle)
    {
        var at = At(worker);
        return (this with
        {
            Copies = Copies.Add((piece, worker), handle),
            Holders = Holders.SetItem(piece, Holders.GetValueOrDefault(piece, []).Add(worker)),
        }).With(worker, at with { Pieces = at.Pieces.Add(piece), Spare = Live.Contains(piece) ? at.Spare : at.Spare.Add(piece) });
    }

    public RunState WithoutCopy(int piece, int worker)
    {
        if (!Copies.ContainsKey((piece, worker))) return this;
        var at = At(worker);
        var holders = Holders[piece].Remove(worker);
        return (this with
        {
            Copies = Copies.Remove((piece, worker)),
            Holders = holders.IsEmpty ? Holders.Remove(piece) : Holders.SetItem(piece, holders),
        }).With(worker, at with { Pieces = at.Pieces.Remove(piece), Spare = at.Spare.Remove(piece) });
    }

    public RunState WithOrphans(int worker, ImmutableSortedSet<int> handles) => With(worker, At(worker) with { Orphans = handles });

    public RunState WithGoal(int piece, Goal goal)
    {
        var state = WithoutGoal(piece);
        state = state with { Goals = state.Goals.Add(piece, goal) };
        foreach (int w in (ReadOnlySpan<int>)[goal.Worker, goal.Twin])
            if (w >= 0) state = state.With(w, state.At(w) with { Goals = state.At(w).Goals.Add(piece) });
        return state;
    }

    public RunState WithoutGoal(int piece)
    {
        if (!Goals.TryGetValue(piece, out var goal)) return this;
        var state = this with { Goals = Goals.Remove(piece), Blocked = Blocked.Remove(piece) };
        foreach (int w in (ReadOnlySpan<int>)[goal.Worker, goal.Twin])
            if (w >= 0) state = state.With(w, state.At(w) with { Goals = state.At(w).Goals.Remove(piece) });
        return state;
    }

    /// <summary>A piece that may be asked for.</summary>
    public RunState WithLive(Piece piece)
    {
        var state = this with { Live = Live.Add(piece.Id), Pieces = Pieces.SetItem(piece.Id, piece) };
        if (!Pieces.ContainsKey(piece.Id))
            foreach (int i in piece.Inputs) state = state with { Readers = state.Readers.SetItem(i, state.Readers.GetValueOrDefault(i) + 1) };
        foreach (int w in Holders.GetValueOrDefault(piece.Id, [])) state = state.With(w, state.At(w) with { Spare = state.At(w).Spare.Remove(piece.Id) });
        return state;
    }

    /// <summary>Nobody will ask for it. Its lineage goes with the last kept piece that descends from it.</summary>
    public RunState WithoutLive(int piece)
    {
        if (!Live.Contains(piece)) return this;
        var state = WithoutGoal(piece) with { Live = Live.Remove(piece) };
        foreach (int w in Holders.GetValueOrDefault(piece, [])) state = state.With(w, state.At(w) with { Spare = state.At(w).Spare.Add(piece) });
        var unread = new Stack<int>([piece]);
        while (unread.TryPop(out int id))
        {
            if (state.Live.Contains(id) || state.Readers.ContainsKey(id) || !state.Pieces.TryGetValue(id, out var gone)) continue;
            state = state with { Pieces = state.Pieces.Remove(id), Attempts = state.Attempts.Remove(id), Deaths = state.Deaths.Remove(id) };
            if (state.Pipelines.TryGetValue(gone.Siblings, out var siblings))
                state = state with
                {
                    Pipelines = siblings.Kept == 1 ? state.Pipelines.Remove(gone.Siblings) : state.Pipelines.SetItem(gone.Siblings, siblings with { Kept = siblings.Kept - 1 }),
                };
            foreach (int i in gone.Inputs)
            {
                int readers = state.Readers[i] - 1;
                state = state with { Readers = readers == 0 ? state.Readers.Remove(i) : state.Readers.SetItem(i, readers) };
                if (readers == 0) unread.Push(i);
            }
        }
        return state;
    }

    public RunState WithAlarm(int worker, TimeSpan? alarm)
    {
        var at = At(worker);
        var alarms = at.Alarm is { } old ? Alarms.Remove((old, worker)) : Alarms;
        return (this with { Alarms = alarm is { } next ? alarms.Add((next, worker)) : alarms }).With(worker, at with { Alarm = alarm });
    }

    /// <summary>The computation's time, for what is expected of its siblings.</summary>
    public RunState Timed(Call call) => Pipelines.TryGetValue(call.Siblings, out var siblings)
        ? this with { Pipelines = Pipelines.SetItem(call.Siblings, siblings with { Took = siblings.Took.Add((Age(call), call.Id)) }) }
        : this;

    public TimeSpan Age(Call call) => Elapsed - (call.Due - Limits.CallTimeout);

    RunState With(int worker, WorkerIndex at)
    {
        var old = At(worker);
        var state = this with { Workers = Workers.SetItem(worker, at) };
        return IsUp(worker) && Rank(worker, old) != Rank(worker, at)
            ? state with { Ready = Ready.Remove(Rank(worker, old)).Add(Rank(worker, at)) }
            : state;
    }

    static (bool, int, int) Rank(int worker, WorkerIndex at) => (at.Late > 0, at.Goals.Count, worker);

    RunState NotWaitingFor(Call call)
    {
        var state = this with { Waiting = Waiting.Remove(call.Id) };
        return call.Kind == CallKind.Fetch
            ? state with { Fetching = Fetching.Remove(call.Piece) }
            : state with { Making = Making.Remove((call.Piece, call.Worker)) };
    }
}
