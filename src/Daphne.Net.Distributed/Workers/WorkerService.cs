using System.Collections.Concurrent;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>
/// What a worker does, whatever carries the calls to it: keeps values, runs fragments on them, hands values out, frees them. Thread-safe.
/// A session is named by its id, "" being the one of clients that opened none.
/// </summary>
sealed class WorkerService(WorkerServiceOptions options) : IDisposable
{
    readonly ComputeThreads threads = new(options.Lanes);
    readonly ConcurrentDictionary<string, CancellationTokenSource> requests = new(StringComparer.Ordinal);
    readonly SessionTable sessions = new(options.Time);
    SharedFileReader? files;
    PeerReader? peers;
    long lastCall = options.Time.GetTimestamp();

    public WorkerServiceOptions Options => options;

    public ValueStore Values { get; } = new(options.ByteLimit);

    public SessionTable Sessions => sessions;

    /// <summary>The files it reads itself.</summary>
    public SharedFileReader Files => files ??= new(this, options.FileRoots);

    /// <summary>What it fetches from other workers.</summary>
    public PeerReader Peers => peers ??= new(this, options.Identity);

    /// <summary>Fragments that run at this moment.</summary>
    public int Running => threads.Running;

    /// <summary>How long nobody has called.</summary>
    public TimeSpan Silence => options.Time.GetElapsedTime(Interlocked.Read(ref lastCall));

    /// <summary>Notes that a client is alive, and refuses sessions it does not know.</summary>
    /// <exception cref="WorkerRefusal">There is no such session (any more).</exception>
    public void Enter(string session)
    {
        if (!IsOpen(session)) throw new WorkerRefusal(WorkerFailure.SessionLost, "the session has ended");
    }

    /// <summary>Begins to receive a value.</summary>
    public ValueUpload Upload(string session, string request = "")
    {
        Enter(session);
        return new(Values, session, sessions.Closed(session), request);
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

    /// <summary>Runs a fragment on values held; the results stay.</summary>
    /// <param name="text">One <c>func.func</c>.</param>
    /// <param name="inputs">Handles, in the order of the function's arguments.</param>
    /// <param name="session">Whose values they are, and whose the results will be.</param>
    /// <param name="request">A name for <see cref="Cancel(string)"/>; empty: none.</param>
    /// <param name="ct">Stops the computation.</param>
    /// <exception cref="WorkerRefusal">An input is unknown, the text does not parse, an operation failed, or there is no room for a result.</exception>
    public async Task<Handle[]> ComputeAsync(string text, IEnumerable<string> inputs, string session, string request, CancellationToken ct)
    {
        Enter(session);
        List<Datum> taken = [];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, sessions.Closed(session));
        bool named = request.Length > 0 && requests.TryAdd(request, stop);
        try
        {
            foreach (string id in inputs) taken.Add(Values.Take(id, session));
            return await threads.RunAsync(() => Keep(Run(text, taken, stop.Token), session, request, stop.Token), stop.Token).ConfigureAwait(false);
        }
        finally
        {
            foreach (var value in taken) ValueStore.Release(value);
            if (named) requests.TryRemove(request, out _);
        }
    }

    /// <summary>Does something else on a thread that computes, within a session.</summary>
    /// <param name="work">Its token is cancelled with the request and with the session.</param>
    /// <param name="session">Whose request it is.</param>
    /// <param name="request">A name for <see cref="Cancel(string)"/>; empty: none.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<T> OnThreadAsync<T>(Func<CancellationToken, T> work, string session, string request, CancellationToken ct)
    {
        Enter(session);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, sessions.Closed(session));
        bool named = request.Length > 0 && requests.TryAdd(request, stop);
        try
        {
            return await threads.RunAsync(() => work(stop.Token), stop.Token).ConfigureAwait(false);
        }
        finally
        {
            if (named) requests.TryRemove(request, out _);
        }
    }

    /// <summary>Keeps what a thread has made; takes over the caller's share.</summary>
    /// <exception cref="WorkerRefusal">There is no room; the share was released.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more; the share was released.</exception>
    public Handle Keep(Datum value, string session, string request, CancellationToken stop) => Keep([value], session, request, stop)[0];

    /// <summary>As <see cref="Cancel(string)"/>, and frees what the request made if it has ended already: its client did not hear of that.</summary>
    public bool Cancel(string request, string session)
    {
        bool found = Cancel(request);
        Values.FreeRequest(request, session);
        return found;
    }

    /// <summary>Stops a computation; false if none of that name runs.</summary>
    public bool Cancel(string request)
    {
        if (!requests.TryGetValue(request, out var stop)) return false;
        try
        {
            stop.Cancel();
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;   // it ended a moment ago
        }
    }

    /// <summary>Ends a session: stops what it computes, frees what it holds.</summary>
    public WorkerStats CloseSession(string session)
    {
        Interlocked.Exchange(ref lastCall, options.Time.GetTimestamp());
        return sessions.Close(session) ? Values.FreeSession(session) : default;
    }

    /// <summary>Ends the sessions whose clients have been silent for longer than they promised.</summary>
    public void CloseExpiredSessions()
    {
        foreach (string session in sessions.Expired())
        {
            var freed = sessions.Close(session) ? Values.FreeSession(session) : default;
            DistributedLog.SessionExpired(options.Log, freed.Values, freed.LiveBytes);
        }
    }

    public void Dispose() => threads.Dispose();

    bool IsOpen(string session)
    {
        Interlocked.Exchange(ref lastCall, options.Time.GetTimestamp());
        return session.Length == 0 || sessions.Touch(session);
    }

    Datum[] Run(string text, IReadOnlyList<Datum> inputs, CancellationToken ct)
    {
        try
        {
            ct.ThrowIfCancellationRequested();
            return options.Run(text, inputs, ct);
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
            DistributedLog.FragmentCrashed(options.Log, e);
            throw new WorkerRefusal(WorkerFailure.Internal, $"an operation failed inside ({e.GetType().Name}): {e.Message}", e);
        }
    }

    // On a compute thread: a session that was closed meanwhile must not get new values, a client that gave up will not learn what they are called, and if
    // one result finds no room none stays.
    Handle[] Keep(Datum[] results, string session, string request, CancellationToken stop)
    {
        var handles = new List<Handle>();
        int next = 0;
        try
        {
            while (next < results.Length) handles.Add(Values.Add(results[next++], session, request));
            stop.ThrowIfCancellationRequested();   // after adding: whoever ends the session now frees it with the rest
            return [.. handles];
        }
        catch
        {
            foreach (var handle in handles) Values.Free(handle.Id, session);
            foreach (var value in results.AsSpan(next)) ValueStore.Release(value);
            throw;
        }
    }
}
