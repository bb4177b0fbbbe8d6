using Daphne.Net.Data;
using Daphne.Net.Distributed;

namespace Daphne.Net;

/// <summary>
/// A matrix or frame that stays on the workers of a cluster from run to run: <see cref="DaphneCluster.PlaceAsync"/> makes it, runs of that cluster take it as an argument,
/// disposing it frees what the workers have of it. Thread-safe; runs that are under way at once may share it.
/// </summary>
public sealed class PlacedValue : IAsyncDisposable
{
    readonly DaphneCluster cluster;

    internal PlacedValue(DaphneCluster cluster, WorkerSet workers, DataObject value)
    {
        this.cluster = cluster;
        (Rows, Cols) = value switch { Matrix matrix => (matrix.Rows, matrix.Cols), Frame frame => (frame.Rows, frame.Columns.Length), _ => default };
        Cells = new(workers, value);
    }

    /// <summary>Its number of rows.</summary>
    public long Rows { get; }

    /// <summary>Its number of columns.</summary>
    public long Cols { get; }

    internal PlacedCells Cells { get; }

    /// <summary>The value for a run; the caller owns a share.</summary>
    internal DataObject Share(string argument, DaphneCluster? runsOn)
    {
        if (runsOn != cluster)
            throw new ArgumentException($"the script argument {argument} is placed on {(runsOn is null ? "a cluster, and a session runs in this process" : "another cluster")}; "
                + $"{(runsOn is null ? "" : "place it on this one with PlaceAsync, or ")}pass the array, matrix or frame itself");
        return Cells.Share() ?? throw new ObjectDisposedException(nameof(PlacedValue),
            $"the script argument {argument} was placed, but is disposed; place it again with PlaceAsync, or pass the array, matrix or frame itself");
    }

    /// <summary>No run takes it any more. The workers free their copies in the background; runs under way keep theirs, and use the memory that was placed, until they end.</summary>
    public ValueTask DisposeAsync()
    {
        cluster.Forget(this);
        Cells.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Rows}x{Cols}, placed";
}
