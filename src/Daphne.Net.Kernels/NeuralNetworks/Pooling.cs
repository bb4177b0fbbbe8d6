using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Windows of images as one cell each, and the gradients of that. Padding is never the largest cell, and counts as zeros in means.</summary>
public static unsafe class Pooling
{
    /// <summary>The largest cell of each window; nan if there is one.</summary>
    /// <exception cref="RaisedException">Windows and images do not fit together.</exception>
    public static DenseMatrix<T> Max<T>(DenseMatrix<T> input, in ImageWindows at, TaskRunner? run = null) where T : unmanaged, IFloatingPointIeee754<T> =>
        Forward<T, Largest<T>>("max_pool2d", input, at, run);

    /// <summary>The mean of each window.</summary>
    /// <exception cref="RaisedException">Windows and images do not fit together.</exception>
    public static DenseMatrix<T> Mean<T>(DenseMatrix<T> input, in ImageWindows at, TaskRunner? run = null) where T : unmanaged, IFloatingPointIeee754<T> =>
        Forward<T, Average<T>>("avg_pool2d", input, at, run);

    /// <summary>The gradient of what <see cref="Max"/> takes: that of a window goes to its first largest cell.</summary>
    /// <exception cref="RaisedException">Windows, images and gradient do not fit together.</exception>
    public static DenseMatrix<T> MaxBackward<T>(DenseMatrix<T> input, DenseMatrix<T> gradient, in ImageWindows at, TaskRunner? run = null) where T : unmanaged, IFloatingPointIeee754<T> =>
        Backward<T, Largest<T>>("max_pool2d_backward", input, gradient, at, run);

    /// <summary>The gradient of what <see cref="Mean"/> takes: that of a window is shared out evenly, to padding too.</summary>
    /// <exception cref="RaisedException">Windows, images and gradient do not fit together.</exception>
    public static DenseMatrix<T> MeanBackward<T>(DenseMatrix<T> input, DenseMatrix<T> gradient, in ImageWindows at, TaskRunner? run = null) where T : unmanaged, IFloatingPointIeee754<T> =>
        Backward<T, Average<T>>("avg_pool2d_backward", input, gradient, at, run);

    static DenseMatrix<T> Forward<T, TPool>(string function, DenseMatrix<T> input, ImageWindows at, TaskRunner? run) where T : unmanaged, IFloatingPointIeee754<T> where TPool : IPool<T>
    {
        at.Require(function, "input", input.Rows, input.Cols);
        at.RequireCellsInWindows(function);
        var result = DenseMatrix<T>.Allocate(at.Images, at.Channels * at.OutCells);
        long planes = at.Channels, plane = at.Height * at.Width, share = at.WindowHeight * at.WindowWidth;
        ImageTasks.Run(at.Images, result.Cols * share, run, (first, end) =>
        {
            for (long i = first * planes; i < end * planes; i++)
            {
                T* from = input.Cell0 + i * plane, to = result.Cell0 + i * at.OutCells;
                for (long p = 0; p < at.OutHeight; p++)
                    for (long q = 0; q < at.OutWidth; q++) *to++ = TPool.Value(from, at.Width, Cut(at, p, q), share);
            }
        });
        GC.KeepAlive(input);
        return result;
    }

    static DenseMatrix<T> Backward<T, TPool>(string function, DenseMatrix<T> input, DenseMatrix<T> gradient, ImageWindows at, TaskRunner? run)
        where T : unmanaged, IFloatingPointIeee754<T> where TPool : IPool<T>
    {
        at.Require(function, "input", input.Rows, input.Cols);
        at.RequireCellsInWindows(function);
        ImageWindows.RequireShape(function, "gradient", gradient.Rows, gradient.Cols, at.Images, at.Channels, at.OutHeight, at.OutWidth);
        var result = DenseMatrix<T>.Allocate(input.Rows, input.Cols, zeroed: true);
        long planes = at.Channels, plane = at.Height * at.Width, share = at.WindowHeight * at.WindowWidth;
        ImageTasks.Run(at.Images, gradient.Cols * share, run, (first, end) =>
        {
            for (long i = first * planes; i < end * planes; i++)
            {
                T* from = input.Cell0 + i * plane, to = result.Cell0 + i * plane, d = gradient.Cell0 + i * at.OutCells;
                for (long p = 0; p < at.OutHeight; p++)
                    for (long q = 0; q < at.OutWidth; q++) TPool.Spread(from, to, at.Width, Cut(at, p, q), share, *d++);
            }
        });
        GC.KeepAlive(input);
        GC.KeepAlive(gradient);
        return result;
    }

    static Window Cut(in ImageWindows at, long p, long q)
    {
        var (top, bottom) = ImageWindows.Inside(p, at.StrideHeight, at.PadHeight, at.WindowHeight, at.Height);
        var (left, right) = ImageWindows.Inside(q, at.StrideWidth, at.PadWidth, at.WindowWidth, at.Width);
        return new(top, bottom, left, right);
    }

    // The part of a window that lies in the image.
    readonly record struct Window(long Top, long Bottom, long Left, long Right);

    interface IPool<T> where T : unmanaged
    {
        /// <summary>One cell from those of a window, which has so many with padding.</summary>
        static abstract T Value(T* channel, long width, in Window window, long cells);

        /// <summary>Gives the gradient of that cell to those of the window.</summary>
        static abstract void Spread(T* channel, T* to, long width, in Window window, long cells, T gradient);
    }

    readonly struct Largest<T> : IPool<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static T Value(T* channel, long width, in Window window, long cells) => channel[Place(channel, width, window)];

        public static void Spread(T* channel, T* to, long width, in Window window, long cells, T gradient) => to[Place(channel, width, window)] += gradient;

        static long Place(T* channel, long width, in Window window)
        {
            long best = window.Top * width + window.Left;
            for (long h = window.Top; h < window.Bottom; h++)
                for (long i = h * width + window.Left; i < h * width + window.Right; i++)
                    if (channel[i] > channel[best] || (T.IsNaN(channel[i]) && !T.IsNaN(channel[best]))) best = i;
            return best;
        }
    }

    readonly struct Average<T> : IPool<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static T Value(T* channel, long width, in Window window, long cells)
        {
            T sum = T.Zero;
            for (long h = window.Top; h < window.Bottom; h++)
                for (long i = h * width + window.Left; i < h * width + window.Right; i++) sum += channel[i];
            return sum / T.CreateTruncating(cells);
        }

        public static void Spread(T* channel, T* to, long width, in Window window, long cells, T gradient)
        {
            T part = gradient / T.CreateTruncating(cells);
            for (long h = window.Top; h < window.Bottom; h++)
                for (long i = h * width + window.Left; i < h * width + window.Right; i++) to[i] += part;
        }
    }
}
