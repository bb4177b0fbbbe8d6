using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels.Generate;

/// <summary>Seeded samples are those of the original: the expected values were recorded there.</summary>
public sealed class SampleTests
{
    [Theory]
    [InlineData(10, 12, true, 1, "4 9 7 9 0 1 3 9 1 2 0 3")]
    [InlineData(100, 8, true, 42, "37 79 95 18 73 77 59 59")]
    [InlineData(1, 4, true, 3, "0 0 0 0")]
    [InlineData(10, 10, false, 1, "4 9 6 8 3 7 0 5 1 2")]
    [InlineData(10, 5, false, 1, "4 0 1 3 7")]
    [InlineData(100, 8, false, 42, "12 68 40 14 27 37 20 35")]
    [InlineData(3, 1, false, 8, "1")]
    [InlineData(7, 7, false, 0, "0 3 2 5 1 6 4")]
    [InlineData(7, 7, false, 6, "3 0 4 1 2 5 6")]
    [InlineData(20, 6, false, 4, "5 6 4 3 8 9")]
    public void Integers(long range, long size, bool withReplacement, long seed, string values) =>
        Assert.Equal(values, string.Join(' ', Sample.Column(range, size, withReplacement, seed).ToArray()));

    [Fact]
    public void Floats()
    {
        Assert.Equal([9.97185, 9.32557, 1.28124, 9.99041, 2.36089], Sample.Column(10.0, 5, true, 1).ToArray().Select(v => Math.Round(v, 5)));
        Assert.Equal([1.99136, 0.45859, 1.94923, 1.49213, 1.11458], Sample.Column(2.5, 5, false, 42).ToArray().Select(v => Math.Round(v, 5)));
        Assert.All(Sample.Column(3f, 1000, false, 1).ToArray(), v => Assert.InRange(v, 0f, 3f));
    }

    [Fact]
    public void Large_samples_have_the_recorded_statistics()
    {
        long[] values = Sample.Column(1000L, 5000, true, 99).ToArray();
        Assert.Equal((2506349, 0, 999), (values.Sum(), values.Min(), values.Max()));
        values = Sample.Column(1000L, 1000, false, 99).ToArray();
        Assert.Equal([246, 923, 818, 733, 722], values[..5]);
        Assert.Equal(774, values[995]);
    }

    // From 2^16 values on the shuffle places one value per draw.
    [Theory]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(70_001)]
    public void Without_replacement_everything_is_drawn_once(int size)
    {
        int[] values = Sample.Column(size, size, false, 3).ToArray();
        Assert.NotEqual(Enumerable.Range(0, size), values);
        Assert.Equal(Enumerable.Range(0, size), values.Order());
    }

    [Fact]
    public void Arguments_that_make_no_sample_are_told()
    {
        Assert.Equal(Diag.SampleRange, Assert.Throws<RaisedException>(() => Sample.Column(0L, 3, true, 1)).Def);
        Assert.Equal(Diag.SampleSize, Assert.Throws<RaisedException>(() => Sample.Column(3L, 0, true, 1)).Def);
        Assert.Equal("5 different values cannot be drawn from 3", Assert.Throws<RaisedException>(() => Sample.Column(3L, 5, false, 1)).Message);
    }
}
