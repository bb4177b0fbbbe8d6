using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>One step from IR to better IR.</summary>
public abstract class Pass
{
    /// <summary>The name in pipelines, on the command line and of its golden file, for instance <c>fold-identities</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Changes the module; returns whether it did.</summary>
    public abstract bool Run(IrModule module);
}

/// <summary>A pass that looks at one operation after the other, in the order they run; what an operation holds comes before it.</summary>
public abstract class OperationPass : Pass
{
    /// <summary>Changes the operation, or what stands in front of it; returns whether it did. The operation may go.</summary>
    protected abstract bool Change(Operation op);

    /// <inheritdoc/>
    public override bool Run(IrModule module)
    {
        bool changed = false;
        foreach (var function in module.Functions) changed |= Visit(function.Regions[0]);
        return changed;
    }

    bool Visit(Region region)
    {
        bool changed = false;
        foreach (var block in region.Blocks)
            foreach (var op in block.Operations)
            {
                foreach (var inner in op.Regions) changed |= Visit(inner);
                changed |= Change(op);
            }
        return changed;
    }
}

/// <summary>A pass that says what else the result of an operation is, round after round until nothing changes.</summary>
public abstract class RewritePass : OperationPass
{
    // One round sees everything, unless a rewrite makes something that another rewrite wants; beyond this two rules undo each other.
    const int MostRounds = 20;

    /// <summary>The value that takes the place of the operation's result; null leaves the operation alone. New operations stand in front of it.</summary>
    protected abstract Value? Rewrite(Operation op);

    /// <inheritdoc/>
    public sealed override bool Run(IrModule module)
    {
        int rounds = 0;
        while (base.Run(module))
            if (++rounds > MostRounds) throw new System.Diagnostics.UnreachableException($"{Name} does not settle");
        return rounds > 0;
    }

    /// <inheritdoc/>
    protected sealed override bool Change(Operation op)
    {
        if (op.Results.Count != 1 || Rewrite(op) is not { } other) return false;
        op.Result.ReplaceAllUsesWith(other);
        op.Erase();
        return true;
    }
}
