using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>A compile-time fact attached to an operation. Equality is structural.</summary>
public abstract record Attribute;

/// <summary>A scalar with its type: a bool, long (signed integers), ulong (unsigned and size), double (f64), float (f32) or string.</summary>
public sealed record ScalarAttribute(object Value, IrType Type) : Attribute
{
    /// <summary>Bit by bit: 0.0 and -0.0 differ, a nan equals itself.</summary>
    public bool Equals(ScalarAttribute? other) => other is not null && Type == other.Type && (Value, other.Value) switch
    {
        (double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b),
        (float a, float b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b),
        var (a, b) => a.Equals(b),
    };

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Value, Type);

    /// <summary>A signed number.</summary>
    public static ScalarAttribute SI64(long value) => new(value, IrType.Scalar(ValueTypeCode.SI64));
}

/// <summary>A symbol: the name of a function (<c>@f</c>).</summary>
public sealed record SymbolAttribute(string Name) : Attribute;

/// <summary>A type.</summary>
public sealed record TypeAttribute(IrType Type) : Attribute;

/// <summary>A plain string that is not a scalar operand, such as a symbol name.</summary>
public sealed record StringAttribute(string Value) : Attribute;

/// <summary>A list.</summary>
public sealed record ArrayAttribute(ImmutableArray<Attribute> Items) : Attribute
{
    /// <inheritdoc/>
    public bool Equals(ArrayAttribute? other) => other is not null && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Length;
}

/// <summary><c>array&lt;i32: 1, 2&gt;</c>: numbers of operands per segment.</summary>
public sealed record SegmentsAttribute(ImmutableArray<int> Sizes) : Attribute
{
    /// <inheritdoc/>
    public bool Equals(SegmentsAttribute? other) => other is not null && Sizes.SequenceEqual(other.Sizes);

    /// <inheritdoc/>
    public override int GetHashCode() => Sizes.Length;
}

/// <summary>How an input is handed out: <c>#daphne&lt;vec_split ROWS&gt;</c>.</summary>
public sealed record SplitAttribute(SplitKind Kind) : Attribute;

/// <summary>How outputs are put together: <c>#daphne&lt;vec_combine ADD&gt;</c>.</summary>
public sealed record CombineAttribute(CombineKind Kind) : Attribute;
