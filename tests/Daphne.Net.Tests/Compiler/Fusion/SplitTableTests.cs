using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Compiler.Fusion;

/// <summary>What the table of operations says of cuts is sense: who may be fused says how, and nobody is cut in a way that his row calls something else.</summary>
public sealed class SplitTableTests
{
    public static TheoryData<string> Cut => [.. Op.All.Where(op => op.Is(OpTraits.Fusible) || op.Split is not null || op.ColumnSplit is not null).Select(op => op.FullName)];

    [Theory, MemberData(nameof(Cut))]
    public void A_row_that_may_be_fused_says_how_it_is_cut(string name)
    {
        var op = Op.ByFullName[name];
        Assert.True(op.Is(OpTraits.Pure | OpTraits.Fusible), "it says how it is cut, but may not be fused");
        Assert.True(op.Split is not null || op.ColumnSplit is not null, "it may be fused, but does not say how it is cut");
        Check(op, op.Split, SplitKind.Rows);
        Check(op, op.ColumnSplit, SplitKind.Cols);
    }

    static void Check(OpDef op, OpSplit? split, SplitKind axis)
    {
        if (split is null) return;
        Assert.Contains(axis, split.Inputs);
        Assert.All(split.Inputs, input => Assert.True(input == axis || input == SplitKind.None, $"an operand cut by {input} in a cut by {axis}"));
        Assert.True(op.Arity < 0 || split.Inputs.Length <= op.Arity, "more operands are cut than there are");
        // A result with a row (or a column) in all is a sum or an extreme of the parts, or each part is some of it.
        if (axis == SplitKind.Rows && op.Shape == ShapeRule.RowOfCols) Assert.True(split.Combine is CombineKind.Add or CombineKind.Min or CombineKind.Max);
        if (axis == SplitKind.Cols && op.Shape == ShapeRule.RowOfCols) Assert.Equal(CombineKind.Cols, split.Combine);
        if (op.Is(OpTraits.Elementwise)) Assert.Equal(axis == SplitKind.Rows ? CombineKind.Rows : CombineKind.Cols, split.Combine);
        if (op.Shape == ShapeRule.Transposed) Assert.Equal(axis == SplitKind.Rows ? CombineKind.Cols : CombineKind.Rows, split.Combine);
    }
}
