using System.Collections.Immutable;
using System.Diagnostics;

namespace Daphne.Net.Distributed.Recovery;

/// <summary>One step of <see cref="RunMachine"/>: what an event says, written into the state.</summary>
sealed class RunTurn(RunState state)
{
    public RunState State { get; set; } = state;

    public List<RunEffect> Effects { get; } = [];

    public void Take(RunEvent happened)
    {
        switch (happened)
        {
            case RunEvent.Joined e: Join(e); break;
            case RunEvent.Suspected e when Is(e.Worker, e.Generation, MemberStatus.Up):
                Put(e.Worker, new(e.Generation, MemberStatus.Suspected));
                foreach (var call in CallsOf(e.Worker)) Abandon(call, cancel: false);
                break;
            case RunEvent.Back e when Is(e.Worker, e.Generation, MemberStatus.Suspected):
                Put(e.Worker, new(e.Generation, MemberStatus.Up));
                if (State.Ended) Effects.Add(new RunEffect.Close(e.Worker, e.Generation));
                break;
            case RunEvent.Lost e when Is(e.Worker, e.Generation, MemberStatus.Up) || Is(e.Worker, e.Generation, MemberStatus.Suspected):
                Lose(e.Worker);
                break;
            case RunEvent.Began e when !State.Ended: Begin(e); break;
            case RunEvent.Needed e when !State.Ended: Need(e.Pieces); break;
            case RunEvent.Dropped e: Drop(e.Pieces); break;
            case RunEvent.Done e when State.Calls.TryGetValue(e.Call, out var call): Answered(call); break;
            case RunEvent.Failed e when State.Calls.TryGetValue(e.Call, out var call): Refused(call, e); break;
            case RunEvent.Ticked e: Tick(e.Now); break;
            case RunEvent.Ended when !State.Ended: End(); break;
        }
    }

    /// <summary>Gives up the goals of the moment.</summary>
    public void Fail(RunFailure reason, int piece, string text)
    {
        if (State.Goals.IsEmpty) return;
        Effects.Add(new RunEffect.Fail(reason, piece, text));
        GiveUp();
    }

    bool Is(int worker, int generation, MemberStatus status) => State.Members.TryGetValue(worker, out var m) && m == new Member(generation, status);

    Call[] CallsOf(int worker) => [.. State.Calls.Values.Where(c => c.Worker == worker)];

    void Put(int worker, Member member)
    {
        State = State with { Members = State.Members.SetItem(worker, member) };
        bool alone = !State.Members.Values.Any(m => m.Status == MemberStatus.Up);
        State = State with { AloneSince = alone ? State.AloneSince ?? State.Now : null };
    }

    void Join(RunEvent.Joined e)
    {
        if (State.Members.TryGetValue(e.Worker, out var known))
        {
            if (e.Generation <= known.Generation) return;
            if (known.Status != MemberStatus.Lost) Lose(e.Worker);
        }
        Put(e.Worker, new(e.Generation, MemberStatus.Up));
        if (State.Ended) Effects.Add(new RunEffect.Close(e.Worker, e.Generation));
    }

    void Lose(int worker)
    {
        Put(worker, State.Members[worker] with { Status = MemberStatus.Lost });
        State = State with { Copies = State.Copies.RemoveRange(State.Copies.Keys.Where(k => k.Worker == worker)) };
        foreach (var call in CallsOf(worker))
        {
            Abandon(call, cancel: true);
            State = State with { Calls = State.Calls.Remove(call.Id) };
            if (call.Kind != CallKind.Compute || !State.Pieces.TryGetValue(call.Piece, out var piece)) continue;
            int deaths = State.Deaths.GetValueOrDefault(piece.Id) + 1;
            State = State with { Deaths = State.Deaths.SetItem(piece.Id, deaths) };
            if (deaths >= State.Limits.Deaths) Fail(RunFailure.Poison, piece.Id, piece.Text);
        }
    }

    void Begin(RunEvent.Began e)
    {
        foreach (var piece in e.Pieces)
            if (piece.Inputs.Any(i => i >= piece.Id)) throw new UnreachableException($"piece {piece.Id} is made of a later one");
        State = State with
        {
            Pieces = State.Pieces.SetItems(e.Pieces.Select(p => KeyValuePair.Create(p.Id, p))),
            Live = State.Live.Union(e.Pieces.Select(p => p.Id)),
            Goals = State.Goals.SetItems(e.Results.Select(r => KeyValuePair.Create(r, new Goal(e.Pieces.First(p => p.Id == r).Worker, Collect: false)))),
        };
    }

    void Need(ImmutableArray<int> pieces)
    {
        foreach (int p in pieces)
            if (State.Live.Contains(p)) State = State with { Goals = State.Goals.SetItem(p, new(State.Pieces[p].Worker, Collect: true)) };
    }

