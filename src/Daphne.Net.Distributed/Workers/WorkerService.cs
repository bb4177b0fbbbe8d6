using System.Collections.Concurrent;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>
/// What a worker does, whatever carries the calls to it: keeps values, runs fragments on them, hands values out, frees them. Thread-safe.
/// A session is named by its id, "" being the one of clients that opened none.
/// </summary>
sealed class WorkerService : IDisposable
{
    readonly ComputeThreads threads;
    readonly RequestTable requests;
    readonly OrderedDictionary<string, string> opened = new(StringComparer.Ordinal);   // sessions by the request that opened them
    SharedFileReader? files;
    long lastCall;
    int uploads, foreign;

    public WorkerService(WorkerServiceOptions options)
    {
        Options = options;
        threads = new(options.Lanes);
        Values = new(options.ByteLimit, options.Limits.HandlesPerSession);
        Sessions = new(options.Time, options.Limits.Sessions);
        requests = new(options.Time, options.Limits.RememberedRequests, (session, request) => Values.FreeRequest(request, session));
        Peers = new(this, options.Identity);
        lastCall = options.Time.GetTimestamp();
    }

    public WorkerServiceOptions Options { get; }

    public ValueStore Values { get; }

    public SessionTable Sessions { get; }

    /// <summary>The files it reads itself.</summary>
    public SharedFileReader Files => files ??= new(this, Options.FileRoots);

    /// <summary>What it fetches from other workers.</summary>
    public PeerReader Peers { get; }

    /// <summary>What instruments call it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>From now on instruments see it, under this name.</summary>
    public void Observe(string name)
    {
        Name = name;
        Telemetry.Services.Add(this);
    }

    /// <summary>Fragments that run at this moment.</summary>
    public int Running => threads.Running;

    /// <summary>Those of clients without a session, which say nothing while they wait: the original's.</summary>
    public int RunningForeign => Volatile.Read(ref foreign);

    /// <summary>Values on their way here.</summary>
    public int Uploads => Volatile.Read(ref uploads);

    /// <summary>Requests whose answers are remembered.</summary>
    public int Remembered => requests.Count;

    /// <summary>How long nobody has called.</summary>
    public TimeSpan Silence => Options.Time.GetElapsedTime(Interlocked.Read(ref lastCall));

    /// <summary>Notes that a client is alive, and refuses sessions it does not know.</summary>
    /// <exception cref="WorkerRefusal">There is no such session (any more).</exception>
    public void Enter(string session)
    {
        if (!IsOpen(session)) throw new WorkerRefusal(WorkerFailure.SessionLost, "the session has ended");
    }

    /// <summary>A client greets, with its claim on the worker or without one.</summary>
    /// <exception cref="WorkerRefusal">The worker has another owner.</exception>
    public void Greet(CoordinatorClaim? claim)
    {
        Enter("");
        var ended = Sessions.Claim(claim);
        foreach (string session in ended) CloseSession(session);
        if (ended.Count > 0) DistributedLog.Claimed(Options.Log, claim!.Generation, ended.Count);
    }

    /// <summary>Opens a session. A request that comes again, because the network lost its answer, gets the same one.</summary>
    /// <exception cref="WorkerRefusal">There are too many, or the worker has another owner.</exception>
    public string OpenSession(TimeSpan lease, CoordinatorClaim? claim, string request, bool readsFiles = false)
    {
        Enter("");
        if (request.Length == 0) return Sessions.Open(lease, claim, readsFiles);
        lock (opened)
        {
            if (opened.TryGetValue(request, out string? known) && Sessions.Touch(known, out _)) return known;
            while (opened.Count >= Options.Limits.RememberedRequests) opened.Remove(opened.First().Key);
            return opened[request] = Sessions.Open(lease, claim, readsFiles);
        }
    }

