using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>What may be computed although the script might not have come to it.</summary>
static class Safety
{
    // Errors at run time: roots and logarithms of negative numbers, arcs outside [-1, 1]; integer division and modulo by zero; powers go with them.
    static readonly HashSet<OpDef> partial = [Op.EwSqrt, Op.EwLn, Op.EwLog, Op.EwAsin, Op.EwAcos, Op.EwDiv, Op.EwMod, Op.EwPow, Op.EwConcat];

    static readonly HashSet<OpDef> total =
    [
        Op.Constant, Op.NumRows, Op.NumCols, Op.NumCells, Op.Transpose, Op.Syrk, Op.SumAll, Op.SumRow, Op.SumCol, Op.MinAll, Op.MaxAll,
        Op.MinRow, Op.MaxRow, Op.MinCol, Op.MaxCol, Op.MeanAll, Op.MeanRow, Op.MeanCol, Op.Reverse,
    ];

    /// <summary>True if the operation certainly succeeds whatever its operands hold, and has no effect.</summary>
    public static bool CannotFail(Operation op)
    {
        if (!op.Def.Is(OpTraits.Pure) || op.Regions.Count > 0) return false;
        foreach (var operand in op.Operands)
            if (operand.Type.ValueType() is null or ValueTypeCode.Str) return false;
        if (total.Contains(op.Def)) return true;
        if (partial.Contains(op.Def)) return false;
        if (op.Def == Op.Cast) return op.Result.Type is MatrixType == op.Operands[0].Type is MatrixType && op.Result.Type.ValueType() is not (null or ValueTypeCode.Str);
        if (!op.Def.Is(OpTraits.Elementwise) || op.Def == Op.Cond) return false;
        return op.Operands.Count == 1 || op.Operands[0] == op.Operands[1] || (op.Operands[0].Type, op.Operands[1].Type) switch
        {
            (_, ScalarType) => true,
            (MatrixType left, MatrixType right) => Fits(left.Rows, right.Rows) && Fits(left.Cols, right.Cols),
            _ => false,
        };
    }

    // Certainly: what is not known might not.
    static bool Fits(long left, long right) => right == 1 || (left >= 0 && left == right);
}
