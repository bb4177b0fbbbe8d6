using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Groups operations that go through the same rows into <c>daphne.vectorizedPipeline</c>: each range of rows goes through all of them while it is in the
/// cache, on any core, in any process.
/// </summary>
public sealed class FusePipelines(FusionRules rules) : Pass
{
    /// <inheritdoc/>
    public override string Name => rules.PassName;

    /// <inheritdoc/>
    public override bool Run(IrModule module)
    {
        bool changed = false;
        foreach (var function in module.Functions) changed |= Visit(function);
        return changed;
    }

    bool Visit(Operation holder)
    {
        bool changed = false;
        foreach (var region in holder.Regions)
            foreach (var block in region.Blocks)
            {
                foreach (var op in block.Operations)
                    if (op.Def != Op.VectorizedPipeline) changed |= Visit(op);
                changed |= Fuse(block);
            }
        return changed;
    }

    bool Fuse(Block block)
    {
        var (sources, order) = (new RowSources(), new BlockOrder(block));
        var groups = Grouping.Of(block, rules, sources, order);
        if (groups.Count == 0) return false;
        foreach (var (op, group) in Schedule(block, groups, order))
            if (group is null) block.Insert(op);
            else PipelineBuilder.Build(block, group, sources);
        return true;
    }

    // Everything in the order it stood in, except that a group runs as one, as late as its last operation and everything it needs.
    static List<(Operation Op, PipelineGroup? Group)> Schedule(Block block, Dictionary<Operation, PipelineGroup> groups, BlockOrder order)
    {
        Dictionary<object, (int Waits, List<object> Wakes)> units = [];
        foreach (var op in block.Operations) units.TryAdd(Unit(op), (0, []));
        foreach (var op in block.Operations)
            foreach (var needed in order.Before(op))
                if (!ReferenceEquals(Unit(needed), Unit(op)))
                {
                    units[Unit(needed)].Wakes.Add(Unit(op));
                    units[Unit(op)] = units[Unit(op)] with { Waits = units[Unit(op)].Waits + 1 };
                }
        PriorityQueue<object, int> ready = new();
        foreach (var (unit, (waits, _)) in units)
            if (waits == 0) ready.Enqueue(unit, Priority(unit));
        List<(Operation, PipelineGroup?)> schedule = [];
        while (ready.TryDequeue(out var unit, out _))
        {
            schedule.Add(unit is PipelineGroup g ? (g.InOrder[^1], g) : ((Operation)unit, null));
            foreach (var next in units[unit].Wakes)
            {
                var (waits, wakes) = units[next];
                units[next] = (waits - 1, wakes);
                if (waits == 1) ready.Enqueue(next, Priority(next));
            }
        }
        if (schedule.Count != units.Count) throw new System.Diagnostics.UnreachableException("groups need each other");
        return schedule;

        object Unit(Operation op) => groups.TryGetValue(op, out var group) ? group : op;
        static int Priority(object unit) => unit is PipelineGroup g ? g.Last : ((Operation)unit).Position;
    }
}
