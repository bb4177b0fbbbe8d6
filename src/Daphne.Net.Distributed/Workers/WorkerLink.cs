using System.Diagnostics;
using System.Net.Sockets;
using Daphne.Net.Distributed.Protocol;
using Grpc.Core;
using V1 = Daphne.Net.Distributed.Protocol.V1;

namespace Daphne.Net.Distributed;

/// <summary>A session on a worker, as its client knows it.</summary>
/// <param name="Id">What the worker calls it; "" before the first greeting and towards foreign workers.</param>
/// <param name="Generation">From 1, one more for each that was lost.</param>
/// <param name="IsLost">What was placed in it is gone.</param>
sealed record SessionRef(string Id, int Generation, bool IsLost = false)
{
    public static readonly SessionRef None = new("", 1);

    /// <summary>What each call of the session carries.</summary>
    public Metadata? Headers => Id.Length == 0 ? null : new() { { Keys.Session, Id } };
}

/// <summary>
/// The client's hold on its worker: who it is, the session there, and whether that is lost. A lost session is replaced when the worker answers, by the heartbeat or by the
/// next call, whichever comes first; nothing of a lost session is ever used again. Thread-safe.
/// </summary>
/// <param name="address">Where the worker is reached.</param>
/// <param name="options">Of the client.</param>
/// <param name="control">Calls it.</param>
/// <param name="tell">Hears of each change of health.</param>
sealed class WorkerLink(string address, GrpcWorkerClientOptions options, V1.Control.ControlClient control, Action<WorkerHealth> tell)
{
    readonly Lock gate = new();
    readonly SemaphoreSlim turn = new(1);   // greetings
    readonly HealthReport health = new(tell);
    SessionRef session = SessionRef.None;
    long heard = Stopwatch.GetTimestamp();
    string instance = "", opening = "";

    public WorkerIdentity Identity { get; private set; } = new(address);

    public WorkerHealth Health => health.Now;

    /// <summary>The worker takes connections of their own for values.</summary>
    public bool HasPlane { get; private set; }

    /// <summary>Such connections carry small calls too.</summary>
    public bool HasPlaneCalls { get; private set; }

    /// <summary>Most bytes of a value that goes or comes with a computation.</summary>
    public int Carries { get; private set; }

    /// <summary>The worker hands values on to others.</summary>
    public bool HandsOn { get; private set; }

    /// <summary>The worker reads files it shares with us.</summary>
    public bool ReadsFiles { get; private set; }

    public SessionRef Session
    {
        get
        {
            lock (gate) return session;
        }
    }

    /// <summary>How long nothing was heard of the worker.</summary>
    public TimeSpan Quiet => Stopwatch.GetElapsedTime(Interlocked.Read(ref heard));

    /// <summary>A session to call in: the one there is, or a new one where that is lost.</summary>
    /// <exception cref="RpcException">There is none to be had.</exception>
    public async ValueTask<SessionRef> SessionAsync(CallBudget budget, CancellationToken ct)
    {
        if (Session is { IsLost: false } good) return good;
        await GreetAsync(budget, ct).ConfigureAwait(false);
        return Session;
    }

