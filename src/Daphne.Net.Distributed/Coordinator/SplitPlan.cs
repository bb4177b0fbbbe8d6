using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>How many rows a pipeline runs over, and which worker gets which of them.</summary>
sealed class SplitPlan(long rows, ImmutableArray<(long First, long Count)> ranges, ImmutableArray<bool> split)
{
    public long Rows => rows;

    /// <summary>One non-empty range per worker that takes part, from the first worker on.</summary>
    public ImmutableArray<(long First, long Count)> Ranges => ranges;

    /// <summary>True if input <paramref name="index"/> goes out by row ranges.</summary>
    public bool IsSplit(int index) => split[index];

    /// <summary>In words for errors: <c>rows 5 to 9</c>, counted from 0; null for a worker that takes no part.</summary>
    public string? RowsOf(int worker) => worker >= 0 && worker < ranges.Length ? $"rows {ranges[worker].First} to {ranges[worker].First + ranges[worker].Count - 1}" : null;

    /// <summary>Null where nothing has two rows to split: such a pipeline is not worth a message.</summary>
    /// <exception cref="ScriptException">Two inputs that are split have different numbers of rows.</exception>
    public static SplitPlan? For(Pipeline pipeline, ReadOnlySpan<Datum> inputs, int workers)
    {
        long rows = 1;
        var split = ImmutableArray.CreateBuilder<bool>(inputs.Length);
        for (int i = 0; i < inputs.Length; i++)
        {
            // An input of one row among longer ones is a row vector: everybody gets it.
            bool here = pipeline.Splits[i] == SplitKind.Rows && !inputs[i].IsScalar && inputs[i].Object is Matrix { Rows: not 1 };
            split.Add(here);
            if (!here) continue;
            long n = ((Matrix)inputs[i].Object).Rows;
            if (rows != 1 && n != rows) throw new ScriptException(Diag.PipelineRowsDiffer.At(pipeline.Span, rows, n));
            rows = n;
        }
        if (rows < 2) return null;
        int taking = (int)Math.Min(workers, rows);
        return new(rows, [.. Enumerable.Range(0, taking).Select(w => RowSplit.Of(rows, taking, w))], split.MoveToImmutable());
    }
}
