using Daphne.Net.Data;

namespace Daphne.Net.Distributed;

/// <summary>Sends one value along several workers, each of which hands on what comes while more of it comes: it leaves here once.</summary>
/// <param name="value">The value; the caller may release it as soon as this has returned.</param>
/// <param name="along">Two workers or more, in the order in which they get it.</param>
/// <returns>For each of them the answer that is due.</returns>
/// <exception cref="WorkerException">The value cannot be sent.</exception>
delegate IReadOnlyList<PendingStore> SendAlong(Datum value, IReadOnlyList<IWorkerClient> along);

/// <summary>A value on its way to one of several workers.</summary>
/// <param name="AnswerAsync">What the worker calls it; as <see cref="IWorkerClient.StoreAsync"/>.</param>
/// <param name="Abandon">Nobody waits for it: the worker frees it.</param>
sealed record PendingStore(Func<CallBudget, CancellationToken, Task<Handle>> AnswerAsync, Action Abandon);

/// <summary>
/// One value for several workers that it goes along. Who takes part is known when the first call to one of them begins; who comes later, or again because that failed, is sent it alone.
/// Thread-safe.
/// </summary>
/// <param name="send">Sends it.</param>
sealed class ChainedBroadcast(SendAlong send)
{
    /// <summary>Smaller values are sent to everybody: the way along the chain costs as much.</summary>
    public const long WorthIt = 256 << 10;

    readonly Lock gate = new();
    readonly List<IWorkerClient> members = [];
    Dictionary<IWorkerClient, PendingStore>? pending;

    /// <summary>One more takes part, unless it has begun.</summary>
    public void Join(IWorkerClient worker)
    {
        lock (gate)
            if (pending is null && !members.Contains(worker)) members.Add(worker);
    }

    /// <summary>Brings the value to a worker: it begins now, or is on its way.</summary>
    /// <param name="value">The value, the same each time; the caller keeps it until the call has ended.</param>
    /// <param name="to">The worker.</param>
    /// <param name="budget">How long it may take from now on.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>What the worker calls it, and whether it came from here.</returns>
    /// <exception cref="WorkerException">The worker is gone or late, or refuses it.</exception>
    public async Task<(Handle Handle, bool FromHere)> PlaceAsync(Datum value, IWorkerClient to, CallBudget budget, CancellationToken ct)
    {
        PendingStore? own;
        lock (gate)
        {
            pending ??= members.Count > 1 ? send(value, members).Select((store, i) => (Member: members[i], Store: store)).ToDictionary(p => p.Member, p => p.Store) : [];
            pending.Remove(to, out own);
        }
        return own is null ? (await to.StoreAsync(value, budget, ct).ConfigureAwait(false), true) : (await own.AnswerAsync(budget, ct).ConfigureAwait(false), ReferenceEquals(to, members[0]));
    }

    /// <summary>The call to a worker will not begin.</summary>
    public void Leave(IWorkerClient worker)
    {
        PendingStore? own = null;
        lock (gate)
        {
            if (pending is null) members.Remove(worker);
            else pending.Remove(worker, out own);
        }
        own?.Abandon();
    }
}
