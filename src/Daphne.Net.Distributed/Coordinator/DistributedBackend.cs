using System.Collections.Immutable;
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
public sealed partial class DistributedBackend(WorkerSet workers, IPipelineBackend local, RunStatistics statistics) : IPipelineBackend, IDisposable
{
    // To make again what is that far back would take as long as the script did.
    const int MostDepth = 100;

    RunDriver? run;
    PipelineChoice? choice;
    ImmutableArray<int> homes = [];

    /// <summary>Longest time one fragment may compute. Default 1 hour.</summary>
    public TimeSpan ComputeTimeout { get; init; } = CallBudget.Compute.Timeout;

    /// <summary>How our own workers are to compute fragments. Null (the default): as they see fit.</summary>
    public FragmentOptions? Computing { get; init; }

    /// <summary>How work is handed out. Default: one call at a time per worker.</summary>
    public DispatchMode Mode { get; init; }

    /// <summary>
    /// Most bytes of values that the script does not need any more, but that are kept here to make again what a worker may lose; beyond that, results are fetched as they are made.
    /// Default 512 MiB.
    /// </summary>
    public long LineageBytes { get; init; } = 512L << 20;

    /// <summary>Which pipelines go to the workers. Default: all.</summary>
    public DistributionRule Rule { get; init; } = DistributionRule.Always;

    /// <summary>Threads that compute here, as far as <see cref="Rule"/> asks. Default: one per core.</summary>
    public int LocalThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Rows are cut as for at least so many workers, however many there are: those that values were cut for that lie on workers since earlier runs. Ranges of workers that are
    /// gone go to those that are left. Default 0: as for the workers there are.
    /// </summary>
    public int LeastWidth { get; init; }

    /// <summary>Who decides, instead of <see cref="Rule"/>.</summary>
    internal PipelineChoice? Choice { get; init; }

    /// <summary>How often a worker was asked again because one was lost, late or forgetful.</summary>
    public int Retries => run?.Retries ?? 0;

    /// <summary>Pieces with their lineage that the run knows at this moment.</summary>
    internal int KeptPieces => run?.KeptPieces ?? 0;

    /// <inheritdoc/>
    public DataObject[] Run(Pipeline pipeline, ReadOnlySpan<Datum> inputs, CancellationToken ct)
    {
        CountWorkers();
        var plan = SplitPlan.For(pipeline, inputs, Math.Max(homes.Length, LeastWidth), Mode, this);
        if (plan is null) return StayHere(pipeline, inputs, "it has fewer than two rows to split", ct);
        if (!AllKnow(pipeline, inputs)) return StayHere(pipeline, inputs, "workers of the original do not know its types", ct);
        choice ??= Choice ?? PipelineChoice.For(Rule, workers, LocalThreads);
        var decision = choice.Decide(pipeline, inputs, plan, run, [.. homes.Select(h => workers.Seats[h].Client.Identity)]);
        statistics.Decide(decision);
        return decision.Distributed ? RunThere(pipeline, inputs, plan, ct) : RunHere(pipeline, inputs, plan, ct);
    }

    DataObject[] StayHere(Pipeline pipeline, ReadOnlySpan<Datum> inputs, string why, CancellationToken ct)
    {
        statistics.Decide(new(pipeline.Span, pipeline.Describe(), false, why));
        return local.Run(pipeline, inputs, ct);
    }

    // Decided, not forced: with the bits it has on the workers.
    DataObject[] RunHere(Pipeline pipeline, ReadOnlySpan<Datum> inputs, SplitPlan plan, CancellationToken ct)
    {
        Datum[] here = [.. inputs];
        for (int i = 0; i < here.Length; i++)
            if (!here[i].IsScalar) here[i] = Datum.Of(here[i].Object.Here());
        var time = workers.Options.Time;
        long begin = time.GetTimestamp();
        var results = LocalPieces.Matter(pipeline, plan) ? LocalPieces.Run(local, statistics, pipeline, here, plan, this, ct)
            : [.. local.Run(pipeline, here, ct).Select((result, r) => LocalPieces.AsThere(pipeline.Combines[r], result, plan, this))];
        choice!.RanHere(pipeline, time.GetElapsedTime(begin), results);
        return results;
    }

