using System.Numerics;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Aggregates. What goes down the columns goes along the rows of the transpose.</summary>
static partial class SparseSteps<T>
{
    static void AddAggregates(Dictionary<OpDef, Binder> table)
    {
        foreach (var op in (OpDef[])[Op.SumAll, Op.MinAll, Op.MaxAll]) table.Add(op, All);
        foreach (var op in (OpDef[])[Op.SumRow, Op.SumCol, Op.MinRow, Op.MinCol, Op.MaxRow, Op.MaxCol]) table.Add(op, Axis);
        table.Add(Op.MeanAll, (op, e) => typeof(T) == typeof(float) ? Fact(op, e, static x => Datum.ToBits((float)SparseAggregates.Mean(x))) : Fact(op, e, static x => Datum.ToBits(SparseAggregates.Mean(x))));
        table.Add(Op.MeanRow, (op, e) => typeof(T) == typeof(float) ? Means<float>(op, e) : Means<double>(op, e));
        table.Add(Op.MeanCol, (op, e) => typeof(T) == typeof(float) ? Means<float>(op, e) : Means<double>(op, e));
    }

    static Step All(Operation op, Emitter e)
    {
        var kernel = SparseAggregates.All<T>(op.Def) ?? throw NoKernel(op);
        return Fact(op, e, x => Datum.ToBits(kernel(x)));
    }

    static Step Axis(Operation op, Emitter e) => PerRow(op, e, SparseAggregates.PerRow<T>(op.Def) ?? throw NoKernel(op));

    static Step Means<TResult>(Operation op, Emitter e) where TResult : unmanaged, INumber<TResult>
    {
        var def = op.Def;
        return PerRow<TResult>(op, e, (x, to, run) => SparseAggregates.Means(def, x, to, run));
    }

    static Step PerRow<TResult>(Operation op, Emitter e, Action<CsrMatrix<T>, DenseMatrix<TResult>, TaskRunner?> kernel) where TResult : unmanaged
    {
        int x = e.Sparse<T>(op, 0), to = e.Object(op.Result);
        bool perRow = op.Def.Shape == ShapeRule.ColumnOfRows;
        return new Do(f =>
        {
            var source = f.Sparse<T>(x);
            var target = perRow ? DenseMatrix<TResult>.Allocate(source.Rows, 1) : DenseMatrix<TResult>.Allocate(1, source.Cols);
            f.Own(to, target);
            if (perRow)
            {
                kernel(source, target, f.Context.Tasks());
                return;
            }
            var turned = SparseTranspose.Apply(source);
            kernel(turned, target, f.Context.Tasks());
            turned.Release();
        });
    }
}
