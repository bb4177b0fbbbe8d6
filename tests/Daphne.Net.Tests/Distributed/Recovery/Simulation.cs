using System.Collections.Immutable;
using Daphne.Net.Distributed.Recovery;

namespace Daphne.Net.Tests.Distributed.Recovery;

/// <summary>
/// A run of <see cref="RunMachine"/> among <see cref="SimulatedWorker"/>s, in virtual time and from a seed. Values are symbols: a worker makes one
/// from what lies under the handles it was given, so a mix-up shows. Every step is checked for what it changed, and everything again and again.
/// </summary>
sealed partial class Simulation
{
    static readonly TimeSpan horizon = TimeSpan.FromMinutes(30);

    readonly Random random;
    readonly Nemesis nemesis;
    readonly TimeSpan epoch;
    readonly RecoveryLimits limits;
    readonly PriorityQueue<Action, (TimeSpan, int)> agenda = new();
    readonly List<SimulatedWorker> workers = [];
    readonly Dictionary<int, Piece> defined = [];
    readonly Dictionary<int, ulong> expected = [];
    readonly List<ImmutableArray<int>> kept = [];
    readonly HashSet<int> made = [];
    readonly HashSet<int> needed = [];
    readonly HashSet<int> here = [];
    TimeSpan now, pausedUntil;
    int order, begun, nextPiece = 1;
    int poison = -1;
    bool over, ended;

    /// <param name="nemesis">The schedule.</param>
    /// <param name="epoch">What the clock says when the run begins; it must not matter.</param>
    public Simulation(Nemesis nemesis, TimeSpan epoch = default)
    {
        this.nemesis = nemesis;
        this.epoch = epoch;
        random = new(nemesis.Seed);
        limits = new(Seconds(30), Seconds(60)) { Silence = nemesis.Has(Fault.Heartbeats) ? Seconds(5) : null, Lease = Seconds(12) };
        State = new(limits);
    }

    public RunState State { get; private set; }

    public RunEffect.Fail? Failure { get; private set; }

    public int Steps { get; private set; }

    /// <summary>A number of all effects in their order.</summary>
    public ulong Digest { get; private set; } = 14695981039346656037UL;

    /// <summary>How often each fault fired.</summary>
    public SortedDictionary<string, int> Fired { get; } = new(StringComparer.Ordinal);

    /// <summary>Pipelines over the results of earlier ones, which are collected and dropped at random; then all is dropped and the session ends.</summary>
    public void Run()
    {
        Tick();
        for (int w = 0; w < nemesis.Workers; w++) Add();
        Continue();
        foreach (int i in nemesis.Struck)
        {
            var dice = new Random(nemesis.Seed * 64 + i);
            At(Seconds(dice.NextDouble() * 4 * nemesis.Pipelines), () => Strike(dice));
        }
        while (!over && agenda.TryDequeue(out var action, out var when))
        {
            now = when.Item1;
            Law(now < horizon, $"still waiting for {string.Join(", ", State.Goals)} after {now}");
            Law(Steps < 2_000_000, "steps without end");
            action();
        }
        Law(over, "nothing happens any more");
        CheckAll();
        Law(State.Waiting.IsEmpty, "a call nobody gave up after the end");
        foreach (var worker in workers)
            if (worker.Alive && State.IsUp(worker.Number)) Law(worker.Store.Count == 0, $"I4: worker {worker.Number} still holds {worker.Store.Count} values");
    }

    void Continue()
    {
        while (!over && !ended && made.Count == 0 && needed.Count == 0)
        {
            if (begun >= nemesis.Pipelines && kept.Count == 0)
            {
                over = true;   // until the last part says otherwise: nothing is to be awaited twice
                Finish();
                return;
            }
            int dice = random.Next(6);
            if (begun < nemesis.Pipelines && (kept.Count == 0 || dice < 3)) Begin();
            else if (dice == 3) Drop(random.Next(kept.Count));
            else
            {
                var array = kept[random.Next(kept.Count)];
                ImmutableArray<int> some = random.Next(2) == 0 ? array : [.. array.Where(_ => random.Next(2) == 0)];
                needed.UnionWith(some);
                Step(new RunEvent.Needed(some));
                // The script may go on without them amid the fetch.
                if (random.Next(8) == 0) Drop(kept.IndexOf(array));
                else if (begun >= nemesis.Pipelines && random.Next(2) == 0) kept.Remove(array);
            }
        }
    }

