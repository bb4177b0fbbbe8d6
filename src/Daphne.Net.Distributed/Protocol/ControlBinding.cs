using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed.Grpc;
using Grpc.Core;

namespace Daphne.Net.Distributed.Protocol;

/// <summary>Our own service over <see cref="WorkerService"/>.</summary>
/// <param name="service">The worker.</param>
/// <param name="refusals">Counts refused callers.</param>
/// <param name="door">Where values come and go beside gRPC; null: nowhere.</param>
/// <param name="stopping">Cancelled when the worker stops: streams that would hold it up end.</param>
sealed partial class ControlBinding(WorkerService service, Refusals refusals, PlaneDoor? door, CancellationToken stopping) : V1.Control.ControlBase
{
    const int DefaultChunk = 1 << 20, LargestChunk = 64 << 20;

    public void Bind(ServiceBinderBase binder)
    {
        binder.AddMethod(BulkMethods.AnswerChunks, (V1.TransferRequest request, IServerStreamWriter<OutgoingBytes> to, ServerCallContext context) => TransferAsync(request, to, context));
        V1.Control.BindService(binder, this);
    }

    public override Task<V1.HelloReply> Hello(V1.HelloRequest request, ServerCallContext context)
    {
        RequireServing();
        var options = service.Options;
        if (request.ProtocolMajor != Keys.ProtocolMajor)
            throw Refused(context, $"the client speaks protocol {request.ProtocolMajor}.{request.ProtocolMinor} (product {request.ProductVersion}), this worker {Keys.ProtocolMajor}.{Keys.ProtocolMinor} (product {ProductVersion.Text})");
        if (request.ClusterId.Length > 0 && options.ClusterId.Length > 0 && request.ClusterId != options.ClusterId)
            throw Refused(context, "the worker belongs to another cluster");
        Guarded(() => service.Greet(ClaimOf(request.Claim)));
        return Task.FromResult(new V1.HelloReply
        {
            ProtocolMajor = Keys.ProtocolMajor,
            ProtocolMinor = Keys.ProtocolMinor,
            ProductVersion = ProductVersion.Text,
            ClusterId = options.ClusterId,
            Generation = (ulong)service.Sessions.ClaimedGeneration,
            Instance = options.Instance,
            ProcessId = (uint)Environment.ProcessId,
            DataPlanes = { door is null ? [Keys.GrpcPlane] : new[] { Keys.GrpcPlane, Keys.SocketPlane, Keys.CallPlane, Keys.PeerPlane } },
            ValueTypes = { ValueTypes.All.Where(t => t != ValueTypeCode.Size).Select(t => (uint)WireFormat.CodeOf(t)) },
            ByteLimit = (ulong)options.ByteLimit,
            Threads = (uint)options.Lanes,
            ReadsFiles = service.Files.IsOffered,
            Carries = CallValue.Most,
        });
    }

