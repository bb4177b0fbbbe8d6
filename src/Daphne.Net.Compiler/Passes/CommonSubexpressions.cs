using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Merges pure operations that are the same: what was computed in this block or around it is not computed again. What a branch or a loop computed
/// does not count outside. <c>now</c>, <c>rand</c>, calls and reading are not pure, and stay.
/// </summary>
public sealed class CommonSubexpressions : Pass
{
    /// <inheritdoc/>
    public override string Name => "cse";

    /// <inheritdoc/>
    public override bool Run(IrModule module)
    {
        bool changed = false;
        foreach (var function in module.Functions) changed |= Visit(function.Regions[0], []);
        return changed;
    }

    static bool Visit(Region region, List<Dictionary<Operation, Operation>> around)
    {
        bool changed = false;
        foreach (var block in region.Blocks)
        {
            Dictionary<Operation, Operation> here = new(SameComputation.Comparer);
            around.Add(here);
            foreach (var op in block.Operations)
            {
                // A pipeline's body sees nothing of what is around it.
                foreach (var inner in op.Regions) changed |= Visit(inner, op.Def == Op.VectorizedPipeline ? [] : around);
                if (!op.Def.Is(OpTraits.Pure) || op.Regions.Count > 0) continue;
                if (Find(op, around) is { } earlier)
                {
                    for (int i = 0; i < op.Results.Count; i++) op.Results[i].ReplaceAllUsesWith(earlier.Results[i]);
                    op.Erase();
                    changed = true;
                }
                else here.Add(op, op);
            }
            around.RemoveAt(around.Count - 1);
        }
        return changed;
    }

    static Operation? Find(Operation op, List<Dictionary<Operation, Operation>> around)
    {
        for (int i = around.Count - 1; i >= 0; i--)
            if (around[i].TryGetValue(op, out var earlier)) return earlier;
        return null;
    }
}

/// <summary>Equality of operations that compute the same: row, operands, attributes, result types. Operands of commutative ones may be swapped where both are of one type.</summary>
sealed class SameComputation : IEqualityComparer<Operation>
{
    public static readonly SameComputation Comparer = new();

    public bool Equals(Operation? x, Operation? y)
    {
        if (ReferenceEquals(x, y)) return true;
        if (x is null || y is null || x.Def != y.Def || x.Operands.Count != y.Operands.Count || x.Results.Count != y.Results.Count) return false;
        for (int i = 0; i < x.Results.Count; i++)
            if (x.Results[i].Type != y.Results[i].Type) return false;
        if (!(x.Operands.SequenceEqual(y.Operands) || (Swaps(x) && x.Operands[0] == y.Operands[1] && x.Operands[1] == y.Operands[0]))) return false;
        return x.HasAttributes == y.HasAttributes && (!x.HasAttributes || (x.Attributes.Count == y.Attributes.Count && x.Attributes.All(a => y.Attributes.TryGetValue(a.Key, out var b) && a.Value.Equals(b))));
    }

    public int GetHashCode(Operation op)
    {
        // Independent of the order of operands, because some may be swapped.
        int hash = op.Def.GetHashCode();
        foreach (var operand in op.Operands) hash += System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(operand);
        if (op.HasAttributes)
            foreach (var (_, value) in op.Attributes) hash = hash * 31 + value.GetHashCode();
        return hash;
    }

    static bool Swaps(Operation op) => op.Def.Is(OpTraits.Commutative) && op.Operands is [var a, var b] && a.Type == b.Type;
}
