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

    /// <summary>Pieces that may be asked for.</summary>
    public RunState WithLive(IReadOnlyCollection<Piece> pieces)
    {
        var (known, live, readers) = (Pieces.ToBuilder(), Live.ToBuilder(), Readers.ToBuilder());
        foreach (var piece in pieces)
        {
            if (!known.ContainsKey(piece.Id))
                foreach (int i in piece.Inputs) readers[i] = readers.GetValueOrDefault(i) + 1;
            known[piece.Id] = piece;
            live.Add(piece.Id);
        }
        var state = this with { Pieces = known.ToImmutable(), Live = live.ToImmutable(), Readers = readers.ToImmutable() };
        foreach (var piece in pieces)
            foreach (int w in Holders.GetValueOrDefault(piece.Id, [])) state = state.With(w, state.At(w) with { Spare = state.At(w).Spare.Remove(piece.Id) });
        return state;
    }

    /// <summary>Nobody will ask for these. Their lineage goes with the last kept piece that descends from it.</summary>
    public RunState WithoutLive(IReadOnlyCollection<int> pieces) => Without(pieces, []);

    /// <summary>The host has these now: they are sent where they were computed before.</summary>
    public RunState WithoutLineage(IReadOnlyCollection<int> pieces) => Without([], pieces);

    RunState Without(IReadOnlyCollection<int> pieces, IReadOnlyCollection<int> lineages)
    {
        var state = this;
        var (known, live, readers, pipelines) = (Pieces.ToBuilder(), Live.ToBuilder(), Readers.ToBuilder(), Pipelines.ToBuilder());
        var unread = new Stack<int>();
        foreach (int piece in pieces)
        {
            if (!live.Remove(piece)) continue;
            unread.Push(piece);
            state = state.WithoutGoal(piece);
            foreach (int w in Holders.GetValueOrDefault(piece, [])) state = state.With(w, state.At(w) with { Spare = state.At(w).Spare.Add(piece) });
        }
        foreach (int piece in lineages)
        {
            var made = known[piece];
            known[piece] = made with { Fragment = null, Inputs = [] };
            foreach (int i in made.Inputs) Unread(i);
        }
        while (unread.TryPop(out int id))
        {
            if (live.Contains(id) || readers.ContainsKey(id) || !known.Remove(id, out var gone)) continue;
            state = state with { Attempts = state.Attempts.Remove(id), Deaths = state.Deaths.Remove(id) };
            if (pipelines.TryGetValue(gone.Siblings, out var siblings))
            {
                if (siblings.Kept == 1) pipelines.Remove(gone.Siblings);
                else pipelines[gone.Siblings] = siblings with { Kept = siblings.Kept - 1 };
            }
            foreach (int i in gone.Inputs) Unread(i);
        }
        return state with { Pieces = known.ToImmutable(), Live = live.ToImmutable(), Readers = readers.ToImmutable(), Pipelines = pipelines.ToImmutable() };

        void Unread(int input)
        {
            if (--readers[input] > 0) return;
            readers.Remove(input);
            unread.Push(input);
        }
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
