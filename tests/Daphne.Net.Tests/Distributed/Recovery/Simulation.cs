using System.Collections.Immutable;
using Daphne.Net.Distributed.Recovery;

namespace Daphne.Net.Tests.Distributed.Recovery;

/// <summary>What the nemesis may do in one schedule.</summary>
/// <param name="Workers">How many there are at first.</param>
/// <param name="Strikes">How many times it strikes.</param>
/// <param name="LosesAnswers">Answers may never come.</param>
/// <param name="Poison">Fragments of one piece of the second pipeline kill who runs them.</param>
sealed record Nemesis(int Workers, int Strikes, bool LosesAnswers = false, bool Poison = false);

/// <summary>
/// A run of <see cref="RunMachine"/> among workers that only exist here, in virtual time and from a seed. Values are symbols: a worker makes one
/// from what lies under the handles it was given, so a mix-up shows. The invariants are checked after every step.
/// </summary>
sealed class Simulation
{
    static readonly RecoveryLimits limits = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
    static readonly TimeSpan horizon = TimeSpan.FromMinutes(30);

    sealed class Worker
    {
        public int Generation = 1;
        public bool Alive = true, Hung;
        public int Slowness = 1;
        public readonly Dictionary<int, ulong> Store = [];
        public readonly HashSet<int> Running = [];
        public bool Closed;
        public readonly List<Action> Held = [];
    }

    readonly Random random;
    readonly Nemesis nemesis;
    readonly PriorityQueue<Action, (TimeSpan, int)> agenda = new();
    readonly List<Worker> workers = [];
    readonly Dictionary<int, (int Piece, bool Computes)> issued = [];
    readonly Dictionary<int, ulong> brought = [];
    readonly HashSet<int> cancelled = [];
    readonly Dictionary<int, int> deathsSeen = [];
    readonly Dictionary<int, Piece> defined = [];
    readonly Dictionary<int, ulong> expected = [];
    readonly Dictionary<int, int> delivered = [];
    readonly HashSet<int> awaited = [];
    TimeSpan now;
    int order, stage, poison = -1, nextPiece = 1;
    bool lostAnswers;

    public Simulation(int seed, Nemesis nemesis)
    {
        random = new(seed);
        this.nemesis = nemesis;
    }

    public RunState State { get; private set; } = new(limits);

    public RunEffect.Fail? Failure { get; private set; }

    public int Steps { get; private set; }

    /// <summary>How often each fault fired.</summary>
    public SortedDictionary<string, int> Fired { get; } = [];

    /// <summary>Two pipelines, the second over the first one's results; both are collected, then dropped, then the session ends.</summary>
    public void Run()
    {
        for (int w = 0; w < nemesis.Workers; w++)
        {
            workers.Add(new());
            Step(new RunEvent.Joined(w, 1));
        }
        Advance();
        for (int i = 0; i < nemesis.Strikes; i++) At(Seconds(random.NextDouble() * 20), Strike);
        At(Seconds(1), Tick);
        while (agenda.TryDequeue(out var action, out var when) && stage < 9)
        {
            now = when.Item1;
            Law(now < horizon, $"still waiting for {string.Join(", ", State.Goals)} after {now}");
            action();
        }
        Law(State.Calls.Values.All(c => c.Abandoned), "a call nobody gave up after the end");
        foreach (var (w, worker) in workers.Index())
            if (worker.Alive && State.IsUp(w)) Law(worker.Store.Count == 0, $"I4: worker {w} still holds {worker.Store.Count} values");
    }

    ImmutableArray<int> first, second;

