using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Puts the branch that is taken in place of an <c>scf.if</c> whose condition is known; drops loops that certainly run zero times.</summary>
public sealed class FoldBranches : OperationPass
{
    /// <inheritdoc/>
    public override string Name => "fold-branches";

    /// <inheritdoc/>
    protected override bool Change(Operation op)
    {
        if (op.Def == Op.If && op.Operands[0].Constant is bool taken)
        {
            var branch = op.Regions[taken ? 0 : 1];
            Replace(op, branch.Blocks.Count == 0 ? [] : Inline(branch.Block, op));
            return true;
        }
        if (op.Def == Op.For && RunsNever(op))
        {
            Replace(op, [.. op.Operands.Skip(3)]);
            return true;
        }
        if (op.Def == Op.While && op.Regions[0].Block.Terminator.Operands[0].Constant is false)
        {
            var test = op.Regions[0].Block;
            for (int i = 0; i < test.Arguments.Count; i++) test.Arguments[i].ReplaceAllUsesWith(op.Operands[i]);
            Replace(op, [.. Inline(test, op).Skip(1)]);
            return true;
        }
        return false;
    }

    static bool RunsNever(Operation loop) => (loop.Operands[0].Constant, loop.Operands[1].Constant, loop.Operands[2].Constant) switch
    {
        // A bound of the least number has wrapped around: the loop counts up to the largest one.
        (long from, long to, long step) => step > 0 && from >= to && to != long.MinValue,
        (ulong from, ulong to, ulong step) => step > 0 && from >= to,
        _ => false,
    };

    // Moves what a block does in front of an operation; returns what its terminator hands over.
    static List<Value> Inline(Block block, Operation before)
    {
        var end = block.Terminator;
        foreach (var op in block.Operations)
            if (op != end) before.Parent!.Insert(op, before);
        return [.. end.Operands];
    }

    static void Replace(Operation op, List<Value> values)
    {
        for (int i = 0; i < op.Results.Count; i++) op.Results[i].ReplaceAllUsesWith(values[i]);
        op.Erase();
    }
}
