using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Estimates of the share of cells that are not zero, by the rules of the original where it has one; where it has none, the share of the operand for
/// operations that keep or move zeros.
/// </summary>
static class SparsityRules
{
    const double Unknown = -1;

    /// <summary>The estimate for the only result of an operation, a matrix; negative where there is none.</summary>
    public static double Of(Operation op)
    {
        var def = op.Def;
        if (SparseOps.KeepingZero.Contains(def) || SparseOps.MovingCells.Contains(def) || def == Op.Cast) return Of(op, 0);
        if (def == Op.EwMul) return OfProduct(Of(op, 0), Of(op, 1));
        if (def == Op.EwAdd || def == Op.EwSub) return OfSum(Of(op, 0), Of(op, 1));
        if (def == Op.MatMul) return OfMatMul(Of(op, 0), Of(op, 1), Inner(op, 0, 2) is >= 0 and var k ? k : Inner(op, 1, 3, second: true));
        if (def == Op.Gemv) return OfMatMul(Of(op, 0), Of(op, 1), op.Operands[0].Type.Rows());
        if (def == Op.Syrk) return OfMatMul(Of(op, 0), Of(op, 0), KnownIntegers.Flag(op.Operands[1]) == true ? op.Operands[0].Type.Rows() : op.Operands[0].Type.Cols());
        if (def == Op.Tri) return Of(op, 0) is >= 0 and var whole ? whole / 2 : Unknown;
        if (def == Op.DiagMatrix) return op.Operands[0].Type.Rows() is > 0 and var n ? (Of(op, 0) is >= 0 and var s ? s : 1) / n : Unknown;
        if (def == Op.ColBind || def == Op.RowBind) return OfBoth(op);
        if (def == Op.RandMatrix) return Known(op.Operands[4]) is { } share ? share : Unknown;
        if (def == Op.MatrixConstant) return OfLiteral(op);
        if (def == Op.Seq) return 1;
        return def == Op.Read && op.Result.Type is MatrixType read ? read.Sparsity : Unknown;
    }

    static double Of(Operation op, int operand) => op.Operands[operand].Type is MatrixType m ? m.Sparsity : Unknown;

    static double OfProduct(double x, double y) => x < 0 ? y : y < 0 ? x : x * y;

    static double OfSum(double x, double y) => x < 0 || y < 0 ? Unknown : x + y - x * y;

    static double OfMatMul(double x, double y, long inner) => x < 0 || y < 0 || inner < 0 ? Unknown : 1 - Math.Pow(1 - x * y, inner);

    static long Inner(Operation op, int operand, int flag, bool second = false) => KnownIntegers.Flag(op.Operands[flag]) is { } turned
        ? turned != second ? op.Operands[operand].Type.Rows() : op.Operands[operand].Type.Cols() : IrType.Unknown;

    // By the cells of each; where they are not known no part is denser than the denser one.
    static double OfBoth(Operation op)
    {
        if (op.Operands[0].Type is not MatrixType x || op.Operands[1].Type is not MatrixType y || x.Sparsity < 0 || y.Sparsity < 0) return Unknown;
        double first = (double)x.Rows * x.Cols, second = (double)y.Rows * y.Cols;
        bool known = x.Rows >= 0 && x.Cols >= 0 && y.Rows >= 0 && y.Cols >= 0 && first + second > 0;
        return known ? (x.Sparsity * first + y.Sparsity * second) / (first + second) : Math.Max(x.Sparsity, y.Sparsity);
    }

    static double OfLiteral(Operation op)
    {
        int nonZero = 0;
        foreach (var cell in op.Operands)
        {
            if (Known(cell) is not { } value) return Unknown;
            nonZero += value != 0 ? 1 : 0;
        }
        return op.Operands.Count == 0 ? Unknown : (double)nonZero / op.Operands.Count;
    }

    static double? Known(Value value)
    {
        while (value.Producer is { } cast && cast.Def == Op.Cast && cast.Operands[0].Type is ScalarType) value = cast.Operands[0];
        return value.Constant switch
        {
            double d => d,
            float f => f,
            long l => l,
            ulong u => u,
            bool b => b ? 1 : 0,
            _ => null,
        };
    }
}
