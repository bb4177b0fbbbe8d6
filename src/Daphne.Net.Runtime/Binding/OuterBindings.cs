using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Outer operations and replacement: elementwise kernels over other shapes.</summary>
sealed class OuterBindings : IFamily
{
    public static Dictionary<OpDef, Binder> Table<T>() where T : unmanaged => Rows<T>.Table;

    static class Rows<T> where T : unmanaged
    {
        public static readonly Dictionary<OpDef, Binder> Table = Make();

        static Dictionary<OpDef, Binder> Make()
        {
            var table = new Dictionary<OpDef, Binder> { [Op.Replace] = Replaced };
            foreach (var op in Op.All)
                if (op.Shape == ShapeRule.Outer) table.Add(op, EachWithEach);
            return table;
        }

        static Step EachWithEach(Operation op, Emitter e)
        {
            var kernel = Outer.Kernel<T>(op.Def) ?? throw Diag.NotThisTypeYet.Raise(op.Def.ScriptName, ValueTypes.Of<T>().DslName());
            int x = e.Dense<T>(op, 0), y = e.Dense<T>(op, 1), to = e.Object(op.Result);
            return new Do(f =>
            {
                DenseMatrix<T> column = f.Dense<T>(x), row = f.Dense<T>(y);
                var target = DenseMatrix<T>.Allocate(column.Rows, row.Cols);
                f.Own(to, target);
                Outer.Apply(kernel, column, row, target);
            });
        }

        static Step Replaced(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), pattern = e.Number<T>(op, 1), replacement = e.Number<T>(op, 2), to = e.Object(op.Result);
            bool mayOverwrite = e.MayOverwrite(op, 0, x);
            return new Do(f =>
            {
                var source = f.Dense<T>(x);
                var target = Target.Over(f, to, source, mayOverwrite);
                f.Own(to, target);
                Replacement.Apply(source, f.Scalar<T>(pattern), f.Scalar<T>(replacement), target);
            });
        }
    }
}
