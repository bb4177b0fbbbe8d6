using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>The sum of the terms of one row: its segments, added by their tree.</summary>
static class RowSum
{
    public static TAcc Of<T, TAcc, TTerm>(ReadOnlySpan<T> row, TAcc center = default) where T : unmanaged where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<T, TAcc>
    {
        int count = LaneSum.Count<TAcc>();
        Span<TAcc> lanes = stackalloc TAcc[count], centers = stackalloc TAcc[count];
        centers.Fill(center);
        if (row.Length <= ReductionBlocks.SegmentCells) return Segment<T, TAcc, TTerm>(row, centers, lanes);
        var tree = new SumTree<TAcc>(1);
        for (int at = 0; at < row.Length; at += ReductionBlocks.SegmentCells)
        {
            var sum = Segment<T, TAcc, TTerm>(row[at..Math.Min(row.Length, at + ReductionBlocks.SegmentCells)], centers, lanes);
            tree.Push(at / ReductionBlocks.SegmentCells, new(in sum));
        }
        TAcc total = default;
        tree.Finish(new(ref total));
        return total;
    }

    static TAcc Segment<T, TAcc, TTerm>(ReadOnlySpan<T> cells, ReadOnlySpan<TAcc> centers, Span<TAcc> lanes)
        where T : unmanaged where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<T, TAcc>
    {
        lanes.Clear();
        LaneSum.Add<T, TAcc, TTerm>(cells, centers, lanes);
        LaneSum.Fold(lanes, lanes.Length, Math.Min(cells.Length, lanes.Length));
        return lanes[0];
    }
}
