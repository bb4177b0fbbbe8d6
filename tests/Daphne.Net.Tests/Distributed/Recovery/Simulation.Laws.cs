using System.Collections.Immutable;
using Daphne.Net.Distributed.Recovery;

namespace Daphne.Net.Tests.Distributed.Recovery;

/// <summary>What must hold.</summary>
sealed partial class Simulation
{
    readonly Dictionary<int, (int Worker, CallKind Kind)> issued = [];
    readonly Dictionary<int, ulong> brought = [];
    readonly Dictionary<int, (int Piece, int Handle)[]> given = [];
    readonly HashSet<int> cancelled = [];
    readonly Dictionary<int, int> deathsSeen = [];
    readonly Dictionary<int, (int Generation, TimeSpan? End)> leaving = [];
    int checkedAt;

    // After each step: what it may have changed. After every so many: everything.
    void Check(RunState before, RunEvent happened, ImmutableArray<RunEffect> effects)
    {
        CountDeaths(before, effects);
        if (State.Ended)
        {
            foreach (var effect in effects) Law(effect is RunEffect.Close or RunEffect.Cancel, $"{effect} after the end, because of {happened}");
            Law(State.Waiting.IsEmpty && State.Goals.IsEmpty && State.Copies.IsEmpty && State.Live.IsEmpty, $"something goes on after the end, because of {happened}");
            return;
        }
        if (happened is RunEvent.Draining leaves && State.Members.TryGetValue(leaves.Worker, out var member) && member.Generation == leaves.Generation) leaving[leaves.Worker] = (leaves.Generation, State.Elapsed + leaves.Grace);
        if (happened is RunEvent.Ticked)
            foreach (var (w, (generation, end)) in leaving)
                if (State.Members[w].Generation == generation && end <= State.Elapsed)
                    Law(!State.At(w).Calls.Any(c => State.Calls[c] is { Abandoned: false, Kind: not CallKind.Fetch }), $"worker {w} should have left and is still waited for");
        foreach (var effect in effects)
        {
            if (effect is RunEffect.Made or RunEffect.Fetch) CheckReached(before, effect is RunEffect.Made m ? m.Piece : ((RunEffect.Fetch)effect).Piece);
            if (effect is RunEffect.Free free) Law(!HeldAs(free.Worker, free.Handle), $"handle {free.Handle} of worker {free.Worker} is freed and still counted on after {happened}");
        }
        if (happened is RunEvent.Dropped unused) Law(!unused.Pieces.Any(State.Fetching.ContainsKey), $"a piece that nobody will ask for is still fetched after {happened}");
        if (happened is RunEvent.Done { Call: var call } && before.Calls.TryGetValue(call, out var done) && State.Copies.TryGetValue((done.Piece, done.Worker), out int handle))
        {
            CheckCopy(done.Piece, done.Worker, handle);
            Law(handle != call || !done.Abandoned || State.Holder(done.Piece, except: done.Worker) < 0 || before.ReadOn(done.Worker).Contains(done.Piece), $"worker {done.Worker} keeps piece {done.Piece}, which nobody waited for and another one has");
        }
        if (State.Twins != before.Twins) CheckTwins(before);
        if (happened is RunEvent.Failed failed && before.Calls.TryGetValue(failed.Call, out var refused)) CheckRefused(before, refused, failed.Kind, effects);
        if (happened is RunEvent.Ticked)
            foreach (var effect in effects)
                if (effect is RunEffect.Cancel cancel && before.Calls.TryGetValue(cancel.Call, out var late) && late.Due <= State.Elapsed) CheckMoved(before, late);
        if (happened is RunEvent.Began begun) CheckHomes(before, begun);
        if (!State.Waiting.IsEmpty) CheckDue(State.Calls[State.Waiting.Min]);
        if (nemesis.Harmless) Law(State.Retries == 0 && State.Suspects.IsEmpty, $"I12: a retry without a fault after {happened}");
        if (Steps - checkedAt < Math.Max(120, 2 * State.Copies.Count)) return;
        foreach (var (w, m) in before.Members) Law(State.Members[w].Generation >= m.Generation, $"I7: generation of {w} went back after {happened}");
        CheckAll();
    }

