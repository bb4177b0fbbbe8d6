using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>A value for each channel of images, as a row or a column, and what is done with such values.</summary>
public static unsafe class ChannelValues
{
    /// <summary>Adds to all cells of a channel its value. The number of values says how many channels there are.</summary>
    /// <exception cref="RaisedException">bias is no row or column, or the images cannot be cut into so many channels.</exception>
    public static DenseMatrix<T> Add<T>(DenseMatrix<T> input, DenseMatrix<T> bias, TaskRunner? run = null) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Require("biasAdd", "bias", bias, bias.Cells);
        long channels = bias.Cells, size = ChannelSize("biasAdd", input, channels);
        var result = DenseMatrix<T>.Allocate(input.Rows, input.Cols);
        ImageTasks.Run(input.Rows, input.Cols, run, (first, end) =>
        {
            for (long i = first * channels; i < end * channels; i++)
            {
                T value = bias.Cell0[i % channels];
                T* from = input.Cell0 + i * size, to = result.Cell0 + i * size;
                for (long j = 0; j < size; j++) to[j] = from[j] + value;
            }
        });
        GC.KeepAlive(input);
        GC.KeepAlive(bias);
        return result;
    }

    /// <summary>input @ weights, and a value for each column added.</summary>
    /// <exception cref="RaisedException">The shapes do not fit together.</exception>
    public static DenseMatrix<T> Affine<T>(DenseMatrix<T> input, DenseMatrix<T> weights, DenseMatrix<T> bias, TaskRunner? run = null) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (input.Cols != weights.Rows) throw Diag.InnerDimensions.Raise("affine", input.Shape(), weights.Shape());
        Require("affine", "bias", bias, weights.Cols);
        var result = MatMul.Apply(input, weights, run: run);
        for (long i = 0; i < result.Rows; i++) Lines<T>.AddScaled(T.One, bias.Cell0, result.Cell0 + i * result.Cols, result.Cols);
        GC.KeepAlive(bias);
        return result;
    }

    internal static void Require<T>(string function, string role, DenseMatrix<T> values, long channels) where T : unmanaged
    {
        if (values.Cells != channels || (values.Rows != 1 && values.Cols != 1)) throw Diag.ChannelValues.Raise(function, role, values.Shape(), Channels(channels));
    }

    internal static long ChannelSize<T>(string function, DenseMatrix<T> input, long channels) where T : unmanaged =>
        channels > 0 && input.Cols % channels == 0 ? input.Cols / channels : throw Diag.ChannelsDoNotDivide.Raise(function, input.Shape(), channels);

    static string Channels(long count) => count == 1 ? "1 channel" : $"{count} channels";
}
