using System.Collections.Immutable;
using System.Diagnostics;

namespace Daphne.Net.Distributed.Recovery;

/// <summary>One step of <see cref="RunMachine"/>: what an event says, written into the state, and whom it concerns.</summary>
sealed partial class RunTurn(RunState state)
{
    public RunState State { get; set; } = state;

    public List<RunEffect> Effects { get; } = [];

    /// <summary>Goals whose next step may be another one than before.</summary>
    public SortedSet<int> Goals { get; } = [];

    /// <summary>Workers that may hold something nothing reads any more.</summary>
    public SortedSet<int> Holders { get; } = [];

    /// <summary>How many goals, calls and copies this step has looked at.</summary>
    public int Looked { get; set; }

    public void Take(RunEvent happened)
    {
        var before = State;
        switch (happened)
        {
            case RunEvent.Joined e: Join(e); break;
            case RunEvent.Suspected e when Is(e.Worker, e.Generation): Suspect(e.Worker); break;
            case RunEvent.Back e when Is(e.Worker, e.Generation): Return(e.Worker); break;
            case RunEvent.Heard e when Is(e.Worker, e.Generation): Hear(e.Worker); break;
            case RunEvent.Draining e when Is(e.Worker, e.Generation): Drain(e.Worker, e.Grace); break;
            case RunEvent.Lost e when Is(e.Worker, e.Generation): Lose(e.Worker); break;
            case RunEvent.Began e when !State.Ended: Begin(e); break;
            case RunEvent.Needed e when !State.Ended: Need(e.Pieces); break;
            case RunEvent.Dropped e: Drop(e.Pieces); break;
            case RunEvent.Kept e: Keep(e.Pieces); break;
            case RunEvent.Done e when State.Calls.TryGetValue(e.Call, out var call): Answered(call); break;
            case RunEvent.Failed e when State.Calls.TryGetValue(e.Call, out var call): Refused(call, e); break;
            case RunEvent.Ticked e: Tick(e.Now); break;
            case RunEvent.Ended when !State.Ended: End(); break;
        }
        if (ReferenceEquals(State, before)) return;   // old news
        Goals.UnionWith(State.Blocked);
        if (before.Ready.IsEmpty && !State.Ready.IsEmpty) Goals.UnionWith(State.Goals.Keys);
    }

    /// <summary>Gives up the goals of the moment.</summary>
    public void Fail(RunFailure reason, int piece, string text)
    {
        if (State.Goals.IsEmpty) return;
        Effects.Add(new RunEffect.Fail(reason, piece, text));
        GiveUp();
    }

    /// <summary>Stops waiting for a call nobody needs any more.</summary>
    public void Cancel(Call call)
    {
        Effects.Add(new RunEffect.Cancel(call.Id));
        if (!call.Abandoned) State = State.Abandon(call);
    }

    bool Is(int worker, int generation) => State.Members.TryGetValue(worker, out var m) && m.Generation == generation && m.Status != MemberStatus.Lost;

    void Concern(int worker)
    {
        Holders.Add(worker);
        Goals.UnionWith(State.At(worker).Goals);
    }

    void Begin(RunEvent.Began e)
    {
        foreach (var piece in e.Pieces)
            if (piece.Inputs.Any(i => i >= piece.Id)) throw new UnreachableException($"piece {piece.Id} is made of a later one");
        var results = e.Results.ToHashSet();
        int pipeline = results.Count > 0 ? results.Min() : -1;
        State = State.WithLive([.. e.Pieces.Select(p => results.Contains(p.Id) ? p with { Siblings = pipeline } : p)]);
        if (results.Count > 0) State = State with { Pipelines = State.Pipelines.SetItem(pipeline, new(results.Count, results.Count)) };
        foreach (int r in results) State = State.WithGoal(r, new(State.Pieces[r].Worker, Collect: false));
        Goals.UnionWith(results);
    }

    void Need(ImmutableArray<int> pieces)
    {
        foreach (int p in pieces)
        {
            if (!State.Live.Contains(p)) continue;
            State = State.WithGoal(p, State.Goals.TryGetValue(p, out var goal) ? goal with { Collect = true } : new(State.Pieces[p].Worker, Collect: true));
            Goals.Add(p);
        }
    }

    void Drop(ImmutableArray<int> pieces)
    {
        foreach (int p in pieces)
        {
            if (State.Goals.TryGetValue(p, out var goal))
            {
                Holders.Add(goal.Worker);
                Holders.Add(goal.Twin);
            }
            Holders.UnionWith(State.Holders.GetValueOrDefault(p, []));
            if (State.Fetching.TryGetValue(p, out int fetch)) Cancel(State.Calls[fetch]);
        }
        State = State.WithoutLive(pieces);
    }

