using System.Collections.Immutable;
using System.Globalization;

namespace Daphne.Net.Dialect;

/// <summary>The type of an SSA value. Equality is structural; <see cref="object.ToString"/> is the IR text.</summary>
public abstract record IrType
{
    /// <summary>A dimension nobody knows before the program runs.</summary>
    public const long Unknown = -1;

    /// <summary>Not inferred yet.</summary>
    public static readonly IrType NotInferred = new UnknownType();

    /// <summary>The scalar type of a value type.</summary>
    public static ScalarType Scalar(ValueTypeCode code) => new(code);

    /// <summary>A dense matrix type; <see cref="Unknown"/> stands for a dimension nobody knows yet.</summary>
    public static MatrixType Matrix(ValueTypeCode? code, long rows = Unknown, long cols = Unknown) => new(code, rows, cols);

    private protected static string Dim(long n) => n < 0 ? "?" : n.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Nothing is known of the value, not even whether it is a matrix.</summary>
public sealed record UnknownType : IrType
{
    /// <inheritdoc/>
    public override string ToString() => "!daphne.Unknown";
}

/// <summary>The type of an operand slot that is deliberately empty (<c>none</c>).</summary>
public sealed record NoneType : IrType
{
    /// <inheritdoc/>
    public override string ToString() => "none";
}

/// <summary>A number, a truth value, a size or a string.</summary>
public sealed record ScalarType(ValueTypeCode ValueType) : IrType
{
    /// <inheritdoc/>
    public override string ToString() => ValueType.IrName();

    // Written out, because what the compiler generates compares enums by generic code that is compiled at every start of the tool.
    /// <inheritdoc/>
    public bool Equals(ScalarType? other) => other is not null && ValueType == other.ValueType;

    /// <inheritdoc/>
    public override int GetHashCode() => (int)ValueType;
}

/// <summary>How the cells of a matrix are stored.</summary>
public enum Representation : byte
{
    /// <summary>All cells, row by row.</summary>
    Dense,
    /// <summary>Compressed sparse rows (CSR).</summary>
    Sparse,
}

/// <summary>
/// A matrix. <paramref name="ValueType"/> is null where it is not inferred yet; <paramref name="Rows"/> and <paramref name="Cols"/> are
/// <see cref="IrType.Unknown"/> where not known; <paramref name="Sparsity"/> is the share of non-zero cells in [0, 1], or negative where not known;
/// <paramref name="Symmetric"/> is null where not known.
/// </summary>
public sealed record MatrixType(
    ValueTypeCode? ValueType, long Rows = IrType.Unknown, long Cols = IrType.Unknown,
    double Sparsity = -1, Representation Representation = Representation.Dense, bool? Symmetric = null) : IrType
{
    /// <summary>The same matrix type with other dimensions.</summary>
    public MatrixType WithShape(long rows, long cols) => this with { Rows = rows, Cols = cols };

    /// <inheritdoc/>
    public override string ToString()
    {
        string vt = ValueType?.IrName() ?? "!daphne.Unknown";
        string sp = Sparsity < 0 ? "" : $":sp[{FormatSparsity(Sparsity)}]";
        string rep = Representation == Representation.Sparse ? ":rep[sparse]" : "";
        string sym = Symmetric is { } s ? $":symmetric[{(s ? "true" : "false")}]" : "";
        return $"!daphne.Matrix<{Dim(Rows)}x{Dim(Cols)}x{vt}{sp}{rep}{sym}>";
    }

    // MLIR prints doubles as d.dddddde+XX with at least two exponent digits.
    static string FormatSparsity(double value) => value.ToString("0.000000e+00", CultureInfo.InvariantCulture);
}

/// <summary>
/// A table of typed columns. <paramref name="Columns"/> is default where the number of columns is not known, and an element is null where that
/// column's type is not known; <paramref name="Labels"/> is default where not known.
/// </summary>
public sealed record FrameType(ImmutableArray<ValueTypeCode?> Columns, long Rows = IrType.Unknown, ImmutableArray<string> Labels = default) : IrType
{
    /// <summary>The number of columns, or <see cref="IrType.Unknown"/>.</summary>
    public long Cols => Columns.IsDefault ? Unknown : Columns.Length;

    /// <inheritdoc/>
    public bool Equals(FrameType? other) => other is not null && Rows == other.Rows && Same(Columns, other.Columns) && Same(Labels, other.Labels);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rows, Columns.IsDefault ? -1 : Columns.Length, Labels.IsDefault ? -1 : Labels.Length);

    /// <inheritdoc/>
    public override string ToString()
    {
        string columns = Columns.IsDefault ? "?" : string.Join(", ", Columns.Select(c => c?.IrName() ?? "!daphne.Unknown"));
        string labels = Labels.IsDefault ? "?" : "[" + string.Join(", ", Labels.Select(IrQuote.Quote)) + "]";
        return $"!daphne.Frame<{Dim(Rows)}x[{Dim(Cols)}: {columns}], {labels}>";
    }

    static bool Same<T>(ImmutableArray<T> a, ImmutableArray<T> b) => a.IsDefault ? b.IsDefault : !b.IsDefault && a.SequenceEqual(b);
}

/// <summary>A list whose elements share one type.</summary>
public sealed record ListType(IrType Element) : IrType
{
    /// <inheritdoc/>
    public override string ToString() => $"!daphne.List<{Element}>";
}

/// <summary>The type of a function: what goes in, what comes out.</summary>
public sealed record FunctionType(ImmutableArray<IrType> Inputs, ImmutableArray<IrType> Results) : IrType
{
    /// <inheritdoc/>
    public bool Equals(FunctionType? other) => other is not null && Inputs.SequenceEqual(other.Inputs) && Results.SequenceEqual(other.Results);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Inputs.Length, Results.Length);

    /// <inheritdoc/>
    public override string ToString() =>
        $"({string.Join(", ", Inputs)}) -> {(Results is [not FunctionType] ? Results[0].ToString() : $"({string.Join(", ", Results)})")}";
}
