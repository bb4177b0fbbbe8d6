using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed.Recovery;

namespace Daphne.Net.Distributed;

/// <summary>What the machine decides, as calls to workers, and their answers.</summary>
sealed partial class RunDriver
{
    // Beyond what any machine holds: sums of parts do not overflow, whatever a worker says.
    const long MostRows = 1L << 48;

    // Between two attempts at the same worker: what broke once is given a moment.
    static readonly TimeSpan breath = TimeSpan.FromMilliseconds(100);

    // Workers do not reach each other: tried once.
    volatile bool peersApart;

    void Send(RunEffect.Send e)
    {
        var info = pieces[e.Piece];
        var lane = lanes[e.Worker];
        // It goes with the computation that needs it: for the machine it is there already.
        if (TryCarry(info, lane.Seat.Client) is { } carried)
        {
            held[e.Call] = new(lane.Seat, e.Generation, new([carried]));
            next.Enqueue(new RunEvent.Done(e.Call));
            return;
        }
        switch (info.Source)
        {
            case PieceSource.FromHere here when here.Copies?.Use(lane.Seat, e.Generation, here.Range) is { } known:
                held[e.Call] = new(lane.Seat, e.Generation, new([new(known.Handle)]), null, known);
                next.Enqueue(new RunEvent.Done(e.Call));
                break;
            case PieceSource.Host host:
                var part = host.Range.Of(host.Whole);
                long bytes = ValueSize.Of(part);
                if (host.Range == CellRange.All && bytes >= ChainedBroadcast.WorthIt && lanes.Count > 1 && workers.Options.Along is { } along) Chain(along, Datum.Of(part), bytes, part);
                else if (host.Range == CellRange.All && bytes >= Broadcast.WorthIt && lanes.Count > 1 && !peersApart) Spread(Datum.Of(part), bytes, part);
                else Line(e.Call, CallKind.Send, e.Piece, lane, bytes, CallBudget.Data(bytes).Timeout, ct => StoreAsync(Datum.Of(part), ct), part);
                break;
            case PieceSource.InFile file:
                var cells = file.Whole.InFile;
                bytes = cells.BytesOf(file.Range.Count);
                file.Whole.Retain();
                // To look for rows, to read them, and to send them if that does not do.
                Line(e.Call, CallKind.Send, e.Piece, lane, bytes, CallBudget.Data(2 * cells.File.Stamp.Length + bytes).Timeout, ct => ReadAsync(cells, file.Range, ct), (DataObject)file.Whole);
                break;
            case PieceSource.Number number:
                bytes = ValueSize.Of(number.Value);
                Line(e.Call, CallKind.Send, e.Piece, lane, bytes, CallBudget.Data(bytes).Timeout, ct => StoreAsync(number.Value, ct));
                break;
            case PieceSource.GivenBack:
                Line(e.Call, CallKind.Send, e.Piece, lane, 0, CallBudget.Control.Timeout, _ => Task.FromException<CallAnswer>(Diag.ValueLost.Raise()));
                break;
        }

        void Spread(Datum value, long bytes, DataObject needs)
        {
            var spreading = info.Spreading ??= new(lanes.Count < 4 ? 1 : 2);
            var each = CallBudget.Data(bytes);
            // Waits for its turn, tries a worker, and is sent from here at last.
            Line(e.Call, CallKind.Send, e.Piece, lane, bytes, 3 * each.Timeout, async ct =>
            {
                var placed = await info.Recorder.PlaceAsync(lane.Seat.Client, e.Piece, async () =>
                {
                    var (handle, fromHere) = await spreading.PlaceAsync(value, lane.Seat.Client, each, ct).ConfigureAwait(false);
                    return (handle, fromHere ? bytes : 0);
                }).ConfigureAwait(false);
                if (spreading.Apart) peersApart = true;
                return new([new(placed!.Value)]);
            }, needs);
        }

        void Chain(SendAlong along, Datum value, long bytes, DataObject needs)
        {
            var chain = info.Chain ??= new(along);
            var client = lane.Seat.Client;
            chain.Join(client);
            var budget = CallBudget.Data(bytes);
            Line(e.Call, CallKind.Send, e.Piece, lane, bytes, budget.Timeout, async ct =>
            {
                var placed = await info.Recorder.PlaceAsync(client, e.Piece, async () =>
                {
                    var (handle, fromHere) = await chain.PlaceAsync(value, client, budget, ct).ConfigureAwait(false);
                    return (handle, fromHere ? bytes : 0);
                }).ConfigureAwait(false);
                return new([new(placed!.Value)]);
            }, needs, () => chain.Leave(client));
        }

        async Task<CallAnswer> ReadAsync(FileCells cells, CellRange range, CancellationToken ct)
        {
            var readers = workers.Seats.Where(s => s.State == WorkerState.Up && s.Client.ReadsFiles).Select(s => s.Client).ToArray();
            var read = await info.Recorder.PlaceAsync(lane.Seat.Client, e.Piece,
                async () => (await cells.ReadOnAsync(lane.Seat.Client, new(range.First, range.Count), readers, ct).ConfigureAwait(false), 0)).ConfigureAwait(false);
            if (read is { } there) return new([new(there)]);
            var part = range.Of(await cells.HereAsync().WaitAsync(ct).ConfigureAwait(false));
            try
            {
                return await StoreAsync(Datum.Of(part), ct).ConfigureAwait(false);
            }
            finally
            {
                part.Release();
            }
        }

        async Task<CallAnswer> StoreAsync(Datum value, CancellationToken ct) =>
            new([new(await info.Recorder.StoreAsync(lane.Seat.Client, e.Piece, value, CallBudget.Data(ValueSize.Of(value)), ct).ConfigureAwait(false))]);
    }

