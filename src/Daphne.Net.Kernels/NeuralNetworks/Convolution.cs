using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// Convolution of images with filters, and its gradients, as products with <see cref="WindowColumns{T}"/>. A filter is a row of the filter matrix, its channels
/// as in the images; the images made have a channel per filter.
/// </summary>
public static unsafe class Convolution
{
    // Ranges of images whose gradients are added each by itself, then in order: the same sums for any number of threads.
    const long FilterRanges = 16;

    /// <summary>The images made; <paramref name="bias"/>, if any, holds a value per filter that is added.</summary>
    /// <exception cref="RaisedException">Images, filters and bias do not fit together.</exception>
    public static DenseMatrix<T> Forward<T>(DenseMatrix<T> input, DenseMatrix<T> filter, DenseMatrix<T>? bias, in ImageWindows windows, TaskRunner? run = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const string function = "conv2d";
        var at = windows;
        at.Require(function, "input", input.Rows, input.Cols);
        long filters = filter.Rows, depth = RequireFilter(function, filter, filter.Rows, at);
        if (bias is not null) ChannelValues.Require(function, "bias", bias, filters);
        at.RequireCountable(function, filters);
        var result = DenseMatrix<T>.Allocate(at.Images, filters * at.OutCells);
        ForTiles<T>(at, filters * depth, apart: true, run, (image, first, count, columns) =>
        {
            T* to = result.Cell0 + image * result.Cols + first * at.OutWidth;
            WindowColumns<T>.Take(at, input.Cell0 + image * input.Cols, first, count, columns);
            MatMul.Product(new Operand<T>(filter.Cell0, depth, 1), new Operand<T>(columns, count * at.OutWidth, 1), to, at.OutCells, filters, count * at.OutWidth, depth);
            for (long f = 0; f < filters && bias is not null; f++)
                for (long q = 0; q < count * at.OutWidth; q++) to[f * at.OutCells + q] += bias.Cell0[f];
        });
        GC.KeepAlive(input);
        GC.KeepAlive(filter);
        GC.KeepAlive(bias);
        return result;
    }

    /// <summary>The gradient of the images, from that of the images made.</summary>
    /// <exception cref="RaisedException">Images, filters and gradient do not fit together.</exception>
    public static DenseMatrix<T> BackwardData<T>(DenseMatrix<T> filter, DenseMatrix<T> gradient, long filters, long filterChannels, in ImageWindows windows, TaskRunner? run = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const string function = "conv2d_backward_data";
        var at = windows;
        at.RequireFit(function);
        RequireChannels(function, filterChannels, at);
        long depth = RequireFilter(function, filter, filters, at);
        ImageWindows.RequireShape(function, "gradient", gradient.Rows, gradient.Cols, at.Images, filters, at.OutHeight, at.OutWidth);
        var result = DenseMatrix<T>.Allocate(at.Images, at.ImageCells, zeroed: true);
        ForTiles<T>(at, filters * depth, apart: false, run, (image, first, count, columns) =>
        {
            T* from = gradient.Cell0 + image * gradient.Cols + first * at.OutWidth;
            MatMul.Product(new Operand<T>(filter.Cell0, 1, depth), new Operand<T>(from, at.OutCells, 1), columns, count * at.OutWidth, depth, count * at.OutWidth, filters);
            WindowColumns<T>.Give(at, columns, first, count, result.Cell0 + image * result.Cols);
        });
        GC.KeepAlive(filter);
        GC.KeepAlive(gradient);
        return result;
    }

    /// <summary>The gradient of the filters, from that of the images made.</summary>
    /// <exception cref="RaisedException">Images, filters and gradient do not fit together.</exception>
    public static DenseMatrix<T> BackwardFilter<T>(DenseMatrix<T> input, DenseMatrix<T> gradient, long filters, long filterChannels, in ImageWindows windows, TaskRunner? run = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const string function = "conv2d_backward_filter";
        var at = windows;
        at.Require(function, "input", input.Rows, input.Cols);
        RequireChannels(function, filterChannels, at);
        ImageWindows.RequireShape(function, "gradient", gradient.Rows, gradient.Cols, at.Images, filters, at.OutHeight, at.OutWidth);
        long depth = at.WindowCells, ranges = Math.Min(FilterRanges, at.Images), rows = WindowColumns<T>.RowsAtOnce(at);
        var result = DenseMatrix<T>.Allocate(filters, depth, zeroed: true);
        var parts = DenseMatrix<T>.Allocate(ranges, result.Cells, zeroed: true);
        ImageTasks.Run(ranges, at.Images / Math.Max(1, ranges) * gradient.Cols * depth, run, (firstRange, endRange) =>
        {
            using var columns = new Scratch<T>(depth * rows * at.OutWidth);
            for (long range = firstRange; range < endRange; range++)
                for (long image = at.Images * range / ranges; image < at.Images * (range + 1) / ranges; image++)
                    for (long first = 0; first < at.OutHeight; first += rows)
                    {
                        long count = Math.Min(rows, at.OutHeight - first), width = count * at.OutWidth;
                        WindowColumns<T>.Take(at, input.Cell0 + image * input.Cols, first, count, columns.Cell0);
                        var from = new Operand<T>(gradient.Cell0 + image * gradient.Cols + first * at.OutWidth, at.OutCells, 1);
                        MatMul.Product(from, new Operand<T>(columns.Cell0, 1, width), parts.Cell0 + range * parts.Cols, depth, filters, depth, width, add: true);
                    }
        });
        for (long range = 0; range < ranges; range++) Lines<T>.AddScaled(T.One, parts.Cell0 + range * parts.Cols, result.Cell0, result.Cells);
        parts.Release();
        GC.KeepAlive(input);
        GC.KeepAlive(gradient);
        return result;
    }

    // Calls the kernel for all rows of windows, a few of an image at a time, with memory for their columns; on several threads for several images, or, where
    // they do not meet in the result, for several parts of an image.
    static void ForTiles<T>(ImageWindows at, long workPerWindow, bool apart, TaskRunner? run, TileKernel<T> kernel) where T : unmanaged, IFloatingPointIeee754<T>
    {
        long rows = WindowColumns<T>.RowsAtOnce(at), tiles = (at.OutHeight + rows - 1) / rows, together = apart ? 1 : tiles;
        ImageTasks.Run(at.Images * tiles / together, workPerWindow * rows * at.OutWidth * together, run, (first, end) =>
        {
            using var columns = new Scratch<T>(at.WindowCells * rows * at.OutWidth);
            for (long tile = first * together; tile < end * together; tile++)
                kernel(tile / tiles, tile % tiles * rows, Math.Min(rows, at.OutHeight - tile % tiles * rows), columns.Cell0);
        });
    }

    delegate void TileKernel<T>(long image, long first, long count, T* columns) where T : unmanaged;

    static long RequireFilter<T>(string function, DenseMatrix<T> filter, long filters, in ImageWindows at) where T : unmanaged
    {
        ImageWindows.RequireShape(function, "filter", filter.Rows, filter.Cols, filters, at.Channels, at.WindowHeight, at.WindowWidth);
        return at.WindowCells;
    }

    static void RequireChannels(string function, long filterChannels, in ImageWindows at)
    {
        if (filterChannels != at.Channels) throw Diag.FilterChannels.Raise(function, filterChannels, at.Channels);
    }
}