    void Advance()
    {
        while (stage < 9 && awaited.Count == 0)
            switch (stage++)
            {
                case 0: first = Pipeline([], broadcast: true); break;
                case 1: second = Pipeline(first, broadcast: random.Next(2) == 0); break;
                case 2: Await(second); Step(new RunEvent.Needed(second)); break;
                case 3: Step(new RunEvent.Dropped(second)); break;
                case 4: Await(first); Step(new RunEvent.Needed(first)); break;
                case 5: Step(new RunEvent.Dropped([.. defined.Keys])); break;
                case 6:
                    Law(State.Pieces.IsEmpty && State.Goals.IsEmpty, "lineage of nothing is kept");
                    awaited.Add(-1);
                    At(Seconds(200), () => { awaited.Clear(); Advance(); });
                    break;
                case 7:
                    if (!lostAnswers)
                        foreach (var (w, worker) in workers.Index())
                            if (worker.Alive && State.IsUp(w) && worker.Running.Count == 0)
                                Law(worker.Store.Count == 0, $"I4: worker {w} holds {worker.Store.Count} values that were dropped");
                    Step(new RunEvent.Ended());
                    break;
                default: stage = 9; break;
            }
    }

    ImmutableArray<int> Pipeline(ImmutableArray<int> over, bool broadcast)
    {
        var pieces = new List<Piece>();
        int Add(string? fragment, ImmutableArray<int> inputs, int worker)
        {
            var piece = new Piece(nextPiece++, fragment, inputs, worker, $"piece {nextPiece - 1}");
            pieces.Add(piece);
            defined[piece.Id] = piece;
            expected[piece.Id] = Symbol(piece, [.. inputs.Select(i => expected[i])]);
            return piece.Id;
        }
        int whole = broadcast ? Add(null, [], 0) : -1;
        var results = ImmutableArray.CreateBuilder<int>();
        for (int w = 0; w < nemesis.Workers; w++)
        {
            int rows = over.IsEmpty ? Add(null, [], w) : over[w];
            results.Add(Add("f", broadcast ? [rows, whole] : [rows], w));
        }
        if (nemesis.Poison && !over.IsEmpty) poison = results[random.Next(results.Count)];
        var made = results.ToImmutable();
        Await(made);
        Step(new RunEvent.Began([.. pieces], made));
        return made;
    }

    void Await(ImmutableArray<int> pieces)
    {
        awaited.UnionWith(pieces);
        foreach (int p in pieces) delivered[p] = 0;
    }

    static ulong Symbol(Piece piece, ImmutableArray<ulong> inputs)
    {
        ulong hash = 14695981039346656037UL ^ (ulong)piece.Id;
        foreach (ulong i in inputs) hash = (hash ^ i) * 1099511628211UL + 7;
        return hash;
    }

    void Tick()
    {
        Step(new RunEvent.Ticked(now));
        At(Seconds(1), Tick);
    }

    void Step(RunEvent happened)
    {
        var before = State;
        (State, var effects) = RunMachine.Next(State, happened);
        Steps++;
        Check(before, happened);
        foreach (var effect in effects) Perform(effect);
    }

    void Check(RunState before, RunEvent happened)
    {
        foreach (var (w, m) in before.Members) Law(State.Members[w].Generation >= m.Generation, $"I7: generation of {w} went back after {happened}");
        foreach (var c in State.Calls.Values) Law(c.Abandoned || c.Due + TimeSpan.FromSeconds(1) >= now, $"I9: call {c} is overdue at {now}");
        foreach (var ((p, w), handle) in State.Copies)
        {
            Law(State.Members[w].Status != MemberStatus.Lost, $"a lost worker holds piece {p}");
            if (workers[w].Alive && workers[w].Generation == State.Members[w].Generation)
                Law(workers[w].Store.TryGetValue(handle, out ulong symbol) && symbol == expected[p], $"I2: worker {w} does not hold piece {p} as {handle} after {happened}");
        }
        if (nemesis.Strikes == 0 && !nemesis.Poison) Law(State.Retries == 0, "I12: a retry without a fault");
    }

