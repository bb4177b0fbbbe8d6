using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>The sums of the terms of each column, pushed in pieces of whole rows.</summary>
sealed class ColumnBlockSum<T, TAcc, TTerm> where T : unmanaged where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<T, TAcc>
{
    readonly TAcc[] lanes, centers;
    readonly SumTree<TAcc> blocks;
    readonly int cols, abreast;
    readonly long blockRows;
    long block, inBlock;

    public ColumnBlockSum(int cols, long firstRow = 0, ReadOnlySpan<TAcc> columnCenters = default)
    {
        this.cols = cols;
        blockRows = ReductionBlocks.Rows(cols);
        if (firstRow % blockRows != 0) throw new ArgumentException($"row {firstRow} is not at a border between blocks of {blockRows} rows", nameof(firstRow));
        block = firstRow / blockRows;
        abreast = ReductionBlocks.RowsAbreast(cols, LaneSum.Count<TAcc>());
        blocks = new(cols);
        (lanes, centers) = (new TAcc[abreast * cols], new TAcc[abreast * cols]);
        if (!columnCenters.IsEmpty)
            for (int i = 0; i < abreast; i++) columnCenters.CopyTo(centers.AsSpan(i * cols));
    }

    public void PushRows(ReadOnlySpan<T> cells)
    {
        if (cols == 0) return;
        while (!cells.IsEmpty)
        {
            int take = (int)Math.Min(blockRows - inBlock, cells.Length / cols);
            int phase = (int)(inBlock % abreast) * cols, head = phase == 0 ? 0 : Math.Min(lanes.Length - phase, take * cols);
            for (int i = 0; i < head; i++) lanes[phase + i] += TTerm.Of(cells[i], centers[phase + i]);
            LaneSum.Add<T, TAcc, TTerm>(cells[head..(take * cols)], centers, lanes);
            cells = cells[(take * cols)..];
            inBlock += take;
            if (inBlock == blockRows) EndBlock();
        }
    }

    public void Append(ColumnBlockSum<T, TAcc, TTerm> next)
    {
        if (inBlock > 0) throw new InvalidOperationException("a range of rows that others follow ends at a border between blocks");
        if (next.inBlock > 0) next.EndBlock();
        blocks.Append(next.blocks);
        block = next.block;
    }

    public void Total(Span<TAcc> sums)
    {
        if (inBlock > 0) EndBlock();
        blocks.Finish(sums);
    }

    void EndBlock()
    {
        LaneSum.Fold(lanes.AsSpan(), abreast, (int)Math.Min(inBlock, abreast));
        blocks.Push(block++, lanes.AsSpan(0, cols));
        lanes.AsSpan().Clear();
        inBlock = 0;
    }
}
