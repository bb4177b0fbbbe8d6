using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

static partial class OwnRules
{
    static Dictionary<OpDef, OwnRule> Lists() => new()
    {
        [Op.CreateList] = op => [new ListType(Element(op.Operands[0].Type))],
        [Op.Remove] = op => [op.Operands[0].Type, ((ListType)op.Operands[0].Type).Element],
    };

    /// <summary>The type of an element: elements of one list have any shape. Positions are stored as ui64.</summary>
    internal static MatrixType Element(IrType matrix) => IrType.Matrix(matrix.ValueType() is ValueTypeCode.Size ? ValueTypeCode.UI64 : matrix.ValueType());
}