    static CallValue? TryCarry(PieceInfo info, IWorkerClient client)
    {
        if (info.Carried is { } known) return known.Carried.Length <= client.Carries ? known : null;
        return client.Carries == 0 ? null : info.Carried = info.Source switch
        {
            PieceSource.Number number => CallValue.TryCarry(number.Value, client.Carries),
            PieceSource.Host host when host.Range.BytesOf(host.Whole) <= client.Carries => Part(host),
            _ => null,
        };

        CallValue? Part(PieceSource.Host host)
        {
            var part = host.Range.Of(host.Whole);
            try
            {
                return CallValue.TryCarry(Datum.Of(part), client.Carries);
            }
            finally
            {
                part.Release();
            }
        }
    }

    void Compute(RunEffect.Compute e)
    {
        var info = pieces[e.Piece];
        var lane = lanes[e.Worker];
        if (info.Source is PieceSource.Taken taken)
        {
            held[e.Call] = held[e.Inputs[0]].Take(taken.Result);
            Note(info, held[e.Call]);
            next.Enqueue(new RunEvent.Done(e.Call));
            return;
        }
        var (fragment, bring) = (PieceSource.Computed)info.Source;
        CallValue[] inputs = [.. e.Inputs.Select(i => held[i].First)];
        Line(e.Call, CallKind.Compute, e.Piece, lane, 0, computeTimeout, async ct =>
        {
            var made = await info.Recorder.ComputeAsync(lane.Seat.Client, e.Piece, fragment, inputs, bring, new(computeTimeout), ct).ConfigureAwait(false);
            string? lie = made.Count != fragment.ResultCount ? $"returned {made.Count} results where {fragment.ResultCount} were due"
                : made.FirstOrDefault(m => m.Handle.Rows is < 0 or > MostRows || m.Handle.Cols is < 0 or > MostRows) is { Handle: { Id: not null } odd } ? $"made a result of an impossible shape, {odd.Rows}x{odd.Cols}" : null;
            if (lie is null) return new(made);
            workers.FreeLater(lane.Seat, HandlesOf(made));
            throw new WorkerException(lane.Seat.Client.Identity, WorkerFailure.BadRequest, lie);
        });
    }