    void Finish()
    {
        over = false;
        Step(new RunEvent.Dropped([.. defined.Keys]));
        Law(State.Pieces.IsEmpty && State.Goals.IsEmpty && State.Readers.IsEmpty && State.Pipelines.IsEmpty, "lineage of nothing is kept");
        made.Add(-1);
        // Longer than anything that is still on its way: a slow worker's work, a call nobody answers.
        At(Seconds(120), () =>
        {
            if (ended) return;
            CheckAll();
            if (!Fired.ContainsKey("lost answer"))
                foreach (var worker in workers)
                    if (worker.Alive && State.Answers(worker.Number) && worker.Running.Count == 0)
                        Law(worker.Store.Count == 0, $"I4: worker {worker.Number} holds {worker.Store.Count} values that were dropped");
            Step(new RunEvent.Ended());
            over = true;
        });
    }

    void Begin()
    {
        begun++;
        var pieces = new List<Piece>();
        bool anyone = random.Next(4) == 0;
        int Add(string? fragment, ImmutableArray<int> inputs, int worker)
        {
            var piece = new Piece(nextPiece++, fragment, inputs, worker, $"piece {nextPiece - 1}");
            pieces.Add(piece);
            defined[piece.Id] = piece;
            expected[piece.Id] = Symbol(piece, inputs.Select(i => expected[i]));
            return piece.Id;
        }
        var over = new List<ImmutableArray<int>>();
        for (int i = random.Next(3); i > 0 && kept.Count > 0; i--) over.Add(kept[random.Next(kept.Count)]);
        int whole = random.Next(3) switch { 0 => Add(null, [], 0), 1 when kept.Count > 0 => kept[random.Next(kept.Count)][0], _ => -1 };
        var results = ImmutableArray.CreateBuilder<int>();
        var rows = ImmutableArray.CreateBuilder<int>();
        for (int i = 0; i < nemesis.Workers * nemesis.Pieces; i++)
        {
            int worker = anyone ? -1 : i / nemesis.Pieces;
            var inputs = over.Select(a => a[i % a.Length]).ToList();
            if (over.Count == 0) rows.Add(Add(null, [], worker));
            if (over.Count == 0) inputs.Add(rows[^1]);
            if (whole >= 0) inputs.Add(whole);
            results.Add(Add("f", [.. inputs], worker));
        }
        if (nemesis.Has(Fault.Poison) && begun == nemesis.Pipelines) poison = results[random.Next(results.Count)];
        made.UnionWith(results);
        kept.Add(results.ToImmutable());
        bool keepsRows = rows.Count > 0 && random.Next(2) == 0;
        if (keepsRows) kept.Add(rows.ToImmutable());
        Step(new RunEvent.Began([.. pieces], results.ToImmutable()));
        // What a fragment reads may be dropped while it runs.
        if (over.Count > 0 && random.Next(2) == 0) Drop(kept.IndexOf(over[0]));
        if (!keepsRows && random.Next(2) == 0) Step(new RunEvent.Dropped(rows.ToImmutable()));
        if (begun < nemesis.Pipelines && random.Next(5) == 0) Begin();
    }

    // From now on it is sent from here, and what it was made of may go.
    void Keep(int piece)
    {
        if (over || ended || !State.Live.Contains(piece)) return;
        here.Add(piece);
        Step(new RunEvent.Kept([piece]));
    }

    void Drop(int index)
    {
        var array = kept[index];
        kept.RemoveAt(index);
        made.ExceptWith(array);
        needed.ExceptWith(array);
        Step(new RunEvent.Dropped(array));
    }

    static ulong Symbol(Piece piece, IEnumerable<ulong> inputs)
    {
        ulong hash = 14695981039346656037UL ^ (ulong)piece.Id;
        foreach (ulong i in inputs) hash = (hash ^ i) * 1099511628211UL + 7;
        return hash;
    }