    DataObject[] RunThere(Pipeline pipeline, ReadOnlySpan<Datum> inputs, SplitPlan plan, CancellationToken ct)
    {
        using var recorder = new PipelineRecorder(pipeline, plan.Rows, plan.Ranges.Length, workers.Options.Time);
        run ??= new(workers, Mode, ComputeTimeout) { Computing = Computing };
        var pieces = new PipelinePieces(run, pipeline, plan, homes, recorder);
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
        IReadOnlyDictionary<int, DataObject> collected = ImmutableDictionary<int, DataObject>.Empty;
        try
        {
            // Parts that are added up are needed here, whoever asks for the sum: each comes as soon as it is made.
            ImmutableArray<int> parts = [.. pipeline.Combines.SelectMany((combine, r) => PipelinePieces.IsFold(combine) ? pieces.ByResult[r] : [])];
            collected = run.Make(pieces, parts, ct);
            results = [.. pipeline.Combines.Select((combine, r) => Result(pieces, r, combine, collected, ct))];
            run.Drop(pipeline.Combines.IsEmpty ? pieces.Results : parts);
        }
        catch
        {
            run.Drop(pieces.Results);
            throw;
        }
        finally
        {
            foreach (var part in collected.Values) part.Release();
        }
        if (pieces.Depth >= MostDepth || run.Retained > LineageBytes) foreach (var result in results) _ = result.Here();
        statistics.Add(recorder.End(string.Join(", ", pieces.Results.Select(p => pieces.Info(p).Maker!.Address).Distinct())));
        choice!.RanThere(pipeline, recorder, results);
        return results;
    }

    /// <summary>The script has ended: what it left on workers stays until it is released.</summary>
    public void Dispose() => run?.GiveBack();

    // A run keeps its row ranges whatever becomes of its workers, so that what is placed stays where it is and sums are added in one order; those that join
    // make the ranges of what comes then smaller, not of what is placed already.
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
        if (pipeline.Axis == SplitKind.Cols || pipeline.SelectsRows) return false;
        foreach (var input in inputs)
            if (!WireFormat.IsOriginal(input)) return false;
        return pipeline.ResultTypes.All(type => type is MatrixType { ValueType: { } code } && WireFormat.IsOriginal(code));
    }

    DataObject Result(PipelinePieces pieces, int index, CombineKind combine, IReadOnlyDictionary<int, DataObject> collected, CancellationToken ct)
    {
        var pipeline = pieces.Origin;
        var parts = pieces.PartsOf(index);
        var first = parts[0];
        long rows = combine == CombineKind.Rows ? parts.Sum(p => p.Rows) : first.Rows;
        long cols = combine == CombineKind.Cols ? parts.Sum(p => p.Cols) : first.Cols;
        foreach (var part in parts)
            if ((combine != CombineKind.Rows && part.Rows != rows) || (combine != CombineKind.Cols && part.Cols != cols))
                throw WorkerErrors.ToScriptException(new WorkerException(pieces.Info(part.Id).Maker!, WorkerFailure.BadRequest,
                    $"made a {part.Rows}x{part.Cols} result where another worker made a {first.Rows}x{first.Cols} one"), pipeline.Span);
        if (combine == CombineKind.Rows && parts.Any(p => p.Rows == 0))
        {
            // Nobody needs ranges of which no row is left; but one says what its columns are.
            ImmutableArray<PlacedPart> left = rows == 0 ? parts[..1] : [.. parts.Where(p => p.Rows > 0)];
            run!.Drop([.. parts.Except(left).Select(p => p.Id)]);
            parts = left;
        }
        var type = pipeline.ResultTypes[index];
        if (PipelinePieces.IsFold(combine)) return Assembly.Of(combine, type, rows, cols, [.. parts.Select(p => collected[p.Id])]);
        var placement = new Placement(run!, combine, parts, type, rows, cols, pipeline, pieces.Depth, ct);
        return type is FrameType frame ? new PlacedFrame(placement, this, frame, rows, checked((int)cols)) : new PlacedMatrix(placement, this, ((MatrixType)type).ValueType!.Value, rows, cols);
    }
}
