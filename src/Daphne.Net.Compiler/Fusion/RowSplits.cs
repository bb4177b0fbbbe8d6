using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>How an operation is cut into row ranges: what its row in the table says, and what follows from its flags.</summary>
static class RowSplits
{
    // X'Y: each range of rows of both gives a summand.
    static readonly OpSplit sumOfProducts = new(CombineKind.Add, SplitKind.Rows, SplitKind.Rows);

    /// <summary>Null where it cannot be cut, or the flags are not known.</summary>
    public static OpSplit? Of(Operation op)
    {
        if (op.Def == Op.MatMul)
            return (op.Operands[2].Constant, op.Operands[3].Constant) switch
            {
                (false, bool) => op.Def.Split,
                (true, false) => sumOfProducts,
                _ => null,
            };
        // A t(A) needs all rows with all rows.
        return op.Def == Op.Syrk && op.Operands[1].Constant is not true ? null : op.Def.Split;
    }
}
