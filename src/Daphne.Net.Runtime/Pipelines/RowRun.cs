using Daphne.Net.Data;

namespace Daphne.Net.Runtime;

/// <summary>One run of a pipeline by batches of rows.</summary>
sealed class RowRun(RowPlan plan, Datum[] inputs, long rows, TaskEngine engine, int batchBytes, CancellationToken ct)
{
    readonly RunContext context = new() { Cancellation = ct, Engine = engine };
    Datum[] early = [];
    Sink[] sinks = [];

    /// <summary>How many tasks it was cut into.</summary>
    public int Tasks { get; private set; }

    /// <summary>Runs it; the caller owns the results.</summary>
    public Datum[] Run()
    {
        try
        {
            early = plan.Before.RunUnchecked(inputs, context);
            long batch = Prepare();
            RunTasks(batch);
            Datum[] collected = [.. sinks.Select(s => s.Finish())];
            sinks = [];
            try
            {
                return plan.After.RunUnchecked([.. collected, .. inputs, .. early], context);
            }
            finally
            {
                Release(collected);
            }
        }
        finally
        {
            foreach (var sink in sinks) sink.Abandon();
            Release(early);
        }
    }

    // One row shows how wide each output is: that decides on the outputs' memory, on the borders of tasks and on the size of batches.
    long Prepare()
    {
        var sample = RunBatch(0, 1, []);
        try
        {
            sinks = [.. plan.Outputs.Zip(sample, (output, value) => Sink.For(output, (Matrix)value.Object, rows))];
            long widest = Math.Max(sample.Max(v => ((Matrix)v.Object).Cells), plan.RowInputs.Max(i => ((Matrix)inputs[i].Object).Cols));
            long batch = Math.Max(1, batchBytes / (sizeof(double) * Math.Max(1, widest)));
            return plan.HasProducts ? Math.Max(batch, 512) : batch;
        }
        finally
        {
            Release(sample);
        }
    }

    void RunTasks(long batch)
    {
        // Alignments are powers of two.
        long alignment = sinks.Max(s => s.Alignment), perTask = Math.Max(batch, (rows + engine.Threads * 4 - 1) / (engine.Threads * 4));
        perTask = (perTask + alignment - 1) / alignment * alignment;
        Tasks = checked((int)((rows + perTask - 1) / perTask));
        var own = new Sink[Tasks][];
        try
        {
            engine.Run(Tasks, task =>
            {
                long first = task * perTask, end = Math.Min(rows, first + perTask);
                var mine = own[task] = [.. sinks.Select(s => s.ForTask(first))];
                for (long row = first; row < end; row += batch)
                {
                    ct.ThrowIfCancellationRequested();
                    var outputs = RunBatch(row, Math.Min(batch, end - row), mine);
                    for (int i = 0; i < mine.Length; i++) mine[i].Take((Matrix)outputs[i].Object, row);
                    Release(outputs);
                }
            }, ct);
        }
        catch
        {
            foreach (var some in own)
                for (int i = 0; i < some?.Length; i++)
                    if (some[i] != sinks[i]) some[i].Abandon();
            throw;
        }
        for (int i = 0; i < sinks.Length; i++)
        {
            if (own[0][i] == sinks[i]) continue;
            // The parts of a fold: the first one takes in the others, in the order of rows.
            for (int task = 1; task < Tasks; task++) own[0][i].Append(own[task][i]);
            sinks[i] = own[0][i];
        }
    }

    Datum[] RunBatch(long first, long count, Sink[] into)
    {
        List<Datum> slices = [];
        var windows = new Matrix?[into.Length];
        try
        {
            foreach (int i in plan.RowInputs) slices.Add(Datum.Of(DenseMatrix.Dispatch<RowSlice, Matrix>((Matrix)inputs[i].Object, new(first, count))));
            for (int i = 0; i < windows.Length; i++) windows[i] = into[i].Window(first, count);
            return plan.Batch.RunUnchecked([.. slices, .. inputs, .. early], context, windows);
        }
        finally
        {
            Release(slices);
            foreach (var window in windows) window?.Release();
        }
    }

    static void Release(IEnumerable<Datum> values)
    {
        foreach (var value in values)
            if (!value.IsScalar) value.Object.Release();
    }
}
