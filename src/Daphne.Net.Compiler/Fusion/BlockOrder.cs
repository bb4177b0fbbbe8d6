using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// What must stay in front of what in a block: producers in front of users, effects in the order they stand, and what may fail on its side of every
/// effect, so that a script that fails has printed what it would have printed.
/// </summary>
sealed class BlockOrder
{
    readonly Block block;
    readonly List<Operation>[] before;    // by position

    public BlockOrder(Block block)
    {
        this.block = block;
        before = new List<Operation>[block.Operations.Count];
        Operation? barrier = null;
        List<Operation> since = [];
        foreach (var op in block.Operations)
        {
            List<Operation> list = [];
            Producers(op, op, list);
            bool effect = HasEffect(op);
            if (effect || op.Def.Is(OpTraits.Terminator))
            {
                if (barrier is not null) list.Add(barrier);
                list.AddRange(since);
                (barrier, since) = (op, []);
            }
            else if (!Safety.CannotFail(op))
            {
                if (barrier is not null) list.Add(barrier);
                since.Add(op);
            }
            before[op.Position] = list;
        }
    }

    /// <summary>The operations of the block that must stand in front of this one.</summary>
    public IReadOnlyList<Operation> Before(Operation op) => before[op.Position];

    static bool HasEffect(Operation op) =>
        op.Def.Is(OpTraits.Effect) || op.Def == Op.Call || op.Def == Op.Map || op.Regions.Any(r => r.Blocks.Any(b => b.Operations.Any(HasEffect)));

    void Producers(Operation op, Operation outer, List<Operation> into)
    {
        foreach (var operand in op.Operands)
            if (InBlock(operand) is { } producer && producer != outer && (into.Count == 0 || into[^1] != producer)) into.Add(producer);
        foreach (var region in op.Regions)
            foreach (var inner in region.Blocks)
                foreach (var each in inner.Operations) Producers(each, outer, into);
    }

    // The operation of this block that makes the value, or holds what makes it.
    Operation? InBlock(Value value)
    {
        var op = value.Producer ?? value.Block!.Parent.Parent;
        if (value.Block == block) return null;
        while (op is not null && op.Parent != block) op = op.Holder;
        return op;
    }
}
