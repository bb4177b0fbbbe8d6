using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>How many rows (or columns) a pipeline runs over, and which worker gets which of them.</summary>
sealed class SplitPlan(Cut cut, bool usual, long rows, ImmutableArray<bool> split)
{
    // Several ranges per worker travel and are computed side by side; with few rows that is not worth the calls.
    const int MostPerWorker = 4, LeastRows = 32;

    /// <summary>What the ranges are of: rows, or columns.</summary>
    public SplitKind Axis => cut.Axis;

    /// <summary>How many rows there are; of a plan by columns, how many columns.</summary>
    public long Rows => rows;

    /// <summary>
    /// The ranges and who gets them. Where no input is cut already, or inputs differ, a function of rows, workers and mode alone, so that values lie alike: as many ranges for each worker
    /// that takes part, from the first one on.
    /// </summary>
    public Cut Cut => cut;

    /// <summary>True if this is how values of as many rows are cut that were not cut before.</summary>
    public bool IsUsual => usual;

    /// <summary>Non-empty ranges.</summary>
    public ImmutableArray<(long First, long Count)> Ranges => cut.Ranges;

    /// <summary>True if input <paramref name="index"/> goes out by ranges.</summary>
    public bool IsSplit(int index) => split[index];

    /// <summary>In words for errors: <c>rows 5 to 9</c>, counted from 0.</summary>
    /// <param name="first">The first range that is meant.</param>
    /// <param name="count">How many.</param>
    public string RowsOf(int first, int count = 1) =>
        $"{(Axis == SplitKind.Cols ? "columns" : "rows")} {Ranges[first].First} to {Ranges[first + count - 1].First + Ranges[first + count - 1].Count - 1}";

    /// <summary>The ranges of an input.</summary>
    public ImmutableArray<CellRange> CellRanges => [.. Ranges.Select(r => new CellRange(Axis, r.First, r.Count))];

    /// <summary>Null where nothing has two rows, or columns, to split: such a pipeline is not worth a message.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="inputs">What it is given.</param>
    /// <param name="workers">Who gets ranges, where nothing is cut yet.</param>
    /// <param name="mode">How work is handed out.</param>
    /// <param name="run">Whose cuts are followed; null: nobody's.</param>
    /// <exception cref="ScriptException">Two inputs that are split have different numbers of rows, or columns.</exception>
    public static SplitPlan? For(Pipeline pipeline, ReadOnlySpan<Datum> inputs, int workers, DispatchMode mode = DispatchMode.Synchronous, DistributedBackend? run = null)
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
        var cut = Usual(axis, extent, workers, mode);
        var unlike = run is null ? null : Followed(inputs, split, cut, run);
        return new(unlike ?? cut, unlike is null, extent, split.MoveToImmutable());
    }

    /// <summary>How so many rows (or columns) are cut that were not cut before.</summary>
    public static Cut Usual(SplitKind axis, long extent, int workers, DispatchMode mode)
    {
        int taking = (int)Math.Min(workers, extent);
        int perWorker = mode == DispatchMode.Asynchronous ? (int)Math.Clamp(extent / taking / LeastRows, 1, MostPerWorker) : 1;
        return new(axis, [.. Enumerable.Range(0, taking).SelectMany(w => Parts(RowSplit.Of(extent, taking, w), perWorker))], [.. Enumerable.Range(0, taking * perWorker).Select(i => i / perWorker)]);
    }

    // What is cut otherwise stays as it is, where all that is agrees. Where a value lies does not matter, so that ranges are the same wherever pipelines run.
    static Cut? Followed(ReadOnlySpan<Datum> inputs, ImmutableArray<bool>.Builder split, Cut usual, DistributedBackend run)
    {
        Cut? followed = null;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!split[i] || (inputs[i].Object as ICut)?.CutIn(run) is not { } there || there.Axis != usual.Axis || there.Equals(usual)) continue;
            if (followed is not null && !followed.Equals(there)) return null;
            followed = there;
        }
        return followed;
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
