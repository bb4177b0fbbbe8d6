using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Aggregates of large matrices, by ranges of rows that begin at the borders of the fixed blocks, so that the bits stay.</summary>
static class AggregateRanges
{
    const long Small = 1 << 18;

    /// <summary>True where an aggregate over all rows is worth more than one thread.</summary>
    public static bool Pays(Activation f, Matrix x) => x.Cells >= Small && f.Context.Engine.Threads > 1 && x.Rows > 1;

    /// <summary>An aggregate that folds all rows into one number or one row.</summary>
    public static Datum Fold(Activation f, OpDef op, Matrix x)
    {
        var engine = f.Context.Engine;
        var fold = Sink.FoldOf(op, x);
        long perTask = Math.Max(1, x.Rows / (engine.Threads * 4L)) + fold.Alignment - 1;
        perTask -= perTask % fold.Alignment;
        var parts = new Sink[checked((int)((x.Rows + perTask - 1) / perTask))];
        try
        {
            engine.Run(parts.Length, task =>
            {
                long first = task * perTask;
                var range = DenseMatrix.Dispatch<RowSlice, Matrix>(x, new(first, Math.Min(perTask, x.Rows - first)));
                parts[task] = fold.ForTask(first);
                parts[task].Take(range, first);
                range.Release();
            }, f.Context.Cancellation);
        }
        catch
        {
            // Tasks behind a failed or cancelled one may not have begun.
            foreach (Sink? part in parts) part?.Abandon();
            throw;
        }
        for (int i = 1; i < parts.Length; i++) parts[0].Append(parts[i]);
        return parts[0].Finish();
    }

    /// <summary>An aggregate per row.</summary>
    public static void Rows<T, TResult>(Activation f, Action<DenseMatrix<T>, DenseMatrix<TResult>> kernel, DenseMatrix<T> x, DenseMatrix<TResult> to) where T : unmanaged where TResult : unmanaged =>
        f.Context.ByRows(x.Rows, x.Cols * 4, (first, count) =>
        {
            var (xs, ts) = (x.RowRange(first, count), to.RowRange(first, count));
            kernel(xs, ts);
            xs.Release();
            ts.Release();
        });
}

/// <summary>A range of rows of a matrix, over the same memory.</summary>
readonly struct RowSlice(long first, long count) : IMatrixVisitor<Matrix>
{
    public Matrix Visit<T>(DenseMatrix<T> matrix) where T : unmanaged => matrix.RowRange(first, count);
}