    /// <summary>Begins to receive a value.</summary>
    /// <param name="session">Whose it will be.</param>
    /// <param name="request">The name of the request that brings it; empty: none.</param>
    /// <param name="remember">A request that comes again gets the same value; false: somebody else sees to that.</param>
    /// <exception cref="WorkerRefusal">There is no such session, or too many values are on their way.</exception>
    public ValueUpload Upload(string session, string request = "", bool remember = true)
    {
        Enter(session);
        if (Interlocked.Increment(ref uploads) > Options.Limits.Uploads)
        {
            UploadEnded();
            throw new WorkerRefusal(WorkerFailure.Busy, $"{Options.Limits.Uploads} values are on their way here, and no more are allowed");
        }
        return new(this, session, request, remember);
    }

    /// <summary>As <see cref="Upload"/>, when the memory allows it.</summary>
    public async ValueTask<ValueUpload> UploadAsync(string session, string request, CancellationToken ct)
    {
        await AdmitAsync(ct).ConfigureAwait(false);
        return Upload(session, request);
    }

    internal void UploadEnded() => Interlocked.Decrement(ref uploads);

    /// <summary>What a request stored that comes again; null if it comes for the first time.</summary>
    /// <exception cref="WorkerRefusal">There is no such session, or the request was cancelled.</exception>
    public Handle? Stored(string session, string request)
    {
        Enter(session);
        try
        {
            return requests.Find(session, request);
        }
        catch (OperationCanceledException e)
        {
            throw Cancelled(e);
        }
    }

    /// <summary>A request has stored a value. Where it had done so before, that stays and this one goes.</summary>
    /// <exception cref="WorkerRefusal">It was cancelled meanwhile.</exception>
    internal Handle Keep(Handle handle, string session, string request)
    {
        if (requests.TryKeep(session, request, handle)) return handle;
        Values.Free(handle.Id, session);
        return Stored(session, request) ?? throw Cancelled(null);
    }

    /// <summary>The answer to a request could not be given: what it made is freed, at once or, where it bears a name, if nobody comes back for it.</summary>
    public void Unheard(string session, string request, params ReadOnlySpan<Handle> made)
    {
        if (request.Length > 0) requests.Unheard(session, request);
        else foreach (var handle in made) Values.Free(handle.Id, session);
    }

    /// <summary>Keeps a value; takes over the caller's share of it.</summary>
    /// <exception cref="WorkerRefusal">There is no room; the share was released.</exception>
    public Handle Store(Datum value, string session)
    {
        Enter(session);
        return Values.Add(value, session);
    }

    /// <summary>A share of a value, to be sent; the caller releases it.</summary>
    /// <exception cref="WorkerRefusal">There is no such value.</exception>
    public Datum Take(string id, string session)
    {
        Enter(session);
        return Values.Take(id, session);
    }

    /// <summary>Frees values and says how many; those it does not know (any more) are ignored, and so are those of a session that has ended.</summary>
    public int Free(IEnumerable<string> ids, string session) => IsOpen(session) ? ids.Count(id => Values.Free(id, session)) : 0;

    /// <summary>Runs a fragment on values held; the results stay. A request that comes again gets the answer of the first, and one whose client is gone ends after a while.</summary>
    /// <param name="text">One <c>func.func</c>.</param>
    /// <param name="inputs">Handles, in the order of the function's arguments.</param>
    /// <param name="session">Whose values they are, and whose the results will be.</param>
    /// <param name="request">Its name, also for <see cref="Cancel(string, string)"/>; empty: none, and it ends with <paramref name="ct"/>.</param>
    /// <param name="ct">The caller waits no longer.</param>
    /// <exception cref="WorkerRefusal">An input is unknown, the text does not parse, an operation failed, or there is no room for a result.</exception>
    public Task<Handle[]> ComputeAsync(string text, IEnumerable<string> inputs, string session, string request, CancellationToken ct) => ComputeAsync(new FragmentCall(text), inputs, session, request, ct);

    /// <summary>As the other, with the coordinator's options.</summary>
    public async Task<Handle[]> ComputeAsync(FragmentCall call, IEnumerable<string> inputs, string session, string request, CancellationToken ct)
    {
        CallValue[] values = [.. inputs.Select(id => new CallValue(new(id, 0, 0)))];
        return [.. (await ComputeAsync(call, values, session, request, ct).ConfigureAwait(false)).Select(made => made.Handle)];
    }

