namespace Daphne.Net.Distributed;

/// <summary>
/// What requests that bear a name were answered, so that one that comes again, because the network lost its answer, gets the same without being done twice. So many of a session
/// are remembered, the oldest make room. Thread-safe.
/// </summary>
/// <param name="time">Measures how long a request nobody waits for is kept.</param>
/// <param name="remembered">Requests per session.</param>
/// <param name="unheard">Called with session and name of a request whose client gave up or did not come back: what it made is freed.</param>
sealed class RequestTable(TimeProvider time, int remembered, Action<string, string> unheard)
{
    /// <summary>How long what nobody waits for goes on: a client that lost its connection is back by then, or has said that it gives up.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    readonly Lock gate = new();
    readonly Dictionary<string, Session> sessions = new(StringComparer.Ordinal);

    /// <summary>Requests remembered at this moment.</summary>
    public int Count
    {
        get
        {
            lock (gate) return sessions.Values.Sum(s => s.Requests.Count);
        }
    }

    /// <summary>
    /// The answer to a request: of <paramref name="work"/>, which runs once however often the request comes, until it ends, is cancelled or nobody has waited for it for a while.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled, or the request.</exception>
    /// <exception cref="WorkerRefusal">The name is that of another kind of request.</exception>
    public async Task<T> RunAsync<T>(string session, string name, Func<CancellationToken, Task<T>> work, CancellationToken ct, bool remember = true)
    {
        Request request;
        Task? begin = null;
        lock (gate)
        {
            var own = Of(session);
            if (!own.Requests.TryGetValue(name, out request!))
            {
                var stop = new CancellationTokenSource();
                var beginning = new Task<Task<T>>(() => work(stop.Token), CancellationToken.None);
                begin = beginning;
                var doing = beginning.Unwrap();
                // Where nobody waits any more nobody looks at how it failed.
                _ = doing.ContinueWith(static failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                own.Add(name, request = new(doing, stop), remembered);
            }
            request.Waiting++;
        }
        bool heard = false;
        try
        {
            begin?.RunSynchronously(TaskScheduler.Default);   // here, until it first waits
            // One that was cancelled before it came has no answer of any kind.
            if (request.Answer is not Task<T> answer) throw request.Answer.IsCanceled ? new OperationCanceledException("the request was cancelled") : new WorkerRefusal(WorkerFailure.BadRequest, "another request bears the same name");
            var answered = await answer.WaitAsync(ct).ConfigureAwait(false);
            // Who gets the answer is counted, and no other: it may say Unheard later.
            ct.ThrowIfCancellationRequested();
            heard = true;
            return answered;
        }
        finally
        {
            Leave(session, name, request, unheard: !heard && ct.IsCancellationRequested, remember);
        }
    }

    /// <summary>What a request was answered that is done; null if it is not (yet).</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Handle? Find(string session, string name)
    {
        if (name.Length == 0) return null;
        lock (gate)
        {
            if (!sessions.TryGetValue(session, out var own) || !own.Requests.TryGetValue(name, out var request)) return null;
            request.Stop.Token.ThrowIfCancellationRequested();
            if (request.Answer is not Task<Handle> { IsCompletedSuccessfully: true } answer) return null;
            request.Answered++;
            return answer.Result;
        }
    }

    /// <summary>A request is done. Where it was done already, or cancelled, false: what it made this time is not wanted.</summary>
    public bool TryKeep(string session, string name, Handle made)
    {
        lock (gate) return Of(session).Requests.ContainsKey(name) ? false : Of(session).Add(name, new(Task.FromResult(made), new()) { Answered = 1 }, remembered);
    }

    /// <summary>The answer to a request could not be given; who asked may come back for it.</summary>
    public void Unheard(string session, string name)
    {
        Request? request;
        lock (gate)
        {
            if (!sessions.TryGetValue(session, out var own) || !own.Requests.TryGetValue(name, out request)) return;
            request.Answered--;
            request.Waiting++;
        }
        Leave(session, name, request, unheard: true, remember: true);
    }

    /// <summary>Stops a request, and remembers that it is not wanted, should it come late; true if it ran.</summary>
    public bool Cancel(string session, string name)
    {
        Request? request;
        lock (gate)
        {
            var own = Of(session);
            if (!own.Requests.TryGetValue(name, out request))
            {
                // Requests that belong to no session have no end, and may use their names again.
                if (session.Length == 0) return false;
                own.Add(name, request = new(Task.FromCanceled(new(canceled: true)), new()), remembered);
            }
        }
        bool ran = !request.Answer.IsCompleted;
        request.Stop.Cancel();
        unheard(session, name);
        return ran;
    }

    /// <summary>Forgets a session.</summary>
    public void Forget(string session)
    {
        lock (gate) sessions.Remove(session);
    }

    void Leave(string session, string name, Request request, bool unheard, bool remember)
    {
        lock (gate)
        {
            if (!unheard) request.Answered++;
            // Who came again has the answer, whatever became of those before.
            if (--request.Waiting > 0 || (unheard && request.Answered > 0)) return;
            if (!unheard)
            {
                // Without a session there is no client that would come back.
                if ((session.Length == 0 || !remember) && request.Answer.IsCompleted && sessions.TryGetValue(session, out var own)) own.Requests.Remove(name);
                return;
            }
            int leaving = ++request.Leaving;
            request.Patience?.Dispose();
            request.Patience = time.CreateTimer(_ =>
            {
                lock (gate)
                    if (request.Waiting > 0 || request.Answered > 0 || request.Leaving != leaving || !sessions.TryGetValue(session, out var own) || own.Requests.GetValueOrDefault(name) != request) return;
                Cancel(session, name);
            }, null, Grace, Timeout.InfiniteTimeSpan);
        }
    }

    Session Of(string session)
    {
        if (!sessions.TryGetValue(session, out var own)) sessions.Add(session, own = new());
        return own;
    }

    sealed class Session
    {
        readonly Queue<string> order = [];

        public Dictionary<string, Request> Requests { get; } = new(StringComparer.Ordinal);

        public bool Add(string name, Request request, int most)
        {
            Requests.Add(name, request);
            order.Enqueue(name);
            // One that still runs is kept, however old; there are no more of these than calls under way.
            for (int look = order.Count; look > 0 && Requests.Count > most; look--)
            {
                string oldest = order.Dequeue();
                if (!Requests.TryGetValue(oldest, out var old)) continue;
                if (old.Answer.IsCompleted) Requests.Remove(oldest);
                else order.Enqueue(oldest);
            }
            return true;
        }
    }

    sealed class Request(Task answer, CancellationTokenSource stop)
    {
        public Task Answer => answer;
        public CancellationTokenSource Stop => stop;
        public int Waiting { get; set; }
        /// <summary>To how many it was answered, of those of whom nothing else is known.</summary>
        public int Answered { get; set; }
        public int Leaving { get; set; }
        public ITimer? Patience { get; set; }
    }
}