    void Fetch(RunEffect.Fetch e)
    {
        var info = pieces[e.Piece];
        var lane = lanes[e.Worker];
        var made = held[e.Handle].First;
        if (made.IsCarried)
        {
            Deliver(e, info, lane, made);
            return;
        }
        var handle = made.Handle;
        long bytes = handle.Rows * RowBytes(info.Type!, handle.Cols);
        Line(e.Call, CallKind.Fetch, e.Piece, lane, bytes, CallBudget.Data(bytes).Timeout, async ct =>
        {
            var client = lane.Seat.Client;
            var value = await info.Recorder.TransferAsync(client, e.Piece, handle, CallBudget.Data(bytes), ct).ConfigureAwait(false);
            if (!value.IsScalar && Is(value.Object, info)) return new([], value.Object);
            if (!value.IsScalar) value.Object.Release();
            throw Other(client, info);
        });
    }

    static WorkerException Other(IWorkerClient client, PieceInfo info)
    {
        string wanted = info.Type is MatrixType matrix ? $"{matrix.ValueType!.Value.DslName()} matrix" : "frame";
        return new(client.Identity, WorkerFailure.BadRequest, $"sent another value than the {info.Shape.Rows}x{info.Shape.Cols} {wanted} it was asked for");
    }

    // It came with the answer of the computation.
    void Deliver(RunEffect.Fetch e, PieceInfo info, WorkerLane lane, CallValue carried)
    {
        try
        {
            var value = carried.Read();
            if (!value.IsScalar && Is(value.Object, info))
            {
                info.Recorder.Brought(lane.Seat.Client, ValueSize.Of(value));
                brought.Add(e.Call, value.Object);
                next.Enqueue(new RunEvent.Done(e.Call));
                return;
            }
            if (!value.IsScalar) value.Object.Release();
        }
        catch (RaisedException)
        {
            // Bytes that are no value are not the value either.
        }
        failures[e.Piece] = Other(lane.Seat.Client, info);
        next.Enqueue(new RunEvent.Failed(e.Call, CallFailureKind.Work, failures[e.Piece].Message));
    }

    static IReadOnlyList<Handle> HandlesOf(IReadOnlyList<CallValue> made) => [.. made.Where(m => !m.IsCarried).Select(m => m.Handle)];

    static bool Is(DataObject value, PieceInfo asked) => (value, asked.Type) switch
    {
        (Matrix m, MatrixType t) => m.ValueType == t.ValueType && (m.Rows, m.Cols) == asked.Shape,
        (Frame f, FrameType t) => (f.Rows, f.Cols) == asked.Shape && (t.Columns.IsDefault || !t.Columns.Where((c, i) => c is { } code && code != f.ValueType(i)).Any()),
        _ => false,
    };

    static long RowBytes(IrType type, long cols) => type switch
    {
        MatrixType { ValueType: { } cells } => cols * BytesOf(cells),
        FrameType { Columns.IsDefault: false } frame => frame.Columns.Sum(c => BytesOf(c ?? ValueTypeCode.Str)),
        _ => cols * BytesOf(ValueTypeCode.Str),
    };

    static long BytesOf(ValueTypeCode cells) => cells == ValueTypeCode.Str ? 32 : cells.SizeInBytes();

    void Line(int id, CallKind kind, int piece, WorkerLane lane, long bytes, TimeSpan budget, Func<CancellationToken, Task<CallAnswer>> work, DataObject? needs = null, Action? dropped = null)
    {
        var call = new WorkerCall(id, kind, piece, lane, bytes, budget, work) { Needs = needs, Dropped = dropped };
        calls.Add(id, call);
        lane.Add(call);
        stirred.Add(lane);
    }

    void Begin(WorkerCall call)
    {
        call.Due = state.Now + call.Budget + endTime;
        // What moves values works for long before it first waits, and so do clients inside this process.
        if (call.Kind == CallKind.Compute && call.Lane.Seat.Client.AnswersFromAfar) _ = ExecuteAsync(call);
        else _ = Task.Run(() => ExecuteAsync(call));
    }

