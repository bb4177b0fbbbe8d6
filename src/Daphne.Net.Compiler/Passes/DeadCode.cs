using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Removes what nobody needs: pure operations without users (but for those that the script wrote so and that may fail), branches and counting loops without users and effects, results of branches and
/// loops that nobody looks at, functions that nobody calls.
/// </summary>
public sealed class DeadCode : Pass
{
    /// <inheritdoc/>
    public override string Name => "dead-code";

    /// <inheritdoc/>
    public override bool Run(IrModule module)
    {
        bool any = RemoveFunctions(module);
        for (bool changed = true; changed; any |= changed)
        {
            changed = false;
            foreach (var function in module.Functions) changed |= Visit(function.Regions[0]);
        }
        return any;
    }

    static bool RemoveFunctions(IrModule module)
    {
        if (module.Functions.Count < 2 || module.Function("main") is not { } main) return false;
        HashSet<string> reached = ["main"];
        Stack<Operation> open = new([main]);
        while (open.TryPop(out var op))
        {
            foreach (var block in op.Regions.SelectMany(r => r.Blocks))
                foreach (var inner in block.Operations) open.Push(inner);
            if ((op.Def == Op.Call ? "callee" : op.Def == Op.Map ? "func" : null) is { } key && op.Attributes[key] is SymbolAttribute { Name: var name }
                && reached.Add(name) && module.Function(name) is { } target) open.Push(target);
        }
        var unused = module.Functions.Where(f => !reached.Contains(IrModule.NameOf(f))).ToHashSet();
        module.Remove(unused);
        return unused.Count > 0;
    }

    // Users stand behind what they use, so one walk from the end removes whole chains.
    static bool Visit(Region region)
    {
        bool changed = false;
        foreach (var block in region.Blocks)
        {
            var operations = block.Operations;
            for (int i = operations.Count - 1; i >= 0; i--)
            {
                var op = operations[i];
                foreach (var inner in op.Regions) changed |= Visit(inner);
                if (NobodyUses(op.Results) && MayVanish(op))
                {
                    if (op.StandsAlone) HandOn(op);
                    op.Erase();
                    changed = true;
                }
                else changed |= DropResults(op);
            }
        }
        return changed;
    }

    // What cannot fail goes; what it was computed from now stands alone in its place.
    static void HandOn(Operation op)
    {
        foreach (var operand in op.Operands)
            if (operand.Producer is { } producer && producer.Def.Is(OpTraits.Pure)) producer.StandsAlone = true;
    }

    static bool NobodyUses(IReadOnlyList<Value> values)
    {
        foreach (var value in values)
            if (value.Uses.Count > 0) return false;
        return true;
    }

    // A while may run for ever; that it does not is not for us to say.
    static bool MayVanish(Operation op) => (op.Def.Is(OpTraits.Pure) && (!op.StandsAlone || Safety.CannotFail(op)))
        || ((op.Def == Op.If || op.Def == Op.For) && op.Regions.All(r => r.Blocks.All(b => b.Operations.All(inner => inner.Def.Is(OpTraits.Terminator) || MayVanish(inner)))));

    static bool DropResults(Operation op) =>
        op.Def == Op.If ? DropFromIf(op) : op.Def == Op.For ? DropFromFor(op) : op.Def == Op.While && DropFromWhile(op);

    static bool DropFromIf(Operation op)
    {
        bool changed = false;
        for (int i = op.Results.Count - 1; i >= 0; i--)
            if (op.Results[i].Uses.Count == 0)
            {
                foreach (var region in op.Regions) region.Block.Terminator.RemoveOperand(i);
                op.RemoveResult(i);
                changed = true;
            }
        return changed;
    }

    static bool DropFromFor(Operation op)
    {
        bool changed = false;
        var body = op.Regions[0].Block;
        for (int i = op.Results.Count - 1; i >= 0; i--)
        {
            var carried = body.Arguments[i + 1];
            if (op.Results[i].Uses.Count > 0 || !FeedsOnly(carried, body.Terminator, i)) continue;
            // What is left of the round trip has no users once the terminator lets go of it.
            carried.ReplaceAllUsesWith(op.Operands[i + 3]);
            body.Terminator.RemoveOperand(i);
            body.RemoveArgument(i + 1);
            op.RemoveOperand(i + 3);
            op.RemoveResult(i);
            changed = true;
        }
        return changed;
    }

    static bool DropFromWhile(Operation op)
    {
        bool changed = false;
        Block test = op.Regions[0].Block, body = op.Regions[1].Block;
        for (int i = op.Results.Count - 1; i >= 0; i--)
            if (op.Results[i].Uses.Count == 0 && body.Arguments[i].Uses.Count == 0)
            {
                test.Terminator.RemoveOperand(i + 1);
                body.RemoveArgument(i);
                op.RemoveResult(i);
                changed = true;
            }
        for (int i = op.Operands.Count - 1; i >= 0; i--)
            if (test.Arguments[i].Uses.Count == 0)
            {
                body.Terminator.RemoveOperand(i);
                test.RemoveArgument(i);
                op.RemoveOperand(i);
                changed = true;
            }
        return changed;
    }

    // True if a carried value is used, by way of pure operations of the body, for its own next value only.
    static bool FeedsOnly(Value value, Operation terminator, int index)
    {
        HashSet<Value> seen = [value];
        Stack<Value> open = new([value]);
        while (open.TryPop(out var next))
            foreach (var (user, at) in next.Uses)
            {
                if (user == terminator)
                {
                    if (at != index) return false;
                }
                else if (user.Parent != terminator.Parent || !user.Def.Is(OpTraits.Pure)) return false;
                else
                    foreach (var result in user.Results)
                        if (seen.Add(result)) open.Push(result);
            }
        return true;
    }
}
