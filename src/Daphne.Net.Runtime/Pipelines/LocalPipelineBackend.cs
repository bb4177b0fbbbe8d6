using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>
/// Runs pipelines on the cores of this machine, by batches of rows that fit the second-level cache. Results have the bits of a run in one piece, for
/// any number of threads and any size of batches. A pipeline that workers would cut by columns is run by rows here too, as far as its operations go row by row.
/// </summary>
/// <param name="engine">The threads.</param>
/// <param name="statistics">Where finished pipelines are reported; null: nowhere.</param>
/// <param name="batchBytes">About how many bytes of its widest matrix a batch takes.</param>
public sealed class LocalPipelineBackend(TaskEngine engine, RunStatistics? statistics = null, int batchBytes = LocalPipelineBackend.DefaultBatchBytes) : IPipelineBackend
{
    /// <summary>128 KiB: a chain with a handful of intermediate matrices stays in a second-level cache of 1 MiB.</summary>
    public const int DefaultBatchBytes = 128 * 1024;

    /// <inheritdoc/>
    public DataObject[] Run(Pipeline pipeline, ReadOnlySpan<Datum> inputs, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        Datum[] here = [.. inputs];
        long rows = RowsOf(pipeline, here);
        var results = RunAny(pipeline, here, ct, out int tasks);
        statistics?.Add(new(pipeline.Span, pipeline.Describe(), rows, tasks, clock.Elapsed, "local"));
        return [.. results.Select(r => r.IsScalar ? OneCell.Of(r) : r.Object)];
    }

    /// <summary>The same with scalars as they are. What a run touches besides its inputs is nothing: no files, no output.</summary>
    internal Datum[] RunAny(Pipeline pipeline, Datum[] inputs, CancellationToken ct) => RunAny(pipeline, inputs, ct, out _);

    Datum[] RunAny(Pipeline pipeline, Datum[] inputs, CancellationToken ct, out int tasks)
    {
        for (int i = 0; i < inputs.Length; i++)
            if (!inputs[i].IsScalar) inputs[i] = Datum.Of(inputs[i].Object.Here());
        tasks = 1;
        return ByRows(pipeline, inputs, RowsOf(pipeline, inputs), ref tasks, ct)
            ?? pipeline.Whole.RunUnchecked(inputs, new RunContext { Cancellation = ct, Engine = engine, Files = FilePolicy.Nothing });
    }

    // Null where the pipeline runs in one piece: it is small, or nothing in it goes row by row, or it fails, because the run in one piece
    // is the one that says what is wrong in terms of whole matrices.
    Datum[]? ByRows(Pipeline pipeline, Datum[] inputs, long rows, ref int tasks, CancellationToken ct)
    {
        if (rows < 2 || KindsOf(pipeline, inputs, rows) is not { } kinds) return null;
        long widest = kinds.Select((kind, i) => kind == InputKind.Rows ? ((Matrix)inputs[i].Object).Cols : 0).Max();
        if (rows * widest * sizeof(double) <= batchBytes) return null;
        var plan = pipeline.PlanFor(kinds);
        if (plan is null) return null;
        var run = new RowRun(plan, inputs, rows, engine, batchBytes, ct);
        try
        {
            var results = run.Run();
            tasks = run.Tasks;
            return results;
        }
        catch (ScriptException)
        {
            return null;
        }
    }

    static long RowsOf(Pipeline pipeline, Datum[] inputs)
    {
        long rows = 1;
        for (int i = 0; i < inputs.Length; i++)
            if (pipeline.Splits[i] != SplitKind.None && !inputs[i].IsScalar && inputs[i].Object is Matrix m) rows = Math.Max(rows, m.Rows);
        return rows;
    }

    // An input of another height than the others is handed out whole, and the cut finds out what that means. Null where nothing comes in rows.
    static InputKind[]? KindsOf(Pipeline pipeline, Datum[] inputs, long rows)
    {
        var kinds = new InputKind[inputs.Length];
        for (int i = 0; i < kinds.Length; i++)
        {
            if (inputs[i].IsScalar || inputs[i].Object is not Matrix matrix) continue;
            if (matrix.Rows == 1) kinds[i] = InputKind.OneRow;
            else if (pipeline.Splits[i] != SplitKind.None && matrix.Rows == rows && matrix is not StringMatrix && !CsrMatrix.Is(matrix)) kinds[i] = InputKind.Rows;
        }
        return kinds.Contains(InputKind.Rows) ? kinds : null;
    }
}
