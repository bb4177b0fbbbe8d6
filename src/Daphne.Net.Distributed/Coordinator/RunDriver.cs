using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed.Recovery;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>
/// One run on a set of workers: feeds <see cref="RunMachine"/> with what happens, and does what it says. One thread at a time works on its inbox and owns
/// all its state; the public members may be called from any thread.
/// </summary>
sealed partial class RunDriver
{
    static readonly TimeSpan beat = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan endTime = TimeSpan.FromSeconds(5);

    readonly WorkerSet workers;
    readonly DispatchMode mode;
    readonly TimeSpan computeTimeout;
    readonly Inbox inbox;
    readonly Queue<RunEvent> next = [];
    readonly Dictionary<int, PieceInfo> pieces = [];
    readonly Dictionary<int, WorkerCall> calls = [];
    readonly Dictionary<int, HeldCopy> held = [];
    readonly Dictionary<int, DataObject> brought = [];
    readonly Dictionary<int, WorkerLane> lanes = [];
    readonly HashSet<WorkerLane> stirred = [];   // where a call may begin
    readonly Dictionary<int, Exception> failures = [];
    readonly List<Waiting> waiting = [];
    readonly List<WorkerCall> undecided = [];
    readonly TaskCompletionSource quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ITimer timer;
    RunState state;
    WorkerException? lastLoss;
    long lastTick;
    int lastPiece, ticksWaiting;
    bool stepping, registered, ticking, ended;

