using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels.Generate;

/// <summary>Seeded matrices are those of the original: the expected cells were recorded there.</summary>
public sealed class RandTests
{
    [Theory]
    [InlineData(3, 4, 0, 1, 1, 1, "0.997185 0.932557 0.128124 0.999041 / 0.236089 0.396581 0.387911 0.669746 / 0.935539 0.846311 0.313274 0.524548")]
    [InlineData(2, 3, -5, 5, 1, 42, "2.96543 -3.16565 2.79691 / 0.968502 -0.541672 -4.00025")]
    [InlineData(1, 3, 0, 1, 1, 4294967296, "0.592845 0.844266 0.857946")]
    [InlineData(1, 3, 0, 1, 1, -7, "0.651083 0.881275 0.984213")]
    [InlineData(2, 3, 0, 1, 0.5, 1431655766, "0 0 0 / 0.930683 0.70183 0.0180905")]
    [InlineData(4, 5, 1, 2, 0.75, 3, "0 1.83995 1.12133 1.56931 1.43706 / 0 0 1.24789 1.09355 0 / 1.14537 1.45317 0 1.35391 1.49264 / 1.9133 1.76583 1.97365 1.40236 1.55277")]
    [InlineData(4, 5, 1, 2, 0.5, 3, "0 0 1.12133 1.56931 1.43706 / 0 0 1.24789 0 0 / 1.14537 1.45317 0 0 1.49264 / 1.9133 0 1.97365 0 1.55277")]
    [InlineData(4, 5, 1, 2, 0.25, 3, "1.07072 0 0 0 0 / 1.83995 1.12133 0 0 1.56931 / 0 0 1.43706 0 0 / 0 0 0 0 0")]
    [InlineData(2, 2, 1, 2, 0, 3, "0 0 / 0 0")]
    public void Doubles(long rows, long cols, double min, double max, double sparsity, long seed, string cells) => Check(rows, cols, min, max, sparsity, seed, cells);

    [Theory]
    [InlineData(3, 3, 0f, 1f, 1, 1, "0.417022 0.997185 0.720325 / 0.932557 0.000114381 0.128124 / 0.302333 0.999041 0.146756")]
    [InlineData(2, 4, 2f, 3f, 0.6, 17, "2.29467 0 0 2.84423 / 2.19152 2.88886 2.0679 0")]
    public void Floats(long rows, long cols, float min, float max, double sparsity, long seed, string cells) => Check(rows, cols, min, max, sparsity, seed, cells);

    [Theory]
    [InlineData(3, 5, 1, 10, 1, 1, "5 10 8 10 1 / 2 4 10 2 3 / 1 4 2 4 4")]
    [InlineData(2, 6, -3, 3, 1, 11, "-2 -3 -3 1 -2 2 / 3 -1 -3 -2 -3 3")]
    [InlineData(2, 4, 5, 5, 1, 11, "5 5 5 5 / 5 5 5 5")]
    [InlineData(2, 2, 0, 1, 1, 1, "1 1 / 1 1")]
    [InlineData(3, 6, 1, 9, 0.7, 2, "4 0 1 0 0 0 / 0 5 4 3 3 2 / 2 7 6 2 3 5")]
    [InlineData(3, 6, 1, 9, 0.3, 2, "0 4 0 2 1 9 / 5 0 0 0 0 0 / 0 0 0 0 0 0")]
    [InlineData(3, 6, 0, 1, 0.3, 2, "0 1 0 1 1 1 / 1 0 0 0 0 0 / 0 0 0 0 0 0")]
    [InlineData(2, 2, long.MinValue, long.MaxValue, 1, 3, "937055941807507096 3839649608876091011 / -3857126681373350968 199733986212078357")]
    [InlineData(2, 3, 0, 4294967295, 1, 3, "2365658986 303761048 3041471737 / 3607553667 1249426360 521102280")]
    [InlineData(2, 3, 0, 4294967296, 1, 3, "521102280 174507689 1064672149 / 401800614 2984244884 624360029")]
    [InlineData(2, 3, -1000000000000, 1000000000000, 1, 3, "99815388824 416651794051 -419658312760 / 24647389973 788583561875 791081884523")]
    public void Integers(long rows, long cols, long min, long max, double sparsity, long seed, string cells) => Check(rows, cols, min, max, sparsity, seed, cells);

    [Theory]
    [InlineData(2, 8, 0, 255, 1, 1, "106 255 184 238 32 77 255 37 / 60 23 101 47 99 88 171 101")]
    [InlineData(2, 8, 1, 3, 0.5, 4, "0 3 2 0 0 0 3 0 / 0 2 1 0 3 1 0 3")]
    public void Bytes(long rows, long cols, byte min, byte max, double sparsity, long seed, string cells) => Check(rows, cols, min, max, sparsity, seed, cells);

