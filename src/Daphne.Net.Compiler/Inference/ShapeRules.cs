using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>The rules of <see cref="ShapeRule"/>: rows and columns of a result that is a matrix.</summary>
static class ShapeRules
{
    const long Unknown = IrType.Unknown;

    /// <summary>The shape of the result of an operation whose rule is not its own.</summary>
    public static (long Rows, long Cols) Apply(ShapeRule rule, IReadOnlyList<Value> operands)
    {
        var first = operands.Count > 0 ? operands[0].Type : IrType.NotInferred;
        var second = operands.Count > 1 ? operands[1].Type : IrType.NotInferred;
        return rule switch
        {
            ShapeRule.KeepFirst => (first.Rows(), first.Cols()),
            ShapeRule.Broadcast => Broadcast(operands),
            ShapeRule.Transposed => (first.Cols(), first.Rows()),
            ShapeRule.ColumnOfRows => (first.Rows(), 1),
            ShapeRule.RowOfCols => (1, first.Cols()),
            ShapeRule.FromScalars12 => (KnownIntegers.AsDimension(operands[1]), KnownIntegers.AsDimension(operands[2])),
            ShapeRule.FromScalars01 => (KnownIntegers.AsDimension(operands[0]), KnownIntegers.AsDimension(operands[1])),
            ShapeRule.Outer => (first.Rows(), second.Cols()),
            ShapeRule.SquareOfRows => (first.Rows(), first.Rows()),
            ShapeRule.SquareOfCols => (first.Cols(), first.Cols()),
            ShapeRule.BesideEachOther => (EitherOf(first.Rows(), second.Rows()), Sum(first.Cols(), second.Cols())),
            ShapeRule.AboveEachOther => (Sum(first.Rows(), second.Rows()), EitherOf(first.Cols(), second.Cols())),
            _ => (Unknown, Unknown),
        };
    }

    /// <summary>
    /// The shape of the first matrix. Where one of its dimensions is not known, a later matrix tells it, unless it has 1 there (then it may be
    /// broadcast).
    /// </summary>
    public static (long Rows, long Cols) Broadcast(IEnumerable<Value> operands)
    {
        (long Rows, long Cols)? shape = null;
        foreach (var type in operands.Select(o => o.Type))
        {
            if (type is ScalarType) continue;
            shape = shape is { } s ? (Refine(s.Rows, type.Rows()), Refine(s.Cols, type.Cols())) : (type.Rows(), type.Cols());
        }
        return shape ?? (1, 1);
    }

    /// <summary>A dimension that two values share: known if one of them is.</summary>
    public static long EitherOf(long a, long b) => a >= 0 ? a : b;

    /// <summary>The dimension where both agree, else unknown.</summary>
    public static long Same(long a, long b) => a == b ? a : Unknown;

    static long Refine(long left, long right) => left >= 0 || right == 1 ? left : right;

    static long Sum(long a, long b) => a < 0 || b < 0 ? Unknown : a + b;
}
