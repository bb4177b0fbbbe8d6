using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>The row of the first extreme of each column.</summary>
static class ColumnPositions
{
    /// <summary>Takes in row number <paramref name="row"/>; row 0 sets everything.</summary>
    public static void Push<T, TOp>(ReadOnlySpan<T> cells, long row, Span<T> best, Span<ulong> at) where T : unmanaged, INumber<T> where TOp : struct, IExtreme<T>
    {
        if (row == 0)
        {
            cells.CopyTo(best);
            at.Clear();
            return;
        }
        NarrowRows.Challenge<T, TOp>(cells, (ulong)row, best, at);
    }
}