    async Task ExecuteAsync(WorkerCall call)
    {
        var work = call.Work(call.Stop.Token);
        Action end;
        try
        {
            var answer = await work.WaitAsync(call.Late.Token).ConfigureAwait(false);
            call.Needs?.Release();
            end = () => Ended(call, answer);
        }
        catch (OperationCanceledException)
        {
            if (!work.IsCompleted) _ = PutAwayAsync(call, work);
            else call.Needs?.Release();
            var late = new WorkerException(call.Lane.Seat.Client.Identity, WorkerFailure.TimedOut, $"no answer within {call.Budget.TotalSeconds:0} s");
            end = () => Ended(call, late, CallFailureKind.Transient);
        }
        catch (WorkerException e)
        {
            call.Needs?.Release();
            var kind = await KindAsync(call, e).ConfigureAwait(false);
            end = () => Ended(call, e, kind);
        }
        catch (Exception e) when (e is RaisedException or ScriptException)
        {
            call.Needs?.Release();
            end = () => Ended(call, e, CallFailureKind.Work);
        }
        catch (Exception e)   // a bug of ours: it ends the run where its state is
        {
            end = () => throw new InvalidOperationException($"a call to {call.Lane.Seat.Client.Identity.Address} failed inside: {e.Message}", e);
        }
        Post(end);
    }

    // What broke may be the worker, the way to it, or the work. Where it is silence, all runs know before the machine hears of the call.
    async Task<CallFailureKind> KindAsync(WorkerCall call, WorkerException e)
    {
        switch (e.Reason)
        {
            case WorkerFailure.UnknownHandle: return CallFailureKind.Forgotten;
            case WorkerFailure.SessionLost:
                // What lies there in the new session is found by asking; where that is none, all is made again.
                await workers.AnswersAsync(call.Lane.Seat).ConfigureAwait(false);
                return CallFailureKind.Forgotten;
            case WorkerFailure.Superseded:
                workers.Supersede(call.Lane.Seat, e.Detail);
                return CallFailureKind.Work;
            case WorkerFailure.Unreachable when workers.Options.Together: return CallFailureKind.Work;
            case WorkerFailure.Unreachable or WorkerFailure.TimedOut:
                bool answers = !call.Stop.IsCancellationRequested && await workers.AnswersAsync(call.Lane.Seat).ConfigureAwait(false);
                // It answers, and yet it computed for longer than the user allows.
                if (answers && e.Reason == WorkerFailure.TimedOut && call.Kind == CallKind.Compute) return CallFailureKind.Work;
                break;
            case WorkerFailure.Cancelled or WorkerFailure.Internal or WorkerFailure.Busy: break;
            default: return CallFailureKind.Work;
        }
        if (!call.Stop.IsCancellationRequested) await Task.Delay(breath, workers.Options.Time).ConfigureAwait(false);
        return CallFailureKind.Transient;
    }

    // A client that does not heed its token: whatever it brings is put away when it comes.
    async Task PutAwayAsync(WorkerCall call, Task<CallAnswer> work)
    {
        await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        call.Needs?.Release();
        if (work.IsCompletedSuccessfully) PutAway(call, work.Result);
    }

    void PutAway(WorkerCall call, CallAnswer answer)
    {
        answer.Value?.Release();
        workers.FreeLater(call.Lane.Seat, HandlesOf(answer.Made));
    }

    void End(WorkerCall call)
    {
        call.Lane.End(call);
        stirred.Add(call.Lane);
    }

    void Ended(WorkerCall call, CallAnswer answer)
    {
        End(call);
        calls.Remove(call.Id);
        if (ended || !state.Calls.ContainsKey(call.Id)) PutAway(call, answer);
        else if (answer.Value is { } value) brought.Add(call.Id, value);
        else
        {
            var shared = pieces.TryGetValue(call.Piece, out var info) && info.Source is PieceSource.FromHere { Copies: { } copies } here
                ? copies.Share(call.Lane.Seat, call.Lane.Generation, here.Range, answer.Made[0].Handle) : null;
            held.Add(call.Id, new(call.Lane.Seat, call.Lane.Generation, new(answer.Made), null, shared));
            if (info is not null) Note(info, held[call.Id]);
        }
        Step(new RunEvent.Done(call.Id));
    }