    void Keep(ImmutableArray<int> pieces)
    {
        State = State.WithoutLineage([.. pieces.Where(State.Live.Contains)]);
        foreach (var (worker, at) in State.Workers)
            if (!at.Spare.IsEmpty) Holders.Add(worker);
    }

    void Answered(Call call)
    {
        State = State.Without(call);
        if (State.Ended) return;
        Concern(call.Worker);
        if (call.Kind == CallKind.Fetch)
        {
            if (call.Abandoned || !State.Goals.TryGetValue(call.Piece, out var goal) || !goal.Collect) return;
            State = State.WithoutGoal(call.Piece);
            Effects.Add(new RunEffect.Deliver(call.Piece, call.Id));
            return;
        }
        if (!call.Abandoned) State = State.Timed(call);
        // Nobody waited for it, and somebody else has it: the loser of two twins, or a worker that was given up too soon.
        bool surplus = call.Abandoned && State.Holder(call.Piece, except: call.Worker) >= 0 && !State.ReadOn(call.Worker).Contains(call.Piece);
        if (surplus || State.Copies.ContainsKey((call.Piece, call.Worker)))
            State = State.WithOrphans(call.Worker, State.At(call.Worker).Orphans.Add(call.Id));
        else
            State = State.WithCopy(call.Piece, call.Worker, call.Id);
        if (State.Goals.ContainsKey(call.Piece)) Goals.Add(call.Piece);
    }

    void Refused(Call call, RunEvent.Failed e)
    {
        State = State.Without(call);
        if (State.Ended) return;
        Concern(call.Worker);
        if (State.Goals.ContainsKey(call.Piece)) Goals.Add(call.Piece);
        if (e.Kind == CallFailureKind.Forgotten)
            foreach (var (piece, handle) in call.Given) Forget(piece, call.Worker, handle);
        if (call.Abandoned) return;
        if (e.Kind == CallFailureKind.Work) Fail(RunFailure.Work, call.Piece, e.Text);
        else Again(call, e.Text);
    }

    void Forget(int piece, int worker, int handle)
    {
        if (!State.Copies.TryGetValue((piece, worker), out int there) || there != handle) return;
        State = State.WithoutCopy(piece, worker);
        if (!State.Fetching.TryGetValue(piece, out int fetch) || State.Calls[fetch].Worker != worker) return;
        Goals.Add(piece);
    }

    void Again(Call call, string text)
    {
        if (!State.Pieces.ContainsKey(call.Piece)) return;
        int attempts = State.Attempts.GetValueOrDefault(call.Piece) + 1;
        State = State with { Retries = State.Retries + 1, Attempts = State.Attempts.SetItem(call.Piece, attempts) };
        Concern(call.Worker);
        if (State.Goals.ContainsKey(call.Piece)) Goals.Add(call.Piece);
        foreach (int p in State.At(call.Worker).Goals)
            if (p == call.Piece || State.Pieces[p].Inputs.Contains(call.Piece))
                State = State.WithGoal(p, Without(State.Goals[p], call.Worker));
        if (attempts >= State.Limits.Attempts) Fail(RunFailure.Attempts, call.Piece, text);
    }

    static Goal Without(Goal goal, int worker) => goal with { Worker = goal.Worker == worker ? goal.Twin : goal.Worker, Twin = -1, Avoid = worker };

    void Abandon(Call call, bool cancel)
    {
        if (cancel) Effects.Add(new RunEffect.Cancel(call.Id));
        if (call.Abandoned) return;
        State = State.Abandon(call);
        if (!State.Goals.IsEmpty) State = State with { Retries = State.Retries + 1 };
        if (call.Kind == CallKind.Fetch && State.Goals.ContainsKey(call.Piece)) Goals.Add(call.Piece);
    }

    void GiveUp()
    {
        foreach (int p in State.Goals.Keys) State = State.WithoutGoal(p);
        State = State with { Attempts = State.Attempts.Clear(), Deaths = State.Deaths.Clear() };
        foreach (int c in State.Waiting) Abandon(State.Calls[c], cancel: true);
        foreach (var (worker, at) in State.Workers)
            if (!at.Spare.IsEmpty) Holders.Add(worker);
    }

    void End()
    {
        GiveUp();
        State = State with { Ended = true };
        State = State.WithoutLive(State.Live);
        foreach (var (p, w) in State.Copies.Keys) State = State.WithoutCopy(p, w);
        foreach (var (worker, member) in State.Members)
            if (State.Answers(worker)) Effects.Add(new RunEffect.Close(worker, member.Generation));
    }
}