    void Drop(ImmutableArray<int> pieces)
    {
        State = State with { Live = State.Live.Except(pieces), Goals = State.Goals.RemoveRange(pieces) };
        foreach (var call in State.Calls.Values)
            if (pieces.Contains(call.Piece) && call.Kind == CallKind.Fetch) Abandon(call, cancel: true);
        // Lineage goes with the last live piece that descends from it. Ids grow from inputs to results, so one pass from the end finds it all.
        var kept = State.Live.ToBuilder();
        foreach (var piece in State.Pieces.Values.Reverse())
            if (kept.Contains(piece.Id)) kept.UnionWith(piece.Inputs);
        var gone = State.Pieces.Keys.Where(id => !kept.Contains(id)).ToArray();
        State = State with { Pieces = State.Pieces.RemoveRange(gone), Attempts = State.Attempts.RemoveRange(gone), Deaths = State.Deaths.RemoveRange(gone) };
    }

    void Answered(Call call)
    {
        State = State with { Calls = State.Calls.Remove(call.Id) };
        if (call.Kind == CallKind.Fetch)
        {
            if (call.Abandoned || !State.Goals.TryGetValue(call.Piece, out var goal) || !goal.Collect) return;
            State = State with { Goals = State.Goals.Remove(call.Piece) };
            Effects.Add(new RunEffect.Deliver(call.Piece, call.Id));
        }
        else if (!State.Copies.ContainsKey((call.Piece, call.Worker)))
            State = State with { Copies = State.Copies.Add((call.Piece, call.Worker), call.Id) };
        else if (!State.Ended)
            Effects.Add(new RunEffect.Free(call.Id, call.Worker, State.Members[call.Worker].Generation));
    }

    void Refused(Call call, RunEvent.Failed e)
    {
        State = State with { Calls = State.Calls.Remove(call.Id) };
        if (e.Kind == CallFailureKind.Forgotten && State.Pieces.TryGetValue(call.Piece, out var piece))
            State = State with { Copies = State.Copies.RemoveRange(piece.Inputs.Append(call.Piece).Select(p => (p, call.Worker))) };
        if (call.Abandoned) return;
        if (e.Kind == CallFailureKind.Work) Fail(RunFailure.Work, call.Piece, e.Text);
        else Again(call, e.Text);
    }

    void Again(Call call, string text)
    {
        int attempts = State.Attempts.GetValueOrDefault(call.Piece) + 1;
        State = State with { Retries = State.Retries + 1, Attempts = State.Attempts.SetItem(call.Piece, attempts) };
        foreach (var (p, goal) in State.Goals)
            if (goal.Worker == call.Worker && (p == call.Piece || State.Pieces[p].Inputs.Contains(call.Piece)))
                State = State with { Goals = State.Goals.SetItem(p, goal with { Worker = -1, Avoid = call.Worker }) };
        if (attempts >= State.Limits.Attempts) Fail(RunFailure.Attempts, call.Piece, text);
    }

    void Abandon(Call call, bool cancel)
    {
        if (cancel) Effects.Add(new RunEffect.Cancel(call.Id));
        if (call.Abandoned) return;
        State = State with { Calls = State.Calls.SetItem(call.Id, call with { Abandoned = true }), Retries = State.Retries + (State.Goals.IsEmpty ? 0 : 1) };
    }

    void Tick(TimeSpan now)
    {
        if (now > State.Now) State = State with { Now = now };
        foreach (var call in State.Calls.Values.Where(c => !c.Abandoned && c.Due <= State.Now).ToArray())
        {
            if (!State.Calls.TryGetValue(call.Id, out var still) || still.Abandoned) continue;
            Effects.Add(new RunEffect.Cancel(call.Id));
            State = State with { Calls = State.Calls.SetItem(call.Id, call with { Abandoned = true }) };
            Again(call, $"no answer within {State.Limits.CallTimeout.TotalSeconds:0} s");
        }
        if (State.AloneSince is { } since && State.Now - since >= State.Limits.Grace && !State.Goals.IsEmpty)
            Fail(RunFailure.NoWorkers, State.Goals.Keys.First(), "no worker is left");
    }

    void GiveUp()
    {
        State = State with { Goals = State.Goals.Clear(), Attempts = State.Attempts.Clear(), Deaths = State.Deaths.Clear() };
        foreach (var call in State.Calls.Values) if (!call.Abandoned) Abandon(call, cancel: true);
    }

    void End()
    {
        GiveUp();
        State = State with { Ended = true, Live = [], Pieces = State.Pieces.Clear(), Copies = State.Copies.Clear() };
        foreach (var (worker, member) in State.Members)
            if (member.Status == MemberStatus.Up) Effects.Add(new RunEffect.Close(worker, member.Generation));
    }
}
