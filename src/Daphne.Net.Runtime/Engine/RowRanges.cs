namespace Daphne.Net.Runtime;

/// <summary>Long kernels in ranges of rows: on all threads of the engine, and so that a run can be cancelled in between.</summary>
static class RowRanges
{
    // Multiply-adds: 2^22 take about a millisecond, 2^30 a tenth of a second to half of one.
    const long SmallestJob = 1 << 22, SmallestRange = 1 << 24, LargestRange = 1 << 30;

    // Register tiles are a few rows high; ranges of whole tiles waste no lanes.
    const long Align = 64;

    /// <summary>Calls <paramref name="kernel"/> with ranges (first, count) that cover all rows.</summary>
    /// <param name="context">Whose engine and whose cancellation.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="workPerRow">Cell operations per row.</param>
    /// <param name="kernel">Computes a range; ranges run at the same time.</param>
    public static void ByRows(this RunContext context, long rows, long workPerRow, Action<long, long> kernel)
    {
        workPerRow = Math.Max(1, workPerRow);
        if (rows <= SmallestJob / workPerRow)
        {
            kernel(0, rows);
            return;
        }
        long least = SmallestRange / workPerRow, most = Math.Max(least, LargestRange / workPerRow);
        long perRange = Math.Clamp(rows / (context.Engine.Threads * 4L), least, most) + Align - 1;
        perRange -= perRange % Align;
        perRange = Math.Max(perRange, Align);
        int ranges = checked((int)((rows + perRange - 1) / perRange));
        context.Engine.Run(ranges, i => kernel(i * perRange, Math.Min(perRange, rows - i * perRange)), context.Cancellation);
    }
}
