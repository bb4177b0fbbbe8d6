using System.Collections.Immutable;
using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>
/// Runs pipelines on workers: split inputs go out by row ranges, others whole, each worker runs the fragment, results stay where they were made.
/// What was sent or made for one pipeline is found again by the next; what a lost worker had is made again by the others. One backend serves one run.
/// </summary>
/// <param name="workers">Who computes.</param>
/// <param name="local">Who runs what has no rows to split.</param>
/// <param name="statistics">Where finished pipelines are reported.</param>
public sealed partial class DistributedBackend(WorkerSet workers, IPipelineBackend local, RunStatistics statistics) : IPipelineBackend
{
    RunDriver? run;
    ImmutableArray<int> homes = [];

    /// <summary>Longest time one fragment may compute. Default 1 hour.</summary>
    public TimeSpan ComputeTimeout { get; init; } = CallBudget.Compute.Timeout;

    /// <summary>How work is handed out. Default: one call at a time per worker.</summary>
    public DispatchMode Mode { get; init; }

    /// <summary>How often a worker was asked again because one was lost, late or forgetful.</summary>
    public int Retries => run?.Retries ?? 0;

    /// <inheritdoc/>
    public DataObject[] Run(Pipeline pipeline, ReadOnlySpan<Datum> inputs, CancellationToken ct)
    {
        CountWorkers();
        var plan = SplitPlan.For(pipeline, inputs, homes.Length);
        if (plan is null || !AllKnow(pipeline, inputs)) return local.Run(pipeline, inputs, ct);

        var clock = Stopwatch.StartNew();
        var traffic = new Traffic();
        run ??= new(workers, Mode, ComputeTimeout);
        var pieces = new PipelinePieces(run, pipeline, plan, homes, traffic);
        try
        {
            for (int i = 0; i < inputs.Length; i++) pieces.AddInput(inputs[i], plan.IsSplit(i));
            pieces.AddResults();
        }
        catch
        {
            pieces.Release();
            throw;
        }
        DataObject[] results;
        try
        {
            var made = run.Make(pieces, ct);
            if (pipeline.Combines.IsEmpty) run.Drop(pieces.Results);
            results = [.. pipeline.Combines.Select((combine, r) => Result(pieces, r, combine, made.Slice(r * plan.Ranges.Length, plan.Ranges.Length), ct))];
        }
        catch
        {
            run.Drop(pieces.Results);
            throw;
        }
        statistics.Add(new(pipeline.Span, pipeline.Describe(), plan.Rows, plan.Ranges.Length, clock.Elapsed,
            string.Join(", ", pieces.Results.Select(p => pieces.Info(p).Maker!.Address).Distinct())) { Traffic = traffic });
        return results;
    }

    // A run keeps its row ranges whatever becomes of its workers, so that what is placed stays where it is and sums are added in one order; those that join
    // make the ranges of what comes then smaller.
    void CountWorkers()
    {
        var seats = workers.Seats;
        if (homes.IsEmpty) homes = [.. seats.Where(s => s.State != WorkerState.Lost).Select(s => s.Number)];
        else if (seats[^1].Number > homes[^1]) homes = [.. homes, .. seats.Select(s => s.Number).Where(n => n > homes[^1])];
        if (homes.IsEmpty) homes = [.. seats.Select(s => s.Number)];
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

    PlacedMatrix Result(PipelinePieces pieces, int index, CombineKind combine, ImmutableArray<PlacedPart> parts, CancellationToken ct)
    {
        var pipeline = pieces.Origin;
        var first = parts[0];
        long rows = combine == CombineKind.Rows ? parts.Sum(p => p.Rows) : first.Rows;
        long cols = combine == CombineKind.Cols ? parts.Sum(p => p.Cols) : first.Cols;
        foreach (var part in parts)
            if ((combine != CombineKind.Rows && part.Rows != rows) || (combine != CombineKind.Cols && part.Cols != cols))
                throw WorkerErrors.ToScriptException(new WorkerException(pieces.Info(part.Id).Maker!, WorkerFailure.BadRequest,
                    $"made a {part.Rows}x{part.Cols} result where another worker made a {first.Rows}x{first.Cols} one"), pipeline.Span);
        return new(run!, combine, parts, (MatrixType)pipeline.ResultTypes[index], rows, cols, pipeline, ct);
    }
}
