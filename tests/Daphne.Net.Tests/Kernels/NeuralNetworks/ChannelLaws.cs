using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class ChannelLaws
{
    const int Images = 6, Channels = 3, Size = 10;

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void A_batch_normalised_with_its_own_moments_has_the_mean_beta_and_the_deviation_gamma(int seed)
    {
        var input = RandomMatrices.Floats<double>(Images, Channels * Size, seed);
        var (mean, variance) = Moments(input);
        var gamma = DenseMatrix<double>.Copy([2, 0.5, 3], Channels, 1);
        var beta = DenseMatrix<double>.Copy([0, 1, -7], 1, Channels);
        var (means, variances) = Moments(BatchNormalization.Apply(input, gamma, beta, mean, variance, 0));
        for (int c = 0; c < Channels; c++)
        {
            Assert.Equal(beta[0, c], means[c, 0], 1e-12);
            Assert.Equal(gamma[c, 0], Math.Sqrt(variances[c, 0]), 1e-12);
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Gradients_of_a_normalised_batch_are_what_a_small_change_does(int seed)
    {
        const double eps = 0.01;
        var input = RandomMatrices.Floats<double>(Images, Channels * Size, seed);
        var gamma = RandomMatrices.Floats<double>(Channels, 1, seed + 1);
        var beta = RandomMatrices.Floats<double>(Channels, 1, seed + 2);
        var gradient = RandomMatrices.Floats<double>(Images, Channels * Size, seed + 3);
        var (mean, variance) = Moments(input);
        var invVar = RandomMatrices.Build(Channels, 1, (c, _) => 1 / Math.Sqrt(variance[c, 0] + eps));
        var (dInput, dGamma, dBeta) = BatchNormalization.Backward(mean, invVar, input, gradient, gamma);
        for (long cell = 0; cell < input.Cells; cell += 7) AssertNear(Slope(x => Loss(Changed(input, cell, x), gamma, beta)), dInput.Span(cell, 1)[0]);
        for (long c = 0; c < Channels; c++)
        {
            AssertNear(Slope(x => Loss(input, Changed(gamma, c, x), beta)), dGamma[c, 0]);
            AssertNear(Slope(x => Loss(input, gamma, Changed(beta, c, x))), dBeta[c, 0]);
        }

        double Loss(DenseMatrix<double> x, DenseMatrix<double> g, DenseMatrix<double> b)
        {
            var (m, v) = Moments(x);
            return BatchNormalization.Apply(x, g, b, m, v, eps).ToArray().Zip(gradient.ToArray(), (a, d) => a * d).Sum();
        }
    }

    [Fact]
    public void A_value_is_added_to_its_channel_or_column()
    {
        var input = RandomMatrices.Whole<float>(5, 12, seed: 1);
        var bias = DenseMatrix<float>.Copy([10, 20, 30], 1, 3);
        RandomMatrices.AssertSame(RandomMatrices.Build(5, 12, (i, j) => input[i, j] + bias[0, j / 4]), ChannelValues.Add(input, bias), "bias");
        var weights = RandomMatrices.Whole<float>(12, 3, seed: 2);
        var product = MatMul.Apply(input, weights);
        RandomMatrices.AssertSame(RandomMatrices.Build(5, 3, (i, j) => product[i, j] + bias[0, j]), ChannelValues.Affine(input, weights, bias), "affine");
    }

    [Theory, InlineData(1), InlineData(7), InlineData(64), InlineData(5000)]
    public void Shares_add_up_to_1_and_keep_the_ratios_of_exponentials(int n)
    {
        Shares<double>(n, 1e-13);
        Shares<float>(n, 1e-4);
    }

    static void Shares<T>(int n, double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var x = RandomMatrices.Floats<T>(4, n, seed: n);
        var shares = SoftmaxRows.Apply(x);
        for (int i = 0; i < 4; i++)
        {
            double[] expected = [.. Enumerable.Range(0, n).Select(j => Math.Exp(double.CreateChecked(x[i, j])))];
            double sum = expected.Sum(), total = 0;
            for (int j = 0; j < n; j++)
            {
                Assert.Equal(expected[j] / sum, double.CreateChecked(shares[i, j]), tolerance);
                total += double.CreateChecked(shares[i, j]);
            }
            Assert.Equal(1, total, tolerance);
        }
    }

    [Fact]
    public void Large_cells_have_shares_too()
    {
        Assert.Equal([0.5, 0.5], SoftmaxRows.Apply(DenseMatrix<double>.Copy([1e300, 1e300], 1, 2)).ToArray());
        Assert.Equal([0f, 1f], SoftmaxRows.Apply(DenseMatrix<float>.Copy([-1000, 1000], 1, 2)).ToArray());
    }

    [Fact]
    public void Mistakes_are_named()
    {
        var x = DenseMatrix<double>.Allocate(2, 12, zeroed: true);
        var three = DenseMatrix<double>.Allocate(3, 1, zeroed: true);
        ImageWindows at = new(2, 3, 2, 2, 2, 2, 1, 1, 0, 0);
        Assert.Equal("conv2d: the input is 2x12, but by the sizes given it is 2x16 (4 x 2 x 2)", Message(() => Convolution.Forward(x, x, null, at with { Channels = 4 })));
        Assert.Equal("conv2d: the filter is 2x12, but by the sizes given it is 2x3 (3 x 1 x 1)", Message(() => Convolution.Forward(x, x, null, at with { WindowHeight = 1, WindowWidth = 1 })));
        Assert.Equal("conv2d: the bias is 3x1, but it is a row or a column with one value for each of 2 channels", Message(() => Convolution.Forward(x, x, three, at)));
        Assert.Equal("max_pool2d: a window of 3x2 does not fit into images of 2x2 with a padding of 0x0", Message(() => Pooling.Max(x, at with { WindowHeight = 3 })));
        Assert.Equal("avg_pool2d: with a padding of 2x0 windows of 2x2 would see nothing but padding", Message(() => Pooling.Mean(x, at with { PadHeight = 2 })));
        Assert.Equal("avg_pool2d needs windows and strides of at least 1, but they are 2x2 and 0x1", Message(() => Pooling.Mean(x, at with { StrideHeight = 0 })));
        Assert.Equal("max_pool2d_backward: the gradient is 2x12, but by the sizes given it is 2x3 (3 x 1 x 1)", Message(() => Pooling.MaxBackward(x, x, at)));
        Assert.Equal("conv2d_backward_filter: filters of 2 channels do not fit images of 3", Message(() => Convolution.BackwardFilter(x, x, 2, 2, at)));
        Assert.Equal("biasAdd: the rows of the 2x12 input cannot be cut into 5 channels", Message(() => ChannelValues.Add(x, DenseMatrix<double>.Allocate(1, 5))));
        Assert.Equal("affine needs matching inner dimensions, but the operands are 2x12 and 2x12", Message(() => ChannelValues.Affine(x, x, three)));
        Assert.StartsWith("conv2d_backward_data: images of 3 channels of ", Message(() => Convolution.BackwardData(x, x, 2, 3, at with { Height = long.MaxValue, Width = long.MaxValue })), StringComparison.Ordinal);

        static string Message(Action action) => Assert.Throws<RaisedException>(action).Message;
    }

    static (DenseMatrix<double> Mean, DenseMatrix<double> Variance) Moments(DenseMatrix<double> x)
    {
        var mean = RandomMatrices.Build(Channels, 1, (c, _) => Of(c).Average());
        return (mean, RandomMatrices.Build(Channels, 1, (c, _) => Of(c).Average(cell => (cell - mean[c, 0]) * (cell - mean[c, 0]))));

        IEnumerable<double> Of(long channel) => from i in Enumerable.Range(0, Images) from j in Enumerable.Range(0, Size) select x[i, channel * Size + j];
    }

    static DenseMatrix<double> Changed(DenseMatrix<double> x, long cell, double by)
    {
        double[] cells = x.ToArray();
        cells[cell] += by;
        return DenseMatrix<double>.Copy(cells, x.Rows, x.Cols);
    }

    static double Slope(Func<double, double> f) => (f(1e-5) - f(-1e-5)) / 2e-5;

    static void AssertNear(double expected, double actual) => Assert.True(Math.Abs(expected - actual) <= 1e-5 * Math.Max(1, Math.Abs(expected)), $"{actual} instead of {expected}");
}
