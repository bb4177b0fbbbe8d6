using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Normalisation of the channels of images. The number of values in gamma says how many channels there are.</summary>
public static unsafe class BatchNormalization
{
    /// <summary>gamma (x - mean) / sqrt(variance + eps) + beta.</summary>
    /// <exception cref="RaisedException">The shapes do not fit together.</exception>
    public static DenseMatrix<T> Apply<T>(DenseMatrix<T> input, DenseMatrix<T> gamma, DenseMatrix<T> beta, DenseMatrix<T> mean, DenseMatrix<T> variance, T eps, TaskRunner? run = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const string function = "batch_norm2d";
        long channels = gamma.Cells;
        ChannelValues.Require(function, "gamma", gamma, channels);
        ChannelValues.Require(function, "beta", beta, channels);
        ChannelValues.Require(function, "emaMean", mean, channels);
        ChannelValues.Require(function, "emaVar", variance, channels);
        long size = ChannelValues.ChannelSize(function, input, channels);
        var result = DenseMatrix<T>.Allocate(input.Rows, input.Cols);
        ImageTasks.Run(input.Rows, input.Cols, run, (first, end) =>
        {
            for (long i = first * channels; i < end * channels; i++)
            {
                long c = i % channels;
                T factor = gamma.Cell0[c] / T.Sqrt(variance.Cell0[c] + eps), center = mean.Cell0[c], shift = beta.Cell0[c];
                T* from = input.Cell0 + i * size, to = result.Cell0 + i * size;
                for (long j = 0; j < size; j++) to[j] = (from[j] - center) * factor + shift;
            }
        });
        GC.KeepAlive(input);
        GC.KeepAlive(gamma);
        GC.KeepAlive(beta);
        GC.KeepAlive(mean);
        GC.KeepAlive(variance);
        return result;
    }

    /// <summary>The gradients of input, gamma and beta for a batch normalised with its own mean and variance; the last two are columns.</summary>
    /// <exception cref="RaisedException">The shapes do not fit together.</exception>
    public static (DenseMatrix<T> Input, DenseMatrix<T> Gamma, DenseMatrix<T> Beta) Backward<T>(
        DenseMatrix<T> mean, DenseMatrix<T> invVar, DenseMatrix<T> input, DenseMatrix<T> gradient, DenseMatrix<T> gamma, TaskRunner? run = null) where T : unmanaged, IFloatingPointIeee754<T>
    {
        const string function = "batch_norm2d_backward";
        long channels = gamma.Cells;
        ChannelValues.Require(function, "gamma", gamma, channels);
        ChannelValues.Require(function, "mean", mean, channels);
        ChannelValues.Require(function, "invVar", invVar, channels);
        long size = ChannelValues.ChannelSize(function, input, channels);
        ImageWindows.RequireShape(function, "dout", gradient.Rows, gradient.Cols, input.Rows, channels, 1, size);
        DenseMatrix<T> dInput = DenseMatrix<T>.Allocate(input.Rows, input.Cols), dGamma = DenseMatrix<T>.Allocate(channels, 1), dBeta = DenseMatrix<T>.Allocate(channels, 1);
        ImageTasks.Run(channels, input.Rows * size * 4, run, (first, end) =>
        {
            for (long c = first; c < end; c++)
            {
                T* x = input.Cell0 + c * size, d = gradient.Cell0 + c * size, to = dInput.Cell0 + c * size;
                T center = mean.Cell0[c], scale = invVar.Cell0[c], cells = T.CreateTruncating(input.Rows * size);
                var (sum, along, deviations) = Sums(x, d, center, input.Rows, input.Cols, size);
                dBeta.Cell0[c] = sum;
                dGamma.Cell0[c] = along * scale;

                // What a cell does through the variance and through the mean of its channel; deviations are 0 where mean is the true one.
                T weight = gamma.Cell0[c] * scale, viaVariance = -weight * scale * scale * along / cells, viaMean = -(weight * sum + viaVariance * deviations) / cells;
                for (long i = 0; i < input.Rows; i++)
                    for (long j = i * input.Cols; j < i * input.Cols + size; j++) to[j] = weight * d[j] + viaVariance * (x[j] - center) + viaMean;
            }
        });
        GC.KeepAlive(input);
        GC.KeepAlive(gradient);
        GC.KeepAlive(gamma);
        GC.KeepAlive(mean);
        GC.KeepAlive(invVar);
        return (dInput, dGamma, dBeta);
    }

    // Of one channel over all images: of the gradient, of the gradient times the distance from the mean, of these distances. Image by image, so errors stay small.
    static (T Sum, T Along, T Deviations) Sums<T>(T* x, T* d, T center, long rows, long stride, long size) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T sum = T.Zero, along = T.Zero, deviations = T.Zero;
        for (long i = 0; i < rows; i++, x += stride, d += stride)
        {
            T s = T.Zero, a = T.Zero, v = T.Zero;
            for (long j = 0; j < size; j++)
            {
                T away = x[j] - center;
                s += d[j];
                a += d[j] * away;
                v += away;
            }
            sum += s;
            along += a;
            deviations += v;
        }
        return (sum, along, deviations);
    }
}
