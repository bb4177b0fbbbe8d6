using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Operations that make matrices of scalars.</summary>
sealed class CreationBindings : IFamily
{
    public static Dictionary<OpDef, Binder> Table<T>() where T : unmanaged => Rows<T>.Table;

    static class Rows<T> where T : unmanaged
    {
        public static readonly Dictionary<OpDef, Binder> Table = new()
        {
            [Op.Fill] = Filled,
            [Op.Seq] = Sequence,
            [Op.RandMatrix] = Random,
            [Op.Sample] = Sampled,
            [Op.MatrixConstant] = Literal,
        };

        static Step Filled(Operation op, Emitter e)
        {
            int value = e.Number<T>(op, 0), rows = e.Size(op, 1), cols = e.Size(op, 2), to = e.Object(op.Result);
            return new Do(f => f.Own(to, Fill.With(f.Scalar<T>(value), f.Extent(rows), f.Extent(cols))));
        }

        static Step Sequence(Operation op, Emitter e)
        {
            int from = e.Number<T>(op, 0), until = e.Number<T>(op, 1), by = e.Number<T>(op, 2), to = e.Object(op.Result);
            return new Do(f => f.Own(to, Seq.Between(f.Scalar<T>(from), f.Scalar<T>(until), f.Scalar<T>(by), f.Context.Cancellation)));
        }

        static Step Random(Operation op, Emitter e)
        {
            int rows = e.Size(op, 0), cols = e.Size(op, 1), min = e.Number<T>(op, 2), max = e.Number<T>(op, 3);
            int sparsity = e.Number<double>(op, 4), seed = e.Number<long>(op, 5), to = e.Object(op.Result);
            return new Do(f => f.Own(to, Rand.Dense(f.Extent(rows), f.Extent(cols), f.Scalar<T>(min), f.Scalar<T>(max),
                f.Scalar<double>(sparsity), f.Context.Seeds.Resolve((long)f.Bits[seed]), f.Context.Cancellation)));
        }

        static Step Sampled(Operation op, Emitter e)
        {
            int range = e.Number<T>(op, 0), size = e.Size(op, 1), again = e.Flag(op, 2), seed = e.Number<long>(op, 3), to = e.Object(op.Result);
            return new Do(f => f.Own(to, Sample.Column(f.Scalar<T>(range), f.Extent(size), f.Bits[again] != 0, f.Context.Seeds.Resolve((long)f.Bits[seed]), f.Context.Cancellation)));
        }

        static Step Literal(Operation op, Emitter e)
        {
            long rows = Integer(op, "rows"), cols = Integer(op, "cols");
            if (rows < 0 || cols < 0 || rows * cols != op.Operands.Count) throw Diag.MalformedProgram.Raise($"{op.Operands.Count} cells for a {rows}x{cols} matrix");
            int[] cells = [.. Enumerable.Range(0, op.Operands.Count).Select(i => e.Number<T>(op, i))];
            int to = e.Object(op.Result);
            return new Do(f =>
            {
                var result = DenseMatrix<T>.Allocate(rows, cols);
                f.Own(to, result);
                var target = result.WritableSpan(0, cells.Length);
                for (int i = 0; i < cells.Length; i++) target[i] = f.Scalar<T>(cells[i]);
            });
        }

        static long Integer(Operation op, string name) => op.Attributes.TryGetValue(name, out var a) && a is ScalarAttribute { Value: long n }
            ? n : throw Diag.MalformedProgram.Raise($"{op.Def.Name} without {name}");
    }
}
