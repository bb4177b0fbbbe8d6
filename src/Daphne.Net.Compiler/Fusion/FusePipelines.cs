using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Groups operations that go through the same rows into <c>daphne.vectorizedPipeline</c>: each range of rows goes through all of them while it is in the
/// cache, on any core, in any process. For other processes, what rows cannot cut is cut by columns.
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
        var order = new BlockOrder(block);
        var groups = Grouping.Of(block, rules, order);
        if (groups.Count == 0) return false;
        foreach (var (op, group) in Schedule(block, groups, order))
            if (group is null) block.Insert(op);
            else PipelineBuilder.Build(block, group);
        return true;
    }

    // Everything in the order it stood in, except that a group runs as one: as late as its last operation, or as what that needs.
    static List<(Operation Op, PipelineGroup? Group)> Schedule(Block block, Dictionary<Operation, PipelineGroup> groups, BlockOrder order)
    {
        var operations = block.Operations;
        // A group goes by the position of its last operation.
        var unit = new int[operations.Count];
        for (int i = 0; i < unit.Length; i++) unit[i] = groups.TryGetValue(operations[i], out var group) ? group.Last : i;
        var waits = new int[operations.Count];
        var wakes = new List<int>?[operations.Count];
        for (int i = 0; i < unit.Length; i++)
            foreach (var needed in order.Before(operations[i]))
                if (unit[needed.Position] is var first && first != unit[i])
                {
                    (wakes[first] ??= []).Add(unit[i]);
                    waits[unit[i]]++;
                }
        PriorityQueue<int, int> ready = new();
        int units = 0;
        for (int i = 0; i < unit.Length; i++)
            if (unit[i] == i)
            {
                units++;
                if (waits[i] == 0) ready.Enqueue(i, i);
            }
        List<(Operation, PipelineGroup?)> schedule = [];
        while (ready.TryDequeue(out int next, out _))
        {
            schedule.Add((operations[next], groups.GetValueOrDefault(operations[next])));
            foreach (int waiting in wakes[next] ?? [])
                if (--waits[waiting] == 0) ready.Enqueue(waiting, waiting);
        }
        if (schedule.Count != units) throw new System.Diagnostics.UnreachableException("groups need each other");
        return schedule;
    }
}
