using System.Collections.Immutable;

namespace Daphne.Net.Distributed.Recovery;

/// <summary>What the goals of a run need next: on each goal's worker, whatever of its lineage is missing there; and what nothing needs is freed.</summary>
sealed class Scheduling
{
    readonly RunTurn turn;
    readonly HashSet<(int Piece, int Worker)> making = [];
    readonly HashSet<int> fetching = [];
    readonly HashSet<(int Piece, int Worker)> inUse = [];
    readonly Dictionary<int, int> load = [];
    readonly Dictionary<int, int> heldBy = [];
    readonly HashSet<int> late = [];
    readonly List<int> suspects = [];

    public Scheduling(RunTurn turn)
    {
        this.turn = turn;
        foreach (var call in turn.State.Calls.Values)
        {
            // An abandoned fragment still reads its inputs.
            if (call.Kind == CallKind.Compute && turn.State.Pieces.TryGetValue(call.Piece, out var piece))
                foreach (int i in piece.Inputs) inUse.Add((i, call.Worker));
            if (call.Abandoned)
            {
                late.Add(call.Worker);
                if (call.Kind == CallKind.Compute && !turn.State.IsUp(call.Worker)) suspects.Add(call.Piece);
                continue;
            }
            if (call.Kind == CallKind.Fetch) fetching.Add(call.Piece);
            else making.Add((call.Piece, call.Worker));
        }
        // Of several holders the first one, whatever order the table has.
        foreach (var (p, w) in turn.State.Copies.Keys)
            if (turn.State.IsUp(w)) heldBy[p] = Math.Min(w, heldBy.GetValueOrDefault(p, w));
        foreach (var goal in turn.State.Goals.Values) load[goal.Worker] = load.GetValueOrDefault(goal.Worker) + 1;
    }

    public void Run()
    {
        if (turn.State.AloneSince is null)
            foreach (var (piece, goal) in turn.State.Goals) Pursue(piece, goal);
        Sweep();
    }

    void Pursue(int piece, Goal goal)
    {
        if (heldBy.TryGetValue(piece, out int holder))
        {
            inUse.Add((piece, holder));
            if (!goal.Collect)
            {
                turn.State = turn.State with { Goals = turn.State.Goals.Remove(piece) };
                turn.Effects.Add(new RunEffect.Made(piece));
            }
            else if (fetching.Add(piece))
                turn.Effects.Add(new RunEffect.Fetch(NewCall(CallKind.Fetch, piece, holder), piece, holder, Generation(holder), turn.State.Copies[(piece, holder)]));
            return;
        }
        int worker = goal.Worker;
        if (!turn.State.IsUp(worker))
        {
            worker = turn.State.Members.Where(m => m.Value.Status == MemberStatus.Up).Select(m => m.Key)
                .MinBy(w => (w == goal.Avoid, late.Contains(w), load.GetValueOrDefault(w), w));
            load[worker] = load.GetValueOrDefault(worker) + 1;
            turn.State = turn.State with { Goals = turn.State.Goals.SetItem(piece, goal with { Worker = worker }) };
        }
        Make(piece, worker);
    }

    // Lineage may be as long as a loop of the script: no recursion.
    void Make(int goal, int worker)
    {
        var missing = new Stack<int>([goal]);
        var seen = new HashSet<int>();
        while (missing.TryPop(out int id))
        {
            if (!seen.Add(id)) continue;
            var piece = turn.State.Pieces[id];
            foreach (int i in piece.Inputs) inUse.Add((i, worker));
            if (making.Contains((id, worker))) continue;
            var absent = piece.Inputs.Where(i => !turn.State.Copies.ContainsKey((i, worker))).ToArray();
            if (absent.Length > 0)
            {
                foreach (int i in absent) missing.Push(i);
                continue;
            }
            if (MayBePoison(id)) continue;
            making.Add((id, worker));
            if (piece.Fragment is null)
                turn.Effects.Add(new RunEffect.Send(NewCall(CallKind.Send, id, worker), id, worker, Generation(worker)));
            else
                turn.Effects.Add(new RunEffect.Compute(NewCall(CallKind.Compute, id, worker), id, worker, Generation(worker),
                    [.. piece.Inputs.Select(i => turn.State.Copies[(i, worker)])]));
        }
    }

    // Suspected workers that ran it may turn out lost. It does not get one more than may die of it before that is known.
    bool MayBePoison(int piece) => turn.State.Deaths.GetValueOrDefault(piece) + suspects.Count(s => s == piece) >= turn.State.Limits.Deaths;

    void Sweep()
    {
        foreach (var ((piece, worker), handle) in turn.State.Copies.OrderBy(c => c.Value))
        {
            if (turn.State.Live.Contains(piece) || inUse.Contains((piece, worker)) || !turn.State.IsUp(worker)) continue;
            turn.State = turn.State with { Copies = turn.State.Copies.Remove((piece, worker)) };
            turn.Effects.Add(new RunEffect.Free(handle, worker, Generation(worker)));
        }
    }

    int Generation(int worker) => turn.State.Members[worker].Generation;

    int NewCall(CallKind kind, int piece, int worker)
    {
        int id = turn.State.NextCall;
        turn.State = turn.State with
        {
            NextCall = id + 1,
            Calls = turn.State.Calls.Add(id, new(id, kind, piece, worker, turn.State.Now + turn.State.Limits.CallTimeout, Abandoned: false)),
        };
        return id;
    }
}