    void Perform(RunEffect effect)
    {
        switch (effect)
        {
            case RunEffect.Send e: Ask(e.Call, e.Piece, e.Worker, e.Generation, w => Store(w, e.Call, e.Piece, Symbol(defined[e.Piece], []))); break;
            case RunEffect.Compute e:
                Ask(e.Call, e.Piece, e.Worker, e.Generation, w => e.Inputs.All(w.Store.ContainsKey)
                    ? Store(w, e.Call, e.Piece, Symbol(defined[e.Piece], [.. e.Inputs.Select(i => w.Store[i])]))
                    : new RunEvent.Failed(e.Call, CallFailureKind.Forgotten, "unknown handle"), computes: true);
                break;
            case RunEffect.Fetch e:
                Ask(e.Call, e.Piece, e.Worker, e.Generation, w =>
                {
                    if (!w.Store.TryGetValue(e.Handle, out ulong symbol)) return new RunEvent.Failed(e.Call, CallFailureKind.Forgotten, "unknown handle");
                    brought[e.Call] = symbol;
                    return new RunEvent.Done(e.Call);
                });
                break;
            case RunEffect.Free e:
                Target(e.Worker, e.Generation);
                if (workers[e.Worker].Alive && workers[e.Worker].Generation == e.Generation) workers[e.Worker].Store.Remove(e.Handle);
                break;
            case RunEffect.Cancel e: cancelled.Add(e.Call); break;
            case RunEffect.Made e: Reached(e.Piece); break;
            case RunEffect.Deliver e:
                Law(++delivered[e.Piece] == 1, $"I1: piece {e.Piece} is combined twice");
                Law(!cancelled.Contains(e.Call), $"call {e.Call} was cancelled and delivers");
                Law(brought[e.Call] == expected[e.Piece], $"I2: piece {e.Piece} is another value than without faults");
                Reached(e.Piece);
                break;
            case RunEffect.Fail e: Broken(e); break;
            case RunEffect.Close e:
                Target(e.Worker, e.Generation);
                workers[e.Worker].Store.Clear();
                workers[e.Worker].Closed = true;
                break;
        }
    }

    void Reached(int piece)
    {
        awaited.Remove(piece);
        if (awaited.Count == 0) At(TimeSpan.Zero, Advance);
    }

    void Broken(RunEffect.Fail e)
    {
        Failure = e;
        if (e.Reason == RunFailure.Poison) Law(deathsSeen.GetValueOrDefault(e.Piece) >= limits.Deaths && e.Text == defined[e.Piece].Text, $"{e} after {deathsSeen.GetValueOrDefault(e.Piece)} deaths");
        if (e.Reason == RunFailure.NoWorkers) Law(State.AloneSince is not null && State.Now - State.AloneSince >= limits.Grace, $"{e} before grace");
        Law(nemesis.Strikes > 0 || nemesis.Poison, $"{e} without a fault");
        awaited.Clear();
        stage = 5;
        At(TimeSpan.Zero, Advance);
    }

    void Target(int worker, int generation) =>
        Law(State.Members[worker].Generation == generation && State.Members[worker].Status == MemberStatus.Up, $"worker {worker}, generation {generation}, is addressed but is {State.Members[worker]}");

    RunEvent Store(Worker w, int call, int piece, ulong symbol)
    {
        // A closed session keeps nothing (I3).
        if (w.Closed) return new RunEvent.Failed(call, CallFailureKind.Forgotten, "the session is closed");
        w.Store.Add(call, symbol);
        return new RunEvent.Done(call);
    }

    void Ask(int call, int piece, int number, int generation, Func<Worker, RunEvent> work, bool computes = false)
    {
        Target(number, generation);
        Law(issued.TryAdd(call, (piece, computes)), $"call {call} was made twice");
        var worker = workers[number];
        if (computes) worker.Running.Add(call);
        At(Seconds((0.05 + random.NextDouble()) * worker.Slowness), () => OnWorker(worker, generation, () =>
        {
            if (computes && piece == poison)
            {
                Kill(number, "poison");
                return;
            }
            worker.Running.Remove(call);
            var answer = work(worker);
            bool done = answer is RunEvent.Done;
            if (nemesis.LosesAnswers && random.Next(20) == 0)
            {
                Fire("lost answer");
                lostAnswers = true;
                return;
            }
            int copies = nemesis.Strikes > 0 && done && random.Next(10) == 0 ? 2 : 1;
            if (copies == 2) Fire("duplicate answer");
            for (int i = 0; i < copies; i++) At(Seconds(random.NextDouble() * 0.3), () => Step(answer));
        }));
    }