    public override async Task Heartbeat(IAsyncStreamReader<V1.Beat> requestStream, IServerStreamWriter<V1.Beat> responseStream, ServerCallContext context)
    {
        RequireServing();
        while (await NextAsync().ConfigureAwait(false))
        {
            Guarded(() => service.Enter(context.Session()));
            var beat = requestStream.Current;
            await responseStream.WriteAsync(new()
            {
                Number = beat.Number,
                SentAt = beat.SentAt,
                LiveBytes = (ulong)service.Values.Stats.LiveBytes,
                Running = (uint)service.Running,
            }, context.CancellationToken).ConfigureAwait(false);
        }

        async Task<bool> NextAsync()
        {
            try
            {
                return await requestStream.MoveNext(stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                throw Stops;
            }
        }
    }

    RpcException Refused(ServerCallContext context, string why)
    {
        refusals.Add(context.PeerAddress, why);
        return new(StatusCode.FailedPrecondition, why);
    }

    static RpcException Stops => new(StatusCode.Unavailable, "the worker stops");

    // Calls under way end in order; who comes anew over a connection that is still there comes too late.
    void RequireServing()
    {
        if (stopping.IsCancellationRequested) throw Stops;
    }

    public override Task<V1.OpenSessionReply> OpenSession(V1.OpenSessionRequest request, ServerCallContext context)
    {
        RequireServing();
        if (request.Replaces.Length > 0) service.CloseSession(request.Replaces);
        var lease = TimeSpan.FromMilliseconds(Math.Min(request.LeaseMilliseconds, TimeSpan.FromDays(365).TotalMilliseconds));
        return Task.FromResult(new V1.OpenSessionReply { Session = Guarded(() => service.OpenSession(lease, ClaimOf(request.Claim), context.Request(), request.ReadsFiles)) });
    }

    public override Task<V1.OpenDataReply> OpenData(V1.OpenDataRequest request, ServerCallContext context)
    {
        string session = context.Session();
        if (door is null || session.Length == 0) throw new RpcException(StatusCode.FailedPrecondition, door is null ? "the worker offers no connections for values" : "connections for values belong to a session");
        Guarded(() => service.Enter(session));
        var ticket = door.Tickets.Give(session);
        return Task.FromResult(new V1.OpenDataReply { Ticket = ticket.Text, Proof = ticket.Proof, Port = (uint)door.Port, LocalName = door.LocalName });
    }

    public override Task<V1.CloseSessionReply> CloseSession(V1.CloseSessionRequest request, ServerCallContext context)
    {
        var freed = service.CloseSession(request.Session);
        return Task.FromResult(new V1.CloseSessionReply { FreedValues = (ulong)freed.Values, FreedBytes = (ulong)freed.LiveBytes });
    }

    public override Task<V1.CancelReply> Cancel(V1.CancelRequest request, ServerCallContext context)
    {
        return Task.FromResult(new V1.CancelReply { Found = service.Cancel(request.Request, context.Session()) });
    }

    public override Task<V1.StatsReply> Stats(V1.StatsRequest request, ServerCallContext context)
    {
        Guarded(() => service.Enter(context.Session()));
        var stats = service.Values.Stats;
        var memory = service.Options.Memory?.Look();
        return Task.FromResult(new V1.StatsReply
        {
            LiveBytes = (ulong)stats.LiveBytes,
            Values = (ulong)stats.Values,
            Sessions = (ulong)service.Sessions.Count,
            Running = (uint)service.Running,
            Unauthenticated = (ulong)refusals.Count,
            ByteLimit = (ulong)service.Values.ByteLimit,
            Uploads = (uint)service.Uploads,
            MemoryUsed = (ulong)(memory?.Used ?? 0),
            MemoryTotal = (ulong)(memory?.Total ?? 0),
        });
    }

    public override Task<V1.FreeReply> Free(V1.FreeRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.FreeReply { FreedValues = (ulong)service.Free(request.Identifiers, context.Session()) });

    public override async Task<V1.ComputeReply> Compute(V1.ComputeCall request, ServerCallContext context)
    {
        var (session, name) = (context.Session(), context.Request());
        try
        {
            var made = await service.ComputeAsync(ComputeMessages.CallOf(request), ComputeMessages.InputsOf(request), session, name, context.CancellationToken).ConfigureAwait(false);
            return ComputeMessages.Answer(made);
        }
        catch (WorkerRefusal refusal)
        {
            throw FailureStatus.ToRpc(refusal, computing: true);
        }
        catch (OperationCanceledException e) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw FailureStatus.ToRpc(new(WorkerFailure.Cancelled, "the computation was cancelled, or its session ended", e));
        }
    }

    async Task TransferAsync(V1.TransferRequest request, IServerStreamWriter<OutgoingBytes> to, ServerCallContext context)
    {
        int chunk = request.ChunkBytes == 0 ? DefaultChunk : (int)Math.Min(request.ChunkBytes, LargestChunk);
        var value = Guarded(() => service.Take(request.Identifier, context.Session()));
        try
        {
            foreach (var bytes in ValueWriter.Messages(value, chunk))
            {
                await to.WriteAsync(new OutgoingBytes(bytes), context.CancellationToken).ConfigureAwait(false);
                Guarded(() => service.Enter(context.Session()));   // who takes for minutes is not silent
            }
        }
        finally
        {
            ValueStore.Release(value);
        }
    }

    static CoordinatorClaim? ClaimOf(V1.Claim? claim) =>
        claim is not { Generation: > 0 } ? null : new(claim.Coordinator, (long)Math.Min(claim.Generation, long.MaxValue)) { Exclusive = claim.Exclusive };

    static void Guarded(Action action) => Guarded(() =>
    {
        action();
        return 0;
    });

    static T Guarded<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (WorkerRefusal refusal)
        {
            throw FailureStatus.ToRpc(refusal);
        }
    }
}
