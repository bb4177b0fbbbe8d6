using System.Diagnostics;
using System.Globalization;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed.Grpc;
using Daphne.Net.Distributed.Protocol;
using Grpc.Core;
using Original = Daphne.Net.Distributed.Protocol.Original;
using V1 = Daphne.Net.Distributed.Protocol.V1;

namespace Daphne.Net.Distributed;

/// <summary>
/// A worker reached over HTTP/2: ours, with a session of its own and values in chunks, or (with consent) one of the original. Thread-safe; connections
/// come up when they are needed.
/// </summary>
public sealed partial class GrpcWorkerClient : IWorkerClient
{
    const int MostRepeats = 2;

    static readonly CallBudget goodbye = new(TimeSpan.FromSeconds(2));
    static readonly TimeSpan longestPause = TimeSpan.FromSeconds(2);

    readonly GrpcWorkerClientOptions options;
    readonly GrpcChannel channel;
    readonly CallInvoker invoker;
    readonly Original.Worker.WorkerClient worker;
    readonly V1.Control.ControlClient control;
    readonly CancellationTokenSource leaving = new();
    readonly PlaneClient plane;
    readonly WorkerLink link;
    Task beating = Task.CompletedTask;
    long requests, retries;

    /// <summary>Nothing is sent before the first call, which is <see cref="HelloAsync"/>.</summary>
    /// <param name="address"><c>host:port</c>.</param>
    /// <param name="options">Secrets and sizes.</param>
    /// <exception cref="ArgumentException">There is neither a token nor consent to do without.</exception>
    public GrpcWorkerClient(string address, GrpcWorkerClientOptions options)
    {
        if (options.Token is null && options.Identity is null && !options.AllowInsecure) throw new ArgumentException("a worker is called with an identity or a token, or with AllowInsecure", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ChunkBytes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.KeepAlive, TimeSpan.FromSeconds(2), nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Lease, TimeSpan.FromSeconds(1), nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MissedBeats, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BeatInterval, TimeSpan.FromMilliseconds(1), nameof(options));
        this.options = options;
        channel = GrpcChannel.ForAddress(address, new()
        {
            BearerToken = options.Token, Identity = options.Identity, Connect = options.Connect,
            // A worker that knows us is ours and bears pings; a foreign one may hang up on them.
            KeepAlive = options.Token is null && options.Identity is null ? null : options.KeepAlive,
            KeepAliveTimeout = options.KeepAlive / 2,
        });
        invoker = channel.CreateCallInvoker();
        (worker, control) = (new(invoker), new(invoker));
        link = new(address, options, control, Tell);
        plane = new(options, () => Identity, new(channel.Address.IdnHost, options, OpenDataAsync), leaving.Token);
    }

    /// <inheritdoc/>
    public WorkerIdentity Identity => link.Identity;

    /// <inheritdoc/>
    public int Generation => link.Session.Generation;

    /// <inheritdoc/>
    public WorkerHealth Health => link.Health;

    /// <inheritdoc/>
    public long Retries => Interlocked.Read(ref retries);

    /// <inheritdoc/>
    public bool AnswersFromAfar => true;

    /// <inheritdoc/>
    public event Action<WorkerHealth>? HealthChanged;

