using System.Numerics;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Matrix products and what else computes with numbers of any kind.</summary>
sealed class ProductBindings : INumberFamily
{
    public static Dictionary<OpDef, Binder> Table<T>() where T : unmanaged, INumber<T> => Rows<T>.Table;

    static class Rows<T> where T : unmanaged, INumber<T>
    {
        public static readonly Dictionary<OpDef, Binder> Table = new()
        {
            [Op.MatMul] = Product,
            [Op.Syrk] = SelfProduct,
            [Op.Gemv] = TurnedProduct,
            [Op.Tri] = Triangle,
            [Op.CTable] = Contingency,
        };

        static Step Product(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), y = e.Dense<T>(op, 1), turnX = e.Flag(op, 2), turnY = e.Flag(op, 3), to = e.Object(op.Result);
            return new Do(f =>
            {
                DenseMatrix<T> left = f.Dense<T>(x), right = f.Dense<T>(y);
                bool turnLeft = f.Bits[turnX] != 0, turnRight = f.Bits[turnY] != 0;
                bool tall = turnLeft && !turnRight && left.Rows == right.Rows && left.Rows / 64 > left.Cols;
                f.Own(to, tall ? DownTheRows(f, left, right) : MatMul.Apply(left, right, turnLeft, turnRight, f.Context.Tasks()));
            });
        }

        static Step SelfProduct(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), turnFirst = e.Flag(op, 1), to = e.Object(op.Result);
            return new Do(f => f.Own(to, Kernels.Syrk.Apply(f.Dense<T>(x), f.Bits[turnFirst] != 0, f.Context.Tasks())));
        }

        static Step TurnedProduct(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), y = e.Dense<T>(op, 1), to = e.Object(op.Result);
            return new Do(f => f.Own(to, Kernels.Gemv.Apply(f.Dense<T>(x), f.Dense<T>(y), f.Context.Tasks())));
        }

        // t(x) @ y for tall x and y.
        static DenseMatrix<T> DownTheRows(Activation f, DenseMatrix<T> x, DenseMatrix<T> y) => StripSums.Run(f.Context, x.Rows, x.Cols * y.Cols, x.Cols * y.Cols, (first, count) =>
        {
            DenseMatrix<T> xs = x.RowRange(first, count), ys = y.RowRange(first, count);
            var part = MatMul.Apply(xs, ys, turnA: true);
            xs.Release();
            ys.Release();
            return part;
        });

        static Step Triangle(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), upper = e.Flag(op, 1), diagonal = e.Flag(op, 2), values = e.Flag(op, 3), to = e.Object(op.Result);
            return new Do(f => f.Own(to, Diagonal.Triangle(f.Dense<T>(x), f.Bits[upper] != 0, f.Bits[diagonal] != 0, f.Bits[values] != 0)));
        }

        static Step Contingency(Operation op, Emitter e)
        {
            int rowAt = e.Object(op.Operands[0]), colAt = e.Object(op.Operands[1]), weight = e.Number<T>(op, 2);
            int rows = e.Number<long>(op, 3), cols = e.Number<long>(op, 4), to = e.Object(op.Result);
            return new Do(f => f.Own(to, ContingencyTable.Apply(f.Matrix(rowAt), f.Matrix(colAt), f.Scalar<T>(weight), (long)f.Bits[rows], (long)f.Bits[cols])));
        }
    }
}

/// <summary>Operations that compute with the cells of their first operand, whatever the result is.</summary>
sealed class OrderBindings : INumberFamily
{
    public static IrType Decides(Operation op) => op.Operands[0].Type;

    public static Dictionary<OpDef, Binder> Table<T>() where T : unmanaged, INumber<T> => Rows<T>.Table;

    static class Rows<T> where T : unmanaged, INumber<T>
    {
        public static readonly Dictionary<OpDef, Binder> Table = new()
        {
            [Op.Order] = Sorted,
            [Op.IsSymmetric] = Symmetric,
        };

        static Step Sorted(Operation op, Emitter e)
        {
            int keys = (op.Operands.Count - 2) / 2, x = e.Dense<T>(op, 0), to = e.Object(op.Result), positions = e.Flag(op, op.Operands.Count - 1);
            int[] columns = [.. Enumerable.Range(1, keys).Select(i => e.Number<long>(op, i))], ascending = [.. Enumerable.Range(1 + keys, keys).Select(i => e.Flag(op, i))];
            return new Do(f =>
            {
                SortColumn[] by = [.. columns.Zip(ascending, (c, a) => new SortColumn((long)f.Bits[c], f.Bits[a] != 0))];
                f.Own(to, f.Bits[positions] != 0 ? Kernels.Order.Positions(f.Dense<T>(x), by) : Kernels.Order.Rows(f.Dense<T>(x), by));
            });
        }

        static Step Symmetric(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), to = e.Number(op.Result);
            return new Do(f => f.Bits[to] = Symmetry.Holds(f.Dense<T>(x)) ? 1UL : 0UL);
        }
    }
}
