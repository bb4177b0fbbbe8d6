using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Numbers of rows, columns and cells become constants where the type tells them; else they are asked of an earlier value of the same extent, so
/// that nothing is computed only to be measured.
/// </summary>
public sealed class FoldShapeQueries : RewritePass
{
    /// <inheritdoc/>
    public override string Name => "fold-shape-queries";

    /// <inheritdoc/>
    protected override Value? Rewrite(Operation op)
    {
        bool rows = op.Def == Op.NumRows, cols = op.Def == Op.NumCols, cells = op.Def == Op.NumCells;
        if (!rows && !cols && !cells) return null;
        var x = op.Operands[0];
        if (x.Type is not (MatrixType or FrameType)) return null;
        long r = x.Type.Rows(), c = x.Type.Cols(), n = rows ? r : cols ? c : r < 0 || c < 0 ? -1 : r * c;
        if (n >= 0) return op.ConstantBefore((ulong)n, ValueTypeCode.Size);
        if (x.Producer is not { } producer) return null;
        if (producer.Def == Op.Transpose) return op.InsertBefore(rows ? Op.NumCols : cols ? Op.NumRows : Op.NumCells, producer.Operands[0]);
        return SameShape(producer) is { } origin ? op.InsertBefore(op.Def, origin) : null;
    }

    // The operand whose shape the result certainly has, although it is not known.
    static Value? SameShape(Operation op)
    {
        bool keeps = op.Def.Shape == ShapeRule.KeepFirst || op.Def == Op.Cast
            || (op.Def.Shape == ShapeRule.Broadcast && op.Operands is [_, { Type: ScalarType }]);
        return keeps && op.Def.Is(OpTraits.Pure) && op.Operands[0].Type is MatrixType ? op.Operands[0] : null;
    }
}
