using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class PreparationLaws
{
    [Fact]
    public void The_distinct_values_at_the_codes_are_the_column()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            double[] some = [double.NaN, double.NegativeInfinity, 0.0, -1.5, 2, 3];
            double[] cells = [.. Enumerable.Range(0, random.Next(130)).Select(_ => some[random.Next(some.Length)])];
            foreach (bool ordered in (bool[])[false, true])
            {
                var (codes, values) = Recoding.Apply(DenseMatrix<double>.Copy(cells, cells.Length, 1), ordered);
                double[] known = values.ToArray();
                long[] code = codes.ToArray();
                Assert.True(cells.SequenceEqual(code.Select(c => known[c])), $"seed {seed}");
                Assert.Equal(known.Length, known.Distinct().Count());
                // nan is the largest; in order of first appearance a new code is always the next one.
                if (ordered) Assert.Equal(known.OrderBy(double.IsNaN).ThenBy(v => v), known);
                else Assert.Equal(known, cells.Distinct());
            }
        }
    }

    [Fact]
    public void Ordered_codes_of_strings_are_in_the_order_of_their_bytes()
    {
        string[] cells = ["\uFFFD", "a", "\U0001F600", "", "Z", "a"];
        var (codes, values) = Recoding.Apply(new StringMatrix(cells, 6, 1), ordered: true);
        Assert.Equal(["", "Z", "a", "\uFFFD", "\U0001F600"], values.Span.ToArray());
        Assert.Equal([3L, 2, 4, 0, 1, 2], codes.ToArray());
    }

    [Fact]
    public void A_cell_lies_in_its_bin() => Assert.All(Enumerable.Range(0, 200), seed =>
    {
        var random = new Random(seed);
        long min = random.Next(-50, 50), max = min + random.Next(1, 100), bins = random.Next(1, 12);
        long[] cells = [.. Enumerable.Range(0, 60).Select(_ => random.NextInt64(min - 20, max + 20))];
        var result = DenseMatrix<long>.Allocate(60, 1);
        Binning.Apply(DenseMatrix<long>.Copy(cells, 60, 1), bins, min, max, result);
        double width = (double)(max - min) / bins;
        foreach (var (cell, bin) in cells.Zip(result.ToArray()))
        {
            Assert.InRange(bin, 0, bins - 1);
            double inside = Math.Clamp(cell, min, max);
            Assert.InRange(inside, min + bin * width - 1e-9, min + (bin + 1) * width + 1e-9);
        }
    });

    [Fact]
    public void Bins_of_numbers_at_the_ends_of_their_type_do_not_wrap()
    {
        var result = DenseMatrix<long>.Allocate(3, 1);
        Binning.Apply(DenseMatrix<long>.Copy([long.MinValue, 0, long.MaxValue], 3, 1), 4, long.MinValue, long.MaxValue, result);
        Assert.Equal([0L, 1, 3], result.ToArray());
        var bytes = DenseMatrix<sbyte>.Allocate(3, 1);
        Binning.Apply<sbyte>(DenseMatrix<sbyte>.Copy([-128, 0, 127], 3, 1), 128, -128, 127, bytes);
        Assert.Equal([0, 64, 127], bytes.ToArray());
        Assert.Equal(Diag.BinNumbers, Assert.Throws<RaisedException>(() => Binning.Apply<sbyte>(bytes, 129, -128, 127, bytes)).Def);
        Assert.Equal(Diag.BinBounds, Assert.Throws<RaisedException>(() => Binning.Apply<sbyte>(bytes, 2, 5, 5, bytes)).Def);
    }

    [Fact]
    public void One_hot_columns_have_one_one_per_row_and_it_stands_at_the_code() => Assert.All(Enumerable.Range(0, 60), seed =>
    {
        var random = new Random(seed);
        int rows = random.Next(40), cols = random.Next(1, 6);
        long[] info = [.. Enumerable.Range(0, cols).Select(c => c == 0 ? 3 : random.NextInt64(-1, 5))];
        float[] cells = [.. Enumerable.Range(0, rows * cols).Select(i => info[i % cols] > 0 ? random.NextInt64(info[i % cols]) : random.NextSingle())];
        var result = OneHotEncoding.Apply(DenseMatrix<float>.Copy(cells, rows, cols), DenseMatrix<long>.Copy(info, 1, cols));
        Assert.Equal(info.Sum(Math.Abs), result.Cols);
        for (int r = 0; r < rows; r++)
        {
            var expected = info.SelectMany((n, c) => n < 0 ? [cells[r * cols + c]] : Enumerable.Range(0, (int)n).Select(k => k == cells[r * cols + c] ? 1f : 0f));
            Assert.Equal(expected, result.Row(r).ToArray());
        }
    });

    [Fact]
    public void Zero_has_a_number_of_its_own_and_the_ends_of_the_interval_the_first_and_last()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            float min = random.NextSingle() * -10, max = random.NextSingle() * 10;
            var numbers = DenseMatrix<byte>.Allocate(5, 1);
            Quantization.Apply(DenseMatrix<float>.Copy([min * 2, min, 0, max, max * 2], 5, 1), min, max, numbers);
            byte[] of = numbers.ToArray();
            Assert.True(of[0] == 0 && of[1] <= 1 && of[3] >= 254 && of[4] == 255, $"seed {seed}: {string.Join(' ', of)}");
            Assert.Equal(of[2], of[0] + Math.Round(-min / (max - min) * 256), 1.0);
        }
    }

    [Fact]
    public void Aggregates_by_groups_are_those_of_the_rows_picked_out() => Assert.All(Enumerable.Range(0, 60), seed =>
    {
        var random = new Random(seed);
        int rows = random.Next(60), cols = random.Next(1, 4), count = random.Next(1, 6);
        double[] cells = [.. Enumerable.Range(0, rows * cols).Select(_ => (double)random.Next(-9, 9))];
        long[] ids = [.. Enumerable.Range(0, rows).Select(_ => random.NextInt64(count))];
        DenseMatrix<double> x = DenseMatrix<double>.Copy(cells, rows, cols);
        var groups = DenseMatrix<long>.Copy(ids, rows, 1);
        var sums = GroupAggregates.Fold("sum", EwBinary.Kernel<double>(Op.EwAdd)!, 0, x, groups, count);
        DenseMatrix<double> means = GroupAggregates.Mean("mean", x, groups, count), variances = GroupAggregates.Variance("var", x, groups, count, root: false);
        var counts = GroupAggregates.Count("count", x, groups, count);
        for (int g = 0; g < count; g++)
            for (int c = 0; c < cols; c++)
            {
                double[] own = [.. Enumerable.Range(0, rows).Where(r => ids[r] == g).Select(r => cells[r * cols + c])];
                double mean = own.Length == 0 ? double.NaN : own.Average();
                Assert.Equal((ulong)own.Length, counts[g, c]);
                Assert.Equal(own.Sum(), sums[g, c]);
                Assert.Equal(mean, means[g, c], 1e-12);
                Assert.Equal(own.Length == 0 ? double.NaN : own.Sum(v => (v - mean) * (v - mean)) / own.Length, variances[g, c], 1e-9);
            }
    });

    [Fact]
    public void A_group_that_does_not_exist_is_an_error_that_names_the_row()
    {
        DenseMatrix<double> x = DenseMatrix<double>.Copy([1, 2], 2, 1), ids = DenseMatrix<double>.Copy([0, double.NaN], 2, 1);
        var error = Assert.Throws<RaisedException>(() => GroupAggregates.Mean("mean", x, ids, 2));
        Assert.Equal("mean: row 1 is in group nan, but there are 2", error.Message);
        Assert.Equal(Diag.GroupColumn, Assert.Throws<RaisedException>(() => GroupAggregates.Count("count", x, DenseMatrix<double>.Copy([0], 1, 1), 2)).Def);
    }
}