    void CheckAll()
    {
        checkedAt = Steps;
        foreach (var worker in workers)
            if (State.Members.TryGetValue(worker.Number, out var m)) Law(m.Generation <= worker.Generation, $"I7: worker {worker.Number} was never of generation {m.Generation}");
        foreach (var c in State.Calls.Values)
            if (!c.Abandoned) CheckDue(c);
        foreach (var ((p, w), handle) in State.Copies)
        {
            Law(State.Members[w].Status != MemberStatus.Lost, $"a lost worker holds piece {p}");
            CheckCopy(p, w, handle);
        }
        IndexLaw.Check(State);
        if (State.Ended) return;
        // A step looks only at what it concerns. If a look at everything finds something to do, it looked at too little.
        var turn = new RunTurn(State);
        turn.Goals.UnionWith(State.Goals.Keys);
        turn.Holders.UnionWith(State.Members.Keys);
        new Scheduling(turn).Run();
        var missed = turn.Effects.Find(e => e is not RunEffect.Cancel);
        Law(missed is null, $"{missed} was forgotten");
    }

    void CheckDue(Call call) => Law(call.Due + Seconds(1) >= State.Elapsed, $"I9: {call} is overdue at {State.Elapsed}");

    void CheckCopy(int piece, int number, int handle)
    {
        var worker = workers[number];
        if (!worker.Is(State.Members[number].Generation) || worker.Forgotten.Contains(handle)) return;
        Law(worker.Store.TryGetValue(handle, out var cell) && cell.Symbol == expected[piece], $"I2: worker {number} does not hold piece {piece} as {handle}");
    }

    bool HeldAs(int worker, int handle)
    {
        foreach (int p in State.At(worker).Pieces)
            if (State.Copies[(p, worker)] == handle) return true;
        return false;
    }

    void CheckRefused(RunState before, Call call, CallFailureKind kind, ImmutableArray<RunEffect> effects)
    {
        if (!call.Abandoned && kind != CallFailureKind.Work)
        {
            CheckMoved(before, call);
            Law(!before.Pieces.ContainsKey(call.Piece) || State.Retries > before.Retries, $"{call} failed, and that counts for nothing");
        }
        if (kind != CallFailureKind.Forgotten) return;
        var gone = given.GetValueOrDefault(call.Id, []);
        foreach (var (p, handle) in gone)
            Law(!State.Copies.TryGetValue((p, call.Worker), out int there) || there != handle, $"piece {p} is counted on as {handle} and worker {call.Worker} forgot it");
        foreach (int p in before.At(call.Worker).Pieces)
        {
            int handle = before.Copies[(p, call.Worker)];
            Law(State.Copies.ContainsKey((p, call.Worker)) || gone.Contains((p, handle)) || effects.Contains(new RunEffect.Free(handle, call.Worker, before.Members[call.Worker].Generation)),
                $"piece {p} is given up as {handle}, which {call} was not about");
        }
    }

    // It lies where it can be had, and nobody goes on with what is there, unless for something else.
    void CheckReached(RunState before, int piece)
    {
        Law(State.Holder(piece) >= 0, $"piece {piece} counts as made, and nobody who answers has it");
        if (!before.Goals.TryGetValue(piece, out var goal)) return;
        foreach (int w in (ReadOnlySpan<int>)[goal.Worker, goal.Twin])
            Law(!State.Making.ContainsKey((piece, w)) || State.ReadOn(w).Contains(piece), $"piece {piece} is there, and worker {w} goes on with it");
    }