    // A hung worker does its work when it goes on; a dead or restarted one never.
    static void OnWorker(Worker worker, int generation, Action action)
    {
        if (!worker.Alive || worker.Generation != generation) return;
        if (worker.Hung) worker.Held.Add(() => OnWorker(worker, generation, action));
        else action();
    }

    void Strike()
    {
        int w = random.Next(workers.Count);
        switch (random.Next(5))
        {
            case 0: Kill(w, "kill"); break;
            case 1: Hang(w); break;
            case 2: Fire("slow"); workers[w].Slowness = 40; break;
            case 3: Restart(w, "restart"); break;
            default:
                Fire("join");
                workers.Add(new());
                int added = workers.Count - 1;
                Step(new RunEvent.Joined(added, 1));
                break;
        }
    }

    void Kill(int number, string fault)
    {
        var worker = workers[number];
        if (!worker.Alive) return;
        Fire(fault);
        worker.Alive = false;
        int generation = worker.Generation;
        if (random.Next(2) == 0) At(Seconds(2), () => Step(new RunEvent.Suspected(number, generation)));
        At(Seconds(random.NextDouble() * 5), () => Gone(number, generation));
        if (random.Next(3) == 0) At(Seconds(10 + random.NextDouble() * 80), () => Restart(number, "back from the dead"));
    }

    void Hang(int number)
    {
        var worker = workers[number];
        if (!worker.Alive || worker.Hung) return;
        Fire("hang");
        worker.Hung = true;
        int generation = worker.Generation;
        At(Seconds(3), () => { if (worker.Hung) Step(new RunEvent.Suspected(number, generation)); });
        if (random.Next(2) == 0)
            At(Seconds(1 + random.NextDouble() * 10), () =>
            {
                if (!worker.Alive || worker.Generation != generation) return;
                worker.Hung = false;
                var held = worker.Held.ToArray();
                worker.Held.Clear();
                Step(new RunEvent.Back(number, generation));
                foreach (var action in held) action();
            });
        else
        {
            At(Seconds(12), () => Gone(number, generation));
            At(Seconds(15 + random.NextDouble() * 30), () => Restart(number, "lease over"));
        }
    }

    void Restart(int number, string fault)
    {
        var worker = workers[number];
        Fire(fault);
        CountDeaths(number, worker.Generation);
        worker.Alive = true;
        worker.Hung = worker.Closed = false;
        worker.Held.Clear();
        worker.Store.Clear();
        worker.Running.Clear();
        int generation = ++worker.Generation;
        Step(new RunEvent.Joined(number, generation - 1));   // stale news come too, and change nothing
        Step(new RunEvent.Joined(number, generation));
        Law(State.Members[number] == new Member(generation, MemberStatus.Up), "a new generation is not up");
    }

    void Gone(int number, int generation)
    {
        CountDeaths(number, generation);
        Step(new RunEvent.Lost(number, generation));
    }

    void CountDeaths(int number, int generation)
    {
        if (!State.Members.TryGetValue(number, out var m) || m.Generation != generation || m.Status == MemberStatus.Lost) return;
        foreach (var call in State.Calls.Values)
            if (call.Worker == number && issued[call.Id].Computes) deathsSeen[call.Piece] = deathsSeen.GetValueOrDefault(call.Piece) + 1;
    }

    void Fire(string fault) => Fired[fault] = Fired.GetValueOrDefault(fault) + 1;

    void At(TimeSpan later, Action action) => agenda.Enqueue(action, (now + later, order++));

    static TimeSpan Seconds(double s) => TimeSpan.FromSeconds(s);

    static void Law(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException(otherwise);
    }
}
