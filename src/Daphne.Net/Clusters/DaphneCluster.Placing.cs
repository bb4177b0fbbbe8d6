using Daphne.Net.Distributed;

namespace Daphne.Net;

// Values that stay on the workers from run to run.
public sealed partial class DaphneCluster
{
    readonly HashSet<PlacedValue> placed = [];

    /// <summary>
    /// Keeps a matrix or frame on the workers until it is disposed, or the cluster is: pass what comes back as an argument to any number of runs of this cluster, also at once.
    /// What is not there when a run needs it (columns, the whole of it, rows of a worker that was lost) is sent then, and stays. Where more workers have joined, its rows are
    /// dealt anew with the next run.
    /// </summary>
    /// <param name="data">An array, a two-dimensional array, a <see cref="Shaped{T}"/>, a matrix (dense or sparse) or a frame. Its memory is borrowed, not copied: it must not change
    /// before the value is disposed and the runs that were given it have ended, because runs may see old cells, or new ones, or both.</param>
    /// <param name="options">What to send at once. Default: to each worker its rows.</param>
    /// <param name="ct">Gives it up; nothing is left then.</param>
    /// <exception cref="ArgumentException">It is something else, such as a number: those go with each run.</exception>
    /// <exception cref="InvalidOperationException">The cluster is not deployed.</exception>
    /// <exception cref="WorkerException">A worker refuses the value, for instance because it is too large. One that is lost is no error: others get its rows when a run needs them.</exception>
    public async Task<PlacedValue> PlaceAsync(object data, PlaceOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        PlacedValue value;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var workers = DeployedWorkers;
            placed.Add(value = new(this, workers, HostArguments.ToPlace(data)));
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, closing.Token);
        try
        {
            await value.Cells.SendAsync(options.Layout, options.Dispatch, stop.Token).ConfigureAwait(false);
            return value;
        }
        catch (Exception e)
        {
            await value.DisposeAsync().ConfigureAwait(false);
            if (e is OperationCanceledException && !ct.IsCancellationRequested) throw new ObjectDisposedException("the cluster was disposed while a value was placed", e);
            throw;
        }
    }

    internal void Forget(PlacedValue value)
    {
        lock (gate) placed.Remove(value);
    }
}
