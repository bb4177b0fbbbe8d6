using Grpc.Core;

namespace Daphne.Net.Distributed.Protocol;

// Values that workers hand on to each other.
sealed partial class ControlBinding
{
    public override Task<V1.OpenDataReply> Offer(V1.OfferRequest request, ServerCallContext context)
    {
        string session = context.Session();
        if (door is null || session.Length == 0) throw new RpcException(StatusCode.FailedPrecondition, door is null ? "the worker offers no connections for values" : "connections for values belong to a session");
        ValueStore.Release(Guarded(() => service.Take(request.Identifier, session)));   // it is there
        var ticket = door.Tickets.Give(session, request.Identifier);
        return Task.FromResult(new V1.OpenDataReply { Ticket = ticket.Text, Proof = ticket.Proof, Port = (uint)door.Port, LocalName = door.LocalName });
    }

    public override Task<V1.StoredReply> Pull(V1.PullRequest request, ServerCallContext context) => GuardedAsync(context, async () =>
    {
        var handle = await service.Peers.PullAsync(request, context.Session(), context.Request(), context.CancellationToken).ConfigureAwait(false);
        if (context.CancellationToken.IsCancellationRequested) service.Unheard(context.Session(), context.Request(), handle);
        return FileMessages.ToMessage(handle);
    });
}
