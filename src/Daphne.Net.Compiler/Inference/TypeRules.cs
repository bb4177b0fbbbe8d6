using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>The rules of <see cref="TypeRule"/>: value type and data type of a result, its shape left open.</summary>
static class TypeRules
{
    /// <summary>The result type of an operation whose rule is not its own.</summary>
    public static IrType Apply(TypeRule rule, IReadOnlyList<Value> operands) => rule switch
    {
        TypeRule.KeepFirst => operands[0].Type.WithoutShape(),
        TypeRule.Promote => Like(operands, MostGeneral(operands)),
        TypeRule.PromoteFloat => Like(operands, Float(MostGeneral(operands))),
        TypeRule.PromoteInteger => Like(operands, MostGeneral(operands) is { } t ? t.IsFloat() ? ValueTypeCode.UI64 : t : null),
        TypeRule.Compare => Like(operands, MostGeneral(operands) is { } t ? t == ValueTypeCode.Str ? ValueTypeCode.SI64 : t : null),
        TypeRule.Text => Like(operands, ValueTypeCode.Str),
        TypeRule.MatrixOfFirst => IrType.Matrix(operands[0].Type.ValueType()),
        TypeRule.MatrixOfFirstFloat => IrType.Matrix(Float(operands[0].Type.ValueType())),
        TypeRule.MatrixOfAll => IrType.Matrix(MostGeneral(operands)),
        TypeRule.MatrixOfAllFloat => IrType.Matrix(Float(MostGeneral(operands))),
        TypeRule.MatrixOfSize => IrType.Matrix(ValueTypeCode.Size),
        TypeRule.ScalarOfFirst => Scalar(operands[0].Type.ValueType()),
        TypeRule.ScalarOfFirstFloat => Scalar(Float(operands[0].Type.ValueType())),
        TypeRule.ScalarOfFirstNumber => Scalar(Number(operands[0].Type.ValueType())),
        TypeRule.MatrixOfFirstNumber => IrType.Matrix(Number(operands[0].Type.ValueType())),
        TypeRule.Size => IrType.Scalar(ValueTypeCode.Size),
        TypeRule.SI64 => IrType.Scalar(ValueTypeCode.SI64),
        TypeRule.F64 => IrType.Scalar(ValueTypeCode.F64),
        TypeRule.Bool => IrType.Scalar(ValueTypeCode.Bool),
        TypeRule.String => IrType.Scalar(ValueTypeCode.Str),
        _ => throw new System.Diagnostics.UnreachableException($"{rule} has no body here"),
    };

    /// <summary>The most general value type of some values; null if one of them is not known.</summary>
    public static ValueTypeCode? MostGeneral(IEnumerable<Value> values) => MostGeneral(values.Select(v => v.Type));

    /// <summary>The most general value type of some types; null if one of them is not known.</summary>
    public static ValueTypeCode? MostGeneral(IEnumerable<IrType> types)
    {
        ValueTypeCode? most = null;
        foreach (var type in types)
        {
            if (type.ValueType() is not { } code) return null;
            most = most is { } m ? ValueTypes.MostGeneral(m, code) : code;
        }
        return most;
    }

    static ValueTypeCode? Float(ValueTypeCode? code) => code is { } c && (c.IsInteger() || c == ValueTypeCode.Bool) ? ValueTypeCode.F64 : code;

    /// <summary>What truth values are where they are added or multiplied: numbers.</summary>
    public static ValueTypeCode? Number(ValueTypeCode? code) => code == ValueTypeCode.Bool ? ValueTypeCode.SI64 : code;

    static IrType Scalar(ValueTypeCode? code) => code is { } c ? IrType.Scalar(c) : IrType.NotInferred;

    // A matrix wins over scalars; as long as one operand may still turn out to be a matrix nothing can be said.
    static IrType Like(IReadOnlyList<Value> operands, ValueTypeCode? code) =>
        operands.Any(o => o.Type is MatrixType) ? IrType.Matrix(code)
        : operands.All(o => o.Type is ScalarType) ? Scalar(code)
        : IrType.NotInferred;
}
