using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>How an operation is cut into ranges of rows or columns: what its row in the table says, and what follows from its flags.</summary>
static class RangeSplits
{
    // X'Y: each range of rows of both gives a summand.
    static readonly OpSplit sumOfProducts = new(CombineKind.Add, SplitKind.Rows, SplitKind.Rows);

    /// <summary>Null where it cannot be cut this way, or the flags are not known.</summary>
    public static OpSplit? Of(Operation op, SplitKind axis) => axis == SplitKind.Rows ? ByRows(op) : ByColumns(op);

    /// <summary>How results look whose ranges lie as those of the operands do: what one operation may hand on to the next inside a pipeline.</summary>
    public static CombineKind Along(SplitKind axis) => axis == SplitKind.Rows ? CombineKind.Rows : CombineKind.Cols;

    static OpSplit? ByRows(Operation op)
    {
        if (op.Def == Op.MatMul)
            return (op.Operands[2].Constant, op.Operands[3].Constant) switch
            {
                (false, bool) => op.Def.Split,
                (true, false) => sumOfProducts,
                _ => null,
            };
        if (op.Def == Op.Sql) return QuerySplit.Of(op);
        // How many columns come out must be known in front of the pipeline.
        if (op.Def == Op.SliceCol && op.Result.Type.Cols() < 0) return null;
        // A t(A) needs all rows with all rows.
        return op.Def == Op.Syrk && op.Operands[1].Constant is not true ? null : op.Def.Split;
    }

    static OpSplit? ByColumns(Operation op)
    {
        // The columns of X Y' are the rows of Y.
        if (op.Def == Op.MatMul && (op.Operands[2].Constant is not bool || op.Operands[3].Constant is not false)) return null;
        // How many rows come out must be known in front of the pipeline.
        return op.Def == Op.SliceRow && op.Result.Type.Rows() < 0 ? null : op.Def.ColumnSplit;
    }
}
