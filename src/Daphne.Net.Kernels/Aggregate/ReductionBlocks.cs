namespace Daphne.Net.Kernels;

/// <summary>
/// The fixed shape of every floating sum, so that its bits depend on the matrix alone, not on vector width, threads, chunks or row ranges:
/// <list type="bullet">
/// <item>Cells are cut into blocks of <see cref="Rows"/> rows, blocks of the sum of all cells further into segments of <see cref="SegmentCells"/>.</item>
/// <item>Within a segment cell i is added to lane i mod n, in order (n lanes fill <see cref="LaneBytes"/>); lane j takes in lane j + n/2, then j + n/4 ….
/// A sum per column does the same with whole rows: as many rows side by side as make a row of n lanes.</item>
/// <item>Segments and blocks are added by the binary tree over their number: 0 with 1, 2 with 3, then those pairs; who has no neighbour goes up as it is.</item>
/// </list>
/// A range of rows that starts and ends at block borders is a union of subtrees, so ranges are joined without loss (<see cref="SumAccumulator{T}.Append"/>).
/// f32 is summed in f64 and rounded once; integers wrap, for them any order is the same.
/// </summary>
public static class ReductionBlocks
{
    /// <summary>Cells of a segment.</summary>
    public const int SegmentCells = 4096;

    /// <summary>Bytes of one row of lanes: four 512-bit registers, enough to hide the latency of an addition.</summary>
    public const int LaneBytes = 256;

    // Fewer rows would make the sum per column of a wide matrix spend its time adding block results; fewer cells, the sum of a column.
    const int LeastRows = 64, LeastCells = RowStrips.Rows;

    /// <summary>
    /// Rows of a block for a matrix of that many columns: a power of two from 64 to <see cref="RowStrips.Rows"/>. Cut row ranges at multiples of this, or
    /// simply at multiples of <see cref="RowStrips.Rows"/>.
    /// </summary>
    public static long Rows(long cols)
    {
        long rows = LeastRows;
        while (cols > 0 && rows * cols < LeastCells) rows *= 2;
        return rows;
    }

    // How many rows stand side by side in the lanes of a sum per column.
    internal static int RowsAbreast(int cols, int lanes)
    {
        int rows = 1;
        while (cols > 0 && rows * cols < lanes) rows *= 2;
        return rows;
    }
}
