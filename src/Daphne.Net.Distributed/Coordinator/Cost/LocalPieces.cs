using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>
/// Runs a pipeline here with the bits it would have on the workers: where floating-point parts are added, by the same ranges and in the same order. So where
/// a pipeline runs, which may depend on measurements, never shows in a result.
/// </summary>
static class LocalPieces
{
    /// <summary>True where the ranges show: in the last digits of a sum, or in which rows each of them gives, which is to be known for pipelines that follow.</summary>
    public static bool Matter(Pipeline pipeline, SplitPlan plan)
    {
        if (plan.Ranges.Length < 2) return false;
        if (pipeline.SelectsRows) return true;
        for (int r = 0; r < pipeline.Combines.Length; r++)
            if (pipeline.Combines[r] == CombineKind.Add && pipeline.ResultTypes[r] is MatrixType { ValueType: ValueTypeCode.F64 or ValueTypeCode.F32 or null }) return true;
        return false;
    }

    /// <summary>As <see cref="IPipelineBackend.Run"/>, by ranges.</summary>
    public static DataObject[] Run(IPipelineBackend local, RunStatistics statistics, Pipeline pipeline, Datum[] inputs, SplitPlan plan, DistributedBackend run, CancellationToken ct)
    {
        var parts = new List<DataObject[]>(plan.Ranges.Length);
        try
        {
            statistics.AsOne(() =>
            {
                foreach (var range in plan.CellRanges) parts.Add(RunPart(local, pipeline, inputs, plan, range, ct));
            });
            return [.. pipeline.Combines.Select((combine, r) => Combined(combine, pipeline.ResultTypes[r], [.. parts.Select(p => p[r])], plan, run))];
        }
        finally
        {
            foreach (var part in parts)
                foreach (var value in part) value.Release();
        }
    }

    static DataObject[] RunPart(IPipelineBackend local, Pipeline pipeline, Datum[] inputs, SplitPlan plan, CellRange range, CancellationToken ct)
    {
        var part = new Datum[inputs.Length];
        for (int i = 0; i < inputs.Length; i++) part[i] = plan.IsSplit(i) ? Datum.Of(range.Of(inputs[i].Object)) : inputs[i];
        try
        {
            return local.Run(pipeline, part, ct);
        }
        finally
        {
            for (int i = 0; i < inputs.Length; i++)
                if (plan.IsSplit(i)) part[i].Object.Release();
        }
    }

    // Where a worker has several ranges it adds its own first.
    static DataObject Combined(CombineKind combine, IrType type, ImmutableArray<DataObject> parts, SplitPlan plan, DistributedBackend run)
    {
        if (!plan.Cut.SeveralEach || !FoldFragment.Folds(combine, type)) return AsThere(combine, Whole(combine, type, parts), parts, plan, run);
        ImmutableArray<DataObject> folded = [.. plan.Cut.ByTaker.Select(own => Whole(combine, type, [.. own.Select(i => parts[i])]))];
        try
        {
            return Whole(combine, type, folded);
        }
        finally
        {
            foreach (var part in folded) part.Release();
        }
    }

    static DataObject Whole(CombineKind combine, IrType type, ImmutableArray<DataObject> parts)
    {
        var extents = parts.Select(p => Extent.Of(Datum.Of(p))).ToArray();
        return Assembly.Of(combine, type, combine == CombineKind.Rows ? extents.Sum(e => e.Rows) : extents[0].Rows, combine == CombineKind.Cols ? extents.Sum(e => e.Cols) : extents[0].Cols, parts);
    }

    /// <summary>A result that was made here in one piece, with the ranges it would have on workers, where these are not the usual ones.</summary>
    public static DataObject AsThere(CombineKind combine, DataObject whole, SplitPlan plan, DistributedBackend run) =>
        plan.IsUsual || AxisOf(combine) is not { } axis ? whole : WithCut(whole, plan.Cut with { Axis = axis }, run);

    static DataObject AsThere(CombineKind combine, DataObject whole, ImmutableArray<DataObject> parts, SplitPlan plan, DistributedBackend run)
    {
        if (AxisOf(combine) is not { } axis) return whole;
        var cut = Cut.Of(axis, parts.Select((p, i) => (Extent.Of(Datum.Of(p)) is var extent && axis == SplitKind.Rows ? extent.Rows : extent.Cols, plan.Cut.Takers[i])));
        return plan.IsUsual && cut.Equals(plan.Cut with { Axis = axis }) ? whole : WithCut(whole, cut, run);
    }

    static SplitKind? AxisOf(CombineKind combine) => combine switch { CombineKind.Rows => SplitKind.Rows, CombineKind.Cols => SplitKind.Cols, _ => null };

    static DataObject WithCut(DataObject whole, Cut cut, DistributedBackend run) => whole is Frame frame ? new CutFrame(frame, cut, run) : new CutMatrix((Matrix)whole, cut, run);
}