    void Tick()
    {
        if (now < pausedUntil)
        {
            At(pausedUntil - now, Tick);
            return;
        }
        Step(new RunEvent.Ticked(now + epoch));
        if (nemesis.Has(Fault.Heartbeats))
            foreach (var w in workers)
                if (w is { Alive: true, Hung: false }) Tell(new RunEvent.Heard(w.Number, w.Generation));
        At(Seconds(1), Tick);
    }

    // The news wait while the coordinator stands still.
    void Tell(RunEvent happened)
    {
        if (now < pausedUntil) At(pausedUntil - now, () => Tell(happened));
        else if (!over) Step(happened);
    }

    void Step(RunEvent happened)
    {
        var before = State;
        var (next, effects) = RunMachine.Next(State, happened);
        State = next;
        Steps++;
        Check(before, happened, effects);
        if (happened is RunEvent.Failed { Kind: CallFailureKind.Forgotten } failed && before.Calls.TryGetValue(failed.Call, out var refused)) GiveUp(refused);
        foreach (var effect in effects) Perform(effect);
    }

    // As the driver does: of several inputs the worker forgot one, perhaps, and the machine counts on none of them any more.
    void GiveUp(Call refused)
    {
        foreach (var (piece, handle) in given.GetValueOrDefault(refused.Id, []))
            if (State.Copies.GetValueOrDefault((piece, refused.Worker)) != handle) workers[refused.Worker].Forget(handle);
    }

    void Perform(RunEffect effect)
    {
        switch (effect)
        {
            case RunEffect.Send e:
                Mix(1, e.Call, e.Piece, e.Worker);
                Law(defined[e.Piece].Fragment is null || here.Contains(e.Piece), $"piece {e.Piece} is sent, and nobody here has it");
                Law(!State.Copies.ContainsKey((e.Piece, e.Worker)), $"piece {e.Piece} is sent to worker {e.Worker}, where it is");
                Ask(e.Call, e.Piece, e.Worker, e.Generation, CallKind.Send, w => () => Put(w, e.Call, here.Contains(e.Piece) ? expected[e.Piece] : Symbol(defined[e.Piece], [])));
                break;
            case RunEffect.Compute e:
                Mix(2, e.Call, e.Piece, e.Worker);
                Law(!here.Contains(e.Piece), $"piece {e.Piece} is computed, and it is here");
                Law(!State.Copies.ContainsKey((e.Piece, e.Worker)), $"piece {e.Piece} is computed on worker {e.Worker}, where it is");
                int doubtful = State.Suspects.Sum(w => State.At(w).Calls.Count(c => State.Calls[c] is { Kind: CallKind.Compute } call && call.Piece == e.Piece));
                Law(doubtful == 0 || deathsSeen.GetValueOrDefault(e.Piece) + doubtful < limits.Deaths, $"piece {e.Piece} gets a worker more than may die of it");
                given[e.Call] = [.. defined[e.Piece].Inputs.Zip(e.Inputs)];
                Ask(e.Call, e.Piece, e.Worker, e.Generation, CallKind.Compute, w =>
                {
                    if (!e.Inputs.All(w.Store.ContainsKey)) return () => new RunEvent.Failed(e.Call, CallFailureKind.Forgotten, "unknown handle");
                    var cells = e.Inputs.Select(i => w.Store[i]).ToArray();
                    return () => Put(w, e.Call, Symbol(defined[e.Piece], cells.Select(c => c.Symbol)));
                });
                break;
            case RunEffect.Fetch e:
                Mix(3, e.Call, e.Piece, e.Worker);
                given[e.Call] = [(e.Piece, e.Handle)];
                Ask(e.Call, e.Piece, e.Worker, e.Generation, CallKind.Fetch, w => () =>
                {
                    if (!w.Store.TryGetValue(e.Handle, out var cell)) return new RunEvent.Failed(e.Call, CallFailureKind.Forgotten, "unknown handle");
                    brought[e.Call] = cell.Symbol;
                    return new RunEvent.Done(e.Call);
                });
                break;
            case RunEffect.Free e:
                Mix(4, e.Handle, 0, e.Worker);
                Target(e.Worker, e.Generation, working: false);
                if (workers[e.Worker].Is(e.Generation)) workers[e.Worker].Free(e.Handle);
                break;
            case RunEffect.Cancel e:
                Mix(5, e.Call, 0, 0);
                cancelled.Add(e.Call);
                break;
            case RunEffect.Made e:
                Mix(6, 0, e.Piece, 0);
                Law(made.Remove(e.Piece), $"I1: piece {e.Piece} is made and nobody asked");
                At(TimeSpan.Zero, Continue);
                break;
            case RunEffect.Deliver e:
                Mix(7, e.Call, e.Piece, 0);
                made.Remove(e.Piece);
                Law(needed.Remove(e.Piece), $"I1: piece {e.Piece} is combined twice, or nobody asked");
                Law(!cancelled.Contains(e.Call), $"call {e.Call} was cancelled and delivers");
                Law(brought[e.Call] == expected[e.Piece], $"I2: piece {e.Piece} is another value than without faults");
                if (random.Next(3) == 0) At(TimeSpan.Zero, () => Keep(e.Piece));
                At(TimeSpan.Zero, Continue);
                break;
            case RunEffect.Fail e:
                Mix(8, (int)e.Reason, e.Piece, 0);
                Broken(e);
                break;
            case RunEffect.Close e:
                Mix(9, 0, 0, e.Worker);
                Target(e.Worker, e.Generation, working: false);
                workers[e.Worker].Close();
                break;
        }
    }

