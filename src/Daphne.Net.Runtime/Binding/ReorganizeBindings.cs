using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Operations that move cells and do not look at them: every storage type.</summary>
sealed class ReorganizeBindings : IFamily
{
    public static Dictionary<OpDef, Binder> Table<T>() where T : unmanaged => Rows<T>.Table;

    static class Rows<T> where T : unmanaged
    {
        public static readonly Dictionary<OpDef, Binder> Table = new()
        {
            [Op.Transpose] = (op, e) => Unary(op, e, Transpose.Apply),
            [Op.Reverse] = (op, e) => Unary(op, e, Reverse.Apply),
            [Op.DiagMatrix] = (op, e) => Unary(op, e, Diagonal.ToMatrix),
            [Op.DiagVector] = (op, e) => Unary(op, e, Diagonal.ToColumn),
            [Op.Tri] = Triangle,
            [Op.ColBind] = (op, e) => Binary(op, e, Bind.Cols),
            [Op.RowBind] = (op, e) => Binary(op, e, Bind.Rows),
            [Op.Reshape] = (op, e) => WithSizes(op, e, Reshape.Apply),
            [Op.SliceRow] = (op, e) => WithBounds(op, e, Slice.Rows),
            [Op.SliceCol] = (op, e) => WithBounds(op, e, Slice.Cols),
            [Op.ExtractRow] = (op, e) => AtPositions(op, e, Extract.Rows),
            [Op.ExtractCol] = (op, e) => AtPositions(op, e, Extract.Cols),
            [Op.FilterRow] = (op, e) => AtPositions(op, e, Filter.Rows),
            [Op.FilterCol] = (op, e) => AtPositions(op, e, Filter.Cols),
            [Op.InsertRow] = (op, e) => Inserted(op, e, Insert.Rows),
            [Op.InsertCol] = (op, e) => Inserted(op, e, Insert.Cols),
        };

        static Step Unary(Operation op, Emitter e, Func<DenseMatrix<T>, DenseMatrix<T>> kernel)
        {
            int x = e.Dense<T>(op, 0), to = e.Object(op.Result);
            return new Do(f => f.Own(to, kernel(f.Dense<T>(x))));
        }

        static Step Binary(Operation op, Emitter e, Func<DenseMatrix<T>, DenseMatrix<T>, DenseMatrix<T>> kernel)
        {
            int x = e.Dense<T>(op, 0), y = e.Dense<T>(op, 1), to = e.Object(op.Result);
            return new Do(f => f.Own(to, kernel(f.Dense<T>(x), f.Dense<T>(y))));
        }

        static Step Triangle(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), upper = e.Flag(op, 1), diagonal = e.Flag(op, 2), values = e.Flag(op, 3), to = e.Object(op.Result);
            return new Do(f => f.Own(to, Diagonal.Triangle(f.Dense<T>(x), f.Bits[upper] != 0, f.Bits[diagonal] != 0, f.Bits[values] != 0)));
        }

        static Step WithSizes(Operation op, Emitter e, Func<DenseMatrix<T>, long, long, DenseMatrix<T>> kernel)
        {
            int x = e.Dense<T>(op, 0), to = e.Object(op.Result);
            var (rows, cols) = (e.Size(op, 1), e.Size(op, 2));
            return new Do(f => f.Own(to, kernel(f.Dense<T>(x), f.Extent(rows), f.Extent(cols))));
        }

        static Step WithBounds(Operation op, Emitter e, Func<DenseMatrix<T>, long, long, DenseMatrix<T>> kernel)
        {
            int x = e.Dense<T>(op, 0), lower = e.Number<long>(op, 1), upper = e.Number<long>(op, 2), to = e.Object(op.Result);
            return new Do(f => f.Own(to, kernel(f.Dense<T>(x), (long)f.Bits[lower], (long)f.Bits[upper])));
        }

        static Step AtPositions(Operation op, Emitter e, Func<DenseMatrix<T>, Matrix, DenseMatrix<T>> kernel)
        {
            int x = e.Dense<T>(op, 0), positions = e.Object(op.Operands[1]), to = e.Object(op.Result);
            return new Do(f => f.Own(to, kernel(f.Dense<T>(x), f.Matrix(positions))));
        }

        static Step Inserted(Operation op, Emitter e, Func<DenseMatrix<T>, DenseMatrix<T>, long, long, bool, DenseMatrix<T>> kernel)
        {
            int x = e.Dense<T>(op, 0), part = e.Dense<T>(op, 1), lower = e.Number<long>(op, 2), upper = e.Number<long>(op, 3), to = e.Object(op.Result);
            bool dies = e.MayOverwrite(op, 0, x);
            return new Do(f => f.Own(to, kernel(f.Dense<T>(x), f.Dense<T>(part), (long)f.Bits[lower], (long)f.Bits[upper], dies)));
        }
    }
}
