using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// How windows move over a batch of images. An image is a row of a matrix: channel after channel, each of them row after row. Around it lie
/// <see cref="PadHeight"/> and <see cref="PadWidth"/> rows and columns of padding on each side; windows lie inside image and padding.
/// </summary>
/// <param name="Images">Images in the batch.</param>
/// <param name="Channels">Channels of an image.</param>
/// <param name="Height">Rows of a channel.</param>
/// <param name="Width">Columns of a channel.</param>
/// <param name="WindowHeight">Rows of a window.</param>
/// <param name="WindowWidth">Columns of a window.</param>
/// <param name="StrideHeight">Rows from one window to the next.</param>
/// <param name="StrideWidth">Columns from one window to the next.</param>
/// <param name="PadHeight">Rows of padding above and below.</param>
/// <param name="PadWidth">Columns of padding left and right.</param>
public readonly record struct ImageWindows(
    long Images, long Channels, long Height, long Width, long WindowHeight, long WindowWidth, long StrideHeight, long StrideWidth, long PadHeight, long PadWidth)
{
    // More padding than this is a mistake in the order of arguments; products of extents stay far from overflowing.
    const long MostPadding = 1 << 20, MostCells = 1L << 42;

    /// <summary>Windows one below the other.</summary>
    public long OutHeight => (Height + 2 * PadHeight - WindowHeight) / StrideHeight + 1;

    /// <summary>Windows beside each other.</summary>
    public long OutWidth => (Width + 2 * PadWidth - WindowWidth) / StrideWidth + 1;

    /// <summary>Windows of a channel.</summary>
    public long OutCells => OutHeight * OutWidth;

    /// <summary>Cells of an image.</summary>
    public long ImageCells => Channels * Height * Width;

    /// <summary>Cells of all channels of a window.</summary>
    public long WindowCells => Channels * WindowHeight * WindowWidth;

    /// <summary>Raises unless the images are the rows of a matrix of this shape and windows fit into them.</summary>
    /// <exception cref="RaisedException">They do not.</exception>
    public void Require(string function, string role, long rows, long cols)
    {
        RequireShape(function, role, rows, cols, Images, Channels, Height, Width);
        RequireFit(function);
    }

    /// <summary>Raises unless windows fit into images, and the cells of everything can be counted.</summary>
    /// <exception cref="RaisedException">They do not.</exception>
    public void RequireFit(string function)
    {
        if (WindowHeight < 1 || WindowWidth < 1 || StrideHeight < 1 || StrideWidth < 1)
            throw Diag.WindowOfNothing.Raise(function, Shapes.Text(WindowHeight, WindowWidth), Shapes.Text(StrideHeight, StrideWidth));
        if (PadHeight > MostPadding || PadWidth > MostPadding) throw TooMuchPadding(function);
        if ((Int128)Channels * Height * Width > MostCells || Math.Max(Height, Width) > MostCells) throw Diag.ImagesTooLarge.Raise(function, Channels, Shapes.Text(Height, Width));
        if (WindowHeight > Height + 2 * PadHeight || WindowWidth > Width + 2 * PadWidth)
            throw Diag.WindowTooLarge.Raise(function, Shapes.Text(WindowHeight, WindowWidth), Shapes.Text(Height, Width), Shapes.Text(PadHeight, PadWidth));
        RequireCountable(function, Channels);
    }

    /// <summary>Raises unless the cells of the windows, and those of results with so many channels, can be counted.</summary>
    /// <exception cref="RaisedException">They cannot.</exception>
    internal void RequireCountable(string function, long outChannels)
    {
        // A channel of a result is at most 2^42 x 2^42.
        if ((Int128)OutHeight * OutWidth > MostCells || (Int128)OutCells * outChannels > MostCells || (Int128)WindowHeight * WindowWidth > MostCells || (Int128)WindowHeight * WindowWidth * Channels > MostCells)
            throw Diag.ImagesTooLarge.Raise(function, outChannels, Shapes.Text(Height, Width));
    }

    /// <summary>Raises if there are windows without a cell of the image.</summary>
    /// <exception cref="RaisedException">There are.</exception>
    public void RequireCellsInWindows(string function)
    {
        if (PadHeight >= WindowHeight || PadWidth >= WindowWidth) throw TooMuchPadding(function);
    }

    /// <summary>Raises unless a matrix has a row for each image and a column for each cell of so many channels of this size.</summary>
    /// <exception cref="RaisedException">It has not.</exception>
    internal static void RequireShape(string function, string role, long rows, long cols, long images, long channels, long height, long width)
    {
        Int128 plane = (Int128)height * width;
        Int128 cells = plane == 0 || channels == 0 ? 0 : plane > long.MaxValue ? plane : plane * channels;
        if (rows != images || cols != cells) throw Diag.ImageShape.Raise(function, role, Shapes.Text(rows, cols), $"{images}x{cells} ({channels} x {height} x {width})");
    }

    /// <summary>Where window number <paramref name="at"/> begins and ends along an axis, as cells of the image.</summary>
    internal static (long First, long End) Inside(long at, long stride, long padding, long window, long size)
    {
        long first = at * stride - padding;
        return (Math.Max(0, first), Math.Min(size, first + window));
    }

    RaisedException TooMuchPadding(string function) => Diag.PaddingTooWide.Raise(function, Shapes.Text(PadHeight, PadWidth), Shapes.Text(WindowHeight, WindowWidth));
}
