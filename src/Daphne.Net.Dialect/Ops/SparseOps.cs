using System.Collections.Frozen;

namespace Daphne.Net.Dialect;

/// <summary>What operations do to zeros.</summary>
public static class SparseOps
{
    /// <summary>Operations on one cell that make zero of zero.</summary>
    public static FrozenSet<OpDef> KeepingZero { get; } =
    [
        Op.EwMinus, Op.EwAbs, Op.EwSign, Op.EwSqrt, Op.EwRound, Op.EwFloor, Op.EwCeil, Op.EwSin, Op.EwTan, Op.EwSinh, Op.EwTanh, Op.EwAsin, Op.EwAtan, Op.EwIsNan,
    ];

    /// <summary>Operations that move the cells of their first operand, all of them or some, and look at none.</summary>
    public static FrozenSet<OpDef> MovingCells { get; } =
        [Op.Transpose, Op.Reshape, Op.Reverse, Op.SliceRow, Op.SliceCol, Op.ExtractRow, Op.ExtractCol, Op.FilterRow, Op.FilterCol];
}
