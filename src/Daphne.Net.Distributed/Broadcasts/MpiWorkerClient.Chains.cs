using Daphne.Net.Data;
using Daphne.Net.Distributed.Mpi;

namespace Daphne.Net.Distributed;

// Values that go from rank to rank.
public sealed partial class MpiWorkerClient
{
    /// <summary>Most bytes per message along a chain: the next rank waits for the first of them, and each costs a few microseconds.</summary>
    const int ChainChunk = 512 << 10;

    /// <summary>Sends one value along ranks; see <see cref="SendAlong"/>.</summary>
    internal static IReadOnlyList<PendingStore> StoreAlong(Datum value, IReadOnlyList<IWorkerClient> along)
    {
        MpiWorkerClient[] clients = [.. along.Cast<MpiWorkerClient>()];
        var first = clients[0];
        var calls = first.coordinator.Store([.. clients.Select(c => (c.rank, c.session))], first.Outgoing(value), Math.Min(first.chunk, ChainChunk));
        return [.. clients.Select((client, i) => new PendingStore(
            async (budget, ct) => await client.AnswerAsync(calls[i], MpiBodies.Stored, budget, ct).ConfigureAwait(false),
            () => client.coordinator.Abandon(calls[i], client.session)))];
    }
}
