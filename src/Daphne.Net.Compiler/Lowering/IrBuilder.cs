using System.Globalization;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Puts operations at the end of a block, with their types inferred as they are made.</summary>
sealed class IrBuilder(Block block)
{
    /// <summary>Where operations go.</summary>
    public Block Block { get; set; } = block;

    /// <summary>An operation with as many results as its row says, or as many as <paramref name="results"/>.</summary>
    public Operation Emit(OpDef def, SourceSpan span, IEnumerable<Value> operands, int results = -1)
    {
        var types = new IrType[results < 0 ? def.Results : results];
        for (int i = 0; i < types.Length; i++) types[i] = IrType.NotInferred;
        var op = new Operation(def, operands, types, span);
        Block.Insert(op);
        if (def.Type != TypeRule.Own || OwnRules.Has(def)) Inference.Apply(op);
        return op;
    }

    /// <summary>The only result of an operation.</summary>
    public Value Value(OpDef def, SourceSpan span, params ReadOnlySpan<Value> operands) => Emit(def, span, operands.ToArray()).Result;

    /// <summary>An operation whose result type is its own affair (a cast, a read).</summary>
    public Value Typed(OpDef def, SourceSpan span, IrType type, params ReadOnlySpan<Value> operands)
    {
        var op = new Operation(def, operands.ToArray(), [type], span);
        Block.Insert(op);
        Inference.Apply(op);
        return op.Result;
    }

    /// <summary>A scalar known now; see <see cref="ScalarAttribute"/> for what <paramref name="value"/> may be.</summary>
    public Value Constant(object value, ValueTypeCode type, SourceSpan span)
    {
        var op = new Operation(Op.Constant, [], [IrType.Scalar(type)], span);
        op.Attributes["value"] = new ScalarAttribute(value, IrType.Scalar(type));
        return Block.Insert(op).Result;
    }

    public Value SI64(long value, SourceSpan span) => Constant(value, ValueTypeCode.SI64, span);
    public Value Flag(bool value, SourceSpan span) => Constant(value, ValueTypeCode.Bool, span);
    public Value Text(string value, SourceSpan span) => Constant(value, ValueTypeCode.Str, span);

    /// <summary>The value with another value type; a matrix stays a matrix. Constants are converted now where the outcome is beyond doubt.</summary>
    public Value Cast(Value value, ValueTypeCode to, SourceSpan span)
    {
        if (value.Type.ValueType() == to) return value;
        if (value.Type is MatrixType matrix) return Typed(Op.Cast, span, matrix with { ValueType = to }, value);
        return Converted(value.Constant, to) is { } constant ? Constant(constant, to, span) : Typed(Op.Cast, span, IrType.Scalar(to), value);
    }

    // Small whole numbers, and what they look like in other types: everything else is left to the cast kernel, which knows the corners.
    static object? Converted(object? constant, ValueTypeCode to)
    {
        const long exact = 1 << 24;   // the whole numbers every float type holds
        if (to == ValueTypeCode.Str) return constant is long or ulong ? Convert.ToString(constant, CultureInfo.InvariantCulture) : null;
        long? whole = constant switch
        {
            long n => n,
            ulong n and <= long.MaxValue => (long)n,
            bool b => b ? 1 : 0,
            double d when Math.Abs(d) <= exact && (to != ValueTypeCode.Bool || d == Math.Truncate(d)) && (!to.IsFloat() || d == Math.Truncate(d) && d != 0) => (long)d,
            float f when Math.Abs(f) <= exact && (to != ValueTypeCode.Bool || f == MathF.Truncate(f)) && (!to.IsFloat() || f == MathF.Truncate(f) && f != 0) => (long)f,
            _ => null,
        };
        return (whole, to) switch
        {
            (null, _) => null,
            ({ } n, ValueTypeCode.SI64) => n,
            ({ } n and >= 0, ValueTypeCode.UI64 or ValueTypeCode.Size) => (ulong)n,
            ({ } n, ValueTypeCode.Bool) => n != 0,
            ({ } n and >= -exact and <= exact, ValueTypeCode.F64) => (double)n,
            ({ } n and >= -exact and <= exact, ValueTypeCode.F32) => (float)n,
            _ => null,
        };
    }
}
