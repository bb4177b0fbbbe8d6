using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>
/// Windows of an image as the columns of a matrix, so that a convolution is a product: row (c, h, w) holds cell (h, w) of channel c of every window. Only so
/// many rows of windows at a time that the matrix stays in the second-level cache.
/// </summary>
static unsafe class WindowColumns<T> where T : unmanaged, INumber<T>
{
    const long MostCells = 1 << 17;

    /// <summary>Rows of windows that are turned into columns at once.</summary>
    public static long RowsAtOnce(in ImageWindows at) => Math.Clamp(MostCells / Math.Max(1, at.WindowCells * at.OutWidth), 1, Math.Max(1, at.OutHeight));

    /// <summary>Writes the columns of the windows in rows first … first + count - 1.</summary>
    public static void Take(in ImageWindows at, T* image, long first, long count, T* columns)
    {
        long width = at.OutWidth;
        for (long c = 0; c < at.Channels; c++)
            for (long h = 0; h < at.WindowHeight; h++)
                for (long w = 0; w < at.WindowWidth; w++)
                {
                    var (left, right) = Valid(at, w);
                    for (long p = first; p < first + count; p++, columns += width)
                    {
                        long row = p * at.StrideHeight - at.PadHeight + h;
                        if (row < 0 || row >= at.Height)
                        {
                            new Span<T>(columns, (int)width).Clear();
                            continue;
                        }
                        T* from = image + (c * at.Height + row) * at.Width + w - at.PadWidth;
                        for (long q = 0; q < left; q++) columns[q] = T.Zero;
                        if (at.StrideWidth == 1) Cells.Copy(from + left, columns + left, right - left);
                        else for (long q = left; q < right; q++) columns[q] = from[q * at.StrideWidth];
                        for (long q = right; q < width; q++) columns[q] = T.Zero;
                    }
                }
    }

    /// <summary>Adds columns back to the cells that <see cref="Take"/> takes them from.</summary>
    public static void Give(in ImageWindows at, T* columns, long first, long count, T* image)
    {
        long width = at.OutWidth;
        for (long c = 0; c < at.Channels; c++)
            for (long h = 0; h < at.WindowHeight; h++)
                for (long w = 0; w < at.WindowWidth; w++)
                {
                    var (left, right) = Valid(at, w);
                    for (long p = first; p < first + count; p++, columns += width)
                    {
                        long row = p * at.StrideHeight - at.PadHeight + h;
                        if (row < 0 || row >= at.Height) continue;
                        T* to = image + (c * at.Height + row) * at.Width + w - at.PadWidth;
                        for (long q = left; q < right; q++) to[q * at.StrideWidth] += columns[q];
                    }
                }
    }

    // The windows of a row whose column w lies in the image.
    static (long Left, long Right) Valid(in ImageWindows at, long w)
    {
        long before = at.PadWidth - w, left = before <= 0 ? 0 : (before + at.StrideWidth - 1) / at.StrideWidth;
        long reach = at.Width - 1 - w + at.PadWidth, right = reach < 0 ? 0 : reach / at.StrideWidth + 1;
        left = Math.Min(left, at.OutWidth);
        return (left, Math.Clamp(right, left, at.OutWidth));
    }
}
