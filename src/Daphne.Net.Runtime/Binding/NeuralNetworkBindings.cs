using System.Numerics;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Operations on batches of images.</summary>
sealed class NeuralNetworkBindings : IFloatFamily
{
    public static Dictionary<OpDef, Binder> Table<T>() where T : unmanaged, IFloatingPointIeee754<T> => Rows<T>.Table;

    static class Rows<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        delegate DenseMatrix<T> PoolKernel(DenseMatrix<T> input, in ImageWindows at, TaskRunner? run);

        delegate DenseMatrix<T> PoolGradient(DenseMatrix<T> input, DenseMatrix<T> gradient, in ImageWindows at, TaskRunner? run);

        public static readonly Dictionary<OpDef, Binder> Table = new()
        {
            [Op.Softmax] = Shares,
            [Op.BiasAdd] = Bias,
            [Op.Affine] = Layer,
            [Op.BatchNorm2d] = Normalization,
            [Op.BatchNorm2dBackward] = NormalizationGradients,
            [Op.Conv2d] = Convolved,
            [Op.Conv2dBackwardFilter] = FilterGradient,
            [Op.Conv2dBackwardData] = DataGradient,
            [Op.MaxPool2d] = (op, e) => Pool(op, e, Pooling.Max),
            [Op.AvgPool2d] = (op, e) => Pool(op, e, Pooling.Mean),
            [Op.MaxPool2dBackward] = (op, e) => Gradient(op, e, Pooling.MaxBackward),
            [Op.AvgPool2dBackward] = (op, e) => Gradient(op, e, Pooling.MeanBackward),
        };

        static Step Shares(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), to = e.Object(op.Result);
            return new Do(f => f.Own(to, SoftmaxRows.Apply(f.Dense<T>(x), f.Context.Tasks())));
        }

        static Step Bias(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), bias = e.Dense<T>(op, 1), to = e.Object(op.Result);
            return new Do(f => f.Own(to, ChannelValues.Add(f.Dense<T>(x), f.Dense<T>(bias), f.Context.Tasks())));
        }

        static Step Layer(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), weights = e.Dense<T>(op, 1), bias = e.Dense<T>(op, 2), to = e.Object(op.Result);
            return new Do(f => f.Own(to, ChannelValues.Affine(f.Dense<T>(x), f.Dense<T>(weights), f.Dense<T>(bias), f.Context.Tasks())));
        }

        static Step Normalization(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), gamma = e.Dense<T>(op, 1), beta = e.Dense<T>(op, 2), mean = e.Dense<T>(op, 3), variance = e.Dense<T>(op, 4), eps = e.Number<T>(op, 5);
            int to = e.Object(op.Result);
            return new Do(f => f.Own(to, BatchNormalization.Apply(f.Dense<T>(x), f.Dense<T>(gamma), f.Dense<T>(beta), f.Dense<T>(mean), f.Dense<T>(variance), f.Scalar<T>(eps), f.Context.Tasks())));
        }

        static Step NormalizationGradients(Operation op, Emitter e)
        {
            int mean = e.Dense<T>(op, 0), invVar = e.Dense<T>(op, 1), x = e.Dense<T>(op, 2), gradient = e.Dense<T>(op, 3), gamma = e.Dense<T>(op, 4);
            int toInput = e.Object(op.Results[0]), toGamma = e.Object(op.Results[1]), toBeta = e.Object(op.Results[2]);
            return new Do(f =>
            {
                var (input, dGamma, dBeta) = BatchNormalization.Backward(f.Dense<T>(mean), f.Dense<T>(invVar), f.Dense<T>(x), f.Dense<T>(gradient), f.Dense<T>(gamma), f.Context.Tasks());
                f.Own(toInput, input);
                f.Own(toGamma, dGamma);
                f.Own(toBeta, dBeta);
            });
        }

        // Results: the images made, their height and their width.
        static Step Convolved(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), filter = e.Dense<T>(op, 1), bias = op.Operands.Count > 12 ? e.Dense<T>(op, 12) : -1;
            int to = e.Object(op.Results[0]), height = e.Number(op.Results[1]), width = e.Number(op.Results[2]);
            int[] sizes = Sizes(op, e, 2, 10);
            return new Do(f =>
            {
                var at = Windows(f, sizes);
                f.Own(to, Convolution.Forward(f.Dense<T>(x), f.Dense<T>(filter), bias < 0 ? null : f.Dense<T>(bias), at, f.Context.Tasks()));
                (f.Bits[height], f.Bits[width]) = ((ulong)at.OutHeight, (ulong)at.OutWidth);
            });
        }

        // Operands: two matrices, strides, padding, then images, channels, height and width, then filters and their channels, height and width.
        static Step FilterGradient(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), gradient = e.Dense<T>(op, 1), to = e.Object(op.Result);
            int[] sizes = Sizes(op, e, 2, 12);
            return new Do(f => f.Own(to, Convolution.BackwardFilter(f.Dense<T>(x), f.Dense<T>(gradient), f.Extent(sizes[8]), f.Extent(sizes[9]), GradientWindows(f, sizes), f.Context.Tasks())));
        }

        static Step DataGradient(Operation op, Emitter e)
        {
            int filter = e.Dense<T>(op, 0), gradient = e.Dense<T>(op, 1), to = e.Object(op.Result);
            int[] sizes = Sizes(op, e, 2, 12);
            return new Do(f => f.Own(to, Convolution.BackwardData(f.Dense<T>(filter), f.Dense<T>(gradient), f.Extent(sizes[8]), f.Extent(sizes[9]), GradientWindows(f, sizes), f.Context.Tasks())));
        }

        static Step Pool(Operation op, Emitter e, PoolKernel kernel)
        {
            int x = e.Dense<T>(op, 0), to = e.Object(op.Results[0]), height = e.Number(op.Results[1]), width = e.Number(op.Results[2]);
            int[] sizes = Sizes(op, e, 1, 10);
            return new Do(f =>
            {
                var at = Windows(f, sizes);
                f.Own(to, kernel(f.Dense<T>(x), at, f.Context.Tasks()));
                (f.Bits[height], f.Bits[width]) = ((ulong)at.OutHeight, (ulong)at.OutWidth);
            });
        }

        static Step Gradient(Operation op, Emitter e, PoolGradient kernel)
        {
            int x = e.Dense<T>(op, 0), gradient = e.Dense<T>(op, 1), to = e.Object(op.Result);
            int[] sizes = Sizes(op, e, 2, 10);
            return new Do(f => f.Own(to, kernel(f.Dense<T>(x), f.Dense<T>(gradient), Windows(f, sizes), f.Context.Tasks())));
        }

        static int[] Sizes(Operation op, Emitter e, int first, int count) => [.. Enumerable.Range(first, count).Select(operand => e.Size(op, operand))];

        static ImageWindows Windows(Activation f, int[] s) =>
            new(f.Extent(s[0]), f.Extent(s[1]), f.Extent(s[2]), f.Extent(s[3]), f.Extent(s[4]), f.Extent(s[5]), f.Extent(s[6]), f.Extent(s[7]), f.Extent(s[8]), f.Extent(s[9]));

        static ImageWindows GradientWindows(Activation f, int[] s) =>
            new(f.Extent(s[4]), f.Extent(s[5]), f.Extent(s[6]), f.Extent(s[7]), f.Extent(s[10]), f.Extent(s[11]), f.Extent(s[0]), f.Extent(s[1]), f.Extent(s[2]), f.Extent(s[3]));
    }
}
