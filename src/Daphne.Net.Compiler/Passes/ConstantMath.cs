using System.Globalization;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Scalar arithmetic exactly as it happens at run time. Null where it does not happen here: where it is an error (division by zero, a root of a
/// negative number), where the result depends on the processor (nan to integer), or where a kernel may round differently (exp, pow, …).
/// Values are a bool, long (signed), ulong (unsigned and sizes), double, float or string.
/// </summary>
static class ConstantMath
{
    /// <summary>The value as another type.</summary>
    public static object? Cast(object value, ValueTypeCode to) => (value, to) switch
    {
        (string, ValueTypeCode.Str) => value,
        (string, _) => null,
        (_, ValueTypeCode.Str) => Text(value),
        (double d, ValueTypeCode.F64) => d,
        (double d, ValueTypeCode.F32) => (float)d,
        (float f, ValueTypeCode.F64) => (double)f,
        (float f, ValueTypeCode.F32) => f,
        // Truth of a float: only where truncation cannot matter.
        (double d, ValueTypeCode.Bool) => d == Math.Truncate(d) && Math.Abs(d) < 1e9 ? d != 0 : null,
        (float f, ValueTypeCode.Bool) => Cast((double)f, ValueTypeCode.Bool),
        (double d, _) => Math.Abs(d) < 9e18 && Whole((Int128)d, to) is { } w && Exact(w) == (Int128)d ? w : null,
        (float f, _) => Cast((double)f, to),
        (_, ValueTypeCode.Bool) => Exact(value) != 0,
        (long l, ValueTypeCode.F64) => (double)l,
        (long l, ValueTypeCode.F32) => (float)l,
        (ulong u, ValueTypeCode.F64) => (double)u,
        (ulong u, ValueTypeCode.F32) => (float)u,
        (bool b, ValueTypeCode.F64) => b ? 1.0 : 0.0,
        (bool b, ValueTypeCode.F32) => b ? 1f : 0f,
        _ => Whole(Exact(value), to),
    };

    /// <summary>A binary operation on two values of type <paramref name="type"/>; comparisons give 0 or 1 of that type (si64 for strings).</summary>
    public static object? Binary(OpDef op, object x, object y, ValueTypeCode type) => type switch
    {
        ValueTypeCode.Str => Strings(op, (string)x, (string)y),
        ValueTypeCode.F64 => Floats(op, (double)x, (double)y),
        // A double holds any exact product or sum of two floats' significands well enough that rounding it once more is rounding it right.
        ValueTypeCode.F32 => Floats(op, (float)x, (float)y) is { } r ? (float)r : null,
        _ => Integers(op, Exact(x), Exact(y)) is { } r ? Whole(r, type) : null,
    };

    /// <summary>A unary operation on a value of type <paramref name="type"/>.</summary>
    public static object? Unary(OpDef op, object x, ValueTypeCode type) => type switch
    {
        ValueTypeCode.Str => null,
        ValueTypeCode.F64 => Float(op, (double)x),
        ValueTypeCode.F32 => Float(op, (float)x) is { } r ? (float)r : null,
        _ => Integer(op, Exact(x)) is { } r ? Whole(r, type) : null,
    };

    /// <summary>The longest text that is put together before the program runs: every step of a long chain would be kept.</summary>
    public const int LongestText = 4096;

    static object? Strings(OpDef op, string x, string y) =>
        op == Op.EwAdd || op == Op.EwConcat ? x.Length + y.Length <= LongestText ? x + y : null
        : op == Op.EwEq ? (x == y ? 1L : 0L)
        : op == Op.EwNeq ? (x != y ? 1L : 0L)
        : null;

    static double? Floats(OpDef op, double x, double y) =>
        op == Op.EwAdd ? x + y
        : op == Op.EwSub ? x - y
        : op == Op.EwMul ? x * y
        : op == Op.EwDiv ? x / y
        : op == Op.EwMod ? x % y
        : op == Op.EwMin ? Extreme(x, y, x < y)
        : op == Op.EwMax ? Extreme(x, y, x > y)
        : Comparison(op, x.CompareTo(y), double.IsNaN(x) || double.IsNaN(y)) is { } b ? (b ? 1 : 0) : null;

    // Scalars give nan if either is; which of two zeros is smaller nobody promised.
    static double? Extreme(double x, double y, bool first) =>
        double.IsNaN(x) || double.IsNaN(y) ? double.NaN : x == y && double.IsNegative(x) != double.IsNegative(y) ? null : first ? x : y;

    static Int128? Integers(OpDef op, Int128 x, Int128 y) =>
        op == Op.EwAdd ? x + y
        : op == Op.EwSub ? x - y
        : op == Op.EwMul ? x * y
        : op == Op.EwDiv ? (y == 0 ? null : x / y)
        : op == Op.EwMod ? (y == 0 ? null : x % y)
        : op == Op.EwMin ? Int128.Min(x, y)
        : op == Op.EwMax ? Int128.Max(x, y)
        : op == Op.EwAnd ? (x != 0 && y != 0 ? 1 : 0)
        : op == Op.EwOr ? (x != 0 || y != 0 ? 1 : 0)
        : op == Op.EwXor ? (x != 0 != (y != 0) ? 1 : 0)
        : Comparison(op, x.CompareTo(y), false) is { } b ? (b ? 1 : 0) : null;

    static bool? Comparison(OpDef op, int order, bool unordered) =>
        op == Op.EwEq ? !unordered && order == 0
        : op == Op.EwNeq ? unordered || order != 0
        : op == Op.EwLt ? !unordered && order < 0
        : op == Op.EwLe ? !unordered && order <= 0
        : op == Op.EwGt ? !unordered && order > 0
        : op == Op.EwGe ? !unordered && order >= 0
        : null;

    static double? Float(OpDef op, double x) =>
        op == Op.EwMinus ? -x
        : op == Op.EwAbs ? Math.Abs(x)
        : op == Op.EwSign ? (double.IsNaN(x) ? x : Math.Sign(x))
        : op == Op.EwSqrt ? (x < 0 ? null : Math.Sqrt(x))
        : op == Op.EwRound ? Math.Round(x, MidpointRounding.AwayFromZero)
        : op == Op.EwFloor ? Math.Floor(x)
        : op == Op.EwCeil ? Math.Ceiling(x)
        : op == Op.EwIsNan ? (double.IsNaN(x) ? 1 : 0)
        : null;

    static Int128? Integer(OpDef op, Int128 x) =>
        op == Op.EwMinus ? -x
        : op == Op.EwAbs ? Int128.Abs(x)
        : op == Op.EwSign ? Int128.Sign(x)
        : op == Op.EwRound || op == Op.EwFloor || op == Op.EwCeil ? x
        : op == Op.EwIsNan ? 0
        : null;

    static Int128 Exact(object value) => value switch { long l => l, ulong u => u, bool b => b ? 1 : 0, _ => throw new System.Diagnostics.UnreachableException(value.GetType().Name) };

    // Integers wrap at the width of their type; bool is one bit wide.
    static object? Whole(Int128 value, ValueTypeCode type) => type switch
    {
        ValueTypeCode.SI64 => unchecked((long)value),
        ValueTypeCode.SI32 => (long)unchecked((int)value),
        ValueTypeCode.SI8 => (long)unchecked((sbyte)value),
        ValueTypeCode.UI64 or ValueTypeCode.Size => unchecked((ulong)value),
        ValueTypeCode.UI32 => (ulong)unchecked((uint)value),
        ValueTypeCode.UI8 => (ulong)unchecked((byte)value),
        ValueTypeCode.Bool => (value & 1) != 0,
        _ => null,
    };

    static string? Text(object value) => value switch
    {
        bool b => b ? "1" : "0",
        double d => double.IsFinite(d) ? d.ToString("F6", CultureInfo.InvariantCulture) : null,
        float f => Text((double)f),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