    // A second worker begins only where it has nothing else to do, and not what the first may die of.
    void CheckTwins(RunState before)
    {
        foreach (var (piece, goal) in State.Goals)
        {
            if (goal.Twin < 0 || before.Goals.TryGetValue(piece, out var known) && known.Twin >= 0) continue;
            Law(!before.Deaths.ContainsKey(piece), $"piece {piece}, of which {before.Deaths.GetValueOrDefault(piece)} workers died, gets another one at once");
            Law(before.At(goal.Twin) is { Calls.IsEmpty: true, Goals.IsEmpty: true }, $"worker {goal.Twin} has work and is to do that of worker {goal.Worker} as well");
        }
    }

    // Rows stay where the others of their range are, as long as that worker is well.
    void CheckHomes(RunState before, RunEvent.Began begun)
    {
        foreach (int piece in begun.Results)
            if (State.Goals.TryGetValue(piece, out var goal) && defined[piece].Worker is >= 0 and var home && before.IsUp(home))
                Law(goal.Worker == home, $"piece {piece} is at home on worker {home} and begins on worker {goal.Worker}");
    }

    // What failed on a worker is not tried there again while there is another one.
    void CheckMoved(RunState before, Call call)
    {
        if (!before.Goals.TryGetValue(call.Piece, out var goal) || goal.Worker != call.Worker || call.Kind == CallKind.Fetch) return;
        if (State.Goals.TryGetValue(call.Piece, out var now) && State.Ready.Count > 1 && State.Holder(call.Piece) < 0)
            Law(now.Worker != call.Worker, $"piece {call.Piece} failed on worker {call.Worker} and stays there");
    }

    void CountDeaths(RunState before, ImmutableArray<RunEffect> effects)
    {
        if (ReferenceEquals(before.Members, State.Members)) return;
        foreach (var (w, m) in before.Members)
            if (m.Status != MemberStatus.Lost && (State.Members[w].Status == MemberStatus.Lost || State.Members[w].Generation > m.Generation))
                foreach (int c in before.At(w).Calls)
                    if (before.Calls[c] is { Kind: CallKind.Compute } call && before.Pieces.ContainsKey(call.Piece))
                    {
                        deathsSeen[call.Piece] = deathsSeen.GetValueOrDefault(call.Piece) + 1;
                        if (deathsSeen[call.Piece] >= limits.Deaths && !before.Goals.IsEmpty)
                            Law(effects.Any(e => e is RunEffect.Fail), $"piece {call.Piece} killed {deathsSeen[call.Piece]} workers and goes on");
                    }
    }

    void CheckFailure(RunEffect.Fail e)
    {
        if (e.Reason == RunFailure.Poison) Law(deathsSeen.GetValueOrDefault(e.Piece) >= limits.Deaths && e.Text == defined[e.Piece].Text, $"{e} after {deathsSeen.GetValueOrDefault(e.Piece)} deaths");
        deathsSeen.Clear();
        if (e.Reason == RunFailure.NoWorkers) Law(State.AloneSince is not null && State.Elapsed - State.AloneSince >= limits.Grace, $"{e} before grace");
        Law(!nemesis.Harmless, $"{e} without a fault");
    }

    void Target(int worker, int generation, bool working)
    {
        var member = State.Members[worker];
        Law(!working || !leaving.TryGetValue(worker, out var left) || left.Generation < generation, $"worker {worker} leaves and gets work");
        Law(member.Generation == generation && (member.Status == MemberStatus.Up || !working && member.Status == MemberStatus.Draining),
            $"worker {worker}, generation {generation}, is addressed but is {member}");
    }

    void Unchanged(RunEvent stale)
    {
        var before = State;
        (State, var effects) = RunMachine.Next(State, stale);
        Law(State == before && effects.IsEmpty, $"{stale} is old news and changed something");
    }

    static void Law(bool holds, [System.Runtime.CompilerServices.InterpolatedStringHandlerArgument(nameof(holds))] ref Otherwise otherwise)
    {
        if (!holds) throw new BrokenLawException(otherwise.ToString());
    }

    static void Law(bool holds, string otherwise)
    {
        if (!holds) throw new BrokenLawException(otherwise);
    }
}

sealed class BrokenLawException(string text) : Exception(text);
