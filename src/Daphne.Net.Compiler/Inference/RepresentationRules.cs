using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Which operations have a kernel that makes a sparse matrix, and which take one as it is; others get theirs made dense first.</summary>
static class RepresentationRules
{
    // Beyond those of SparseOps.
    static readonly HashSet<OpDef> makers =
        [Op.RandMatrix, Op.MatrixConstant, Op.DiagMatrix, Op.Read, Op.Cast, Op.EwMul, Op.EwAdd, Op.EwSub, Op.MatMul, Op.Syrk, Op.Gemv, Op.Tri, Op.ColBind, Op.RowBind];

    // Of two matrices both may be sparse.
    static readonly HashSet<OpDef> ofTwo = [Op.EwMul, Op.EwAdd, Op.EwSub, Op.ColBind, Op.RowBind];

    static readonly HashSet<OpDef> takers =
    [
        Op.NumRows, Op.NumCols, Op.NumCells, Op.Sparsity, Op.TypeOf, Op.IsSymmetric, Op.Print, Op.Write, Op.DiagVector, Op.MaxRowTimes,
        Op.SumAll, Op.SumRow, Op.SumCol, Op.MinAll, Op.MinRow, Op.MinCol, Op.MaxAll, Op.MaxRow, Op.MaxCol, Op.MeanAll, Op.MeanRow, Op.MeanCol,
    ];

    /// <summary>The representation of a matrix that an operation makes.</summary>
    public static Representation Of(Operation op, MatrixType type, double threshold) =>
        type.Sparsity >= 0 && type.Sparsity < threshold && IsNumber(type.ValueType) && type.Rows <= int.MaxValue && type.Cols <= int.MaxValue
        && (makers.Contains(op.Def) || SparseOps.KeepingZero.Contains(op.Def) || SparseOps.MovingCells.Contains(op.Def))
            ? Representation.Sparse : Representation.Dense;

    /// <summary>True if the kernel of an operation takes a sparse matrix there. Control flow is another matter.</summary>
    public static bool Takes(Operation op, int operand)
    {
        if (takers.Contains(op.Def)) return operand == 0;
        if (op.Def == Op.Cast) return op.Result.Type is MatrixType to && IsNumber(to.ValueType);
        if (op.Def == Op.MatMul) return operand < 2 && op.Operands[2].Constant is false && op.Operands[3].Constant is false;
        if (op.Results is not [{ Type: MatrixType { Representation: Representation.Sparse } }]) return false;
        return op.Def != Op.DiagMatrix && (operand == 0 || (operand == 1 && ofTwo.Contains(op.Def)));
    }

    // Bits and strings are always dense.
    static bool IsNumber(ValueTypeCode? code) => code is not (null or ValueTypeCode.Str or ValueTypeCode.Bool);
}
