using Daphne.Net.Compiler;

namespace Daphne.Net.Runtime;

/// <summary>
/// Which values die where, over structured control flow, found backwards in one walk. A value that one branch uses and another does not dies in
/// both: at its last use in the one, on the way into the other. What a loop takes from outside dies behind the loop, never inside.
/// </summary>
sealed class Liveness
{
    readonly Dictionary<Operation, List<Value>> after = [];
    readonly Dictionary<Region, List<Value>> entry = [];

    public Liveness(Block body) => Walk(body, []);

    /// <summary>Operands of, and values used inside, an operation that nobody needs behind it; also results nobody needs at all.</summary>
    public IReadOnlyList<Value> DyingAt(Operation op) => after.TryGetValue(op, out var list) ? list : [];

    /// <summary>Values that are alive in front of a region (it may be empty) and needed neither in it nor behind it; arguments of its block nobody uses.</summary>
    public IReadOnlyList<Value> DyingOnEntry(Region region) => entry.TryGetValue(region, out var list) ? list : [];

    void Walk(Block block, HashSet<Value> live)
    {
        for (int i = block.Operations.Count - 1; i >= 0; i--)
        {
            var op = block.Operations[i];
            foreach (var result in op.Results)
                if (!live.Remove(result)) Dies(op, result);
            if (op.Def == Dialect.Op.If) Branches(op, live);
            else if (op.Regions.Count > 0) Loop(op, live);
            foreach (var operand in op.Operands)
                if (live.Add(operand)) Dies(op, operand);
        }
        foreach (var argument in block.Arguments)
            if (!live.Remove(argument)) Add(entry, block.Parent, argument);
    }

    // What is alive behind the operation is alive in every branch; they differ in what they take from outside, and only that is looked at.
    void Branches(Operation op, HashSet<Value> live)
    {
        var taken = new List<HashSet<Value>>(op.Regions.Count);
        HashSet<Value> all = [];
        foreach (var region in op.Regions)
        {
            HashSet<Value> own = [];
            foreach (var value in CapturedBy(region))
                if (!live.Contains(value)) own.Add(value);
            taken.Add(own);
            all.UnionWith(own);
        }
        for (int i = 0; i < taken.Count; i++)
        {
            foreach (var block in op.Regions[i].Blocks) Walk(block, live);
            live.ExceptWith(taken[i]);
            foreach (var value in all)
                if (!taken[i].Contains(value)) Add(entry, op.Regions[i], value);
        }
        live.UnionWith(all);
    }

    void Loop(Operation op, HashSet<Value> live)
    {
        foreach (var value in CapturedBy(op))
            if (live.Add(value)) Dies(op, value);
        foreach (var region in op.Regions)
            foreach (var block in region.Blocks) Walk(block, live);
    }

    /// <summary>Values from outside that are used in the regions of an operation.</summary>
    public static HashSet<Value> CapturedBy(Operation op) => CapturedBy(op.Regions);

    static HashSet<Value> CapturedBy(params IEnumerable<Region> regions)
    {
        HashSet<Value> used = [], defined = [];
        Collect(regions);
        used.ExceptWith(defined);
        return used;

        void Collect(IEnumerable<Region> held)
        {
            foreach (var block in held.SelectMany(r => r.Blocks))
            {
                defined.UnionWith(block.Arguments);
                foreach (var inner in block.Operations)
                {
                    used.UnionWith(inner.Operands);
                    defined.UnionWith(inner.Results);
                    if (inner.Regions.Count > 0) Collect(inner.Regions);
                }
            }
        }
    }

    void Dies(Operation op, Value value) => Add(after, op, value);

    static void Add<TKey>(Dictionary<TKey, List<Value>> map, TKey key, Value value) where TKey : notnull
    {
        if (!map.TryGetValue(key, out var list)) map[key] = list = [];
        list.Add(value);
    }
}
