using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Comparing types without what is known of their shape.</summary>
static class TypeKinds
{
    /// <summary>True if a value of one type may stand where one of the other is expected: the same data type, value type and representation.</summary>
    public static bool SameKind(this IrType a, IrType b) => (a, b) switch
    {
        (MatrixType x, MatrixType y) => x.ValueType is not null && x.ValueType == y.ValueType && x.Representation == y.Representation,
        (ScalarType, ScalarType) => a == b,
        _ => false,
    };

    /// <summary>The same data type with another value type.</summary>
    public static IrType WithValueType(this IrType type, ValueTypeCode code) => type switch
    {
        MatrixType m => m with { ValueType = code },
        _ => IrType.Scalar(code),
    };
}
