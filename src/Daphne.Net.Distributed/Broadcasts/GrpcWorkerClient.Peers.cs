using V1 = Daphne.Net.Distributed.Protocol.V1;

namespace Daphne.Net.Distributed;

// Values that workers hand on to each other.
public sealed partial class GrpcWorkerClient
{
    /// <inheritdoc/>
    public bool HandsOn => link.HandsOn;

    /// <inheritdoc/>
    public ValueTask<PeerOffer> OfferAsync(Handle handle, CallBudget budget, CancellationToken ct) => InSessionAsync(budget, ct, named: false, async (session, _, left) =>
    {
        CheckThere([handle], session);
        var reply = await control.OfferAsync(new() { Identifier = handle.Id }, Call(session, left, ct)).ConfigureAwait(false);
        return new PeerOffer(channel.Address.IdnHost, (int)Math.Min(reply.Port, int.MaxValue), reply.LocalName, reply.Ticket, reply.Proof, handle.Id);
    });

    /// <inheritdoc/>
    public ValueTask<Handle> PullAsync(PeerOffer offer, CallBudget budget, CancellationToken ct) => InSessionAsync(budget, ct, named: true, async (session, request, left) =>
    {
        var entry = new V1.OpenDataReply { Ticket = offer.Ticket, Proof = offer.Proof, Port = (uint)offer.Port, LocalName = offer.LocalName };
        var reply = await control.PullAsync(new() { Host = offer.Host, Entry = entry, Identifier = offer.Id }, Call(session, left, ct, request)).ConfigureAwait(false);
        return new Handle(reply.Identifier, reply.NumRows, reply.NumCols, session.Generation);
    });
}
