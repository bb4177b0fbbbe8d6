using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Operations of built-in functions that have no meaning for strings, so that a call with some is a mistake that shows before anything runs.</summary>
static class NumbersOnly
{
    // Opened by the first call that has strings among its arguments and a result.
    static readonly Lazy<HashSet<OpDef>> operations = new(() =>
    [
        .. Op.All.Where(IsAggregate),
        Op.SumAll, Op.MinAll, Op.MaxAll, Op.MeanAll, Op.VarAll, Op.StddevAll, Op.SumCum, Op.ProdCum, Op.MinCum, Op.MaxCum,
        Op.OuterAdd, Op.OuterSub, Op.OuterMul, Op.OuterDiv, Op.OuterPow, Op.OuterMod, Op.OuterLog, Op.OuterMin, Op.OuterMax, Op.OuterAnd, Op.OuterOr, Op.OuterXor,
        Op.Seq, Op.RandMatrix, Op.Sample, Op.DiagMatrix, Op.Sparsity, Op.Gemv, Op.Solve, Op.Eigen, Op.Svd, Op.Lu, Op.Qr, Op.Cholesky,
        Op.Relu, Op.Softmax, Op.BiasAdd, Op.Affine, Op.BatchNorm2d, Op.BatchNorm2dBackward, Op.Conv2d, Op.Conv2dBackwardFilter, Op.Conv2dBackwardData,
        Op.MaxPool2d, Op.AvgPool2d, Op.MaxPool2dBackward, Op.AvgPool2dBackward,
    ]);

    // Calls that are lowered one by one look themselves.
    /// <summary>True if the operation takes numbers and truth values alone.</summary>
    public static bool Covers(OpDef op) => operations.Value.Contains(op);

    static bool IsAggregate(OpDef op)
    {
        foreach (var builtin in op.Builtins)
            if (builtin.Axis is not null || builtin.ByGroups) return true;
        return false;
    }
}