    /// <summary>Nothing is asked of a worker before the first pipeline.</summary>
    /// <param name="workers">Who computes.</param>
    /// <param name="mode">How work is handed out.</param>
    /// <param name="computeTimeout">Longest time one fragment may compute.</param>
    public RunDriver(WorkerSet workers, DispatchMode mode, TimeSpan computeTimeout)
    {
        (this.workers, this.mode, this.computeTimeout) = (workers, mode, computeTimeout);
        // Calls have a time of their own here, which counts from when they begin and not from when they are decided.
        state = new(new(CallTimeout: TimeSpan.FromDays(10_000), workers.Grace.Time));
        timer = workers.Options.Time.CreateTimer(_ => Beat(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        inbox = new(Broke);
    }

    public WorkerSet Workers => workers;

    /// <summary>How workers are to compute fragments; null: as they see fit.</summary>
    public FragmentOptions? Computing { get; init; }

    /// <summary>How often anything was asked again.</summary>
    public int Retries => Volatile.Read(ref retries);
    int retries;

    /// <summary>Most numbers that stay on workers until the run ends.</summary>
    public const int MostNumbers = 256;

    /// <summary>The pieces of numbers that the run sent, or will when they are needed. Belongs to the thread that runs the script.</summary>
    public Dictionary<(ValueTypeCode Type, ulong Bits), int> Numbers { get; } = [];

    /// <summary>A number for a piece: greater than those of all pieces before.</summary>
    public int NewPiece() => Interlocked.Increment(ref lastPiece);

    /// <summary>Pieces with their lineage.</summary>
    public int KeptPieces => Volatile.Read(ref kept);
    int kept;

    /// <summary>Bytes of this process that are kept only to make again what was made of them.</summary>
    public long Retained => Interlocked.Read(ref retained);
    long retained;

    /// <summary>Begins a pipeline and waits until its results lie on workers, or here.</summary>
    /// <param name="work">The pipeline.</param>
    /// <param name="collected">Those of its results that are needed here at once.</param>
    /// <param name="ct">Ends the run.</param>
    /// <returns>These, by their pieces; the caller owns them.</returns>
    /// <exception cref="ScriptException">An operation failed, or the workers did.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled, and with it the run.</exception>
    public IReadOnlyDictionary<int, DataObject> Make(PipelinePieces work, ImmutableArray<int> collected, CancellationToken ct)
    {
        var wait = new Waiting([.. work.Results.Except(collected)], collected, work.Origin);
        work.Keep();
        Await(wait, () =>
        {
            Begin(work);
            if (!collected.IsEmpty) Step(new RunEvent.Needed(collected));
        }, ct);
        return wait.Values;
    }

    /// <summary>Waits until the cells of these pieces are here; the caller owns them.</summary>
    public ImmutableArray<DataObject> Fetch(ImmutableArray<int> wanted, Pipeline origin, CancellationToken ct)
    {
        var wait = new Waiting([], wanted, origin);
        Await(wait, () => Step(new RunEvent.Needed(wanted)), ct);
        return [.. wanted.Select(p => wait.Values[p])];
    }

    /// <summary>Nobody will ask for these pieces again.</summary>
    public void Drop(ImmutableArray<int> unused)
    {
        if (unused.Length > 0) inbox.PostSoon(() => Do(() => Forget(unused)));
    }

    /// <summary>What was made on workers lies here too, with the same bits: from here it is sent again, and what it was made of may go.</summary>
    /// <param name="here">All of it; stays the caller's.</param>
    /// <param name="made">Its pieces and where they lie in it.</param>
    public void Keep(DataObject here, ImmutableArray<(int Id, CellRange Range)> made)
    {
        var whole = CellRange.Share(here);
        Post(() =>
        {
            foreach (var (id, range) in made)
            {
                if (!pieces.TryGetValue(id, out var info)) continue;
                whole.Retain();
                info.Source.Release();
                info.Source = new PieceSource.Host(whole, range, null);
            }
            whole.Release();
            Step(new RunEvent.Kept([.. made.Select(m => m.Id)]));
        });
    }

    /// <summary>The script has ended: memory of the caller is the caller's again, and what was sent of it is not asked for again.</summary>
    public void GiveBack()
    {
        ImmutableArray<int> numbers = [.. Numbers.Values];
        Numbers.Clear();
        Post(() => GiveBack(numbers));
    }

    void GiveBack(ImmutableArray<int> numbers)
    {
        Forget(numbers);
        foreach (var (id, info) in pieces)
        {
            if (info.Source is PieceSource.FromHere { Copies: { } copies } && copies.Forget(this) is { IsEmpty: false } sent) Forget(sent);
            if (info.Source is not PieceSource.Host host || !IsBorrowed(host.Whole)) continue;
            host.Release();
            info.Source = new PieceSource.GivenBack();
        }
    }

    static bool IsBorrowed(DataObject value) => value is Matrix { IsBorrowed: true } || (value is Frame frame && Enumerable.Range(0, frame.Cols).Any(c => frame[c].IsBorrowed));

    void Forget(ImmutableArray<int> unused)
    {
        Step(new RunEvent.Dropped(unused));
        foreach (int id in unused)
            if (state.Pieces.ContainsKey(id) && pieces.TryGetValue(id, out var info) && info is { Source: PieceSource.Host host, Retained: 0 })
                Interlocked.Add(ref retained, info.Retained = host.Range.BytesOf(host.Whole));
    }

    /// <summary>What the set says of a worker. Does not wait.</summary>
    public void Hear(SeatNews news) => inbox.PostLater(() => Do(() => Learn(news)));

    /// <summary>The workers obey another coordinator now. Does not wait.</summary>
    public void BeTakenOver() => inbox.PostLater(() => Do(End));

    /// <summary>Gives everything up: calls are cancelled, what lies on workers is freed. Ends when no call is under way any more, at most 5 seconds later.</summary>
    public async Task EndAsync()
    {
        Post(End);
        await ((Task)Task.WhenAny(quiet.Task, Task.Delay(endTime, workers.Options.Time))).ConfigureAwait(false);
    }

    void Post(Action act) => inbox.Post(() => Do(act));

    void Do(Action act)
    {
        act();
        TidyUp();
    }

    // The interpreter's thread waits: it is ours, not the thread pool's. The machine's limits bound the wait.
    void Await(Waiting wait, Action begin, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using (var answers = new AnswerWait())
        {
            inbox.Post(() => Do(() => Ask(wait, begin)), e => wait.Done.TrySetException(e));
            answers.Until(wait.Done.Task, ct);
        }
        try
        {
            wait.Done.Task.WaitAsync(ct).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Whatever it ends with now is not what the script ended with.
            _ = wait.Done.Task.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            EndAsync().GetAwaiter().GetResult();
            throw;
        }
    }

    void Broke(Exception e)
    {
        foreach (var wait in waiting) wait.Done.TrySetException(e);
        foreach (var call in calls.Values) call.Stop.Cancel();
        quiet.TrySetResult();
    }

    void Ask(Waiting wait, Action begin)
    {
        if (!ended && !workers.IsDisposed) Register();
        if (workers.IsDisposed || workers.Superseded is not null) End();
        if (ended)
        {
            wait.Done.TrySetException(Over(wait));
            return;
        }
        waiting.Add(wait);
        begin();
    }

    void Register()
    {
        if (registered) return;
        registered = true;
        foreach (var news in workers.Register(this)) Learn(news);
    }

    void Begin(PipelinePieces work)
    {
        foreach (var (piece, info) in work.New) pieces.Add(piece.Id, info);
        Step(new RunEvent.Began([.. work.New.Select(n => n.Piece with { Worker = HomeOf(n.Piece, work) })], work.Results));
        if (!work.Temporary.IsEmpty) Step(new RunEvent.Dropped(work.Temporary));
    }

    // Where its rows lie already, wherever they went when their worker was lost; else where they belong.
    int HomeOf(Piece piece, PipelinePieces work)
    {
        foreach (int input in work.PlacedFor(piece))
        {
            if (state.Copies.ContainsKey((input, piece.Worker)) && state.IsUp(piece.Worker)) return piece.Worker;
            foreach (int worker in state.Members.Keys)
                if (state.IsUp(worker) && state.Copies.ContainsKey((input, worker))) return worker;
        }
        return piece.Worker;
    }

    void Learn(SeatNews news)
    {
        int worker = news.Seat.Number;
        bool known = state.Members.TryGetValue(worker, out var member);
        switch (news.State)
        {
            case WorkerState.Up when known && member.Generation == news.Generation && member.Status != MemberStatus.Lost:
                Step(new RunEvent.Back(worker, news.Generation));
                foreach (var call in Decided(lanes[worker])) Failed(call, CallFailureKind.Transient, "it was silent");
                break;
            case WorkerState.Up or WorkerState.Silent when !known || member.Generation < news.Generation:
                if (known)
                {
                    FallSilent(worker, member.Generation);
                    LeaveBehind(worker);
                }
                lanes[worker] = new(news.Seat, news.Generation, mode);
                Step(new RunEvent.Joined(worker, news.Generation));
                if (news.State == WorkerState.Silent) Step(new RunEvent.Suspected(worker, news.Generation));
                break;
            case WorkerState.Silent when known:
                FallSilent(worker, news.Generation);
                break;
            case WorkerState.Lost when known:
                // What had not begun there is not what it died of.
                FallSilent(worker, news.Generation);
                LeaveBehind(worker);
                Step(new RunEvent.Lost(worker, news.Generation));
                break;
        }
    }

    void FallSilent(int worker, int generation)
    {
        Step(new RunEvent.Suspected(worker, generation));
        foreach (var call in lanes[worker].Clear())
        {
            call.Drop();
            Failed(call, CallFailureKind.Transient, "its worker is silent");
        }
    }

    WorkerCall[] Decided(WorkerLane lane)
    {
        WorkerCall[] decided = [.. undecided.Where(c => c.Lane == lane)];
        undecided.RemoveAll(c => c.Lane == lane);
        return decided;
    }

    // What it held counts for nothing any more.
    void LeaveBehind(int worker)
    {
        var lane = lanes[worker];
        Decided(lane);
        foreach (var (id, copy) in held.Where(h => h.Value.Seat == lane.Seat && h.Value.Generation == lane.Generation).ToArray())
        {
            held.Remove(id);
            if (copy.Shared is null) workers.LeaveBehind(copy.Seat, copy.Leave());
            else copy.Shared.Leave();
        }
    }

    void Step(RunEvent happened)
    {
        next.Enqueue(happened);
        if (stepping) return;
        stepping = true;
        while (next.TryDequeue(out var e))
        {
            (state, var effects) = RunMachine.Next(state, e);
            foreach (var effect in effects) Perform(effect);
            // Nobody asks for it any more.
            if (e is RunEvent.Done done && brought.Remove(done.Call, out var unwanted)) unwanted.Release();
        }
        stepping = false;
        foreach (var lane in stirred)
            while (lane.Begin() is { } call) Begin(call);
        stirred.Clear();
    }

    void Perform(RunEffect effect)
    {
        switch (effect)
        {
            case RunEffect.Send e: Send(e); break;
            case RunEffect.Compute e: Compute(e); break;
            case RunEffect.Fetch e: Fetch(e); break;
            case RunEffect.Free e: Free(e.Handle); break;
            case RunEffect.Cancel e: Cancel(e.Call); break;
            case RunEffect.Made e: Reached(e.Piece, null); break;
            case RunEffect.Deliver e:
                brought.Remove(e.Call, out var value);
                Reached(e.Piece, value);
                break;
            case RunEffect.Fail e: Fail(e); break;
            case RunEffect.Close e:
                foreach (int id in held.Where(h => h.Value.Seat.Number == e.Worker).Select(h => h.Key).ToArray()) Free(id);
                break;
        }
    }

    void Reached(int piece, DataObject? value)
    {
        foreach (var wait in waiting)
        {
            if (!(value is null ? wait.Made : wait.Collected).Remove(piece)) continue;
            if (value is not null) wait.Values.Add(piece, value);
            value = null;
            if (wait.Made.Count + wait.Collected.Count == 0)
            {
                waiting.Remove(wait);
                failures.Clear();
                wait.Done.TrySetResult();
            }
            break;
        }
        value?.Release();
    }

    void Fail(RunEffect.Fail e)
    {
        foreach (var wait in waiting)
        {
            foreach (var value in wait.Values.Values) value.Release();
            wait.Done.TrySetException(ErrorOf(e, wait));
        }
        waiting.Clear();
        failures.Clear();
    }

    ScriptException ErrorOf(RunEffect.Fail e, Waiting wait)
    {
        pieces.TryGetValue(e.Piece, out var info);
        failures.TryGetValue(e.Piece, out var cause);
        var origin = info?.Origin ?? wait.Origin;
        return (e.Reason, cause) switch
        {
            (RunFailure.NoWorkers, _) => WorkerErrors.NoWorkers(workers, lastLoss, origin.Span),
            (RunFailure.Poison, _) => WorkerErrors.Poison(e.Text, state.Limits.Deaths, workers, origin.Span),
            (RunFailure.Attempts, WorkerException last) => WorkerErrors.Attempts(last, state.Limits.Attempts, origin.Span),
            (_, WorkerException last) => WorkerErrors.ToScriptException(last, origin, info?.Rows),
            (_, RaisedException raised) => raised.At(origin.Span),
            (_, ScriptException located) => located,
            _ => new(Diag.WorkerGaveUp.At(origin.Span, e.Text, state.Limits.Attempts)),
        };
    }

    ScriptException Over(Waiting wait) => WorkerErrors.ToScriptException(
        workers.Superseded ?? new WorkerException(workers.Clients[0].Identity, WorkerFailure.Cancelled, "its cluster was disposed, and what lay on it is gone"), wait.Origin.Span);

    void End()
    {
        if (ended) return;
        ended = true;
        foreach (var wait in waiting)
        {
            foreach (var value in wait.Values.Values) value.Release();
            wait.Done.TrySetException(Over(wait));
        }
        waiting.Clear();
        Step(new RunEvent.Ended());
        foreach (int id in held.Keys.ToArray()) Free(id);
    }

    // After every message: lineage that is gone, the timer, and whether there is anything left to be told about.
    void TidyUp()
    {
        Volatile.Write(ref retries, state.Retries);
        Volatile.Write(ref kept, state.Pieces.Count);
        if (pieces.Count > state.Pieces.Count)
            foreach (int id in pieces.Keys.Where(id => !state.Pieces.ContainsKey(id)).ToArray())
            {
                pieces.Remove(id, out var info);
                info!.Source.Release();
                Interlocked.Add(ref retained, -info.Retained);
            }
        bool busy = waiting.Count > 0 || calls.Count > 0;
        if (busy != ticking)
        {
            ticking = busy;
            lastTick = workers.Options.Time.GetTimestamp();
            var period = busy ? beat : Timeout.InfiniteTimeSpan;
            timer.Change(period, period);
        }
        if (ended && calls.Count == 0) quiet.TrySetResult();
        // What it holds on a worker that is silent is freed when that answers: until then it is to be told.
        if (!registered || busy || pieces.Count > 0 || held.Count > 0) return;
        registered = false;
        workers.Unregister(this);
    }

    void Beat()
    {
        if (Interlocked.Exchange(ref ticksWaiting, 1) == 0) Post(Tick);
    }

    void Tick()
    {
        Volatile.Write(ref ticksWaiting, 0);
        long stamp = workers.Options.Time.GetTimestamp();
        var passed = workers.Options.Time.GetElapsedTime(lastTick, stamp);
        lastTick = stamp;
        // Where we slept, or this machine did, nobody else was late: deadlines move by as much.
        var now = state.Now + (passed < 5 * beat ? passed : beat);
        foreach (var call in calls.Values)
            if (call.Due is { Ticks: > 0 } due && now > due) (now > due + endTime ? call.Late : call.Stop).Cancel();
        if (workers.Grace.Time is var grace && grace != state.Limits.Grace) state = state with { Limits = state.Limits with { Grace = grace } };
        Step(new RunEvent.Ticked(now));
    }

    /// <summary>Somebody who waits for pieces to be made, or to be here.</summary>
    sealed class Waiting(ImmutableArray<int> made, ImmutableArray<int> collected, Pipeline origin)
    {
        public HashSet<int> Made { get; } = [.. made];

        public HashSet<int> Collected { get; } = [.. collected];

        public Pipeline Origin => origin;

        public Dictionary<int, DataObject> Values { get; } = [];

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
