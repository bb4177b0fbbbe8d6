using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>
/// x @ t(x) in f64 or f32, with half the work of a general product and the same bits: only tiles on and above the diagonal are computed, and rows of the
/// left operand are read from the panels of the right one, which hold the same cells in the same order.
/// </summary>
static unsafe class SelfProduct
{
    // Rows whose panels are kept at a time; a panel of the left operand must not span two of the right one.
    const long BlockRows = 2016;

    // Rows on the left whose panels are used while they are in the second-level cache: 144 x 512 cells of 8 bytes are 576 KiB.
    const long TileRows = 144;

    /// <summary>True if panels of this register width serve both sides.</summary>
    public static bool Fits<T, V, L>() where T : unmanaged where V : struct where L : ILanes<T, V> => L.Count % PackedProduct.PanelRows == 0;

    /// <summary>
    /// Writes rows first … first + count - 1 of the n x n product from the diagonal on (and some cells before it, which the caller overwrites).
    /// </summary>
    public static void Upper<T, V, L>(Operand<T> x, T* c, long n, long k, long first, long count) where T : unmanaged, INumberBase<T> where V : struct where L : ILanes<T, V>
    {
        long leftRows = Math.Min(BlockRows, count), rightRows = Math.Min(BlockRows, n - first);
        long panelCells = PackedProduct.Round(rightRows, 3 * L.Count) * Math.Min(k, PackedProduct.BlockDepth);
        using var panels = new Scratch<T>(n - first > rightRows ? 2 * panelCells : panelCells);
        using var sums = new Scratch<T>(k > RowStrips.Rows ? leftRows * rightRows : 0);
        for (long i = first; i < first + count; i += leftRows)
            for (long j = i; j < n; j += rightRows)
            {
                var left = new Side(i, Math.Min(leftRows, first + count - i), j == i ? 0 : panelCells);
                var right = new Side(j, Math.Min(rightRows, n - j), 0);
                T* target = c + i * n + j;
                for (long strip = 0; strip < k; strip += RowStrips.Rows)
                {
                    long terms = Math.Min(RowStrips.Rows, k - strip);
                    if (strip == 0) Strip<T, V, L>(x, panels.Cell0, left, right, target, n, terms);
                    else
                    {
                        Strip<T, V, L>(x.From(0, strip), panels.Cell0, left, right, sums.Cell0, right.Rows, terms);
                        for (long r = 0; r < left.Rows; r++)
                        {
                            long from = j == i ? r : 0;
                            PackedProduct.AddRow<T, V, L>(sums.Cell0 + r * right.Rows + from, target + r * n + from, right.Rows - from);
                        }
                    }
                }
            }
    }

    // Rows of x on one side of the product, and where their panels lie.
    readonly record struct Side(long First, long Rows, long Panels);

    static void Strip<T, V, L>(Operand<T> x, T* panels, Side left, Side right, T* c, long cStride, long terms)
        where T : unmanaged, INumberBase<T> where V : struct where L : ILanes<T, V>
    {
        // On the diagonal the left rows are the first ones of the right side, and its panels serve both.
        bool diagonal = left.First == right.First;
        var packedLeft = diagonal ? right : left;
        int width = 3 * L.Count, leftLast = PackedProduct.LastWidth<T, V, L>(packedLeft.Rows), rightLast = PackedProduct.LastWidth<T, V, L>(right.Rows);
        for (long k = 0; k < terms; k += PackedProduct.BlockDepth)
        {
            long depth = Math.Min(PackedProduct.BlockDepth, terms - k);
            Panels.Pack(x.From(right.First, k), right.Rows, depth, width, rightLast, panels + right.Panels);
            if (!diagonal) Panels.Pack(x.From(left.First, k), left.Rows, depth, width, leftLast, panels + left.Panels);
            for (long i0 = 0; i0 < left.Rows; i0 += TileRows)
                for (long j = diagonal ? i0 / width * width : 0; j < right.Rows; j += width)
                    for (long i = i0; i < Math.Min(left.Rows, i0 + TileRows) && !(diagonal && i >= j + width); i += PackedProduct.PanelRows)
                    {
                        long panel = i / width * width;
                        int leftWidth = panel + width >= packedLeft.Rows ? leftLast : width;
                        PackedProduct.Tile<T, V, L>(depth, panels + left.Panels + panel * depth + (i - panel), leftWidth,
                            panels + right.Panels + j * depth, j + width >= right.Rows ? rightLast : width,
                            c + i * cStride + j, cStride, Math.Min(PackedProduct.PanelRows, left.Rows - i), right.Rows - j, k > 0);
                    }
        }
    }
}
