using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Aggregates by groups.</summary>
static class GroupBindings
{
    public static Binding[] Rows =>
    [
        new(Op.CountGrp, Counted),
        new(Op.SumGrp, (op, e) => ByCells(op, e, op.Result.Type)),
        new(Op.MinGrp, (op, e) => ByCells(op, e, op.Operands[0].Type)),
        new(Op.MaxGrp, (op, e) => ByCells(op, e, op.Operands[0].Type)),
        new(Op.MeanGrp, (op, e) => Statistic(op, e, static (f, x, groups, count) => GroupAggregates.Mean("mean", x, groups, count, f.Context.Cancellation))),
        new(Op.VarGrp, (op, e) => Statistic(op, e, static (f, x, groups, count) => GroupAggregates.Variance("var", x, groups, count, root: false, f.Context.Cancellation))),
        new(Op.StddevGrp, (op, e) => Statistic(op, e, static (f, x, groups, count) => GroupAggregates.Variance("stddev", x, groups, count, root: true, f.Context.Cancellation))),
    ];

    static Step Counted(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]), groups = e.Object(op.Operands[1]), count = e.Size(op, 2), to = e.Object(op.Result);
        return new Do(f => f.Own(to, GroupAggregates.Count("count", f.Matrix(x), f.Matrix(groups), f.Extent(count), f.Context.Cancellation)));
    }

    static Step ByCells(Operation op, Emitter e, IrType cells) => DenseMatrix.Dispatch<Folded, Step>(CellTypes.OfCells(op, cells), new(op, e));

    // Means are of f64 inside; those of f32 are rounded at the end.
    static Step Statistic(Operation op, Emitter e, Func<Activation, DenseMatrix<double>, Matrix, long, DenseMatrix<double>> kernel)
    {
        int x = e.Dense<double>(op, 0), groups = e.Object(op.Operands[1]), count = e.Size(op, 2), to = e.Object(op.Result);
        if (op.Result.Type.CellType() != ValueTypeCode.F32) return new Do(f => f.Own(to, kernel(f, f.Dense<double>(x), f.Matrix(groups), f.Extent(count))));
        return new Do(f => f.Own(to, Rounded(kernel(f, f.Dense<double>(x), f.Matrix(groups), f.Extent(count)))));
    }

    static DenseMatrix<float> Rounded(DenseMatrix<double> x)
    {
        var result = DenseMatrix<float>.Allocate(x.Rows, x.Cols);
        Casts.Apply(x, result);
        x.Release();
        return result;
    }

    readonly struct Folded(Operation op, Emitter e) : IStorageVisitor<Step>
    {
        public Step Visit<T>() where T : unmanaged
        {
            // Sums of f32 are of f64 inside, as all sums are.
            if (op.Def == Op.SumGrp && typeof(T) == typeof(float))
            {
                int wide = e.Dense<double>(op, 0), ids = e.Object(op.Operands[1]), n = e.Size(op, 2), sums = e.Object(op.Result);
                var add = EwBinary.Kernel<double>(Op.EwAdd)!;
                return new Do(f => f.Own(sums, Rounded(GroupAggregates.Fold("sum", add, 0, f.Dense<double>(wide), f.Matrix(ids), f.Extent(n), f.Context.Cancellation))));
            }
            var (cell, whole) = op.Def == Op.SumGrp ? (Op.EwAdd, Op.SumAll) : op.Def == Op.MinGrp ? (Op.EwMin, Op.MinAll) : (Op.EwMax, Op.MaxAll);
            var join = EwBinary.Kernel<T>(cell)!;
            // What the aggregate of no cells is.
            var ofNothing = Aggregates.All<T>(whole)!;
            string name = op.Def.ScriptName;
            int x = e.Dense<T>(op, 0), groups = e.Object(op.Operands[1]), count = e.Size(op, 2), to = e.Object(op.Result);
            return new Do(f =>
            {
                var nothing = DenseMatrix<T>.Allocate(0, 0);
                T start = ofNothing(nothing);
                nothing.Release();
                f.Own(to, GroupAggregates.Fold(name, join, start, f.Dense<T>(x), f.Matrix(groups), f.Extent(count), f.Context.Cancellation));
            });
        }
    }
}
