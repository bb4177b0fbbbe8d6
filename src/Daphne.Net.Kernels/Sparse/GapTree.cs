using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>
/// <see cref="SumTree{TAcc}"/> for blocks of which most are zero and are not pushed: x + 0 is x, so a node whose neighbour is missing goes up as it is and
/// the bits are those of the full tree. Holds the subtrees that later blocks may still join, left to right.
/// </summary>
sealed class GapTree<TAcc> where TAcc : unmanaged, INumber<TAcc>
{
    // A path from the root has at most one waiting left neighbour per level.
    readonly (int Level, long First, TAcc Value)[] nodes = new (int, long, TAcc)[66];
    int count;

    /// <summary>Adds the value of a block. Blocks come in ascending order.</summary>
    public void Push(long block, TAcc value)
    {
        if (count > 0)
        {
            // The level of the two neighbours in one of which the last block lies and in the other the new one.
            int parting = 63 - BitOperations.LeadingZeroCount((ulong)(block ^ nodes[count - 1].First));
            while (count >= 2 && nodes[count - 2].Level < parting) Join();
            nodes[count - 1].Level = parting;
        }
        nodes[count++] = (0, block, value);
    }

    /// <summary>The sum of all blocks; zero if there is none. The tree is empty afterwards.</summary>
    public TAcc Finish()
    {
        if (count == 0) return TAcc.Zero;
        while (count >= 2) Join();
        count = 0;
        return nodes[0].Value;
    }

    void Join()
    {
        nodes[count - 2].Value += nodes[count - 1].Value;
        nodes[count - 2].Level++;
        count--;
    }
}
