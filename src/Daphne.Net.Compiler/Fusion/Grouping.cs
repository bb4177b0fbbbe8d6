using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Greedily groups the operations of a block: an operation joins the groups of the producers whose rows it goes through, as long as nothing outside
/// would have to run in the middle of the group. Walks in order, so that the same block always gives the same groups.
/// </summary>
sealed class Grouping
{
    // A group does not reach further: looking for ways round it would take time over the square of long blocks.
    const int MostDistance = 4096;

    readonly FusionRules rules;
    readonly RowSources sources;
    readonly BlockOrder order;
    readonly Dictionary<Operation, PipelineGroup> groups = [];
    readonly Dictionary<Operation, PipelinePart> parts = [];
    // Per position: where the first group begins that reaches over it.
    readonly int[] reach;

    Grouping(Block block, FusionRules rules, RowSources sources, BlockOrder order)
    {
        (this.rules, this.sources, this.order) = (rules, sources, order);
        reach = [.. Enumerable.Range(0, block.Operations.Count)];
        foreach (var op in block.Operations)
            if (rules.Allow(op) && PipelinePart.Of(op, sources) is { } part)
            {
                parts[op] = part;
                Join(op, part);
            }
    }

    /// <summary>The groups worth a pipeline, by their operations.</summary>
    public static Dictionary<Operation, PipelineGroup> Of(Block block, FusionRules rules, RowSources sources, BlockOrder order)
    {
        var all = new Grouping(block, rules, sources, order).groups;
        return all.Where(g => rules.Worth(g.Value.Members)).ToDictionary();
    }

    void Join(Operation op, PipelinePart part)
    {
        var group = new PipelineGroup(part.Rows);
        group.Add([op]);
        foreach (var producer in Producers(op, part))
        {
            var other = groups[producer];
            if (other.Holds(op) || group.Holds(producer)) continue;
            HashSet<Operation> together = [.. group.Members, .. other.Members];
            if (together.Count > rules.MaximumOperations || op.Position - other.First > MostDistance || !other.Rows.Equals(group.Rows)) continue;
            if (HandsRowsOnly(together) && IsClosed(together, Math.Min(other.First, group.First))) group.Add(other.Members);
        }
        foreach (var member in group.Members) groups[member] = group;
        for (int at = op.Position, first = group.First; at > first && reach[at] > first; at--) reach[at] = first;
    }

    // Grouped operations whose rows this one goes through, in the order of operands.
    IEnumerable<Operation> Producers(Operation op, PipelinePart part)
    {
        for (int i = 0; i < part.Splits.Length; i++)
            if (part.Splits[i] == SplitKind.Rows && op.Operands[i].Producer is { } producer && groups.ContainsKey(producer)) yield return producer;
    }

    // Inside a pipeline only rows go from one operation to the next: a sum is not there until all ranges are done.
    bool HandsRowsOnly(HashSet<Operation> together)
    {
        foreach (var op in together)
            for (int i = 0; i < op.Operands.Count; i++)
                if (op.Operands[i].Producer is { } producer && together.Contains(producer)
                    && (parts[op].Splits[i] != SplitKind.Rows || producer.Def.Split!.Combine != CombineKind.Rows)) return false;
        return true;
    }

    // True if no way leads out of these operations and back: what they need from outside does not need them.
    bool IsClosed(HashSet<Operation> together, int first)
    {
        while (reach[first] < first) first = reach[first];
        HashSet<Operation> seen = [];
        Stack<Operation> open = [];
        foreach (var member in together) Push(member);
        while (open.TryPop(out var op))
        {
            if (together.Contains(op)) return false;
            if (groups.TryGetValue(op, out var group))
            {
                foreach (var member in group.Members)
                    if (member == op || seen.Add(member)) Push(member);
            }
            else Push(op);
        }
        return true;

        void Push(Operation op)
        {
            bool inside = together.Contains(op);
            foreach (var needed in order.Before(op))
                if (needed.Position >= first && !(inside && together.Contains(needed)) && (together.Contains(needed) || seen.Add(needed))) open.Push(needed);
        }
    }
}
