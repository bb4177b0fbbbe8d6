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
        if (op.Def != Op.NumRows && op.Def != Op.NumCols && op.Def != Op.NumCells) return null;
        var x = op.Operands[0];
        var query = op.Def;
        // To the end in one go: chains are as long as scripts.
        while (true)
        {
            if (x.Type is not (MatrixType or FrameType)) return null;
            if (Known(query, x.Type) is { } n) return op.ConstantBefore(n, ValueTypeCode.Size);
            if (x.Producer is not { } producer) break;
            if (producer.Def == Op.Transpose) (x, query) = (producer.Operands[0], query == Op.NumRows ? Op.NumCols : query == Op.NumCols ? Op.NumRows : query);
            else if (SameShape(producer) is { } origin) x = origin;
            else break;
        }
        return x == op.Operands[0] ? null : op.InsertBefore(query, x);
    }

    static ulong? Known(OpDef query, IrType type)
    {
        long rows = type.Rows(), cols = type.Cols();
        if (query == Op.NumCells) return rows < 0 || cols < 0 ? null : (ulong)(rows * cols);
        long n = query == Op.NumRows ? rows : cols;
        return n < 0 ? null : (ulong)n;
    }

    // The operand whose shape the result certainly has, although it is not known.
    static Value? SameShape(Operation op)
    {
        bool keeps = op.Def.Shape == ShapeRule.KeepFirst || op.Def == Op.Cast
            || (op.Def.Shape == ShapeRule.Broadcast && op.Operands is [_, { Type: ScalarType }]);
        return keeps && op.Def.Is(OpTraits.Pure) && op.Operands[0].Type is MatrixType ? op.Operands[0] : null;
    }
}
