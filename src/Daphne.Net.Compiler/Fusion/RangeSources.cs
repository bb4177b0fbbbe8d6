using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Says which values certainly have as many rows (or columns) as each other: by the number, where it is known, or because they come from the same place.
/// </summary>
abstract class RangeSources
{
    readonly Dictionary<Value, object> known = [];

    /// <summary>Equal objects for values of equal extent: the number, or the value (a matrix, or a scalar that counts) the extent comes from.</summary>
    public object Of(Value value)
    {
        List<Value> path = [];
        object key;
        while (true)
        {
            if (known.TryGetValue(value, out key!)) break;
            path.Add(value);
            if (Extent(value.Type) is >= 0 and var extent) { key = extent; break; }
            if ((value.Type is MatrixType or FrameType && value.Producer is { } op ? Origin(op, value.Index) : null) is not { } next) { key = value; break; }
            if (next.Type is ScalarType) { key = Counted(next); break; }
            value = next;
        }
        foreach (var passed in path) known[passed] = key;
        return key;
    }

    /// <summary>The extent a type says; negative where it is not known.</summary>
    protected abstract long Extent(IrType type);

    /// <summary>The operation that asks a matrix for its extent.</summary>
    protected abstract OpDef Query { get; }

    /// <summary>The operand that has the extent of the result, or the scalar that counts it.</summary>
    protected abstract Value? Origin(Operation op, int result);

    /// <summary>The operand of a pipeline that counts the rows (2) or columns (1) of a result; null where that is not known before it has run.</summary>
    public static Value? SizeOf(Operation pipeline, int result, int segmentFromBehind) =>
        pipeline.Operands[pipeline.Operands.Count - segmentFromBehind * pipeline.Results.Count + result] is var size && size.Constant is ulong.MaxValue ? null : size;

    // A count that is the extent of a matrix stands for that matrix.
    object Counted(Value count)
    {
        while (count.Producer is { } cast && cast.Def == Op.Cast && IsWide(count) && IsWide(cast.Operands[0])) count = cast.Operands[0];
        return count.Producer is { } query && query.Def == Query ? Of(query.Operands[0]) : count;
    }

    static bool IsWide(Value count) => count.Type is ScalarType { ValueType: ValueTypeCode.SI64 or ValueTypeCode.UI64 or ValueTypeCode.Size };

    /// <summary>What both axes have in common: the first operand where it is a matrix or frame.</summary>
    protected static Value? First(Operation op) => op.Operands[0].Type is MatrixType or FrameType ? op.Operands[0] : null;

    // Only the right operand of an elementwise operation is broadcast.
    protected static Value? Broadcast(Operation op) => First(op) ?? (op.Operands[1].Type is MatrixType ? op.Operands[1] : null);
}

/// <summary>Where rows come from.</summary>
sealed class RowSources : RangeSources
{
    protected override long Extent(IrType type) => type.Rows();
    protected override OpDef Query => Op.NumRows;

    protected override Value? Origin(Operation op, int result)
    {
        if (op.Def == Op.VectorizedPipeline) return SizeOf(op, result, 2);
        if (op.Def == Op.MatMul) return op.Operands[2].Constant is false ? op.Operands[0] : null;
        if (op.Def == Op.Cast || op.Def == Op.Cond) return First(op);
        if (op.Def == Op.SliceCol || op.Def == Op.ExtractCol || op.Def == Op.FilterCol || op.Def == Op.SetColLabels || op.Def == Op.SetColLabelsPrefix) return op.Operands[0];
        if (op.Def == Op.CreateFrame) return op.Operands.Count > 0 ? op.Operands[0] : null;
        return op.Def.Shape switch
        {
            ShapeRule.Broadcast => Broadcast(op),
            ShapeRule.KeepFirst or ShapeRule.ColumnOfRows or ShapeRule.Outer or ShapeRule.BesideEachOther or ShapeRule.SquareOfRows => First(op),
            ShapeRule.FromScalars12 => op.Operands[1],
            ShapeRule.FromScalars01 => op.Operands[0],
            _ => null,
        };
    }
}

/// <summary>Where columns come from.</summary>
sealed class ColumnSources : RangeSources
{
    protected override long Extent(IrType type) => type.Cols();
    protected override OpDef Query => Op.NumCols;

    protected override Value? Origin(Operation op, int result)
    {
        if (op.Def == Op.VectorizedPipeline) return SizeOf(op, result, 1);
        if (op.Def == Op.MatMul) return op.Operands[3].Constant is false ? op.Operands[1] : null;
        if (op.Def == Op.Cast || op.Def == Op.Cond || op.Def.ColumnSplit is { Combine: CombineKind.Cols, Inputs: [SplitKind.Cols] }) return First(op);
        if (op.Def == Op.FilterRow) return op.Operands[0];
        return op.Def.Shape switch
        {
            ShapeRule.Broadcast => Broadcast(op),
            ShapeRule.KeepFirst or ShapeRule.RowOfCols or ShapeRule.AboveEachOther or ShapeRule.SquareOfCols => First(op),
            ShapeRule.Outer => op.Operands[1],
            ShapeRule.FromScalars12 => op.Operands[2],
            ShapeRule.FromScalars01 => op.Operands[1],
            _ => null,
        };
    }
}
