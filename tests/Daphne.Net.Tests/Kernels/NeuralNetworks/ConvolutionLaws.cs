using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

/// <summary>Convolution and pooling against the definition, gradients against the products that define them, over random shapes.</summary>
public sealed class ConvolutionLaws
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Theory, MemberData(nameof(Seeds))]
    public void A_convolution_is_the_sum_over_each_window_in_f64(int seed) => Forward<double>(seed);

    [Theory, MemberData(nameof(Seeds))]
    public void A_convolution_is_the_sum_over_each_window_in_f32(int seed) => Forward<float>(seed);

    // Whole numbers: every order of sums gives the same bits.
    static void Forward<T>(int seed) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (at, filters) = RandomWindows(seed);
        var input = RandomMatrices.Whole<T>(at.Images, at.ImageCells, seed);
        var filter = RandomMatrices.Whole<T>(filters, at.WindowCells, seed + 1);
        var bias = RandomMatrices.Whole<T>(seed % 2 == 0 ? 1 : filters, seed % 2 == 0 ? filters : 1, seed + 2);
        var expected = RandomMatrices.Build(at.Images, filters * at.OutCells, (i, j) =>
        {
            long f = j / at.OutCells, p = j % at.OutCells / at.OutWidth, q = j % at.OutWidth;
            T sum = bias.Span(f, 1)[0];
            ForWindow(at, p, q, (c, h, w, k) => sum += input[i, (c * at.Height + h) * at.Width + w] * filter[f, k]);
            return sum;
        });
        foreach (var run in Runners) RandomMatrices.AssertSame(expected, Convolution.Forward(input, filter, bias, at, run), $"seed {seed}: {at}");
    }

    // <conv(x), g> = <x, data(g)> = <filter, gradient(g)>: the law of every linear operation and its gradient.
    [Theory, MemberData(nameof(Seeds))]
    public void Gradients_of_a_convolution_are_its_adjoints(int seed)
    {
        var (at, filters) = RandomWindows(seed);
        var input = RandomMatrices.Whole<double>(at.Images, at.ImageCells, seed);
        var filter = RandomMatrices.Whole<double>(filters, at.WindowCells, seed + 1);
        var gradient = RandomMatrices.Whole<double>(at.Images, filters * at.OutCells, seed + 2);
        double product = Inner(Convolution.Forward(input, filter, null, at), gradient);
        foreach (var run in Runners)
        {
            var ofData = Convolution.BackwardData(filter, gradient, filters, at.Channels, at, run);
            var ofFilter = Convolution.BackwardFilter(input, gradient, filters, at.Channels, at, run);
            Assert.Equal((input.Rows, input.Cols, filter.Rows, filter.Cols), (ofData.Rows, ofData.Cols, ofFilter.Rows, ofFilter.Cols));
            Assert.Equal(product, Inner(input, ofData));
            Assert.Equal(product, Inner(filter, ofFilter));
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Gradients_of_a_convolution_are_what_a_small_change_does(int seed)
    {
        var (at, filters) = RandomWindows(seed);
        var random = new Random(seed);
        var input = RandomMatrices.Floats<double>(at.Images, at.ImageCells, seed);
        var filter = RandomMatrices.Floats<double>(filters, at.WindowCells, seed + 1);
        var gradient = RandomMatrices.Floats<double>(at.Images, filters * at.OutCells, seed + 2);
        var ofData = Convolution.BackwardData(filter, gradient, filters, at.Channels, at);
        var ofFilter = Convolution.BackwardFilter(input, gradient, filters, at.Channels, at);
        for (int trial = 0; trial < 5; trial++)
        {
            long cell = random.NextInt64(input.Cells), weight = random.NextInt64(filter.Cells);
            AssertNear(Slope(x => Inner(Convolution.Forward(Changed(input, cell, x), filter, null, at), gradient)), ofData.Span(cell, 1)[0]);
            AssertNear(Slope(x => Inner(Convolution.Forward(input, Changed(filter, weight, x), null, at), gradient)), ofFilter.Span(weight, 1)[0]);
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Pools_take_the_largest_cell_and_the_mean_of_each_window(int seed)
    {
        var at = ForPools(seed);
        var input = RandomMatrices.Floats<float>(at.Images, at.ImageCells, seed);
        var largest = Pooled(float.NegativeInfinity, Math.Max);
        var sum = Pooled(0f, (x, y) => x + y);
        var mean = RandomMatrices.Build(sum.Rows, sum.Cols, (i, j) => sum[i, j] / (at.WindowHeight * at.WindowWidth));
        foreach (var run in Runners)
        {
            RandomMatrices.AssertSame(largest, Pooling.Max(input, at, run), $"max, seed {seed}: {at}");
            RandomMatrices.AssertSame(mean, Pooling.Mean(input, at, run), $"mean, seed {seed}: {at}");
        }

        DenseMatrix<float> Pooled(float start, Func<float, float, float> step) => RandomMatrices.Build(at.Images, at.Channels * at.OutCells, (i, j) =>
        {
            long channel = j / at.OutCells, p = j % at.OutCells / at.OutWidth, q = j % at.OutWidth;
            float value = start;
            ForWindow(at, p, q, (c, h, w, _) => value = c == channel ? step(value, input[i, (c * at.Height + h) * at.Width + w]) : value);
            return value;
        });
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Gradients_of_pools_are_what_a_small_change_does(int seed)
    {
        var at = ForPools(seed);
        var random = new Random(seed);
        // Cells far enough from each other that a small change does not change which one is the largest.
        int[] order = [.. Enumerable.Range(0, (int)(at.Images * at.ImageCells))];
        random.Shuffle(order);
        var input = RandomMatrices.Build(at.Images, at.ImageCells, (i, j) => (double)order[i * at.ImageCells + j]);
        var gradient = RandomMatrices.Whole<double>(at.Images, at.Channels * at.OutCells, seed);
        foreach (var run in Runners)
        {
            var ofMax = Pooling.MaxBackward(input, gradient, at, run);
            var ofMean = Pooling.MeanBackward(input, gradient, at, run);
            for (int trial = 0; trial < 5; trial++)
            {
                long cell = random.NextInt64(input.Cells);
                AssertNear(Slope(x => Inner(Pooling.Max(Changed(input, cell, x), at), gradient)), ofMax.Span(cell, 1)[0]);
                AssertNear(Slope(x => Inner(Pooling.Mean(Changed(input, cell, x), at), gradient)), ofMean.Span(cell, 1)[0]);
            }
        }
    }

    [Fact]
    public void The_mean_of_a_constant_is_that_constant_and_nan_is_the_largest()
    {
        ImageWindows at = new(2, 3, 6, 6, 3, 2, 3, 2, 0, 0);
        var constant = RandomMatrices.Build(2, 108, (_, _) => 0.75);
        Assert.All(Pooling.Mean(constant, at).ToArray(), x => Assert.Equal(0.75, x));
        var withNan = RandomMatrices.Build(2, 108, (i, j) => i == 1 && j == 40 ? double.NaN : 1.0);
        Assert.Single(Pooling.Max(withNan, at).ToArray(), double.IsNaN);
    }

    static (ImageWindows At, int Filters) RandomWindows(int seed)
    {
        var random = new Random(seed);
        int height = random.Next(1, 9), width = random.Next(1, 9), padHeight = random.Next(3), padWidth = random.Next(3);
        return (new(random.Next(1, 20), random.Next(1, 4), height, width, random.Next(1, height + 2 * padHeight + 1), random.Next(1, width + 2 * padWidth + 1), random.Next(1, 4), random.Next(1, 4),
            padHeight, padWidth), random.Next(1, 5));
    }

    static ImageWindows ForPools(int seed)
    {
        var at = RandomWindows(seed).At;
        return at with { PadHeight = Math.Min(at.PadHeight, (at.WindowHeight - 1) / 2), PadWidth = Math.Min(at.PadWidth, (at.WindowWidth - 1) / 2), WindowHeight = Math.Min(at.WindowHeight, at.Height), WindowWidth = Math.Min(at.WindowWidth, at.Width) } is var fitting
            && fitting.PadHeight < fitting.WindowHeight && fitting.PadWidth < fitting.WindowWidth ? fitting : fitting with { PadHeight = 0, PadWidth = 0 };
    }

    // Calls with (channel, row, column, number of the cell in the window) of the image's cells in a window.
    static void ForWindow(ImageWindows at, long p, long q, Action<long, long, long, long> cell)
    {
        for (long k = 0; k < at.WindowCells; k++)
        {
            long c = k / (at.WindowHeight * at.WindowWidth), h = p * at.StrideHeight - at.PadHeight + k / at.WindowWidth % at.WindowHeight, w = q * at.StrideWidth - at.PadWidth + k % at.WindowWidth;
            if (h >= 0 && h < at.Height && w >= 0 && w < at.Width) cell(c, h, w, k);
        }
    }

    static IEnumerable<TaskRunner?> Runners =>
    [
        null,
        (count, task) =>
        {
            while (--count >= 0) task(count);
        },
    ];

    static double Inner(DenseMatrix<double> x, DenseMatrix<double> y) => x.ToArray().Zip(y.ToArray(), (a, b) => a * b).Sum();

    static DenseMatrix<double> Changed(DenseMatrix<double> x, long cell, double by)
    {
        double[] cells = x.ToArray();
        cells[cell] += by;
        return DenseMatrix<double>.Copy(cells, x.Rows, x.Cols);
    }

    static double Slope(Func<double, double> f) => (f(1e-3) - f(-1e-3)) / 2e-3;

    static void AssertNear(double expected, double actual) => Assert.True(Math.Abs(expected - actual) <= 1e-6 * Math.Max(1, Math.Abs(expected)), $"{actual} instead of {expected}");
}
