using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>How many rows (or columns) a pipeline runs over, and which worker gets which of them.</summary>
sealed class SplitPlan(SplitKind axis, long rows, ImmutableArray<(long First, long Count)> ranges, int perWorker, ImmutableArray<bool> split)
{
    // Several ranges per worker travel and are computed side by side; with few rows that is not worth the calls.
    const int MostPerWorker = 4, LeastRows = 32;

    /// <summary>What the ranges are of: rows, or columns.</summary>
    public SplitKind Axis => axis;

    /// <summary>How many rows there are; of a plan by columns, how many columns.</summary>
    public long Rows => rows;

    /// <summary>Non-empty ranges, as many per worker that takes part as <see cref="PerWorker"/> says, from the first worker on.</summary>
    public ImmutableArray<(long First, long Count)> Ranges => ranges;

    /// <summary>How many ranges each worker gets: one after the other. A function of rows, workers and mode alone, so that values lie alike.</summary>
    public int PerWorker => perWorker;

    /// <summary>How the ranges of an input make the whole again.</summary>
    public CombineKind Combine => axis == SplitKind.Cols ? CombineKind.Cols : CombineKind.Rows;

    /// <summary>True if input <paramref name="index"/> goes out by ranges.</summary>
    public bool IsSplit(int index) => split[index];

    /// <summary>In words for errors: <c>rows 5 to 9</c>, counted from 0.</summary>
    /// <param name="first">The first range that is meant.</param>
    /// <param name="count">How many.</param>
    public string RowsOf(int first, int count = 1) =>
        $"{(axis == SplitKind.Cols ? "columns" : "rows")} {ranges[first].First} to {ranges[first + count - 1].First + ranges[first + count - 1].Count - 1}";

    /// <summary>The ranges of an input.</summary>
    public ImmutableArray<CellRange> CellRanges => [.. ranges.Select(r => new CellRange(axis, r.First, r.Count))];

    /// <summary>Null where nothing has two rows, or columns, to split: such a pipeline is not worth a message.</summary>
    /// <exception cref="ScriptException">Two inputs that are split have different numbers of rows, or columns.</exception>
    public static SplitPlan? For(Pipeline pipeline, ReadOnlySpan<Datum> inputs, int workers, DispatchMode mode = DispatchMode.Synchronous)
    {
        var axis = pipeline.Axis;
        long extent = 1;
        var split = ImmutableArray.CreateBuilder<bool>(inputs.Length);
        for (int i = 0; i < inputs.Length; i++)
        {
            // An input of one row among longer ones is a row vector: everybody gets it.
            bool here = pipeline.Splits[i] == axis && !inputs[i].IsScalar && Along(inputs[i].Object, axis) is not (null or 1);
            split.Add(here);
            if (!here) continue;
            long n = Along(inputs[i].Object, axis)!.Value;
            if (extent != 1 && n != extent) throw new ScriptException((axis == SplitKind.Cols ? Diag.PipelineColumnsDiffer : Diag.PipelineRowsDiffer).At(pipeline.Span, extent, n));
            extent = n;
        }
        if (extent < 2) return null;
        int taking = (int)Math.Min(workers, extent);
        int perWorker = mode == DispatchMode.Asynchronous ? (int)Math.Clamp(extent / taking / LeastRows, 1, MostPerWorker) : 1;
        return new(axis, extent, [.. Enumerable.Range(0, taking).SelectMany(w => Parts(RowSplit.Of(extent, taking, w), perWorker))], perWorker, split.MoveToImmutable());
    }

    static IEnumerable<(long First, long Count)> Parts((long First, long Count) of, int count) =>
        Enumerable.Range(0, count).Select(i => RowSplit.Of(of.Count, count, i)).Select(part => (of.First + part.First, part.Count));

    // Null for what has no such ranges.
    static long? Along(DataObject value, SplitKind axis) => value switch
    {
        Matrix matrix => axis == SplitKind.Cols ? matrix.Cols : matrix.Rows,
        Frame frame when axis == SplitKind.Rows => frame.Rows,
        _ => null,
    };
}
