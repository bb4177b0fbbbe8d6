using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Moves pure operations that do not depend on the round of a loop in front of it, if they cannot fail: the loop might run zero times.</summary>
public sealed class HoistInvariants : Pass
{
    /// <inheritdoc/>
    public override string Name => "hoist-invariants";

    /// <inheritdoc/>
    public override bool Run(IrModule module)
    {
        bool changed = false;
        foreach (var function in module.Functions) changed |= Visit(function.Regions[0]);
        return changed;
    }

    // Inner loops first: what leaves them may leave the outer one too.
    static bool Visit(Region region)
    {
        bool changed = false;
        foreach (var block in region.Blocks)
            foreach (var op in block.Operations)
            {
                foreach (var inner in op.Regions) changed |= Visit(inner);
                if (op.Def.Is(OpTraits.Loop)) changed |= Hoist(op);
            }
        return changed;
    }

    static bool Hoist(Operation loop)
    {
        bool changed = false;
        foreach (var region in loop.Regions)
            foreach (var op in region.Block.Operations)
                if (Safety.CannotFail(op) && op.Operands.All(v => StandsOutside(v, loop)))
                {
                    loop.Parent!.Insert(op, loop);
                    changed = true;
                }
        return changed;
    }

    static bool StandsOutside(Value value, Operation loop)
    {
        for (var op = value.Producer ?? value.Block!.Parent.Parent; op is not null; op = op.Holder)
            if (op == loop) return false;
        return true;
    }
}
