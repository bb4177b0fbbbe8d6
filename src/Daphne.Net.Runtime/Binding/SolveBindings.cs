using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Operations for floats only.</summary>
static class SolveBindings
{
    public static Binding[] Rows => [new(Op.Solve, Bind)];

    static Step Bind(Operation op, Emitter e)
    {
        int to = e.Object(op.Result);
        if (op.Result.Type.CellType() == ValueTypeCode.F32)
        {
            int a32 = e.Dense<float>(op, 0), b32 = e.Dense<float>(op, 1);
            return new Do(f => f.Own(to, Solve.Apply(f.Dense<float>(a32), f.Dense<float>(b32))));
        }
        if (op.Result.Type.CellType() != ValueTypeCode.F64) throw Diag.FloatMatrixNeeded.Raise("solve", op.Result.Type.CellType()?.DslName());
        int a = e.Dense<double>(op, 0), b = e.Dense<double>(op, 1);
        return new Do(f => f.Own(to, Solve.Apply(f.Dense<double>(a), f.Dense<double>(b))));
    }
}