    static void Note(PieceInfo info, HeldCopy copy)
    {
        info.Maker = copy.Seat.Client.Identity;
        if (copy.Results.Values.Count == 0) return;
        info.Shape = (copy.First.Handle.Rows, copy.First.Handle.Cols);
    }

    void Ended(WorkerCall call, Exception failure, CallFailureKind kind)
    {
        End(call);
        if (failure is WorkerException { Reason: WorkerFailure.Unreachable } loss) lastLoss = loss;
        if (state.Calls.TryGetValue(call.Id, out var known) && !known.Abandoned) failures[call.Piece] = failure;
        // It broke off under a fragment and is silent since: whether it died of that shows when it answers, or is lost. Until then the fragment may be what ends workers.
        if (known is { Kind: CallKind.Compute } && kind == CallFailureKind.Transient && state.Members[known.Worker] is { Status: MemberStatus.Suspected } member
            && member.Generation == call.Lane.Generation && !ended)
        {
            calls.Remove(call.Id);
            undecided.Add(call);
            return;
        }
        Failed(call, kind, failure is WorkerException e ? e.Detail : failure.Message);
    }

    void Failed(WorkerCall call, CallFailureKind kind, string text)
    {
        calls.Remove(call.Id);
        // The machine forgets all copies that the call was given, though perhaps the worker forgot one of them only.
        var (given, worker) = kind == CallFailureKind.Forgotten && state.Calls.TryGetValue(call.Id, out var known) ? (known.Given, known.Worker) : ([], -1);
        Step(new RunEvent.Failed(call.Id, kind, text));
        foreach (var (piece, handle) in given)
            if (state.Copies.GetValueOrDefault((piece, worker), -1) != handle) Free(handle, gone: true);
    }

    void Cancel(int id)
    {
        if (!calls.TryGetValue(id, out var call)) return;
        if (call.Lane.Remove(call))
        {
            calls.Remove(id);
            call.Drop();
            next.Enqueue(new RunEvent.Failed(id, CallFailureKind.Transient, "it was given up"));
        }
        else call.Stop.Cancel();
    }

    void Free(int handle, bool gone = false)
    {
        if (!held.Remove(handle, out var copy)) return;
        if (copy.Shared is { } shared) shared.Leave(gone);
        else workers.FreeLater(copy.Seat, copy.Leave());
    }

    /// <summary>What a call left on a worker, or what goes there and comes from there with computations.</summary>
    /// <param name="Seat">The worker.</param>
    /// <param name="Generation">Its generation.</param>
    /// <param name="Results">What it made.</param>
    /// <param name="Result">Which of them; null: all.</param>
    /// <param name="Shared">Other runs may use it too.</param>
    sealed record HeldCopy(WorkerSeat Seat, int Generation, OwnedHandles Results, int? Result = null, SharedCopy? Shared = null)
    {
        public CallValue First => Results.Values[Result ?? 0];

        public HeldCopy Take(int result)
        {
            Results.Owners[result]++;
            return this with { Result = result };
        }

        /// <summary>One owner fewer; the handles nobody owns any more.</summary>
        public Handle[] Leave()
        {
            List<Handle> free = [];
            for (int i = 0; i < Results.Owners.Length; i++)
                if ((Result is null || Result == i) && --Results.Owners[i] == 0 && !Results.Values[i].IsCarried) free.Add(Results.Values[i].Handle);
            return [.. free];
        }
    }

    /// <summary>The results of a call, each freed with its last owner.</summary>
    sealed class OwnedHandles(IReadOnlyList<CallValue> values)
    {
        public IReadOnlyList<CallValue> Values => values;

        public int[] Owners { get; } = [.. values.Select(_ => 1)];
    }
}
