using System.Collections.Immutable;

namespace Daphne.Net.Distributed.Recovery;

/// <summary>
/// What the goals that a step concerns need next: on each goal's worker, whatever of its lineage is missing there; and what nothing needs is freed.
/// </summary>
sealed class Scheduling(RunTurn turn)
{
    Dictionary<int, int>? doubtful;

    public void Run()
    {
        foreach (int piece in turn.Goals)
            if (turn.State.Goals.TryGetValue(piece, out var goal)) Pursue(piece, goal);
        foreach (int worker in turn.Holders)
            if (turn.State.Answers(worker)) Sweep(worker);
    }

    void Pursue(int piece, Goal goal)
    {
        turn.Looked++;
        if (turn.State.Blocked.Contains(piece)) turn.State = turn.State with { Blocked = turn.State.Blocked.Remove(piece) };
        if (turn.State.Holder(piece) is >= 0 and var holder)
        {
            Reached(piece, goal, holder);
            return;
        }
        bool first = WorksOn(goal.Worker, piece), second = WorksOn(goal.Twin, piece);
        if (!first || !second && goal.Twin >= 0)
        {
            int worker = first ? goal.Worker : second ? goal.Twin : Choose(goal.Avoid);
            if (worker < 0) return;
            turn.Holders.Add(goal.Worker);
            turn.State = turn.State.WithGoal(piece, goal = goal with { Worker = worker, Twin = -1 });
        }
        Make(piece, goal.Worker);
        if (goal.Twin >= 0) Make(piece, goal.Twin);
    }

    // A worker that leaves may end what it runs.
    bool WorksOn(int worker, int piece) => turn.State.IsUp(worker) || turn.State.Answers(worker) && turn.State.Making.ContainsKey((piece, worker));

    int Choose(int avoid)
    {
        foreach (var (_, _, worker) in turn.State.Ready)
            if (worker != avoid) return worker;
        return turn.State.IsUp(avoid) ? avoid : -1;
    }

    void Reached(int piece, Goal goal, int holder)
    {
        if (!goal.Collect)
        {
            turn.State = turn.State.WithoutGoal(piece);
            turn.Effects.Add(new RunEffect.Made(piece));
        }
        else if (!turn.State.Fetching.ContainsKey(piece))
        {
            int handle = turn.State.Copies[(piece, holder)];
            turn.Effects.Add(new RunEffect.Fetch(NewCall(new(0, CallKind.Fetch, piece, holder, default, Abandoned: false) { Handles = [handle] }), piece, holder, Generation(holder), handle));
        }
        if (goal is { Collect: true, Twin: >= 0 }) turn.State = turn.State.WithGoal(piece, goal with { Worker = holder, Twin = -1 });
        foreach (int w in (ReadOnlySpan<int>)[goal.Worker, goal.Twin])
        {
            turn.Holders.Add(w);
            if (turn.State.Making.TryGetValue((piece, w), out int call) && !turn.State.ReadOn(w).Contains(piece)) turn.Cancel(turn.State.Calls[call]);
        }
    }

    // Lineage may be as long as a loop of the script: no recursion.
    void Make(int goal, int worker)
    {
        var missing = new Stack<int>([goal]);
        var seen = new HashSet<int>();
        while (missing.TryPop(out int id))
        {
            turn.Looked++;
            if (!seen.Add(id) || turn.State.Making.ContainsKey((id, worker))) continue;
            var piece = turn.State.Pieces[id];
            int before = missing.Count;
            foreach (int i in piece.Inputs)
                if (!turn.State.Copies.ContainsKey((i, worker))) missing.Push(i);
            if (missing.Count > before) continue;
            if (piece.Fragment is null)
                turn.Effects.Add(new RunEffect.Send(NewCall(new(0, CallKind.Send, id, worker, default, Abandoned: false)), id, worker, Generation(worker)));
            else if (MayBePoison(id))
                turn.State = turn.State with { Blocked = turn.State.Blocked.Add(goal) };
            else
            {
                ImmutableArray<int> handles = [.. piece.Inputs.Select(i => turn.State.Copies[(i, worker)])];
                turn.Effects.Add(new RunEffect.Compute(
                    NewCall(new(0, CallKind.Compute, id, worker, default, Abandoned: false) { Reads = piece.Inputs, Handles = handles, Siblings = piece.Siblings }),
                    id, worker, Generation(worker), handles));
            }
        }
    }

    // Suspected workers that ran it may turn out lost. It does not get one more than may die of it before that is known.
    bool MayBePoison(int piece)
    {
        if (turn.State.Suspects.IsEmpty) return false;
        if (doubtful is null)
        {
            doubtful = [];
            foreach (int w in turn.State.Suspects)
                foreach (int c in turn.State.At(w).Calls)
                    if (turn.State.Calls[c] is { Kind: CallKind.Compute } call) doubtful[call.Piece] = doubtful.GetValueOrDefault(call.Piece) + 1;
        }
        return doubtful.TryGetValue(piece, out int doubts) && turn.State.Deaths.GetValueOrDefault(piece) + doubts >= turn.State.Limits.Deaths;
    }

    void Sweep(int worker)
    {
        var orphans = turn.State.At(worker).Orphans;
        foreach (int handle in orphans) turn.Effects.Add(new RunEffect.Free(handle, worker, Generation(worker)));
        if (!orphans.IsEmpty) turn.State = turn.State.WithOrphans(worker, []);
        var spare = turn.State.At(worker).Spare;
        if (spare.IsEmpty) return;
        var read = turn.State.ReadOn(worker);
        foreach (int piece in spare)
        {
            turn.Looked++;
            if (read.Contains(piece)) continue;
            turn.Effects.Add(new RunEffect.Free(turn.State.Copies[(piece, worker)], worker, Generation(worker)));
            turn.State = turn.State.WithoutCopy(piece, worker);
        }
    }

    int Generation(int worker) => turn.State.Members[worker].Generation;

    int NewCall(Call call)
    {
        int id = turn.State.NextCall;
        turn.State = turn.State.With(call with { Id = id, Due = turn.State.Elapsed + turn.State.Limits.CallTimeout });
        return id;
    }
}
