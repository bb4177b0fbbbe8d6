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
public sealed class GrpcWorkerClient : IWorkerClient
{
    static readonly CallBudget goodbye = new(TimeSpan.FromSeconds(2));

    readonly GrpcWorkerClientOptions options;
    readonly GrpcChannel channel;
    readonly CallInvoker invoker;
    readonly Original.Worker.WorkerClient worker;
    readonly V1.Control.ControlClient control;
    readonly CancellationTokenSource leaving = new();
    readonly PlaneClient plane;
    volatile bool hasPlane;
    volatile string session = "";
    Task beating = Task.CompletedTask;
    long requests;

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
        this.options = options;
        Identity = new(address);
        channel = GrpcChannel.ForAddress(address, new()
        {
            BearerToken = options.Token, Identity = options.Identity, Connect = options.Connect,
            // A worker that knows us is ours and bears pings; a foreign one may hang up on them.
            KeepAlive = options.Token is null && options.Identity is null ? null : options.KeepAlive,
            KeepAliveTimeout = options.KeepAlive / 2,
        });
        invoker = channel.CreateCallInvoker();
        (worker, control) = (new(invoker), new(invoker));
        plane = new(options, () => Identity, new(channel.Address.IdnHost, options, OpenDataAsync), leaving.Token);
    }

    /// <inheritdoc/>
    public WorkerIdentity Identity { get; private set; }

    /// <inheritdoc/>
    public async ValueTask<WorkerIdentity> HelloAsync(CallBudget budget, CancellationToken ct)
    {
        long began = Stopwatch.GetTimestamp();
        try
        {
            var request = new V1.HelloRequest { ProtocolMajor = Keys.ProtocolMajor, ProtocolMinor = Keys.ProtocolMinor, ProductVersion = ProductVersion.Text, ClusterId = options.ClusterId };
            var reply = await control.HelloAsync(request, Call(budget, ct)).ConfigureAwait(false);
            // One that was started anew at the same address knows nothing of our session.
            if (session.Length == 0 || (int)reply.ProcessId != Identity.ProcessId)
            {
                session = await OpenSessionAsync(new(budget.Timeout - Stopwatch.GetElapsedTime(began)), ct).ConfigureAwait(false);
                if (beating.IsCompleted) beating = BeatAsync();
            }
            hasPlane = options.DataPlane && reply.DataPlanes.Contains(Keys.SocketPlane);
            plane.Reset();
            return Identity = Identity with { Version = reply.ProductVersion, ProcessId = (int)reply.ProcessId, Foreign = false };
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            if (!options.AllowInsecure)
                throw new WorkerException(Identity, WorkerFailure.Unauthenticated, "it is no worker of Daphne.Net and asks for no token; --allow-insecure consents to that", e);
            DistributedLog.ForeignWorker(options.Log, Identity.Address);
            return Identity = Identity with { Foreign = true };
        }
        catch (RpcException e)
        {
            throw Failed(e, ct);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Handle> StoreAsync(Datum value, CallBudget budget, CancellationToken ct)
    {
        string request = NewRequest();
        try
        {
            CheckKnown(value);
            if (hasPlane && await plane.StoreAsync(value, session, request, budget, ct).ConfigureAwait(false) is { } stored) return stored;
            using var call = invoker.AsyncClientStreamingCall(BulkMethods.SendStore, null, Call(budget, ct, request));
            foreach (var bytes in ValueWriter.Messages(value, options.ChunkBytes)) await call.RequestStream.WriteAsync(new OutgoingBytes(bytes), CancellationToken.None).ConfigureAwait(false);
            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
            return ToHandle(await call.ConfigureAwait(false));
        }
        catch (RpcException e)
        {
            GiveUp(request, e);
            throw Failed(e, ct);
        }
        catch (Exception e) when (e is OperationCanceledException or WorkerException { Reason: WorkerFailure.Unreachable or WorkerFailure.TimedOut })
        {
            CancelUnheard(request);
            throw;
        }
        catch (RaisedException e)
        {
            throw new WorkerException(Identity, WorkerFailure.BadRequest, e.Message, e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Handle>> ComputeAsync(Fragment fragment, IReadOnlyList<Handle> inputs, CallBudget budget, CancellationToken ct)
    {
        string request = NewRequest();
        try
        {
            var task = new Original.Task { MlirCode = fragment.Text, Inputs = { inputs.Select(h => new Original.WorkData { Stored = ToStored(h) }) } };
            var result = await worker.ComputeAsync(task, Call(budget, ct, request)).ConfigureAwait(false);
            if (result.Outputs.Count != fragment.ResultCount || result.Outputs.Any(o => o.Stored is null))
                throw new WorkerException(Identity, WorkerFailure.Internal, $"{result.Outputs.Count} results came back for a fragment that has {fragment.ResultCount}");
            return [.. result.Outputs.Select(o => ToHandle(o.Stored))];
        }
        catch (RpcException e)
        {
            GiveUp(request, e);
            throw Failed(e, ct);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Datum> TransferAsync(Handle handle, CallBudget budget, CancellationToken ct)
    {
        try
        {
            if (hasPlane && await plane.TransferAsync(handle, session, budget, ct).ConfigureAwait(false) is { } fetched) return fetched;
            using var call = Identity.Foreign
                ? invoker.AsyncServerStreamingCall(BulkMethods.AskTransfer, null, Call(budget, ct), ToStored(handle))
                : invoker.AsyncServerStreamingCall(BulkMethods.AskChunks, null, Call(budget, ct), new() { Identifier = handle.Id });
            using var value = new ValueReader();
            while (await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
                await ValueBytes.ReceiveAsync(call.ResponseStream.Current, value, value.Feed, value.Advance).ConfigureAwait(false);
            return value.Finish();
        }
        catch (RpcException e)
        {
            throw Failed(e, ct);
        }
        catch (RaisedException e)
        {
            throw new WorkerException(Identity, WorkerFailure.Internal, $"what it sent is no value: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask FreeAsync(IReadOnlyList<Handle> handles, CallBudget budget, CancellationToken ct)
    {
        if (handles.Count == 0) return;
        try
        {
            if (!Identity.Foreign) await control.FreeAsync(new() { Identifiers = { handles.Select(h => h.Id) } }, Call(budget, ct)).ConfigureAwait(false);
            else await Task.WhenAll(handles.Select(h => worker.FreeMemAsync(ToStored(h), Call(budget, ct)).ResponseAsync)).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            throw Failed(e, ct);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<WorkerStats> StatsAsync(CallBudget budget, CancellationToken ct)
    {
        try
        {
            if (Identity.Foreign)
            {
                // The original frees nothing and answers; that much says it is there.
                await worker.FreeMemAsync(new(), Call(budget, ct)).ConfigureAwait(false);
                return default;
            }
            var stats = await control.StatsAsync(new(), Call(budget, ct)).ConfigureAwait(false);
            return new((long)stats.LiveBytes, (long)stats.Values);
        }
        catch (RpcException e)
        {
            throw Failed(e, ct);
        }
    }

    /// <summary>Closes the session, which frees what it holds; a worker that does not answer within 2 seconds frees it when its lease ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await leaving.CancelAsync().ConfigureAwait(false);
        plane.Dispose();
        await beating.ConfigureAwait(false);
        if (session.Length > 0 && !channel.Closed.IsCancellationRequested)
        {
            try
            {
                await control.CloseSessionAsync(new() { Session = session }, Call(goodbye, default)).ConfigureAwait(false);
            }
            catch (RpcException e)
            {
                DistributedLog.SessionNotClosed(options.Log, Identity.Address, e.Status.Detail);
            }
        }
        channel.Dispose();
    }

    async Task<string> OpenSessionAsync(CallBudget budget, CancellationToken ct) =>
        (await control.OpenSessionAsync(new() { LeaseMilliseconds = (ulong)options.Lease.TotalMilliseconds }, Call(budget, ct)).ConfigureAwait(false)).Session;

    async Task<V1.OpenDataReply> OpenDataAsync(string session, CallBudget budget, CancellationToken ct) =>
        await control.OpenDataAsync(new(), new CallOptions(new() { { Keys.Session, session } }, null, ct) { Timeout = budget.Timeout }).ConfigureAwait(false);

    // Says that we live, so that the lease does not end under a script that computes here, or a cluster that waits for its next one.
    async Task BeatAsync()
    {
        var every = options.Beat ?? options.Lease / 10;
        using var timer = new PeriodicTimer(every);
        try
        {
            while (await timer.WaitForNextTickAsync(leaving.Token).ConfigureAwait(false))
            {
                try
                {
                    await SayWeLiveAsync().ConfigureAwait(false);
                }
                catch (RpcException)
                {
                    // The next call to this worker tells the user.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // We leave.
        }
    }

    async Task SayWeLiveAsync()
    {
        try
        {
            await control.StatsAsync(new(), Call(CallBudget.Control, leaving.Token)).ConfigureAwait(false);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            // This machine slept for longer than the lease. What was placed is lost; what comes next gets a session again.
            session = await OpenSessionAsync(CallBudget.Control, leaving.Token).ConfigureAwait(false);
        }
    }

    string NewRequest() => session.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{session}/{Interlocked.Increment(ref requests)}");

    // The answer may be on its way: the worker frees what it made, because nobody here will ever know its name. Nobody waits for that.
    void GiveUp(string request, RpcException e)
    {
        if (e.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded) CancelUnheard(request);
    }

    void CancelUnheard(string request)
    {
        if (request.Length > 0 && !leaving.IsCancellationRequested) _ = CancelAsync();

        async Task CancelAsync()
        {
            try
            {
                await control.CancelAsync(new() { Request = request }, Call(goodbye, leaving.Token)).ConfigureAwait(false);
            }
            catch (RpcException)
            {
                // It is freed with the session.
            }
        }
    }

    CallOptions Call(CallBudget budget, CancellationToken ct, string request = "")
    {
        var headers = session.Length == 0 ? null : new Metadata { { Keys.Session, session } };
        if (request.Length > 0) headers?.Add(Keys.Request, request);
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

    static Handle ToHandle(Original.StoredData stored) => new(stored.Identifier, (long)stored.NumRows, (long)stored.NumCols);
}
