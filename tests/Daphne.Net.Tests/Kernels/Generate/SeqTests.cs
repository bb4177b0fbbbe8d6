using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels.Generate;

public sealed class SeqTests
{
    [Theory]
    [InlineData(1, 5, 2, "1 3 5")]
    [InlineData(1, 6, 2, "1 3 5")]
    [InlineData(5, 1, 1, "")]
    [InlineData(1, 5, -1, "")]
    [InlineData(5, 1, -2, "5 3 1")]
    [InlineData(3, 3, 1, "3")]
    [InlineData(3, 3, -1, "3")]
    [InlineData(-3, 3, 3, "-3 0 3")]
    [InlineData(0, 1, 2, "0")]
    [InlineData(long.MaxValue - 1, long.MaxValue, 1, "9223372036854775806 9223372036854775807")]
    [InlineData(long.MinValue, long.MaxValue, long.MaxValue, "-9223372036854775808 -1 9223372036854775806")]
    [InlineData(long.MaxValue, long.MinValue, long.MinValue, "9223372036854775807 -1")]
    public void Integers(long from, long to, long inc, string values) => Assert.Equal(values, string.Join(' ', Seq.Between(from, to, inc).ToArray()));

    [Fact]
    public void Other_integers()
    {
        Assert.Equal([250, 255], Seq.Between<byte>(250, 255, 5).ToArray());
        Assert.Equal([1, 3], Seq.Between(1u, 4u, 2u).ToArray());
        Assert.Empty(Seq.Between(5UL, 1UL, ulong.MaxValue).ToArray());
    }

    [Theory]
    [InlineData(0.0, 1.0, 0.25, 5, 1.0)]
    [InlineData(0.0, 1.0, 0.1, 11, 0.99999999999999989)]
    [InlineData(0.0, 0.9, 0.25, 4, 0.75)]
    [InlineData(1.0, 0.0, -0.5, 3, 0.0)]
    [InlineData(0.5, 3.0, 1.0, 3, 2.5)]
    [InlineData(2.0, 1.0, 1.0, 0, 0.0)]
    [InlineData(0.0, 0.3, 0.1, 4, 0.30000000000000004)]
    public void Doubles(double from, double to, double inc, int count, double last)
    {
        double[] values = Seq.Between(from, to, inc).ToArray();
        Assert.Equal(count, values.Length);
        if (count > 0) Assert.Equal((from, last), (values[0], values[^1]));
    }

    [Fact]
    public void Singles() => Assert.Equal([0f, 0.5f, 1f], Seq.Between(0f, 1f, 0.5f).ToArray());

    [Fact]
    public void Sequences_without_end_are_refused()
    {
        Assert.Equal(Diag.SeqNoStep, Assert.Throws<RaisedException>(() => Seq.Between(1L, 3L, 0L)).Def);
        Assert.Equal(Diag.SeqNoStep, Assert.Throws<RaisedException>(() => Seq.Between(1.0, 3.0, -0.0)).Def);
        Assert.Equal("a sequence from 1 to inf in steps of 1 has no end", Assert.Throws<RaisedException>(() => Seq.Between(1.0, double.PositiveInfinity, 1.0)).Message);
        Assert.Equal(Diag.SeqNotFinite, Assert.Throws<RaisedException>(() => Seq.Between(double.NaN, 1, -1)).Def);
    }

    [Fact]
    public void Fill_repeats_one_value()
    {
        Assert.Equal([1.5f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f], Fill.With(1.5f, 2, 3).ToArray());
        Assert.Equal((0, 3), (Fill.With(true, 0, 3).Rows, Fill.With(true, 0, 3).Cols));
        Assert.Equal(["s", "s"], Fill.With("s", 2, 1).Span.ToArray());
    }
}
