using System.Numerics;
using System.Runtime.CompilerServices;

namespace Daphne.Net.Kernels;

/// <summary>The sum of the terms of one row: its segments, added by their tree.</summary>
static class RowSum
{
    public static TAcc Of<T, TAcc, TTerm>(ReadOnlySpan<T> row, TAcc center = default) where T : unmanaged where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<T, TAcc>
    {
        if (row.Length <= LaneSum.Count<TAcc>()) return Short<T, TAcc, TTerm>(row, center);
        if (row.Length <= ReductionBlocks.SegmentCells) return Segment<T, TAcc, TTerm>(row, center);
        var tree = new SumTree<TAcc>(1);
        for (int at = 0; at < row.Length; at += ReductionBlocks.SegmentCells)
        {
            var sum = Segment<T, TAcc, TTerm>(row[at..Math.Min(row.Length, at + ReductionBlocks.SegmentCells)], center);
            tree.Push(at / ReductionBlocks.SegmentCells, new(in sum));
        }
        TAcc total = default;
        tree.Finish(new(ref total));
        return total;
    }

    [SkipLocalsInit]
    static TAcc Segment<T, TAcc, TTerm>(ReadOnlySpan<T> cells, TAcc center) where T : unmanaged where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<T, TAcc>
    {
        Span<TAcc> lanes = stackalloc TAcc[LaneSum.Count<TAcc>()], centers = stackalloc TAcc[LaneSum.Count<TAcc>()];
        lanes.Clear();
        centers.Fill(center);
        LaneSum.Add<T, TAcc, TTerm>(cells, centers, lanes);
        LaneSum.Fold(lanes, lanes.Length, Math.Min(cells.Length, lanes.Length));
        return lanes[0];
    }

    // One cell per lane at most: matrices of a few columns spend their time here.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    static TAcc Short<T, TAcc, TTerm>(ReadOnlySpan<T> cells, TAcc center) where T : unmanaged where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<T, TAcc>
    {
        Span<TAcc> lanes = stackalloc TAcc[LaneSum.Count<TAcc>()];
        for (int i = 0; i < cells.Length; i++) lanes[i] = TAcc.Zero + TTerm.Of(cells[i], center);   // 0 + -0.0 is 0.0, as in a lane
        LaneSum.Fold(lanes, lanes.Length, cells.Length);
        return cells.IsEmpty ? TAcc.Zero : lanes[0];
    }
}
