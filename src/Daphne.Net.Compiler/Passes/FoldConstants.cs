using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Computes scalar operations on constants. What would be an error stays, so that it is one when, and only if, it runs.</summary>
public sealed class FoldConstants : RewritePass
{
    /// <inheritdoc/>
    public override string Name => "fold-constants";

    /// <inheritdoc/>
    protected override Value? Rewrite(Operation op)
    {
        if (op.Def == Op.Cond) return Choose(op);
        if (!op.Def.Is(OpTraits.Pure | OpTraits.Elementwise) || op.Result.Type is not ScalarType { ValueType: var type }) return null;
        if (op.Operands.Any(o => o.Constant is null)) return null;
        return Compute(op, type) is { } value ? op.ConstantBefore(value, type) : null;
    }

    static object? Compute(Operation op, ValueTypeCode type)
    {
        object first = op.Operands[0].Constant!;
        if (op.Def == Op.Cast) return ConstantMath.Cast(first, type);
        if (TypeRules.MostGeneral(op.Operands) is not { } common) return null;
        // Comparisons happen in the common type of the operands, everything else in the type of the result.
        var at = op.Def.Type == TypeRule.Compare ? common : type;
        if (ConstantMath.Cast(first, at) is not { } x) return null;
        if (op.Operands.Count == 1) return ConstantMath.Unary(op.Def, x, at);
        return ConstantMath.Cast(op.Operands[1].Constant!, at) is { } y ? ConstantMath.Binary(op.Def, x, y, at) : null;
    }

    // A scalar condition chooses one of the two as a whole; nan is false.
    static Value? Choose(Operation op)
    {
        if (op.Operands[0].Constant is not { } condition || condition is string || op.Operands[0].Type is not ScalarType) return null;
        var chosen = op.Operands[condition switch { bool b => b, double d => d != 0 && !double.IsNaN(d), float f => f != 0 && !float.IsNaN(f), long l => l != 0, _ => (ulong)condition != 0 } ? 1 : 2];
        if (chosen.Type.SameKind(op.Result.Type)) return chosen;
        return op.Result.Type is ScalarType && chosen.Type is ScalarType ? op.CastBefore(chosen, op.Result.Type) : null;
    }
}
