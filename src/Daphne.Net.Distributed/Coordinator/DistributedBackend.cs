using System.Collections.Immutable;
using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>
/// Runs pipelines on workers: split inputs go out by row ranges, others whole, each worker runs the fragment, results stay where they were made.
/// What was sent or made for one pipeline is found again by the next. One backend serves one run.
/// </summary>
/// <param name="workers">Who computes.</param>
/// <param name="local">Who runs what has no rows to split.</param>
/// <param name="statistics">Where finished pipelines are reported.</param>
public sealed class DistributedBackend(WorkerSet workers, IPipelineBackend local, RunStatistics statistics) : IPipelineBackend
{
    // Beyond what any machine holds: sums of parts do not overflow, whatever a worker says.
    const long MostRows = 1L << 48;

    /// <summary>Longest time one fragment may compute. Default 1 hour.</summary>
    public TimeSpan ComputeTimeout { get; init; } = CallBudget.Compute.Timeout;

    /// <inheritdoc/>
    public DataObject[] Run(Pipeline pipeline, ReadOnlySpan<Datum> inputs, CancellationToken ct)
    {
        var plan = SplitPlan.For(pipeline, inputs, workers.Clients.Length);
        if (plan is null || !AllKnow(pipeline, inputs)) return local.Run(pipeline, inputs, ct);

        var clock = Stopwatch.StartNew();
        var traffic = new Traffic();
        try
        {
            // The interpreter's thread waits: it is ours, not the thread pool's. The first failure ends the calls to the other workers.
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var results = RunAsync(pipeline, [.. inputs], plan, traffic, giveUp, ct).GetAwaiter().GetResult();
            statistics.Add(new(pipeline.Span, pipeline.Describe(), plan.Rows, plan.Ranges.Length, clock.Elapsed,
                string.Join(", ", workers.Clients.Take(plan.Ranges.Length).Select(c => c.Identity.Address))) { Traffic = traffic });
            return results;
        }
        catch (WorkerException e)
        {
            throw WorkerErrors.ToScriptException(e, pipeline, plan.RowsOf(workers.NumberOf(e.Worker)));
        }
    }

    // Workers of the original are not asked what they do not know: such pipelines run here.
    bool AllKnow(Pipeline pipeline, ReadOnlySpan<Datum> inputs)
    {
        if (!workers.Clients.Any(c => c.Identity.Foreign)) return true;
        if (pipeline.Axis == SplitKind.Cols) return false;
        foreach (var input in inputs)
            if (!WireFormat.IsOriginal(input)) return false;
        return pipeline.ResultTypes.All(type => type is MatrixType { ValueType: { } code } && WireFormat.IsOriginal(code));
    }

    async Task<DataObject[]> RunAsync(Pipeline pipeline, ImmutableArray<Datum> inputs, SplitPlan plan, Traffic traffic, CancellationTokenSource giveUp, CancellationToken ct)
    {
        var sender = new Sender(workers, plan, traffic, giveUp);
        var placed = new Placement[inputs.Length];
        List<Placement> temporary = [];
        try
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                (placed[i], bool kept) = await sender.PlaceAsync(inputs[i], plan.IsSplit(i)).ConfigureAwait(false);
                if (!kept) temporary.Add(placed[i]);
            }
            var fragment = new Fragment(pipeline.Fragment, pipeline.Combines.Length);
            var outputs = await WorkerCalls.OnAllAsync(plan.Ranges.Length, giveUp, async w =>
            {
                var client = workers.Clients[w];
                var handles = await client.ComputeAsync(fragment, [.. placed.Select(p => p.Parts[w].Handle)], new(ComputeTimeout), giveUp.Token).ConfigureAwait(false);
                return handles.Count == fragment.ResultCount ? handles
                    : throw new WorkerException(client.Identity, WorkerFailure.BadRequest, $"returned {handles.Count} results where {fragment.ResultCount} were due");
            }, (w, handles) => workers.FreeLater([.. handles.Select(h => new PlacedPart(w, h))])).ConfigureAwait(false);
            try
            {
                return [.. pipeline.Combines.Select((combine, r) => Result(pipeline, r, combine, [.. outputs.Select((o, w) => new PlacedPart(w, o[r]))], traffic, ct))];
            }
            catch (WorkerException)
            {
                for (int w = 0; w < outputs.Length; w++) workers.FreeLater([.. outputs[w].Select(h => new PlacedPart(w, h))]);
                throw;
            }
        }
        finally
        {
            foreach (var placement in temporary) placement.Dispose();
        }
    }

    PlacedMatrix Result(Pipeline pipeline, int index, CombineKind combine, ImmutableArray<PlacedPart> parts, Traffic traffic, CancellationToken ct)
    {
        var type = (MatrixType)pipeline.ResultTypes[index];
        foreach (var part in parts)
            if (part.Handle.Rows is < 0 or > MostRows || part.Handle.Cols is < 0 or > MostRows)
                throw new WorkerException(workers.Clients[part.Worker].Identity, WorkerFailure.BadRequest, $"made a result of an impossible shape, {part.Handle.Rows}x{part.Handle.Cols}");
        var first = parts[0].Handle;
        long rows = combine == CombineKind.Rows ? parts.Sum(p => p.Handle.Rows) : first.Rows;
        long cols = combine == CombineKind.Cols ? parts.Sum(p => p.Handle.Cols) : first.Cols;
        foreach (var part in parts)
            if ((combine != CombineKind.Rows && part.Handle.Rows != rows) || (combine != CombineKind.Cols && part.Handle.Cols != cols))
                throw new WorkerException(workers.Clients[part.Worker].Identity, WorkerFailure.BadRequest,
                    $"made a {part.Handle.Rows}x{part.Handle.Cols} result where another worker made a {first.Rows}x{first.Cols} one");
        return new(workers, new(workers, combine, parts), type, rows, cols, pipeline.Span, traffic, ct);
    }
}
