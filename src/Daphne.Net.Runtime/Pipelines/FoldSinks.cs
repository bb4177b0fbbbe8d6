using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>The sum of all cells, in the fixed blocks of <see cref="ReductionBlocks"/>.</summary>
sealed class SumFold<T>(long cols, long firstRow) : Sink where T : unmanaged
{
    readonly SumAccumulator<T> sum = SumAccumulator<T>.Create(cols, firstRow);

    public override long Alignment => ReductionBlocks.Rows(cols);
    public override Sink ForTask(long first) => new SumFold<T>(cols, first);
    public override void Append(Sink next) => sum.Append(((SumFold<T>)next).sum);
    public override Datum Finish() => Datum.Of(sum.Total());

    public override void Take(Matrix batch, long first)
    {
        var cells = (DenseMatrix<T>)batch;
        foreach (var (start, length) in cells.Chunks()) sum.Push(cells.Span(start, length));
    }
}

/// <summary>The sum of each column, in the fixed blocks of <see cref="ReductionBlocks"/>.</summary>
sealed class ColumnSumFold<T>(int cols, long firstRow) : Sink where T : unmanaged
{
    readonly ColumnSumAccumulator<T> sum = ColumnSumAccumulator<T>.Create(cols, firstRow);

    public override long Alignment => ReductionBlocks.Rows(cols);
    public override Sink ForTask(long first) => new ColumnSumFold<T>(cols, first);
    public override void Append(Sink next) => sum.Append(((ColumnSumFold<T>)next).sum);

    public override void Take(Matrix batch, long first)
    {
        var cells = (DenseMatrix<T>)batch;
        int rows = Math.Max(1, (1 << 30) / Math.Max(1, cols));
        for (long r = 0; r < cells.Rows; r += rows) sum.PushRows(cells.Span(r * cols, (int)Math.Min(rows, cells.Rows - r) * cols));
    }

    public override Datum Finish()
    {
        var result = DenseMatrix<T>.Allocate(1, cols);
        sum.Total(result.WritableRow(0));
        return Datum.Of(result);
    }
}

/// <summary>The smallest or largest of all cells; nan counts only where there is nothing else.</summary>
sealed class ExtremeFold<T>(OpDef op) : Sink where T : unmanaged
{
    readonly Func<DenseMatrix<T>, T> ofBatch = Aggregates.All<T>(op)!;
    readonly EwBinaryKernel<T> join = EwBinary.Kernel<T>(op == Op.MinAll ? Op.EwMin : Op.EwMax)!;
    T best;
    bool any;

    public override Sink ForTask(long firstRow) => new ExtremeFold<T>(op);
    public override void Take(Matrix batch, long firstRow) => Join(ofBatch((DenseMatrix<T>)batch));
    public override Datum Finish() => Datum.Of(best);

    public override void Append(Sink next)
    {
        if (((ExtremeFold<T>)next).any) Join(((ExtremeFold<T>)next).best);
    }

    void Join(T other)
    {
        best = any ? join.Invoke(best, other) : other;
        any = true;
    }
}

/// <summary>The smallest or largest cell of each column; a nan in the first row of the whole stays, as in a run in one piece.</summary>
sealed class ColumnExtremeFold<T>(OpDef op, long firstRow) : Sink where T : unmanaged
{
    readonly Action<DenseMatrix<T>, DenseMatrix<T>> first = Aggregates.Axis<T>(op)!, later = Aggregates.LaterRows<T>(op)!;
    readonly EwBinaryKernel<T> join = EwBinary.Kernel<T>(op == Op.MinCol ? Op.EwMin : Op.EwMax)!;
    DenseMatrix<T>? best;

    public override Sink ForTask(long row) => new ColumnExtremeFold<T>(op, row);

    public override void Take(Matrix batch, long row)
    {
        var cells = (DenseMatrix<T>)batch;
        var part = DenseMatrix<T>.Allocate(1, cells.Cols);
        (row == 0 ? first : later)(cells, part);
        Join(part);
    }

    public override void Append(Sink next)
    {
        var (other, taken) = ((ColumnExtremeFold<T>)next, ((ColumnExtremeFold<T>)next).best);
        other.best = null;
        if (taken is not null) Join(taken);
    }

    public override Datum Finish()
    {
        var result = best ?? throw new InvalidOperationException($"no rows from row {firstRow} on");
        best = null;
        return Datum.Of(result);
    }

    public override void Abandon()
    {
        best?.Release();
        best = null;
    }

    void Join(DenseMatrix<T> later)
    {
        if (best is null)
        {
            best = later;
            return;
        }
        Elementwise.Binary(join, best, later, best);
        later.Release();
    }
}
