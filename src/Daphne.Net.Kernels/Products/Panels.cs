namespace Daphne.Net.Kernels;

/// <summary>
/// Panels: copies of a few rows (of the left operand) or columns (of the right one) in the order in which register tiles read them,
/// panel[k * width + lane], filled up with zeros to the full width.
/// </summary>
static unsafe class Panels
{
    /// <summary>
    /// Packs <paramref name="lanes"/> rows of <paramref name="x"/> from column 0 on, <paramref name="depth"/> columns deep, in panels of
    /// <paramref name="width"/> lanes; the last panel is as wide as <paramref name="lastWidth"/> says. For columns pass the operand turned.
    /// </summary>
    public static void Pack<T>(Operand<T> x, long lanes, long depth, int width, int lastWidth, T* to) where T : unmanaged
    {
        for (long lane = 0; lane < lanes; lane += width)
        {
            long count = Math.Min(width, lanes - lane);
            Pack(x.From(lane, 0), count, depth, lane + width >= lanes ? lastWidth : width, to);
            to += width * depth;
        }
    }

    static void Pack<T>(Operand<T> x, long lanes, long depth, int width, T* to) where T : unmanaged
    {
        if (x.RowStride == 1)
            for (long k = 0; k < depth; k++) Cells.Copy(x.Cell0 + k * x.ColStride, to + k * width, lanes);
        else Transpose.Block(x.Cell0, x.RowStride, to, width, lanes, depth);

        if (lanes < width)
            for (long k = 0; k < depth; k++) new Span<T>(to + k * width + lanes, (int)(width - lanes)).Clear();
    }
}
