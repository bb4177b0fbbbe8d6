using System.Collections.Concurrent;
using Daphne.Net.Data;

namespace Daphne.Net.Distributed;

/// <summary>
/// One value on its way to several workers: it goes out from here to the first who ask, and each that has it hands it on, to one other at a time; so the number of holders doubles
/// with every round, and this machine's line carries the value once or twice. A worker that is lost, or cannot reach another, costs those who wait for it a new attempt, no more:
/// what cannot be fetched there is sent from here. Thread-safe.
/// </summary>
/// <param name="fromHere">Copies that may be on their way from here at once, before any worker has one.</param>
sealed class Broadcast(int fromHere = 1)
{
    /// <summary>Smaller values are sent to everybody: two round trips more cost as much.</summary>
    public const long WorthIt = 1 << 20;

    readonly ConcurrentQueue<Source> free = new(Enumerable.Repeat(default(Source), fromHere));
    readonly SemaphoreSlim available = new(fromHere);
    readonly Lock gate = new();
    int sources = fromHere;
    long sent, handedOn;
    volatile bool apart;

    /// <summary>How many times it was sent from here.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>How many times a worker handed it on.</summary>
    public long HandedOn => Interlocked.Read(ref handedOn);

    /// <summary>True once it has shown that workers do not reach each other: all get it from here.</summary>
    public bool Apart => apart;

    /// <summary>Brings it to one more worker.</summary>
    /// <param name="value">The value, the same each time; the caller keeps it until the call has ended.</param>
    /// <param name="to">The worker.</param>
    /// <param name="budget">For each attempt.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>What the worker calls it, and whether it came from here.</returns>
    /// <exception cref="WorkerException">The worker is gone or late, or refuses it.</exception>
    public async Task<(Handle Handle, bool FromHere)> PlaceAsync(Datum value, IWorkerClient to, CallBudget budget, CancellationToken ct)
    {
        while (to.HandsOn && !apart)
        {
            await available.WaitAsync(ct).ConfigureAwait(false);
            if (apart || !free.TryDequeue(out var source))
            {
                available.Release();   // whoever waits behind us need not wait any longer either
                break;
            }
            bool good = true;
            try
            {
                if (source.Holder is null)
                {
                    // Whoever gets it now hands it on: it need not go out from here again.
                    good = false;
                    return (Have(to, await StoreAsync(value, to, budget, ct).ConfigureAwait(false)), true);
                }
                if (await OfferAsync(source, ct).ConfigureAwait(false) is not { } offer)
                {
                    good = false;
                    continue;
                }
                var handle = await to.PullAsync(offer, budget, ct).ConfigureAwait(false);
                Interlocked.Increment(ref handedOn);
                return (Have(to, handle), false);
            }
            catch (WorkerException e) when (source.Holder is not null && e.Reason is (WorkerFailure.PeerUnreachable or WorkerFailure.TimedOut))
            {
                // One of the two is cut off from the other, or hangs; from here whoever is well is reached.
                good = false;
                // A firewall that says nothing costs its time once, not once for each worker.
                if (Interlocked.Read(ref handedOn) == 0)
                {
                    apart = true;
                    available.Release();
                }
                break;
            }
            finally
            {
                GiveBack(source, good);
            }
        }
        return (await StoreAsync(value, to, budget, ct).ConfigureAwait(false), true);
    }

    async Task<Handle> StoreAsync(Datum value, IWorkerClient to, CallBudget budget, CancellationToken ct)
    {
        Interlocked.Increment(ref sent);
        return await to.StoreAsync(value, budget, ct).ConfigureAwait(false);
    }

    // Null where the worker is lost or has freed it: the next source, then.
    static async Task<PeerOffer?> OfferAsync(Source source, CancellationToken ct)
    {
        try
        {
            return await source.Holder!.OfferAsync(source.Handle, CallBudget.Control, ct).ConfigureAwait(false);
        }
        catch (WorkerException)
        {
            return null;
        }
    }

    Handle Have(IWorkerClient holder, Handle handle)
    {
        lock (gate) sources++;
        free.Enqueue(new(holder, handle));
        available.Release();
        return handle;
    }

    // There is always one source at least: this process, where nothing else is left.
    void GiveBack(Source source, bool good)
    {
        lock (gate)
        {
            if (!good && --sources == 0) (good, source, sources) = (true, default, 1);
        }
        if (!good) return;
        free.Enqueue(source);
        available.Release();
    }

    /// <summary>Where it can be had; the default is this process.</summary>
    readonly record struct Source(IWorkerClient? Holder, Handle Handle);
}
