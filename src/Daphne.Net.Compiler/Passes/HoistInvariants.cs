using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Moves pure operations that do not depend on the round of a loop in front of it, if they cannot fail: the loop might run zero times.</summary>
public sealed class HoistInvariants : OperationPass
{
    /// <inheritdoc/>
    public override string Name => "hoist-invariants";

    // Inner loops come first: what leaves them may leave the outer one too.
    /// <inheritdoc/>
    protected override bool Change(Operation op) => op.Def.Is(OpTraits.Loop) && Hoist(op);

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
