using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>What rules ask of a type, whatever its kind.</summary>
static class TypeFacts
{
    /// <summary>The value type of a scalar or of a matrix's cells; null where there is none or it is not known.</summary>
    public static ValueTypeCode? ValueType(this IrType type) => type switch
    {
        ScalarType scalar => scalar.ValueType,
        MatrixType matrix => matrix.ValueType,
        _ => null,
    };

    public static long Rows(this IrType type) => type switch { MatrixType m => m.Rows, FrameType f => f.Rows, ScalarType => 1, _ => IrType.Unknown };

    public static long Cols(this IrType type) => type switch { MatrixType m => m.Cols, FrameType f => f.Cols, ScalarType => 1, _ => IrType.Unknown };

    /// <summary>The same type with nothing said about dimensions, sparsity and symmetry.</summary>
    public static IrType WithoutShape(this IrType type) => type switch
    {
        MatrixType m => IrType.Matrix(m.ValueType).With(m.Representation),
        FrameType f => f with { Rows = IrType.Unknown },
        _ => type,
    };

    /// <summary>What holds of a value that is one of the two: facts in which they differ are not known.</summary>
    public static IrType Join(IrType a, IrType b) => (a, b) switch
    {
        _ when a == b => a,
        (MatrixType x, MatrixType y) => new MatrixType(
            x.ValueType == y.ValueType ? x.ValueType : null, Same(x.Rows, y.Rows), Same(x.Cols, y.Cols),
            x.Sparsity == y.Sparsity ? x.Sparsity : -1, x.Representation == y.Representation ? x.Representation : Representation.Dense,
            x.Symmetric == y.Symmetric ? x.Symmetric : null),
        (FrameType x, FrameType y) => new FrameType(
            x.Cols != y.Cols || x.Columns.IsDefault ? default : [.. x.Columns.Zip(y.Columns, (c, d) => c == d ? c : null)],
            Same(x.Rows, y.Rows), !x.Labels.IsDefault && !y.Labels.IsDefault && x.Labels.SequenceEqual(y.Labels) ? x.Labels : default),
        _ => IrType.NotInferred,
    };

    /// <summary>How a script spells it: <c>matrix&lt;f64&gt;</c>, <c>f64</c>, <c>frame</c>.</summary>
    public static string InDsl(this IrType type) => type switch
    {
        MatrixType { ValueType: { } code } => $"matrix<{code.DslName()}>",
        MatrixType => "matrix",
        ScalarType s => s.ValueType.DslName(),
        FrameType => "frame",
        ListType => "list",
        _ => "?",
    };

    /// <summary>How a person calls it: <c>3x2 matrix of f64</c>, <c>scalar of type f64</c>, <c>frame</c>.</summary>
    public static string InWords(this IrType type) => type switch
    {
        MatrixType { Rows: < 0, Cols: < 0 } m => $"matrix{Of(m.ValueType)}",
        MatrixType m => $"{m.Shape()} matrix{Of(m.ValueType)}",
        ScalarType s => "scalar of type " + s.ValueType.DslName(),
        FrameType => "frame",
        ListType l => "list" + (l.Element.ValueType() is { } code ? $" of matrices of {code.DslName()}" : ""),
        _ => "value of unknown type",
    };

    /// <summary><c>3x2</c>, with <c>?</c> where a dimension is not known.</summary>
    public static string Shape(this IrType type) => $"{Dimension(type.Rows())}x{Dimension(type.Cols())}";

    static string Dimension(long n) => n < 0 ? "?" : n.ToString(System.Globalization.CultureInfo.InvariantCulture);
    static string Of(ValueTypeCode? code) => code is { } c ? " of " + c.DslName() : "";
    static long Same(long a, long b) => a == b ? a : IrType.Unknown;
    static MatrixType With(this MatrixType type, Representation representation) => type with { Representation = representation };
}
