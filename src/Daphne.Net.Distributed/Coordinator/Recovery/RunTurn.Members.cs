namespace Daphne.Net.Distributed.Recovery;

/// <summary>Workers that come, are quiet, leave and are lost.</summary>
sealed partial class RunTurn
{
    void Join(RunEvent.Joined e)
    {
        if (State.Members.TryGetValue(e.Worker, out var known))
        {
            if (e.Generation <= known.Generation) return;
            if (known.Status != MemberStatus.Lost) Lose(e.Worker);
        }
        State = State.With(e.Worker, new Member(e.Generation, MemberStatus.Up));
        if (State.Limits.Silence is { } silence) State = State.WithAlarm(e.Worker, State.Elapsed + silence);
        if (State.Ended) Effects.Add(new RunEffect.Close(e.Worker, e.Generation));
    }

    void Suspect(int worker)
    {
        if (!State.Answers(worker)) return;
        Put(worker, MemberStatus.Suspected);
        Concern(worker);
        foreach (int c in State.At(worker).Calls) Abandon(State.Calls[c], cancel: false);
    }

    void Return(int worker)
    {
        if (State.Answers(worker)) return;
        Put(worker, State.Leaving.ContainsKey(worker) ? MemberStatus.Draining : MemberStatus.Up);
        Concern(worker);
        foreach (int p in State.At(worker).Pieces)
            if (State.Goals.ContainsKey(p)) Goals.Add(p);
        if (State.Ended) Effects.Add(new RunEffect.Close(worker, State.Members[worker].Generation));
    }

    void Hear(int worker)
    {
        if (State.Limits.Silence is not { } silence) return;
        State = State.WithAlarm(worker, State.Elapsed + silence);
        Return(worker);
    }

    void Drain(int worker, TimeSpan? grace)
    {
        State = State with { Leaving = State.Leaving.SetItem(worker, State.Elapsed + grace) };
        if (!State.IsUp(worker)) return;
        Put(worker, MemberStatus.Draining);
        Concern(worker);
    }

    void Lose(int worker)
    {
        Concern(worker);
        State = State.WithAlarm(worker, null).WithOrphans(worker, []) with { Leaving = State.Leaving.Remove(worker) };
        Put(worker, MemberStatus.Lost);
        foreach (int p in State.At(worker).Pieces) State = State.WithoutCopy(p, worker);
        foreach (int c in State.At(worker).Calls)
        {
            Abandon(State.Calls[c], cancel: true);
            var call = State.Calls[c];
            State = State.Without(call);
            if (call.Kind != CallKind.Compute || !State.Pieces.TryGetValue(call.Piece, out var piece)) continue;
            int deaths = State.Deaths.GetValueOrDefault(piece.Id) + 1;
            State = State with { Deaths = State.Deaths.SetItem(piece.Id, deaths) };
            if (deaths >= State.Limits.Deaths) Fail(RunFailure.Poison, piece.Id, piece.Text);
        }
    }

    void Put(int worker, MemberStatus status) => State = State.With(worker, State.Members[worker] with { Status = status });
}
