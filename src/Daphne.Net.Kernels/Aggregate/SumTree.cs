using System.Diagnostics;
using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>
/// Adds block results by the binary tree over block numbers (see <see cref="ReductionBlocks"/>). Holds the roots of the subtrees that are complete so far,
/// left to right; a node of level k and number i covers blocks i * 2^k … (i + 1) * 2^k - 1. A value is a row of <paramref name="width"/> numbers.
/// </summary>
sealed class SumTree<TAcc>(int width) where TAcc : unmanaged, INumber<TAcc>
{
    TAcc[] values = new TAcc[4 * width];
    (int Level, long Number)[] nodes = new (int, long)[4];
    int count;

    /// <summary>Adds the value of the next block. Blocks come in order, without gaps.</summary>
    public void Push(long block, ReadOnlySpan<TAcc> value) => Push(0, block, value);

    /// <summary>Adds the nodes of a tree that begins where this one ends.</summary>
    public void Append(SumTree<TAcc> next)
    {
        for (int i = 0; i < next.count; i++) Push(next.nodes[i].Level, next.nodes[i].Number, next.Value(i));
    }

    void Push(int level, long number, ReadOnlySpan<TAcc> value)
    {
        Debug.Assert(count == 0 || (nodes[count - 1].Number + 1) << nodes[count - 1].Level == number << level, "blocks are pushed in order, without gaps");
        if (count == nodes.Length)
        {
            Array.Resize(ref nodes, 2 * count);
            Array.Resize(ref values, 2 * count * width);
        }
        value.CopyTo(Value(count));
        nodes[count++] = (level, number);
        while (count >= 2 && nodes[count - 1].Level == nodes[count - 2].Level && nodes[count - 2].Number % 2 == 0) Join(nodes[count - 2].Level + 1);
    }

    /// <summary>The sum of all blocks from number 0 on; zeros if there is none. The tree is empty afterwards.</summary>
    public void Finish(Span<TAcc> sum)
    {
        if (count > 0 && nodes[0].Number != 0) throw new InvalidOperationException($"the sum begins at block {nodes[0].Number << nodes[0].Level}, not at the first one");
        while (count >= 2) Join(nodes[count - 2].Level + 1);
        if (count == 0) sum.Clear();
        else Value(0).CopyTo(sum);
        count = 0;
    }

    void Join(int level)
    {
        Span<TAcc> left = Value(count - 2);
        EwBinary.Apply<TAcc, Add<TAcc>>(left, Value(count - 1), left);
        count--;
        nodes[count - 1] = (level, nodes[count - 1].Number / 2);
    }

    Span<TAcc> Value(int node) => values.AsSpan(node * width, width);
}
