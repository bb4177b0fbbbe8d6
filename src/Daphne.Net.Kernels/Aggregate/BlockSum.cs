using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>The sum of the terms of all cells, pushed in row-major order in pieces of any length.</summary>
sealed class BlockSum<T, TAcc, TTerm> where T : unmanaged where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<T, TAcc>
{
    readonly TAcc[] lanes = new TAcc[LaneSum.Count<TAcc>()], centers = new TAcc[LaneSum.Count<TAcc>()];
    readonly SumTree<TAcc> blocks = new(1), segments = new(1);
    readonly long blockCells;
    long block, inBlock;
    int inSegment;

    public BlockSum(long cols, long firstRow = 0, TAcc center = default)
    {
        long rows = ReductionBlocks.Rows(cols);
        if (firstRow % rows != 0) throw new ArgumentException($"row {firstRow} is not at a border between blocks of {rows} rows", nameof(firstRow));
        blockCells = rows * cols;
        block = firstRow / rows;
        Array.Fill(centers, center);
    }

    public void Push(ReadOnlySpan<T> cells)
    {
        while (!cells.IsEmpty)
        {
            int take = (int)Math.Min(Math.Min(ReductionBlocks.SegmentCells - inSegment, blockCells - inBlock), cells.Length);
            int phase = inSegment % lanes.Length, head = phase == 0 ? 0 : Math.Min(lanes.Length - phase, take);
            for (int i = 0; i < head; i++) lanes[phase + i] += TTerm.Of(cells[i], centers[phase + i]);
            LaneSum.Add<T, TAcc, TTerm>(cells[head..take], centers, lanes);
            cells = cells[take..];
            inSegment += take;
            inBlock += take;
            if (inSegment == ReductionBlocks.SegmentCells) EndSegment();
            if (inBlock == blockCells) EndBlock();
        }
    }

    public void Append(BlockSum<T, TAcc, TTerm> next)
    {
        if (inBlock > 0) throw new InvalidOperationException("a range of rows that others follow ends at a border between blocks");
        if (next.inBlock > 0) next.EndBlock();
        blocks.Append(next.blocks);
        block = next.block;
    }

    public TAcc Total()
    {
        if (inBlock > 0) EndBlock();
        TAcc sum = default;
        blocks.Finish(new(ref sum));
        return sum;
    }

    void EndSegment()
    {
        LaneSum.Fold(lanes.AsSpan(), lanes.Length, Math.Min(inSegment, lanes.Length));
        segments.Push((inBlock - 1) / ReductionBlocks.SegmentCells, lanes.AsSpan(0, 1));
        lanes.AsSpan().Clear();
        inSegment = 0;
    }

    void EndBlock()
    {
        if (inSegment > 0) EndSegment();
        TAcc sum = default;
        segments.Finish(new(ref sum));
        blocks.Push(block++, new(in sum));
        inBlock = 0;
    }
}
