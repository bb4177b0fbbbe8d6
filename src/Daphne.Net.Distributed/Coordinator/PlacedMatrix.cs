using System.Buffers;
using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>A matrix that lies on workers until somebody here needs its cells.</summary>
sealed class PlacedMatrix(WorkerSet workers, Placement placement, MatrixType type, long rows, long cols, SourceSpan span, Traffic traffic, CancellationToken ct)
    : Matrix(rows, cols)
{
    readonly Lock gate = new();
    readonly ValueTypeCode valueType = type.ValueType!.Value;
    Matrix? here;

    public override ValueTypeCode ValueType => valueType;

    public Placement Placement => placement;

    public WorkerSet Workers => workers;

    /// <inheritdoc/>
    public override Matrix Here()
    {
        lock (gate)
        {
            if (here is not null) return here;
            here = Collect();
            // Several variables may share this object while the cells have one owner, us. A second one keeps them from being overwritten in place.
            here.Retain();
            return here;
        }
    }

    // The interpreter's thread waits: it is ours, not the thread pool's.
    Matrix Collect()
    {
        long bytes = ValueSize.Of(this);
        var transfers = placement.Parts.Select(part => FetchAsync(part, bytes)).ToArray();
        try
        {
            Task.WhenAll(transfers).GetAwaiter().GetResult();
            return Assembly.Of(placement.Combine, type, Rows, Cols, [.. transfers.Select(t => t.Result)]);
        }
        catch (WorkerException e)
        {
            throw WorkerErrors.ToScriptException(e, span);
        }
        finally
        {
            foreach (var transfer in transfers)
                if (transfer.IsCompletedSuccessfully) transfer.Result.Release();
        }
    }

    async Task<Matrix> FetchAsync(PlacedPart part, long bytes)
    {
        var client = workers.Clients[part.Worker];
        var value = await client.TransferAsync(part.Handle, CallBudget.Data(bytes), ct).ConfigureAwait(false);
        if (value.IsScalar || value.Object is not Matrix matrix || matrix.ValueType != valueType || matrix.Rows != part.Handle.Rows || matrix.Cols != part.Handle.Cols)
        {
            if (!value.IsScalar) value.Object.Release();
            throw new WorkerException(client.Identity, WorkerFailure.BadRequest, $"sent another value than the {part.Handle.Rows}x{part.Handle.Cols} {valueType.DslName()} matrix it was asked for");
        }
        traffic.AddReceived(ValueSize.Of(matrix));
        return matrix;
    }

    /// <inheritdoc/>
    protected override void Free()
    {
        placement.Dispose();
        if (here is null) return;
        here.Release();
        here.Release();
    }
}
