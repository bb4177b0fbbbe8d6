using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

// Preparing data, aggregates by groups, files that nothing describes.
static partial class OwnRules
{
    static Dictionary<OpDef, OwnRule> Preparation => new()
    {
        [Op.Bin] = op => [SameShape(op, TypeRules.Number(op.Operands[0].Type.ValueType()))],
        [Op.Quantize] = op => [SameShape(op, ValueTypeCode.UI8)],
        [Op.Recode] = op => [IrType.Matrix(ValueTypeCode.SI64, op.Operands[0].Type.Rows(), 1), IrType.Matrix(op.Operands[0].Type.ValueType(), Unknown, 1)],
        [Op.OneHot] = op => [IrType.Matrix(op.Operands[0].Type.ValueType() is ValueTypeCode.Str ? ValueTypeCode.SI64 : op.Operands[0].Type.ValueType(), op.Operands[0].Type.Rows(), Unknown)],
        [Op.ReadCsv] = op => [IrType.Matrix(ValueTypeCode.F64, KnownIntegers.AsDimension(op.Operands[1]), KnownIntegers.AsDimension(op.Operands[2]))],
        [Op.CountGrp] = op => [Grouped(op, ValueTypeCode.Size)],
        [Op.SumGrp] = op => [Grouped(op, TypeRules.Number(op.Operands[0].Type.ValueType()))],
        [Op.MinGrp] = op => [Grouped(op, op.Operands[0].Type.ValueType())],
        [Op.MaxGrp] = op => [Grouped(op, op.Operands[0].Type.ValueType())],
        [Op.MeanGrp] = op => [Grouped(op, FloatOf(op.Operands[0].Type))],
        [Op.VarGrp] = op => [Grouped(op, FloatOf(op.Operands[0].Type))],
        [Op.StddevGrp] = op => [Grouped(op, FloatOf(op.Operands[0].Type))],
    };

    static MatrixType SameShape(Operation op, ValueTypeCode? code) => IrType.Matrix(code, op.Operands[0].Type.Rows(), op.Operands[0].Type.Cols());

    static MatrixType Grouped(Operation op, ValueTypeCode? code) => IrType.Matrix(code, KnownIntegers.AsDimension(op.Operands[2]), op.Operands[0].Type.Cols());

    static ValueTypeCode? FloatOf(IrType type) => type.ValueType() is { } code ? code.IsFloat() ? code : ValueTypeCode.F64 : null;
}
