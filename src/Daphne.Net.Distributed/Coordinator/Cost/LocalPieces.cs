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
    /// <summary>True where the ranges show in the last digits.</summary>
    public static bool Matter(Pipeline pipeline, SplitPlan plan)
    {
        if (plan.Ranges.Length < 2) return false;
        for (int r = 0; r < pipeline.Combines.Length; r++)
            if (pipeline.Combines[r] == CombineKind.Add && pipeline.ResultTypes[r] is MatrixType { ValueType: ValueTypeCode.F64 or ValueTypeCode.F32 or null }) return true;
        return false;
    }

    /// <summary>As <see cref="IPipelineBackend.Run"/>, by ranges.</summary>
    public static DataObject[] Run(IPipelineBackend local, RunStatistics statistics, Pipeline pipeline, Datum[] inputs, SplitPlan plan, CancellationToken ct)
    {
        var parts = new List<DataObject[]>(plan.Ranges.Length);
        try
        {
            statistics.AsOne(() =>
            {
                foreach (var range in plan.CellRanges) parts.Add(RunPart(local, pipeline, inputs, plan, range, ct));
            });
            return [.. pipeline.Combines.Select((combine, r) => Combined(combine, pipeline.ResultTypes[r], [.. parts.Select(p => (Matrix)p[r])], plan.PerWorker))];
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
    static Matrix Combined(CombineKind combine, IrType type, ImmutableArray<Matrix> parts, int perWorker)
    {
        var whole = (MatrixType)type;
        if (perWorker == 1 || !FoldFragment.Folds(combine, type)) return Whole(combine, whole, parts);
        ImmutableArray<Matrix> folded = [.. parts.Chunk(perWorker).Select(chunk => Whole(combine, whole, [.. chunk]))];
        try
        {
            return Whole(combine, whole, folded);
        }
        finally
        {
            foreach (var part in folded) part.Release();
        }
    }

    static Matrix Whole(CombineKind combine, MatrixType type, ImmutableArray<Matrix> parts) => Assembly.Of(combine, type,
        combine == CombineKind.Rows ? parts.Sum(p => p.Rows) : parts[0].Rows, combine == CombineKind.Cols ? parts.Sum(p => p.Cols) : parts[0].Cols, parts);
}
