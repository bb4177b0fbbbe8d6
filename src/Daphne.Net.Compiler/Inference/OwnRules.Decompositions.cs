using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

static partial class OwnRules
{
    static Dictionary<OpDef, OwnRule> Decompositions() => new()
    {
        [Op.Eigen] = op => Parts(op, (m, _, _) => [(m, 1), (m, m)]),
        [Op.Lu] = op => Parts(op, (m, n, k) => [(m, m), (m, k), (k, n)]),
        [Op.Qr] = op => Parts(op, (m, n, k) => [(m, k), (k, n)]),
        [Op.Svd] = op => Parts(op, (m, n, k) => [(m, k), (k, 1), (n, k)]),
        [Op.Cholesky] = op => Parts(op, (m, _, _) => [(m, m)]),
    };

    // Shapes from those of the operand, m x n with k = min(m, n).
    static ImmutableArray<IrType> Parts(Operation op, Func<long, long, long, (long Rows, long Cols)[]> shapes)
    {
        var arg = op.Operands[0].Type;
        var code = arg.ValueType() is { } c ? c.IsFloat() ? c : ValueTypeCode.F64 : (ValueTypeCode?)null;
        long m = arg.Rows(), n = arg.Cols(), k = m < 0 || n < 0 ? Unknown : Math.Min(m, n);
        return [.. shapes(m, n, k).Select(s => IrType.Matrix(code, s.Rows, s.Cols))];
    }
}