    void Broken(RunEffect.Fail e)
    {
        CheckFailure(e);
        Failure = e;
        made.Clear();
        needed.Clear();
        kept.Clear();
        begun = nemesis.Pipelines;
        At(TimeSpan.Zero, Continue);
    }

    void Ask(int call, int piece, int number, int generation, CallKind kind, Func<SimulatedWorker, Func<RunEvent>> work)
    {
        Target(number, generation, working: kind != CallKind.Fetch);
        Law(issued.TryAdd(call, (number, kind)), $"call {call} was made twice");
        var worker = workers[number];
        // The request is on its way, then the worker works, then the answer is on its way.
        At(Seconds(random.NextDouble() * 0.1), () => worker.Do(generation, () =>
        {
            if (kind == CallKind.Compute) worker.Running.Add(call);
            var ending = work(worker);
            At(Seconds((0.05 + random.NextDouble()) * worker.Slowness), () => worker.Do(generation, () =>
            {
                if (kind == CallKind.Compute && piece == poison)
                {
                    Kill(worker, random, "poison");
                    return;
                }
                worker.Running.Remove(call);
                Answer(cancelled.Contains(call) && random.Next(2) == 0 ? new RunEvent.Failed(call, CallFailureKind.Transient, "cancelled") : ending());
            }));
        }));
    }

    void Answer(RunEvent answer)
    {
        if (nemesis.Has(Fault.Silent) && random.Next(20) == 0)
        {
            Fire("lost answer");
            return;
        }
        bool twice = nemesis.Has(Fault.Duplicate) && random.Next(8) == 0;
        if (twice) Fire("duplicate answer");
        for (int i = twice ? 2 : 1; i > 0; i--)
        {
            bool overtaken = nemesis.Has(Fault.Reorder) && random.Next(8) == 0;
            if (overtaken) Fire("overtaken answer");
            At(Seconds(random.NextDouble() * (overtaken ? 4 : 0.1)), () => Tell(answer));
        }
        answered.Add(answer);
    }

    static RunEvent Put(SimulatedWorker w, int call, ulong symbol) =>
        w.Put(call, symbol) ? new RunEvent.Done(call) : new RunEvent.Failed(call, CallFailureKind.Forgotten, "the session is closed");

    void Fire(string fault) => Fired[fault] = Fired.GetValueOrDefault(fault) + 1;

    void At(TimeSpan later, Action action) => agenda.Enqueue(action, (now + later, order++));

    void Mix(int kind, int call, int piece, int worker)
    {
        foreach (int part in (ReadOnlySpan<int>)[kind, call, piece, worker]) Digest = (Digest ^ (uint)part) * 1099511628211UL;
    }

    static TimeSpan Seconds(double s) => TimeSpan.FromSeconds(s);
}
