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

        static Step Contingency(Operation op, Emitter e)
        {
            int rowAt = e.Object(op.Operands[0]), colAt = e.Object(op.Operands[1]), weight = e.Number<T>(op, 2);
            int rows = e.Number<long>(op, 3), cols = e.Number<long>(op, 4), to = e.Object(op.Result);
            return new Do(f => f.Own(to, ContingencyTable.Apply(f.Matrix(rowAt), f.Matrix(colAt), f.Scalar<T>(weight), (long)f.Bits[rows], (long)f.Bits[cols])));
        }
    }
}

/// <summary>Rows in order; the cells of the operand choose the kernel.</summary>
sealed class OrderBindings : IFamily
{
    public static IrType Decides(Operation op) => op.Operands[0].Type;

    public static Dictionary<OpDef, Binder> Table<T>() where T : unmanaged => Rows<T>.Table;

    /// <summary>What an operation sorts by.</summary>
    public static Func<Activation, SortColumn[]> Columns(Operation op, Emitter e)
    {
        int keys = (op.Operands.Count - 2) / 2;
        int[] columns = [.. Enumerable.Range(1, keys).Select(i => e.Number<long>(op, i))], ascending = [.. Enumerable.Range(1 + keys, keys).Select(i => e.Flag(op, i))];
        return f => [.. columns.Zip(ascending, (c, a) => new SortColumn((long)f.Bits[c], f.Bits[a] != 0))];
    }

    static class Rows<T> where T : unmanaged
    {
        public static readonly Dictionary<OpDef, Binder> Table = new() { [Op.Order] = Sorted };

        static Step Sorted(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), to = e.Object(op.Result), positions = e.Flag(op, op.Operands.Count - 1);
            var by = Columns(op, e);
            return new Do(f => f.Own(to, f.Bits[positions] != 0 ? Kernels.Order.Positions(f.Dense<T>(x), by(f)) : Kernels.Order.Rows(f.Dense<T>(x), by(f))));
        }
    }
}

/// <summary>Whether a matrix is symmetric; truth values are compared as numbers.</summary>
sealed class SymmetryBindings : INumberFamily
{
    public static IrType Decides(Operation op) => op.Operands[0].Type.CellType() == ValueTypeCode.Bool ? IrType.Scalar(ValueTypeCode.UI8) : op.Operands[0].Type;

    public static Dictionary<OpDef, Binder> Table<T>() where T : unmanaged, INumber<T> => new() { [Op.IsSymmetric] = Symmetric<T> };

    static Step Symmetric<T>(Operation op, Emitter e) where T : unmanaged, INumber<T>
    {
        int x = e.Dense<T>(op, 0), to = e.Number(op.Result);
        return new Do(f => f.Bits[to] = Symmetry.Holds(f.Dense<T>(x)) ? 1UL : 0UL);
    }
}
