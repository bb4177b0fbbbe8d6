using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Sums, extremes, means and running sums. The cells of the operand choose the kernel, whatever the result is; truth values are added and multiplied as numbers.</summary>
sealed class AggregateBindings : IFamily
{
    public static IrType Decides(Operation op) => op.Def.Type is TypeRule.ScalarOfFirstNumber or TypeRule.MatrixOfFirstNumber ? op.Results[0].Type : op.Operands[0].Type;

    public static Dictionary<OpDef, Binder> Table<T>() where T : unmanaged => Rows<T>.Table;

    static class Rows<T> where T : unmanaged
    {
        public static readonly Dictionary<OpDef, Binder> Table = new()
        {
            [Op.SumAll] = All,
            [Op.MinAll] = All,
            [Op.MaxAll] = All,
            [Op.SumRow] = Axis,
            [Op.SumCol] = Axis,
            [Op.MinRow] = Axis,
            [Op.MinCol] = Axis,
            [Op.MaxRow] = Axis,
            [Op.MaxCol] = Axis,
            [Op.MeanAll] = StatisticOfAll,
            [Op.VarAll] = StatisticOfAll,
            [Op.StddevAll] = StatisticOfAll,
            [Op.MeanRow] = StatisticOfAxis,
            [Op.MeanCol] = StatisticOfAxis,
            [Op.VarRow] = StatisticOfAxis,
            [Op.VarCol] = StatisticOfAxis,
            [Op.StddevRow] = StatisticOfAxis,
            [Op.StddevCol] = StatisticOfAxis,
            [Op.IdxMinRow] = Position,
            [Op.IdxMinCol] = Position,
            [Op.IdxMaxRow] = Position,
            [Op.IdxMaxCol] = Position,
            [Op.SumCum] = Running,
            [Op.ProdCum] = Running,
            [Op.MinCum] = Running,
            [Op.MaxCum] = Running,
        };

        static Step All(Operation op, Emitter e)
        {
            var kernel = Aggregates.All<T>(op.Def) ?? throw NoKernel(op);
            int x = e.Dense<T>(op, 0), to = e.Number(op.Result);
            return new Do(f =>
            {
                var source = f.Dense<T>(x);
                f.Bits[to] = AggregateRanges.Pays(f, source) ? AggregateRanges.Fold(f, op.Def, source).Bits : Datum.ToBits(kernel(source));
            });
        }

        static Step Axis(Operation op, Emitter e)
        {
            var kernel = Aggregates.Axis<T>(op.Def) ?? throw NoKernel(op);
            if (op.Def.Shape == ShapeRule.ColumnOfRows) return IntoNew(op, e, kernel);
            int x = e.Dense<T>(op, 0), to = e.Object(op.Result);
            return new Do(f =>
            {
                var source = f.Dense<T>(x);
                if (AggregateRanges.Pays(f, source))
                {
                    f.Own(to, AggregateRanges.Fold(f, op.Def, source).Object);
                    return;
                }
                var target = DenseMatrix<T>.Allocate(1, source.Cols);
                f.Own(to, target);
                kernel(source, target);
            });
        }

        static Step Position(Operation op, Emitter e) => IntoNew(op, e, Aggregates.Positions<T>(op.Def) ?? throw NoKernel(op));

        static Step StatisticOfAll(Operation op, Emitter e) =>
            typeof(T) == typeof(float) ? StatisticOfAll<float>(op, e) : StatisticOfAll<double>(op, e);

        static Step StatisticOfAll<TResult>(Operation op, Emitter e) where TResult : unmanaged
        {
            var kernel = Aggregates.StatisticOfAll<T, TResult>(op.Def) ?? throw NoKernel(op);
            int x = e.Dense<T>(op, 0), to = e.Number(op.Result);
            return new Do(f => f.SetScalar(to, kernel(f.Dense<T>(x))));
        }

        static Step StatisticOfAxis(Operation op, Emitter e) => typeof(T) == typeof(float)
            ? IntoNew(op, e, Aggregates.StatisticOfAxis<T, float>(op.Def) ?? throw NoKernel(op))
            : IntoNew(op, e, Aggregates.StatisticOfAxis<T, double>(op.Def) ?? throw NoKernel(op));

        static Step Running(Operation op, Emitter e)
        {
            var kernel = Cumulative.Kernel<T>(op.Def) ?? throw NoKernel(op);
            int x = e.Dense<T>(op, 0), to = e.Object(op.Result);
            return new Do(f =>
            {
                var source = f.Dense<T>(x);
                var target = DenseMatrix<T>.Allocate(source.Rows, source.Cols);
                f.Own(to, target);
                Cumulative.Apply(kernel, source, target);
            });
        }

        static Step IntoNew<TResult>(Operation op, Emitter e, Action<DenseMatrix<T>, DenseMatrix<TResult>> kernel) where TResult : unmanaged
        {
            int x = e.Dense<T>(op, 0), to = e.Object(op.Result);
            bool perRow = op.Def.Shape == ShapeRule.ColumnOfRows;
            return new Do(f =>
            {
                var source = f.Dense<T>(x);
                var target = perRow ? DenseMatrix<TResult>.Allocate(source.Rows, 1) : DenseMatrix<TResult>.Allocate(1, source.Cols);
                f.Own(to, target);
                if (perRow && AggregateRanges.Pays(f, source)) AggregateRanges.Rows(f, kernel, source, target);
                else kernel(source, target);
            });
        }

        static RaisedException NoKernel(Operation op) => Diag.NotThisTypeYet.Raise(op.Def.ScriptName, ValueTypes.Of<T>().DslName());
    }
}