    /// <summary>Greets the worker, and opens a session where there is none or it is lost.</summary>
    /// <exception cref="RpcException">It does not answer, refuses, or is a foreign one.</exception>
    public async Task GreetAsync(CallBudget budget, CancellationToken ct)
    {
        long began = Stopwatch.GetTimestamp();
        if (!await turn.WaitAsync(budget.ForTimers, ct).ConfigureAwait(false)) throw new RpcException(StatusCode.DeadlineExceeded, "another greeting was not answered in time");
        try
        {
            var request = new V1.HelloRequest { ProtocolMajor = Keys.ProtocolMajor, ProtocolMinor = Keys.ProtocolMinor, ProductVersion = ProductVersion.Text, ClusterId = options.ClusterId, Claim = Claim() };
            var reply = await control.HelloAsync(request, new CallOptions(null, null, ct) { Timeout = budget.After(began).Timeout }).ConfigureAwait(false);
            // One that was started anew at the same address knows nothing of our session.
            if (Session is { Id.Length: > 0 } old && reply.Instance != instance) Lose(old);
            instance = reply.Instance;
            Identity = Identity with { Version = reply.ProductVersion, ProcessId = (int)reply.ProcessId, Foreign = false };
            HandsOn = (options.Connect is null || options.PeersMeet) && reply.DataPlanes.Contains(Keys.PeerPlane);
            ReadsFiles = options.ReadFiles && reply.ReadsFiles;
            HasPlane = options.DataPlane && reply.DataPlanes.Contains(Keys.SocketPlane);
            HasPlaneCalls = HasPlane && reply.DataPlanes.Contains(Keys.CallPlane);
            Carries = (int)Math.Min(reply.Carries, CallValue.Most);
            if (Session is { Id.Length: 0 } or { IsLost: true }) await OpenAsync(budget.After(began), ct).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>It is a worker of the original.</summary>
    public WorkerIdentity IsForeign() => Identity = Identity with { Foreign = true };

    /// <summary>What was placed in the session is gone.</summary>
    public void Lose(SessionRef lost)
    {
        if (MarkLost(lost)) health.Become(WorkerHealth.SessionLost);
    }

    /// <summary>A sign of life in the session.</summary>
    public void Heard(SessionRef alive)
    {
        Interlocked.Exchange(ref heard, Stopwatch.GetTimestamp());
        health.Become(WorkerHealth.Answering, _ => Session == alive && !alive.IsLost);
    }

    /// <summary>No sign of life. Beyond its lease the worker has dropped the session, whether it lives or not: it heard from us no later than we from it.</summary>
    public void Silent()
    {
        health.Become(WorkerHealth.Silent, now => now == WorkerHealth.Answering && !Session.IsLost);
        if (Quiet > options.Lease) Lose(Session);
    }

    /// <summary>What a failed call says of its session; false: nothing.</summary>
    public bool Ends(RpcException e, SessionRef failed)
    {
        switch (e.Trailers.GetValue(Keys.Failure))
        {
            case nameof(WorkerFailure.SessionLost):
                Lose(failed);
                return true;
            case nameof(WorkerFailure.Superseded):
                MarkLost(Session);
                health.Become(WorkerHealth.Superseded);
                return true;
            default: return false;
        }
    }

    /// <summary>A greeting or the stream of beats has failed: what that says of the worker.</summary>
    public void Judge(RpcException e, SessionRef failed)
    {
        if (Ends(e, failed)) return;
        // Through a tunnel it is the tunnel that says so.
        if (options.Connect is null && IsRefused(e))
        {
            MarkLost(Session);
            health.Become(WorkerHealth.Gone);
        }
        else Silent();
    }

    public static bool IsRefused(RpcException e)
    {
        for (Exception? inner = e.Status.DebugException; inner is not null; inner = inner.InnerException)
            if (inner is SocketException { SocketErrorCode: SocketError.ConnectionRefused }) return true;
        return false;
    }

    async Task OpenAsync(CallBudget budget, CancellationToken ct)
    {
        var old = Session;
        var request = new V1.OpenSessionRequest { LeaseMilliseconds = (ulong)options.Lease.TotalMilliseconds, Replaces = old.Id, ReadsFiles = options.ReadFiles, Claim = Claim() };
        // One whose answer was lost is asked for again by the same name, so that none stays open that nobody knows.
        if (opening.Length == 0) opening = Guid.NewGuid().ToString("N");
        var reply = await control.OpenSessionAsync(request, new CallOptions(new() { { Keys.Request, opening } }, null, ct) { Timeout = budget.Timeout }).ConfigureAwait(false);
        opening = "";
        var opened = new SessionRef(reply.Session, old.Id.Length == 0 ? 1 : old.Generation + 1);
        lock (gate) session = opened;
        Heard(opened);
    }

    V1.Claim? Claim() => options.Claim is { } claim ? new() { Coordinator = claim.Coordinator, Generation = (ulong)claim.Generation, Exclusive = claim.Exclusive } : null;

    bool MarkLost(SessionRef lost)
    {
        lock (gate)
        {
            if (session != lost || lost.IsLost || lost.Id.Length == 0) return false;
            session = lost with { IsLost = true };
            return true;
        }
    }
}
