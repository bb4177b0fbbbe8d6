using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Products that need no transposed copy: a transpose becomes a flag of <c>matMul</c>; X' X and X X' become <c>syrk</c>, which computes one triangle and
/// is therefore symmetric to the last bit; X' v with a column v becomes <c>gemv</c>.
/// </summary>
public sealed class RewriteProducts : RewritePass
{
    /// <inheritdoc/>
    public override string Name => "rewrite-products";

    /// <inheritdoc/>
    protected override Value? Rewrite(Operation op)
    {
        if (op.Def != Op.MatMul || op.Operands[2].Constant is not bool flagA || op.Operands[3].Constant is not bool flagB) return null;
        var (a, ta) = WithoutTranspose(op.Operands[0], flagA);
        var (b, tb) = WithoutTranspose(op.Operands[1], flagB);
        if (a == b && ta != tb && a.Type.SameKind(op.Result.Type)) return op.InsertBefore(Op.Syrk, a, op.ConstantBefore(ta, ValueTypeCode.Bool));
        // A transposed column is a row: only a column that stands upright will do.
        if (ta && !tb && b.Type.Cols() == 1) return op.InsertBefore(Op.Gemv, a, b);
        if (ta == flagA && tb == flagB) return null;
        return op.InsertBefore(Op.MatMul, a, b, op.ConstantBefore(ta, ValueTypeCode.Bool), op.ConstantBefore(tb, ValueTypeCode.Bool));
    }

    static (Value Value, bool Flag) WithoutTranspose(Value value, bool flag)
    {
        while (value.Producer is { } t && t.Def == Op.Transpose) (value, flag) = (t.Operands[0], !flag);
        return (value, flag);
    }
}