    /// <summary>
    /// Greets the worker and learns what it can do; a worker of the original answers UNIMPLEMENTED and is marked foreign. From then on its health is watched. A session that is lost
    /// needs no further greeting.
    /// </summary>
    /// <exception cref="WorkerException">It does not answer, or refuses.</exception>
    public async ValueTask<WorkerIdentity> HelloAsync(CallBudget budget, CancellationToken ct)
    {
        try
        {
            await link.GreetAsync(budget, ct).ConfigureAwait(false);
            plane.Reset();
            lock (leaving)
                if (beating.IsCompleted && !leaving.IsCancellationRequested) beating = new Heartbeat(link, control, options, leaving.Token).RunAsync();
            return Identity;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            if (!options.AllowInsecure)
                throw new WorkerException(Identity, WorkerFailure.Unauthenticated, "it is no worker of Daphne.Net and asks for no token; --allow-insecure consents to that", e);
            DistributedLog.ForeignWorker(options.Log, Identity.Address);
            return link.IsForeign();
        }
        catch (RpcException e)
        {
            throw Failed(e, ct);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Handle> StoreAsync(Datum value, CallBudget budget, CancellationToken ct) => InSessionAsync(budget, ct, named: true, async (session, request, left) =>
    {
        try
        {
            CheckKnown(value);
            if (link.HasPlane && await plane.StoreAsync(value, session.Id, request, left, ct).ConfigureAwait(false) is { } stored) return stored with { Generation = session.Generation };
            using var call = invoker.AsyncClientStreamingCall(BulkMethods.SendStore, null, Call(session, left, ct, request));
            foreach (var bytes in ValueWriter.Messages(value, options.ChunkBytes)) await call.RequestStream.WriteAsync(new OutgoingBytes(bytes), CancellationToken.None).ConfigureAwait(false);
            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
            return ToHandle(await call.ConfigureAwait(false), session);
        }
        catch (RaisedException e)
        {
            throw new WorkerException(Identity, WorkerFailure.BadRequest, e.Message, e);
        }
    });

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Handle>> ComputeAsync(Fragment fragment, IReadOnlyList<Handle> inputs, CallBudget budget, CancellationToken ct) =>
        [.. (await ComputeAsync(fragment, [.. inputs.Select(i => new CallValue(i))], [], budget, ct).ConfigureAwait(false)).Select(made => made.Handle)];

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CallValue>> ComputeAsync(Fragment fragment, IReadOnlyList<CallValue> inputs, IReadOnlyCollection<int> bring, CallBudget budget, CancellationToken ct) => InSessionAsync<IReadOnlyList<CallValue>>(budget, ct, named: true, async (session, request, left) =>
    {
        CheckThere(inputs.Where(i => !i.IsCarried).Select(i => i.Handle), session);
        if (link.Carries == 0)
        {
            var task = new Original.Task { MlirCode = fragment.Text, Inputs = { inputs.Select(i => new Original.WorkData { Stored = ToStored(i.Handle) }) } };
            var result = await worker.ComputeAsync(task, Call(session, left, ct, request, fragment.Options)).ConfigureAwait(false);
            if (result.Outputs.Any(o => o.Stored is null)) throw Miscounted(0, fragment);
            return Counted([.. result.Outputs.Select(o => new CallValue(ToHandle(o.Stored, session)))], fragment);
        }
        var call = ComputeMessages.Call(fragment, inputs, bring);
        var made = (link.HasPlaneCalls ? await plane.ComputeAsync(call, session.Id, request, left, ct).ConfigureAwait(false) : null)
            ?? await control.ComputeAsync(call, Call(session, left, ct, request)).ConfigureAwait(false);
        return Counted(ComputeMessages.ResultsOf(made, session.Generation), fragment);
    });

    /// <inheritdoc/>
    public int Carries => link.Carries;

    /// <summary>Connections of the data plane that nobody uses at this moment.</summary>
    internal int KeptConnections => plane.Kept;

    CallValue[] Counted(CallValue[] results, Fragment fragment) => results.Length == fragment.ResultCount ? results : throw Miscounted(results.Length, fragment);

    WorkerException Miscounted(int results, Fragment fragment) => new(Identity, WorkerFailure.Internal, $"{results} results came back for a fragment that has {fragment.ResultCount}");

    /// <inheritdoc/>
    public ValueTask<Datum> TransferAsync(Handle handle, CallBudget budget, CancellationToken ct) => InSessionAsync(budget, ct, named: false, async (session, _, left) =>
    {
        CheckThere([handle], session);
        try
        {
            if (link.HasPlane && await plane.TransferAsync(handle, session.Id, left, ct).ConfigureAwait(false) is { } fetched) return fetched;
            using var call = Identity.Foreign
                ? invoker.AsyncServerStreamingCall(BulkMethods.AskTransfer, null, Call(session, left, ct), ToStored(handle))
                : invoker.AsyncServerStreamingCall(BulkMethods.AskChunks, null, Call(session, left, ct), new() { Identifier = handle.Id });
            using var value = new ValueReader();
            while (await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
                await ValueBytes.ReceiveAsync(call.ResponseStream.Current, value, value.Feed, value.Advance).ConfigureAwait(false);
            return value.Finish();
        }
        catch (RaisedException e)
        {
            throw new WorkerException(Identity, WorkerFailure.Internal, $"what it sent is no value: {e.Message}", e);
        }
    });

    /// <inheritdoc/>
    public async ValueTask FreeAsync(IReadOnlyList<Handle> handles, CallBudget budget, CancellationToken ct)
    {
        if (handles.Count == 0) return;
        await InSessionAsync(budget, ct, named: false, async (session, _, left) =>
        {
            if (Identity.Foreign) await Task.WhenAll(handles.Select(h => worker.FreeMemAsync(ToStored(h), Call(session, left, ct)).ResponseAsync)).ConfigureAwait(false);
            // What lay in a lost session was freed with it.
            else if (new V1.FreeRequest { Identifiers = { handles.Where(h => h.Generation == session.Generation).Select(h => h.Id) } } is { Identifiers.Count: > 0 } there
                && !(link.HasPlaneCalls && await plane.FreeAsync(there, session.Id, left, ct).ConfigureAwait(false)))
                await control.FreeAsync(there, Call(session, left, ct)).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<WorkerStats> StatsAsync(CallBudget budget, CancellationToken ct) => InSessionAsync(budget, ct, named: false, async (session, _, left) =>
    {
        if (Identity.Foreign)
        {
            // The original frees nothing and answers; that much says it is there.
            await worker.FreeMemAsync(new(), Call(session, left, ct)).ConfigureAwait(false);
            return default;
        }
        var stats = await control.StatsAsync(new(), Call(session, left, ct)).ConfigureAwait(false);
        return new WorkerStats((long)stats.LiveBytes, (long)stats.Values);
    });

    /// <summary>Closes the session, which frees what it holds; a worker that does not answer within 2 seconds frees it when its lease ends.</summary>
    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (leaving)
        {
            leaving.Cancel();
            last = beating;
        }
        plane.Dispose();
        await last.ConfigureAwait(false);
        if (link.Session is { Id.Length: > 0, IsLost: false } session && !channel.Closed.IsCancellationRequested)
        {
            try
            {
                await control.CloseSessionAsync(new() { Session = session.Id }, Call(session, goodbye, default)).ConfigureAwait(false);
            }
            catch (RpcException e)
            {
                DistributedLog.SessionNotClosed(options.Log, Identity.Address, e.Status.Detail);
            }
        }
        channel.Dispose();
    }

    async Task<V1.OpenDataReply> OpenDataAsync(string session, CallBudget budget, CancellationToken ct) =>
        await control.OpenDataAsync(new(), new CallOptions(new() { { Keys.Session, session } }, null, ct) { Timeout = budget.Timeout }).ConfigureAwait(false);

    void Tell(WorkerHealth now)
    {
        DistributedLog.HealthChanged(options.Log, Identity.Address, now, Generation);
        HealthChanged?.Invoke(now);
    }

    // A call and what its failure says of the session. One that the network cut is made again, on a new connection: it bears the same name, so the worker does not do it twice. Again
    // once more, because what broke one connection may have broken another that lay idle. The call gets what is left of the budget.
    async ValueTask<T> InSessionAsync<T>(CallBudget budget, CancellationToken ct, bool named, Func<SessionRef, string, CallBudget, Task<T>> call)
    {
        long began = Stopwatch.GetTimestamp();
        var session = SessionRef.None;
        string request = "";
        for (int repeats = 0; ; repeats++)
        {
            try
            {
                var now = await link.SessionAsync(budget.After(began), ct).ConfigureAwait(false);
                if (named && (repeats == 0 || now != session)) request = NewRequest(now);
                session = now;
                return await call(session, request, budget.After(began)).ConfigureAwait(false);
            }
            catch (Exception e) when (repeats < MostRepeats && IsCut(e) && !ct.IsCancellationRequested && !leaving.IsCancellationRequested && budget.After(began).Timeout > TimeSpan.Zero)
            {
                Interlocked.Increment(ref retries);
                DistributedLog.CallRepeated(options.Log, Identity.Address, e.Message);
            }
            catch (RpcException e)
            {
                link.Ends(e, session);
                GiveUp(session, request, e);
                throw Failed(e, ct);
            }
            catch (WorkerException e)
            {
                // Said by the worker, not of a handle that belongs to an earlier one.
                if (e is { Reason: WorkerFailure.SessionLost, InnerException: not null }) link.Lose(session);
                // A worker hangs up on the connections of a session that ends: that it ended is what the caller is to know.
                if (e.Reason == WorkerFailure.Unreachable && session.Id.Length > 0 && link.Session != session) throw GoneWith(e);
                if (e.Reason is WorkerFailure.Unreachable or WorkerFailure.TimedOut) CancelUnheard(session, request);
                throw;
            }
            catch (OperationCanceledException)
            {
                CancelUnheard(session, request);
                throw;
            }
        }
    }

    // The connection broke under the call: not that nobody was there or that it hangs, and not what a worker answers. Foreign workers would do it twice.
    bool IsCut(Exception e) => !Identity.Foreign && link.Quiet < options.BeatInterval * options.MissedBeats && e switch
    {
        RpcException rpc => rpc.StatusCode == StatusCode.Unavailable && rpc.Status.DebugException is not null && !WorkerLink.IsRefused(rpc),
        WorkerException { Reason: WorkerFailure.Unreachable } => true,
        _ => false,
    };

    void CheckThere(IEnumerable<Handle> handles, SessionRef session)
    {
        foreach (var handle in handles)
            if (handle.Generation != session.Generation) throw GoneWith(null);
    }

    WorkerException GoneWith(Exception? inner) => new(Identity, WorkerFailure.SessionLost, "what was placed there is gone with an earlier session", inner);

    string NewRequest(SessionRef session) => session.Id.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{session.Id}/{Interlocked.Increment(ref requests)}");

    // The answer may be on its way: the worker frees what it made, because nobody here will ever know its name. Nobody waits for that.
    void GiveUp(SessionRef session, string request, RpcException e)
    {
        if (e.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded or StatusCode.Unavailable) CancelUnheard(session, request);
    }

    void CancelUnheard(SessionRef session, string request)
    {
        if (request.Length > 0 && !leaving.IsCancellationRequested) _ = CancelAsync();

        // A worker that hangs may have done it just before: it is told once it goes on, or has lost the session and what lay in it.
        async Task CancelAsync()
        {
            for (var pause = options.BeatInterval; !leaving.IsCancellationRequested && link.Session == session; pause = pause * 2 < longestPause ? pause * 2 : longestPause)
            {
                try
                {
                    await control.CancelAsync(new() { Request = request }, Call(session, goodbye, leaving.Token)).ConfigureAwait(false);
                    return;
                }
                catch (RpcException)
                {
                    await Task.Delay(pause, leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    static CallOptions Call(SessionRef session, CallBudget budget, CancellationToken ct, string request = "", FragmentOptions? how = null)
    {
        var headers = session.Headers;
        if (request.Length > 0) headers?.Add(Keys.Request, request);
        if (how is not null) headers?.Add(Keys.Options, how.Write());   // without a session it is a foreign worker, which gets none
        return new(headers, null, ct) { Timeout = budget.Timeout };
    }

    Exception Failed(RpcException e, CancellationToken ct) =>
        ct.IsCancellationRequested ? new OperationCanceledException(e.Message, e, ct)
        : channel.Closed.IsCancellationRequested ? new WorkerException(Identity, WorkerFailure.Cancelled, "its cluster was disposed, and what lay on it is gone", e)
        : FailureStatus.ToWorker(Identity, e);

    void CheckKnown(Datum value)
    {
        if (!Identity.Foreign || WireFormat.IsOriginal(value)) return;
        string what = (value.Type ?? (value.Object as Matrix)?.ValueType) is { } type ? $"values of type {type.DslName()}" : value.Object.Header;
        throw new WorkerException(Identity, WorkerFailure.BadRequest, $"a worker of the original does not know {what}");
    }

    static Original.StoredData ToStored(Handle handle) => new() { Identifier = handle.Id, NumRows = (ulong)handle.Rows, NumCols = (ulong)handle.Cols };

    static Handle ToHandle(Original.StoredData stored, SessionRef session) => new(stored.Identifier, (long)stored.NumRows, (long)stored.NumCols, session.Generation);
}