    [Fact]
    public void All_integer_types_draw_the_same_numbers()
    {
        string cells = Rows(Rand.Dense(9, 7, -100L, 100L, 0.8, 5));
        Assert.Equal(cells, Rows(Rand.Dense(9, 7, -100, 100, 0.8, 5)));
        Assert.Equal(cells, Rows(Rand.Dense<sbyte>(9, 7, -100, 100, 0.8, 5)));
        cells = Rows(Rand.Dense(9, 7, 1L, 100L, 0.2, 5));
        Assert.Equal(cells, Rows(Rand.Dense(9, 7, 1UL, 100UL, 0.2, 5)));
        Assert.Equal(cells, Rows(Rand.Dense(9, 7, 1U, 100U, 0.2, 5)));
        Assert.Equal(cells, Rows(Rand.Dense<byte>(9, 7, 1, 100, 0.2, 5)));
    }

    // rand(1000, 100, 0.0, 1.0, 1.0, 12345) and rand(500, 40, -1.0, 3.0, 0.1, 9): far beyond one block of draws.
    [Fact]
    public void Large_matrices_have_the_recorded_statistics()
    {
        double[] cells = Rand.Dense(1000, 100, 0.0, 1.0, 1.0, 12345).ToArray();
        Assert.Equal("49910.1 8.58583e-07 1 834153", Text(cells.Sum(), cells.Min(), cells.Max(), cells[^1] * 1e6));
        cells = Rand.Dense(500, 40, -1.0, 3.0, 0.1, 9).ToArray();
        Assert.Equal("1948.17 2000 -0.998634 2.99955", Text(cells.Sum(), cells.Count(c => c != 0), cells.Min(), cells.Max()));
        float[] floats = Rand.Dense(200, 100, -1f, 1f, 1.0, 5).ToArray();
        Assert.Equal("48.3507 -0.999873 0.999969", Text(floats.Sum(f => (double)f), floats.Min(), floats.Max()));
        long[] dice = Rand.Dense(1000, 50, 1L, 6L, 1.0, 77).ToArray();
        Assert.Equal("174533 8371 8403 8358 8364 8198 8306", Text([dice.Sum(), .. Enumerable.Range(1, 6).Select(k => dice.Count(c => c == k))]));
    }

    [Fact]
    public void Refilling_the_generator_changes_nothing()
    {
        var one = new MersenneTwister(99);
        var many = new MersenneTwister(99);
        uint[] numbers = new uint[5000];
        for (int at = 0, take = 0; at < numbers.Length; at += take) many.Next(numbers.AsSpan(at, take = Math.Min((take + 1) % 700 + 1, numbers.Length - at)));
        Assert.All(numbers, n => Assert.Equal(one.Next(), n));
    }

    // The C++ standard names this number (rand.predef).
    [Fact]
    public void The_ten_thousandth_number_of_seed_5489_is_the_standard_one()
    {
        var g = new MersenneTwister(5489);
        uint last = 0;
        for (int i = 0; i < 10_000; i++) last = g.Next();
        Assert.Equal(4123659995u, last);
    }

    [Fact]
    public void Arguments_that_make_no_matrix_are_told()
    {
        Assert.Equal(Diag.RandShape, Assert.Throws<RaisedException>(() => Rand.Dense(0, 2, 0.0, 1.0, 1, 1)).Def);
        Assert.Equal("random values between 3 and 1.5: the least is above the most", Assert.Throws<RaisedException>(() => Rand.Dense(2, 2, 3.0, 1.5, 1, 1)).Message);
        Assert.Equal(Diag.RandZero, Assert.Throws<RaisedException>(() => Rand.Dense(2, 2, 0L, 0L, 1, 1)).Def);
        Assert.Equal(Diag.RandZero, Assert.Throws<RaisedException>(() => Rand.Dense(2, 2, -0.0, 0.0, 1, 1)).Def);
        Assert.Equal(Diag.RandSparsity, Assert.Throws<RaisedException>(() => Rand.Dense(2, 2, 0.0, 1.0, 1.5, 1)).Def);
        Assert.Equal(Diag.RandSparsity, Assert.Throws<RaisedException>(() => Rand.Dense(2, 2, 0.0, 1.0, double.NaN, 1)).Def);
    }

    [Fact]
    public void A_seed_of_minus_one_asks_the_source()
    {
        var source = new SeedSource(() => 17);
        Assert.Equal(17, source.Resolve(-1));
        Assert.Equal(-2, source.Resolve(-2));
        Assert.True(Enumerable.Range(0, 20).Select(_ => new SeedSource().Resolve(SeedSource.Any)).Distinct().Count() > 1);
    }

    static void Check<T>(long rows, long cols, T min, T max, double sparsity, long seed, string cells) where T : unmanaged =>
        Assert.Equal(cells.Replace(" / ", "\n", StringComparison.Ordinal) + "\n", Rows(Rand.Dense(rows, cols, min, max, sparsity, seed)));

    static string Rows(Matrix matrix) => Printer.ToText(Datum.Of(matrix)) is var text ? text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..] : "";

    static string Text(params double[] values) => string.Join(' ', values.Select(v => v == Math.Truncate(v) ? v.ToString("0", System.Globalization.CultureInfo.InvariantCulture) : Printer.ToText(Datum.Of(v))));
}
