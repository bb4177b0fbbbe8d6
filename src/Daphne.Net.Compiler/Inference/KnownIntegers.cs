using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Whole numbers that are known before the program runs: constants, dimensions, and sums of these.</summary>
static class KnownIntegers
{
    // Chains longer than this are not worth following: each operand is visited once per level.
    const int Deepest = 16;

    /// <summary>The number a scalar certainly is, truncated where it is a float; null where it is not known.</summary>
    public static long? Of(Value value) => Of(value, Deepest);

    /// <summary>The number as a dimension: <see cref="IrType.Unknown"/> where it is not known or negative.</summary>
    public static long AsDimension(Value value) => Of(value) is { } n and >= 0 ? n : IrType.Unknown;

    /// <summary>The truth value a scalar certainly is.</summary>
    public static bool? Flag(Value value) => Of(value) is { } n ? n != 0 : null;

    static long? Of(Value value, int depth)
    {
        if (value.Constant is { } constant) return FromConstant(constant);
        if (depth == 0 || value.Producer is not { } op || value.Type is not ScalarType) return null;
        var operands = op.Operands;
        if (op.Def == Op.Cast) return operands[0].Type is ScalarType { ValueType: not ValueTypeCode.Str } && value.Type.ValueType() is { } t && t.IsInteger() ? Of(operands[0], depth - 1) : null;
        if (op.Def == Op.NumRows) return Known(operands[0].Type.Rows());
        if (op.Def == Op.NumCols) return Known(operands[0].Type.Cols());
        if (op.Def == Op.NumCells) return Known(operands[0].Type.Rows()) * Known(operands[0].Type.Cols());
        if (value.Type.ValueType() is not (ValueTypeCode.SI64 or ValueTypeCode.Size or ValueTypeCode.UI64)) return null;
        if (op.Def == Op.EwAdd) return Of(operands[0], depth - 1) + Of(operands[1], depth - 1);
        if (op.Def == Op.EwSub) return Of(operands[0], depth - 1) - Of(operands[1], depth - 1);
        if (op.Def == Op.EwMul) return Of(operands[0], depth - 1) * Of(operands[1], depth - 1);
        return null;
    }

    static long? Known(long dimension) => dimension < 0 ? null : dimension;

    static long? FromConstant(object constant) => constant switch
    {
        long n => n,
        ulong n => n <= long.MaxValue ? (long)n : null,
        bool b => b ? 1 : 0,
        // Beyond 2^53 a double is no count anybody means.
        double d => Math.Abs(d) < 9e15 ? (long)d : null,
        float f => Math.Abs(f) < 9e15f ? (long)f : null,
        _ => null,
    };
}