    /// <summary>As the others, with values that come and go with the call: neither is kept.</summary>
    /// <param name="call">The fragment.</param>
    /// <param name="inputs">Handles, and values.</param>
    /// <param name="session">Whose values.</param>
    /// <param name="request">Its name, or empty.</param>
    /// <param name="ct">The caller waits no longer.</param>
    /// <param name="here">The calling thread has nothing else to do and may compute, within <see cref="WorkerServiceOptions.Lanes"/>.</param>
    public async Task<CallValue[]> ComputeAsync(FragmentCall call, CallValue[] inputs, string session, string request, CancellationToken ct, bool here = false)
    {
        Enter(session);
        if (request.Length == 0) return await ComputeOnceAsync(call, inputs, session, request, here, ct).ConfigureAwait(false);
        return await requests.RunAsync(session, request, stop => ComputeOnceAsync(call, inputs, session, request, here, stop), ct).ConfigureAwait(false);
    }

    async Task<CallValue[]> ComputeOnceAsync(FragmentCall call, CallValue[] inputs, string session, string request, bool here, CancellationToken ct)
    {
        Options.Limits.Check(call.Text);
        List<Datum> taken = [];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, Sessions.Closed(session));
        if (session.Length == 0) Interlocked.Increment(ref foreign);
        try
        {
            foreach (var input in inputs) taken.Add(input.IsCarried ? Carried(input) : Values.Take(input.Handle.Id, session));
            var admitted = AdmitAsync(stop.Token);
            here &= admitted.IsCompleted;   // else it goes on elsewhere
            await admitted.ConfigureAwait(false);
            return await threads.RunAsync(() => Keep(Run(call, taken, stop.Token), session, request, stop.Token, call.Bring), stop.Token, here).ConfigureAwait(false);
        }
        finally
        {
            if (session.Length == 0) Interlocked.Decrement(ref foreign);
            foreach (var value in taken) ValueStore.Release(value);
        }
    }

    /// <summary>Does something else on a thread that computes, within a session.</summary>
    /// <param name="work">Its token is cancelled with the request and with the session.</param>
    /// <param name="session">Whose request it is.</param>
    /// <param name="request">A name for <see cref="Cancel(string, string)"/>, under which it is not done twice; empty: none.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<T> OnThreadAsync<T>(Func<CancellationToken, T> work, string session, string request, CancellationToken ct)
    {
        Enter(session);
        // Only what was made is remembered: it would be there twice. What was looked at can be looked at again.
        return request.Length == 0 ? await OnceAsync(ct).ConfigureAwait(false) : await requests.RunAsync(session, request, OnceAsync, ct, remember: typeof(T) == typeof(Handle)).ConfigureAwait(false);

        async Task<T> OnceAsync(CancellationToken ct)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, Sessions.Closed(session));
            return await threads.RunAsync(() => work(stop.Token), stop.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a value within a session, once however often the request comes; for a while it goes on when nobody waits for it.</summary>
    /// <param name="work">Its token is cancelled with the request.</param>
    /// <param name="session">Whose request it is.</param>
    /// <param name="request">Its name; empty: none, and it ends with <paramref name="ct"/>.</param>
    /// <param name="ct">The caller waits no longer.</param>
    public Task<Handle> OnceAsync(Func<CancellationToken, Task<Handle>> work, string session, string request, CancellationToken ct)
    {
        Enter(session);
        return request.Length == 0 ? work(ct) : requests.RunAsync(session, request, work, ct);
    }

    /// <summary>Keeps what a thread has made; takes over the caller's share.</summary>
    /// <exception cref="WorkerRefusal">There is no room; the share was released.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more; the share was released.</exception>
    public Handle Keep(Datum value, string session, string request, CancellationToken stop) => Keep([value], session, request, stop)[0].Handle;

    /// <summary>
    /// Stops a request, and frees what it made if it has ended already: its client did not hear of that. Should it come only now, it is not done. True if it ran.
    /// </summary>
    public bool Cancel(string request, string session = "") => request.Length > 0 && IsOpen(session) && requests.Cancel(session, request);

    /// <summary>Ends a session: stops what it computes, frees what it holds.</summary>
    public WorkerStats CloseSession(string session)
    {
        Interlocked.Exchange(ref lastCall, Options.Time.GetTimestamp());
        return End(session);
    }

    /// <summary>Ends the sessions whose clients have been silent for longer than they promised.</summary>
    public void CloseExpiredSessions()
    {
        foreach (string session in Sessions.Expired())
        {
            var freed = End(session);
            DistributedLog.SessionExpired(Options.Log, freed.Values, freed.LiveBytes);
        }
    }

    public void Dispose()
    {
        Telemetry.Services.Remove(this);
        Peers.Dispose();
        threads.Dispose();
        Options.Ended();
    }

    WorkerStats End(string session)
    {
        if (!Sessions.Close(session)) return default;
        requests.Forget(session);
        return Values.FreeSession(session);
    }

    bool IsOpen(string session)
    {
        Interlocked.Exchange(ref lastCall, Options.Time.GetTimestamp());
        if (session.Length == 0 || Sessions.Touch(session, out bool expired)) return true;
        if (expired) CloseExpiredSessions();
        return false;
    }

    ValueTask AdmitAsync(CancellationToken ct) => Options.Memory?.AdmitAsync(() => Running > 0 || Uploads > 1, ct) ?? default;

    static WorkerRefusal Cancelled(Exception? e) => new(WorkerFailure.Cancelled, "the request was cancelled", e);

    static Datum Carried(in CallValue value)
    {
        try
        {
            return value.Read();
        }
        catch (RaisedException e)
        {
            throw WorkerRefusal.BadValue(e);
        }
    }

    Datum[] Run(FragmentCall call, IReadOnlyList<Datum> inputs, CancellationToken ct)
    {
        try
        {
            ct.ThrowIfCancellationRequested();
            return (call.Options is { } wanted && Options.RunWith is { } with ? with(wanted) : Options.Run)(call.Text, inputs, ct);
        }
        catch (ScriptException e)
        {
            throw e.Stage == Stage.Execute ? new WorkerRefusal(WorkerFailure.ComputeFailed, FragmentError.Write(e), e) : new WorkerRefusal(WorkerFailure.BadRequest, e.Message.TrimEnd(), e);
        }
        catch (RaisedException e)
        {
            throw new WorkerRefusal(e.Def == Diag.OutOfMemory ? WorkerFailure.TooLarge : WorkerFailure.ComputeFailed, e.Message, e);
        }
        catch (Exception e) when (e is not OperationCanceledException)   // the edge of the worker: a bug in one operation must not end it
        {
            DistributedLog.FragmentCrashed(Options.Log, e);
            throw new WorkerRefusal(WorkerFailure.Internal, $"an operation failed inside ({e.GetType().Name}): {e.Message}", e);
        }
    }

    // On a compute thread: a session that was closed meanwhile must not get new values, a client that gave up will not learn what they are called, and if
    // one result finds no room none stays.
    CallValue[] Keep(Datum[] results, string session, string request, CancellationToken stop, IReadOnlyCollection<int>? bring = null)
    {
        var made = new List<CallValue>();
        int next = 0, left = CallValue.MostInAnswer;
        try
        {
            while (next < results.Length)
            {
                if (bring?.Contains(next) == true && CallValue.TryCarry(results[next], Math.Min(left, CallValue.Most)) is { } carried)
                {
                    left -= carried.Carried.Length;
                    made.Add(carried);
                    ValueStore.Release(results[next++]);
                }
                else made.Add(new(Values.Add(results[next++], session, request)));
            }
            stop.ThrowIfCancellationRequested();   // after adding: whoever ends the session now frees it with the rest
            return [.. made];
        }
        catch
        {
            foreach (var kept in made)
                if (!kept.IsCarried) Values.Free(kept.Handle.Id, session);
            foreach (var value in results.AsSpan(next)) ValueStore.Release(value);
            throw;
        }
    }
}
