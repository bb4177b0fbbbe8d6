using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Says which values certainly have as many rows as each other: by the number, where it is known, or because their rows come from the same place.
/// </summary>
sealed class RowSources
{
    readonly Dictionary<Value, object> known = [];

    /// <summary>Equal objects for values of equally many rows: the number, or the value (a matrix, or a scalar that counts) the rows come from.</summary>
    public object Of(Value value)
    {
        List<Value> path = [];
        object key;
        while (true)
        {
            if (known.TryGetValue(value, out key!)) break;
            path.Add(value);
            if (value.Type.Rows() is >= 0 and var rows) { key = rows; break; }
            if (Origin(value) is not { } next) { key = value; break; }
            if (next.Type is ScalarType) { key = Counted(next); break; }
            value = next;
        }
        foreach (var passed in path) known[passed] = key;
        return key;
    }

    // A count that is the number of rows of a matrix stands for that matrix.
    object Counted(Value count)
    {
        while (count.Producer is { } cast && cast.Def == Op.Cast && IsWide(count) && IsWide(cast.Operands[0])) count = cast.Operands[0];
        return count.Producer is { } query && query.Def == Op.NumRows ? Of(query.Operands[0]) : count;
    }

    static bool IsWide(Value count) => count.Type is ScalarType { ValueType: ValueTypeCode.SI64 or ValueTypeCode.UI64 or ValueTypeCode.Size };

    // The operand that has the rows of the result, or the scalar that counts them.
    static Value? Origin(Value value)
    {
        if (value.Producer is not { } op || value.Type is not MatrixType) return null;
        if (op.Def == Op.VectorizedPipeline)
        {
            int inputs = op.Operands.Count - 2 * op.Results.Count;
            return op.Operands[inputs + value.Index];
        }
        if (op.Def == Op.MatMul) return op.Operands[2].Constant is false ? op.Operands[0] : null;
        if (op.Def == Op.Cast) return op.Operands[0].Type is MatrixType ? op.Operands[0] : null;
        if (op.Def == Op.Cond) return op.Operands[0].Type is MatrixType ? op.Operands[0] : null;
        if (op.Def == Op.SliceCol || op.Def == Op.ExtractCol || op.Def == Op.FilterCol) return op.Operands[0];
        return op.Def.Shape switch
        {
            // Only the right operand of an elementwise operation is broadcast.
            ShapeRule.Broadcast => op.Operands[0].Type is MatrixType ? op.Operands[0] : op.Operands[1].Type is MatrixType ? op.Operands[1] : null,
            ShapeRule.KeepFirst or ShapeRule.ColumnOfRows or ShapeRule.Outer or ShapeRule.BesideEachOther or ShapeRule.SquareOfRows => op.Operands[0].Type is MatrixType ? op.Operands[0] : null,
            ShapeRule.FromScalars12 => op.Operands[1],
            ShapeRule.FromScalars01 => op.Operands[0],
            _ => null,
        };
    }
}
