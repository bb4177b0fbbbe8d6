using System.Numerics;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Systems of equations and decompositions.</summary>
sealed class DecompositionBindings : IFloatFamily
{
    public static Dictionary<OpDef, Binder> Table<T>() where T : unmanaged, IFloatingPointIeee754<T> => Rows<T>.Table;

    static class Rows<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly Dictionary<OpDef, Binder> Table = new()
        {
            [Op.Solve] = System,
            [Op.Eigen] = (op, e) => Parts(op, e, (x, run) =>
            {
                var (values, vectors) = Eigen.Apply(x, run);
                return [values, vectors];
            }),
            [Op.Lu] = (op, e) => Parts(op, e, (x, run) =>
            {
                var (p, l, u) = Lu.Apply(x, run);
                return [p, l, u];
            }),
            [Op.Qr] = (op, e) => Parts(op, e, (x, run) =>
            {
                var (q, r) = Qr.Apply(x, run);
                return [q, r];
            }),
            [Op.Svd] = (op, e) => Parts(op, e, (x, run) =>
            {
                var (u, s, v) = Svd.Apply(x, run);
                return [u, s, v];
            }),
            [Op.Cholesky] = (op, e) => Parts(op, e, (x, run) => [Cholesky.Apply(x, run)]),
        };

        static Step System(Operation op, Emitter e)
        {
            int a = e.Dense<T>(op, 0), b = e.Dense<T>(op, 1), to = e.Object(op.Result);
            return new Do(f => f.Own(to, Solve.Apply(f.Dense<T>(a), f.Dense<T>(b), f.Context.Tasks())));
        }

        static Step Parts(Operation op, Emitter e, Func<DenseMatrix<T>, TaskRunner, DenseMatrix<T>[]> kernel)
        {
            int x = e.Dense<T>(op, 0);
            int[] to = [.. op.Results.Select(e.Object)];
            return new Do(f =>
            {
                var parts = kernel(f.Dense<T>(x), f.Context.Tasks());
                for (int i = 0; i < to.Length; i++) f.Own(to[i], parts[i]);
            });
        }
    }
}
