using System.Collections.Immutable;
using System.Threading.Channels;

namespace Daphne.Net.Distributed;

/// <summary>
/// The workers of a cluster in their order, and the values nobody needs any more that are still to be freed there. Frees happen in the background,
/// in one call per worker, and never fail a run: a worker that is gone holds nothing.
/// </summary>
public sealed class WorkerSet : IAsyncDisposable
{
    readonly Channel<ImmutableArray<PlacedPart>> garbage = Channel.CreateUnbounded<ImmutableArray<PlacedPart>>(new() { SingleReader = true });
    readonly Task sweeper;
    readonly bool ownsClients;

    /// <summary>Wraps clients that are connected and greeted.</summary>
    /// <param name="clients">At least one; their order decides who gets which rows.</param>
    /// <param name="ownsClients">True to dispose the clients with the set.</param>
    public WorkerSet(IEnumerable<IWorkerClient> clients, bool ownsClients = true)
    {
        Clients = [.. clients];
        if (Clients.Length == 0) throw new ArgumentException("a cluster needs at least one worker", nameof(clients));
        this.ownsClients = ownsClients;
        sweeper = Task.Run(SweepAsync);
    }

    /// <summary>The workers.</summary>
    public ImmutableArray<IWorkerClient> Clients { get; }

    /// <summary>Which of the workers that is; -1 for none.</summary>
    internal int NumberOf(WorkerIdentity worker)
    {
        for (int w = 0; w < Clients.Length; w++)
            if (Clients[w].Identity == worker) return w;
        return -1;
    }

    internal void FreeLater(ImmutableArray<PlacedPart> parts) => garbage.Writer.TryWrite(parts);

    async Task SweepAsync()
    {
        while (await garbage.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            List<PlacedPart> parts = [];
            while (garbage.Reader.TryRead(out var more)) parts.AddRange(more);
            await Task.WhenAll(parts.GroupBy(p => p.Worker).Select(g => FreeAsync(g.Key, [.. g.Select(p => p.Handle)]))).ConfigureAwait(false);
        }
    }

    async Task FreeAsync(int worker, IReadOnlyList<Handle> handles)
    {
        try
        {
            await Clients[worker].FreeAsync(handles, CallBudget.Control, CancellationToken.None).ConfigureAwait(false);
        }
        catch (WorkerException)
        {
            // The next call to this worker tells the user; a value that cannot be freed is freed with its session.
        }
    }

    /// <summary>Frees what is still to be freed, then disposes the clients if the set owns them.</summary>
    public async ValueTask DisposeAsync()
    {
        garbage.Writer.TryComplete();
        await sweeper.ConfigureAwait(false);
        // All at once: one that does not answer delays only itself.
        if (ownsClients) await Task.WhenAll(Clients.Select(c => c.DisposeAsync().AsTask())).ConfigureAwait(false);
    }
}
