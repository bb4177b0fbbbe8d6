using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>Which cells of a value are sent to the workers when it is placed, before a run needs them. Whatever is not there when a run needs it is sent then, and stays.</summary>
public enum PlaceLayout
{
    /// <summary>To each worker its rows, as pipelines split them; a single row to all.</summary>
    Rows,
    /// <summary>All of it to every worker: for what pipelines do not split, such as the right factor of a product.</summary>
    Whole,
    /// <summary>Nothing: each part goes when a run first needs it.</summary>
    WhenNeeded,
}

/// <summary>
/// A matrix or frame of this process whose copies on workers outlive the runs that use it; see <see cref="HostCopies"/>. Thread-safe.
/// </summary>
/// <param name="workers">Where copies are.</param>
/// <param name="value">It is taken over: released with this.</param>
sealed class PlacedCells(WorkerSet workers, DataObject value) : IDisposable
{
    readonly Lock gate = new();
    int width;
    bool disposed;

    public WorkerSet Workers => workers;

    /// <summary>Another owner's share of the value, for one run; null once it is disposed.</summary>
    public DataObject? Share()
    {
        lock (gate)
        {
            if (disposed) return null;
            value.Retain();
            return value;
        }
    }

    /// <summary>
    /// For how many workers rows are cut: as many as there ever were at once, so that the loss of one moves nothing but its ranges. Where there are more now, rows are cut anew.
    /// </summary>
    /// <param name="least">What else the run needs that it is given to.</param>
    public int Widen(int least)
    {
        lock (gate)
        {
            int now = Math.Max(least, workers.Usable.Length);
            if (disposed || now <= width) return width;
            if (width > 0) Recut(value);
            return width = now;
        }
    }

    /// <summary>Sends what the layout says, to all workers at once. A worker that is lost meanwhile costs nothing here: what it should have is sent when it is needed.</summary>
    /// <exception cref="WorkerException">A worker refuses it.</exception>
    public async Task SendAsync(PlaceLayout layout, DispatchMode mode, CancellationToken ct)
    {
        if (layout == PlaceLayout.WhenNeeded || HostCopies.Of(value, workers) is not { } copies) return;
        WorkerSeat[] seats = [.. workers.Seats.Where(s => s.State == WorkerState.Up)];
        if (seats.Length == 0 || (seats.Any(s => s.Client.Identity.Foreign) && !WireFormat.IsOriginal(Datum.Of(value)))) return;
        long rows = value is Frame frame ? frame.Rows : ((Matrix)value).Rows;
        if (layout == PlaceLayout.Whole || rows < 2)
        {
            var spreading = new Broadcast(seats.Length < 4 ? 1 : 2);
            await Task.WhenAll(seats.Select(seat => PlaceAsync(copies, seat, CellRange.All, spreading, ct))).ConfigureAwait(false);
            return;
        }
        var cut = SplitPlan.Usual(SplitKind.Rows, rows, Widen(seats.Length), mode);
        // One after the other to each worker, so that no more than a range per worker is on its way.
        await Task.WhenAll(cut.Ranges.Select((r, i) => (Range: new CellRange(SplitKind.Rows, r.First, r.Count), Seat: seats[cut.Takers[i] % seats.Length])).GroupBy(p => p.Seat, p => p.Range).Select(async own =>
        {
            foreach (var range in own) await PlaceAsync(copies, own.Key, range, null, ct).ConfigureAwait(false);
        })).ConfigureAwait(false);
    }

    /// <summary>No run gets it any more, and its copies are freed. Those that have it keep it until they end.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
        }
        value.Release();
    }

    // Columns of a frame have copies of their own where pipelines take them alone.
    static void Recut(DataObject value)
    {
        (value.Companion as HostCopies)?.Recut();
        if (value is not Frame frame) return;
        foreach (var column in frame.Columns) Recut(column);
    }

    Task PlaceAsync(HostCopies copies, WorkerSeat seat, CellRange range, Broadcast? spreading, CancellationToken ct) => Task.Run(async () =>
    {
        int generation = workers.GenerationOf(seat);
        var part = range.Of(value);
        try
        {
            var budget = CallBudget.Data(ValueSize.Of(part));
            var handle = spreading is not null && ValueSize.Of(part) >= Broadcast.WorthIt
                ? (await spreading.PlaceAsync(Datum.Of(part), seat.Client, budget, ct).ConfigureAwait(false)).Handle
                : await seat.Client.StoreAsync(Datum.Of(part), budget, ct).ConfigureAwait(false);
            if (copies.Share(seat, generation, range, handle) is { } copy) copy.Leave();
            else workers.FreeLater(seat, [handle]);
        }
        catch (WorkerException e) when (e.Reason is WorkerFailure.Unreachable or WorkerFailure.TimedOut or WorkerFailure.SessionLost or WorkerFailure.Cancelled)
        {
            await workers.AnswersAsync(seat).ConfigureAwait(false);
        }
        finally
        {
            part.Release();
        }
    }, ct);
}
