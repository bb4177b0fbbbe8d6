using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Takes in what batches produce. Sinks that place cells are shared by all tasks; sinks that fold are one per task, joined in task order.</summary>
abstract class Sink
{
    /// <summary>Takes the rows of a batch; within a task batches come in order.</summary>
    public abstract void Take(Matrix batch, long firstRow);

    /// <summary>Where the rows of a batch may be written right away; null: nowhere. The caller owns it.</summary>
    public virtual Matrix? Window(long firstRow, long count) => null;

    /// <summary>The sink of a task that begins at a row.</summary>
    public virtual Sink ForTask(long firstRow) => this;

    /// <summary>Joins the sink of the task that follows; it is used up.</summary>
    public virtual void Append(Sink next) { }

    /// <summary>The whole value; the caller owns it.</summary>
    public abstract Datum Finish();

    /// <summary>Gives up what was taken in so far.</summary>
    public virtual void Abandon() { }

    /// <summary>Row ranges of tasks begin at multiples of this.</summary>
    public virtual long Alignment => 1;

    /// <summary>The sink for an output, given what a batch of it looks like.</summary>
    public static Sink For(RowOutput output, Matrix sample, long rows) => DenseMatrix.Dispatch<Maker, Sink>(sample, new(output, rows));

    /// <summary>The sink for an aggregate of a matrix like the sample.</summary>
    public static Sink FoldOf(OpDef op, Matrix sample) => DenseMatrix.Dispatch<FoldMaker, Sink>(sample, new(op));

    readonly struct FoldMaker(OpDef op) : IMatrixVisitor<Sink>
    {
        public Sink Visit<T>(DenseMatrix<T> sample) where T : unmanaged =>
            op == Op.SumAll ? new SumFold<T>(sample.Cols, 0) :
            op == Op.SumCol ? new ColumnSumFold<T>(checked((int)sample.Cols), 0) :
            op == Op.MinAll || op == Op.MaxAll ? new ExtremeFold<T>(op) :
            new ColumnExtremeFold<T>(op, 0);
    }

    readonly struct Maker(RowOutput output, long rows) : IMatrixVisitor<Sink>
    {
        public Sink Visit<T>(DenseMatrix<T> sample) where T : unmanaged => output.Kind switch
        {
            OutputKind.Rows => new RowsSink<T>(DenseMatrix<T>.Allocate(rows, sample.Cols)),
            OutputKind.Cols => new ColsSink<T>(DenseMatrix<T>.Allocate(sample.Rows, rows)),
            _ => FoldOf(output.Fold!.Def, sample),
        };
    }
}

/// <summary>One below the other.</summary>
sealed unsafe class RowsSink<T>(DenseMatrix<T> target) : Sink where T : unmanaged
{
    public override Matrix Window(long firstRow, long count) => target.RowRange(firstRow, count);

    public override void Take(Matrix batch, long firstRow)
    {
        var source = (DenseMatrix<T>)batch;
        if (source.Cell0 == target.Cell0 + firstRow * target.Cols) return;
        foreach (var (start, length) in source.Chunks()) source.Span(start, length).CopyTo(target.WritableSpan(firstRow * target.Cols + start, length));
    }

    public override Datum Finish() => Datum.Of(target);
    public override void Abandon() => target.Release();
}

/// <summary>One beside the other.</summary>
sealed class ColsSink<T>(DenseMatrix<T> target) : Sink where T : unmanaged
{
    public override void Take(Matrix batch, long firstRow)
    {
        var source = (DenseMatrix<T>)batch;
        for (long r = 0; r < source.Rows; r++) source.Row(r).CopyTo(target.WritableSpan(r * target.Cols + firstRow, (int)source.Cols));
    }

    public override Datum Finish() => Datum.Of(target);
    public override void Abandon() => target.Release();
}
