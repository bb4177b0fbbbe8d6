using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>
/// The sum of cells most of which are zero and are left out, with the bits of the full sum (see <see cref="ReductionBlocks"/>): adding zero changes no lane
/// and no node. Cells come in the order of their blocks, segments and lanes' rows. Not thread-safe.
/// </summary>
sealed class GapSum<TAcc>(int laneCount) where TAcc : unmanaged, INumber<TAcc>
{
    readonly TAcc[] lanes = new TAcc[laneCount];
    readonly GapTree<TAcc> segments = new(), blocks = new();
    long block = -1, segment = -1;
    TAcc only;
    int onlyLane, seen;

    /// <summary>Adds a cell to a lane of a segment of a block.</summary>
    public void Add(long ofBlock, long ofSegment, int lane, TAcc cell)
    {
        if (ofBlock != block)
        {
            EndBlock();
            (block, segment) = (ofBlock, ofSegment);
        }
        else if (ofSegment != segment)
        {
            EndSegment();
            segment = ofSegment;
        }
        // In a very sparse matrix nearly every cell is alone in its segment: then there is nothing to fold.
        if (++seen == 1)
        {
            (only, onlyLane) = (TAcc.Zero + cell, lane);
            return;
        }
        if (seen == 2) lanes[onlyLane] = only;
        lanes[lane] += cell;
    }

    /// <summary>The sum; zero if nothing was added. The next sum can begin.</summary>
    public TAcc Total()
    {
        EndBlock();
        block = segment = -1;
        return blocks.Finish();
    }

    void EndSegment()
    {
        if (seen == 0) return;
        if (seen > 1)
        {
            LaneSum.Fold(lanes.AsSpan(), lanes.Length, lanes.Length);
            only = lanes[0];
            lanes.AsSpan().Clear();
        }
        segments.Push(segment, only);
        seen = 0;
    }

    void EndBlock()
    {
        if (block < 0) return;
        EndSegment();
        blocks.Push(block, segments.Finish());
    }
}
