using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Replaces t(t(x)), x * 1, x / 1, x ^ 1, x - 0, -(-x), reverse(reverse(x)) and casts to what a value already is by x. Float x + 0 stays: for x = -0.0
/// the sum is +0.0, so the fold would change results.
/// </summary>
/// <param name="forRepresentations">Sums, quotients and powers with a number make a sparse matrix dense, which scripts can see: they stay.</param>
public sealed class FoldIdentities(bool forRepresentations = false) : RewritePass
{
    /// <inheritdoc/>
    public override string Name => "fold-identities";

    /// <inheritdoc/>
    protected override Value? Rewrite(Operation op)
    {
        if (forRepresentations && op.Result.Type is MatrixType && (op.Def == Op.EwAdd || op.Def == Op.EwSub || op.Def == Op.EwDiv || op.Def == Op.EwPow)) return null;
        var x = Same(op);
        // Else it was also a cast, or a broadcast.
        return x is not null && x.Type.SameKind(op.Result.Type) ? x : null;
    }

    static Value? Same(Operation op) => op switch
    {
        { Def: var d, Operands: [{ Producer: { Def: var inner, Operands: [var x] } }] } when d == inner && (d == Op.Transpose || d == Op.Reverse || d == Op.EwMinus) => x,
        { Def: var d, Operands: [{ Producer: { Def: var inner } } same] } when d == inner && (d == Op.EwAbs || d == Op.EwRound || d == Op.EwFloor || d == Op.EwCeil || d == Op.EwSign) => same,
        { Def: var d, Operands: [var x, var y] } when IsOne(y) && (d == Op.EwMul || d == Op.EwDiv) => x,
        // Powers of integers go through f64 and lose what that cannot hold.
        { Def: var d, Operands: [var x, { Constant: 1.0 or 1f }] } when d == Op.EwPow && x.Type.ValueType() is { } t && t.IsFloat() => x,
        { Def: var d, Operands: [var x, var y] } when IsOne(x) && d == Op.EwMul => y,
        { Def: var d, Operands: [var x, var y] } when d == Op.EwSub && IsPositiveZero(y) => x,
        { Def: var d, Operands: [var x, var y] } when d == Op.EwAdd && IsNeutral(y) => x,
        { Def: var d, Operands: [var x, var y] } when d == Op.EwAdd && IsNeutral(x) => y,
        { Def: var d } when d == Op.Cast => Cast(op),
        _ => null,
    };

    // cast(x) to the type of x, and there and back where nothing can get lost on the way.
    static Value? Cast(Operation op)
    {
        var x = op.Operands[0];
        if (x.Type.SameKind(op.Result.Type)) return x;
        return x.Producer is { } inner && inner.Def == Op.Cast && inner.Operands[0] is var origin && origin.Type.SameKind(op.Result.Type)
            && origin.Type.ValueType() is { } from && x.Type.ValueType() is { } over && Keeps(from, over) ? origin : null;
    }

    static bool Keeps(ValueTypeCode from, ValueTypeCode over) => from == over || (from, over) switch
    {
        (ValueTypeCode.F32, ValueTypeCode.F64) => true,
        (ValueTypeCode.SI32 or ValueTypeCode.UI32 or ValueTypeCode.SI8 or ValueTypeCode.UI8, ValueTypeCode.F64 or ValueTypeCode.SI64) => true,
        (ValueTypeCode.Bool, not ValueTypeCode.Str) => true,
        _ => false,
    };

    static bool IsOne(Value value) => value.Constant is 1.0 or 1f or 1L or 1UL or true;

    static bool IsPositiveZero(Value value) => value.Constant switch
    {
        double d => d == 0 && !double.IsNegative(d),
        float f => f == 0 && !float.IsNegative(f),
        0L or 0UL or false => true,
        _ => false,
    };

    // x + 0 of integers; for floats only -0.0 is neutral. The empty string is, for strings.
    static bool IsNeutral(Value value) => value.Constant switch
    {
        double d => d == 0 && double.IsNegative(d),
        float f => f == 0 && float.IsNegative(f),
        string s => s.Length == 0,
        0L or 0UL or false => true,
        _ => false,
    };
}
