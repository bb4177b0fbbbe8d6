using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

static partial class OwnRules
{
    static Dictionary<OpDef, OwnRule> NeuralNetworks() => new()
    {
        [Op.Affine] = op => [Cells(op, 3, op.Operands[0].Type.Rows(), op.Operands[1].Type.Cols())],
        [Op.BatchNorm2d] = op => [Cells(op, 5, op.Operands[0].Type.Rows(), op.Operands[0].Type.Cols())],
        [Op.BatchNorm2dBackward] = op =>
        {
            var gradient = Cells(op, 5, op.Operands[4].Type.Rows() is var r and >= 0 && op.Operands[4].Type.Cols() is var c and >= 0 ? r * c : Unknown, 1);
            return [Cells(op, 5, op.Operands[2].Type.Rows(), op.Operands[2].Type.Cols()), gradient, gradient];
        },
        [Op.Conv2d] = op =>
        {
            var matrix = Cells(op, 2, op.Operands[0].Type.Rows(), Windows(op, op.Operands[1].Type.Rows(), image: 4, window: 6));
            return [op.Operands.Count > 12 ? matrix with { ValueType = Float(op.Operands[0], op.Operands[1], op.Operands[12]) } : matrix, IrType.Scalar(ValueTypeCode.Size), IrType.Scalar(ValueTypeCode.Size)];
        },
        [Op.Conv2dBackwardFilter] = op => [Cells(op, 2, KnownIntegers.AsDimension(op.Operands[10]), Product(op, 11, 12, 13))],
        [Op.Conv2dBackwardData] = op => [Cells(op, 2, KnownIntegers.AsDimension(op.Operands[6]), Product(op, 7, 8, 9))],
        [Op.MaxPool2d] = Pooled,
        [Op.AvgPool2d] = Pooled,
        [Op.MaxPool2dBackward] = op => [Cells(op, 2, op.Operands[0].Type.Rows(), op.Operands[0].Type.Cols())],
        [Op.AvgPool2dBackward] = op => [Cells(op, 2, op.Operands[0].Type.Rows(), op.Operands[0].Type.Cols())],
    };

    static ImmutableArray<IrType> Pooled(Operation op) =>
        [Cells(op, 1, op.Operands[0].Type.Rows(), Windows(op, KnownIntegers.AsDimension(op.Operands[2]), image: 3, window: 5)), IrType.Scalar(ValueTypeCode.Size), IrType.Scalar(ValueTypeCode.Size)];

    // A matrix of the most general type of the first operands, integers as f64.
    static MatrixType Cells(Operation op, int matrices, long rows, long cols) => IrType.Matrix(Float([.. op.Operands.Take(matrices)]), rows, cols);

    static ValueTypeCode? Float(params Value[] values) => TypeRules.MostGeneral(values) is { } code ? code.IsFloat() ? code : ValueTypeCode.F64 : null;

    // Channels times the positions of the window. Operands from image on: height and width of it; from window on: those of the window, of strides, of padding.
    static long Windows(Operation op, long channels, int image, int window)
    {
        long height = Positions(0), width = Positions(1);
        return channels < 0 || height < 0 || width < 0 || (Int128)height * width * channels > long.MaxValue ? Unknown : channels * height * width;

        long Positions(int axis)
        {
            long size = Known(image + axis), part = Known(window + axis), stride = Known(window + 2 + axis), padding = Known(window + 4 + axis);
            return size < 0 || part < 0 || stride < 1 || padding < 0 || (Int128)size + 2 * (Int128)padding is var padded && (padded < part || padded > long.MaxValue) ? Unknown
                : (size + 2 * padding - part) / stride + 1;
        }

        long Known(int operand) => KnownIntegers.AsDimension(op.Operands[operand]);
    }

    static long Product(Operation op, params int[] operands)
    {
        Int128 product = 1;
        foreach (int operand in operands)
        {
            long factor = KnownIntegers.AsDimension(op.Operands[operand]);
            if (factor < 0 || (product *= factor) > long.MaxValue) return Unknown;
        }
        return (long)product;
    }
}
