using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Greedily groups the operations of a block: an operation joins the groups of the producers whose rows it goes through, and of those that go through
/// the same input, as long as nothing outside would have to run in the middle of the group. Walks in order, so that the same block always gives the
/// same groups.
/// </summary>
sealed class Grouping
{
    // A group does not reach further: looking for ways round it would take time over the square of long blocks.
    const int MostDistance = 4096;

    readonly FusionRules rules;
    readonly BlockOrder order;
    readonly Dictionary<Operation, PipelineGroup> groups = [];
    readonly Dictionary<Operation, PipelinePart> parts = [];
    // Who went through the rows, or columns, of a value last.
    readonly Dictionary<(Value, SplitKind), Operation> readers = [];
    // Per position: where the first group begins that reaches over it.
    readonly int[] reach;

    Grouping(Block block, FusionRules rules, Axes axes, BlockOrder order)
    {
        (this.rules, this.order) = (rules, order);
        reach = [.. Enumerable.Range(0, block.Operations.Count)];
        foreach (var op in block.Operations)
            if (axes.Of(op) is { } part)
            {
                parts[op] = part;
                Join(op, part);
            }
    }

    /// <summary>The groups worth a pipeline, by their operations.</summary>
    public static Dictionary<Operation, PipelineGroup> Of(Block block, FusionRules rules, BlockOrder order)
    {
        var axes = new Axes(block, rules);
        var all = new Grouping(block, rules, axes, order).groups;
        return all.Where(g => rules.Worth(g.Value.Members) && !g.Value.Members.All(axes.IsFollower)).ToDictionary();
    }

    void Join(Operation op, PipelinePart part)
    {
        PipelineGroup? group = null;
        foreach (var other in Neighbours(op, part))
        {
            if (other == group || op.Position - other.First > MostDistance || other.Axis != part.Axis || !other.Extent.Equals(part.Extent)) continue;
            if (group is null)
            {
                // What the group needed before cannot need this one: it stands behind all of them.
                if (other.Members.Count == rules.MaximumOperations || !HandsRangesOnly([op], other.Holds) || !IsClosed([op], other.First, x => x == op || other.Holds(x))) continue;
                (group = other).Add(op, part);
            }
            else if (Merges(group, other))
            {
                group.Add(other);
                foreach (var member in other.Members) groups[member] = group;
            }
        }
        if (group is null) (group = new(part.Axis, part.Extent)).Add(op, part);
        groups[op] = group;
        for (int at = op.Position, first = group.First; at > first && reach[at] > first; at--) reach[at] = first;
    }

    bool Merges(PipelineGroup a, PipelineGroup b)
    {
        if (a.Members.Count + b.Members.Count > rules.MaximumOperations) return false;
        Operation[] all = [.. a.Members, .. b.Members];
        return HandsRangesOnly(all, Inside) && IsClosed(all, Math.Min(a.First, b.First), Inside);

        bool Inside(Operation op) => a.Holds(op) || b.Holds(op);
    }

    // The groups whose rows this operation goes through, then those that go through the same input: one way through it serves both.
    List<PipelineGroup> Neighbours(Operation op, PipelinePart part)
    {
        List<PipelineGroup> found = [];
        for (int i = 0; i < part.Splits.Length; i++)
            if (part.Splits[i] == part.Axis && op.Operands[i].Producer is { } producer && groups.TryGetValue(producer, out var group)) found.Add(group);
        for (int i = 0; i < part.Splits.Length; i++)
            if (part.Splits[i] == part.Axis)
            {
                if (readers.TryGetValue((op.Operands[i], part.Axis), out var reader) && reader != op) found.Add(groups[reader]);
                readers[(op.Operands[i], part.Axis)] = op;
            }
        // Once each: a group that has been merged into another is not one any more.
        return [.. found.Distinct()];
    }

    // Inside a pipeline only ranges go from one operation to the next: a sum is not there until all of them are done.
    bool HandsRangesOnly(IEnumerable<Operation> users, Func<Operation, bool> inside)
    {
        foreach (var op in users)
            for (int i = 0; i < op.Operands.Count; i++)
                if (op.Operands[i].Producer is { } producer && inside(producer)
                    && (parts[op].Splits[i] != parts[op].Axis || RangeSplits.Of(producer, parts[op].Axis)!.Combine != RangeSplits.Along(parts[op].Axis))) return false;
        return true;
    }

    // True if no way leads out of the group and back: what these operations need from outside does not need the group. Before `first`, and
    // before whatever group reaches over it, nothing can.
    bool IsClosed(IEnumerable<Operation> operations, int first, Func<Operation, bool> inside)
    {
        while (reach[first] < first) first = reach[first];
        HashSet<Operation> seen = [];
        Stack<Operation> open = [];
        foreach (var op in operations)
            foreach (var needed in order.Before(op))
                if (needed.Position >= first && !inside(needed) && seen.Add(needed)) open.Push(needed);
        while (open.TryPop(out var op))
        {
            if (inside(op)) return false;
            if (groups.TryGetValue(op, out var group))
            {
                foreach (var member in group.Members)
                    if (member == op || seen.Add(member)) Needs(member);
            }
            else Needs(op);
        }
        return true;

        void Needs(Operation op)
        {
            foreach (var needed in order.Before(op))
                if (needed.Position >= first && seen.Add(needed)) open.Push(needed);
        }
    }
}
