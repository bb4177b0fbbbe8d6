using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Makes every conversion visible: operands of promoting operations are cast to the value type of the result, operands of comparisons to their most
/// general type. Kernels then need one value type each.
/// </summary>
public sealed class CastOperands : OperationPass
{
    /// <inheritdoc/>
    public override string Name => "cast-operands";

    /// <inheritdoc/>
    protected override bool Change(Operation op)
    {
        if (op.Results.Count != 1) return false;
        var (first, count) = Promoted(op);
        if (count == 0 || Target(op, first, count) is not { } code) return false;
        bool changed = false;
        for (int i = first; i < first + count; i++) changed |= Cast(op, i, code);
        return changed;
    }

    static bool Cast(Operation op, int index, ValueTypeCode code)
    {
        var value = op.Operands[index];
        if (value.Type.ValueType() is not { } now || now == code) return false;
        op.SetOperand(index, op.CastBefore(value, value.Type.WithValueType(code)));
        return true;
    }

    static ValueTypeCode? Target(Operation op, int first, int count) => op.Def.Type == TypeRule.Compare
        ? TypeRules.MostGeneral(op.Operands.Skip(first).Take(count)) : op.Result.Type.ValueType();

    // Which operands share the value type: the first one and how many.
    static (int First, int Count) Promoted(Operation op) => op.Def.Type switch
    {
        TypeRule.Promote or TypeRule.PromoteFloat or TypeRule.PromoteInteger or TypeRule.Compare or TypeRule.Text
            or TypeRule.MatrixOfAll or TypeRule.MatrixOfAllFloat => (0, op.Operands.Count),
        TypeRule.MatrixOfFirstFloat or TypeRule.ScalarOfFirstFloat or TypeRule.MatrixOfFirstNumber or TypeRule.ScalarOfFirstNumber => (0, 1),
        TypeRule.Own when op.Def == Op.Cond => (1, 2),
        TypeRule.Own when op.Def == Op.MatMul || op.Def == Op.ColBind || op.Def == Op.RowBind => (0, 2),
        TypeRule.Own when op.Def == Op.RandMatrix => (2, 2),
        TypeRule.Own when op.Def == Op.Seq || op.Def == Op.MatrixConstant => (0, op.Operands.Count),
        _ => (0, 0),
    };
}
