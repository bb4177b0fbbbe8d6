using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>Brings the inputs of one pipeline to the workers, unless they are there already.</summary>
sealed class Sender(WorkerSet workers, SplitPlan plan, Traffic traffic, CancellationTokenSource giveUp)
{
    /// <summary>Where the value lies now, and whether somebody keeps it there: a placement nobody keeps is freed after the pipeline.</summary>
    public async Task<(Placement Placement, bool Kept)> PlaceAsync(Datum value, bool split)
    {
        if (value.IsScalar) return (await BroadcastAsync(value, 8).ConfigureAwait(false), false);
        if (value.Object is PlacedMatrix there && there.Workers == workers)
        {
            if (split && there.Placement.HasRangesOf(plan)) return (there.Placement, true);
            // It has to be elsewhere: it comes here and goes out again, and the copy remembers where.
            return await PlaceHereAsync(there.Here(), split).ConfigureAwait(false);
        }
        return await PlaceHereAsync(value.Object is Matrix matrix ? matrix.Here() : value.Object, split).ConfigureAwait(false);
    }

    async Task<(Placement, bool)> PlaceHereAsync(DataObject value, bool split)
    {
        var copies = Copies.Of(value, workers);
        if ((split ? copies?.Ranges(plan) : copies?.Whole(plan.Ranges.Length)) is { } known) return (known, true);
        var placed = split ? await ScatterAsync(value).ConfigureAwait(false) : await BroadcastAsync(Datum.Of(value), ValueSize.Of(value)).ConfigureAwait(false);
        copies?.Add(placed);
        return (placed, copies is not null);
    }

    Task<Placement> ScatterAsync(DataObject value) => SendAsync(plan.Combine, async w =>
    {
        var part = plan.Part(value, w);
        try
        {
            traffic.AddSent(ValueSize.Of(part));
            return await workers.Clients[w].StoreAsync(Datum.Of(part), CallBudget.Data(ValueSize.Of(part)), giveUp.Token).ConfigureAwait(false);
        }
        finally
        {
            part.Release();
        }
    });

    Task<Placement> BroadcastAsync(Datum value, long bytes) => SendAsync(null, async w =>
    {
        traffic.AddSent(bytes);
        return await workers.Clients[w].StoreAsync(value, CallBudget.Data(bytes), giveUp.Token).ConfigureAwait(false);
    });

    async Task<Placement> SendAsync(CombineKind? combine, Func<int, Task<Handle>> store)
    {
        var handles = await WorkerCalls.OnAllAsync(plan.Ranges.Length, giveUp, store, (w, handle) => workers.FreeLater([new(w, handle)])).ConfigureAwait(false);
        return new(workers, combine, [.. handles.Select((handle, w) => new PlacedPart(w, handle))]);
    }
}
