using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

/// <summary>Sums have the bits of their definition, whatever the width, the pieces, the split.</summary>
public sealed class SumTests
{
    static readonly (int Rows, int Cols)[] shapes =
        [(0, 3), (3, 0), (1, 1), (7, 3), (130, 1), (1, 130), (5, 32), (70, 33), (300, 65), (9001, 1), (4097, 3), (1, 9001), (3, 5000), (66, 1000), (1025, 17), (200, 16), (200, 128)];

    static double[] Wild(int count, int seed)
    {
        var random = new Random(seed);   // magnitudes far apart, so that another order would give other bits
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-8, 9)))];
    }

    [Fact]
    public void Sums_have_the_bits_of_their_definition()
    {
        foreach (var (rows, cols) in shapes)
        {
            double[] cells = Wild(rows * cols, seed: rows + cols);
            var x = DenseMatrix<double>.Copy(cells, rows, cols);
            string what = $"{rows}x{cols}, seed {rows + cols}";
            Cells.AssertSame<double>([SumReference.All(cells, rows, cols)], [Aggregates.All<double>(Op.SumAll)!(x)], "sum, " + what);
            Cells.AssertSame<double>(SumReference.Columns(cells, rows, cols), Axis(Op.SumCol, x, 1, cols), "sum per column, " + what);
            Cells.AssertSame<double>([.. Enumerable.Range(0, rows).Select(r => SumReference.Row(cells[(r * cols)..((r + 1) * cols)]))], Axis(Op.SumRow, x, rows, 1), "sum per row, " + what);
        }
    }

    [Fact]
    public void Another_order_gives_other_bits()   // else the laws here would prove nothing
    {
        double[] cells = Wild(9001, seed: 1);
        Assert.NotEqual(cells.Sum(), SumReference.All(cells, 9001, 1));
    }

    [Fact]
    public void Any_pieces_give_the_bits_of_one_piece()
    {
        var random = new Random(17);
        foreach (var (rows, cols) in shapes)
        {
            double[] cells = Wild(rows * cols, seed: rows * 31 + cols);
            var sum = SumAccumulator<double>.Create(cols);
            var columns = ColumnSumAccumulator<double>.Create(cols);
            for (int at = 0; at < cells.Length;)
            {
                int length = Math.Min(cells.Length - at, random.Next(1, random.Next(1, 6000)));
                sum.Push(cells.AsSpan(at, length));
                at += length;
            }
            for (int row = 0; row < rows && cols > 0;)
            {
                int count = Math.Min(rows - row, random.Next(1, random.Next(2, 3000)));
                columns.PushRows(cells.AsSpan(row * cols, count * cols));
                row += count;
            }
            var totals = new double[cols];
            columns.Total(totals);
            Assert.True(Cells.Same(SumReference.All(cells, rows, cols), sum.Total()), $"sum of {rows}x{cols}, seed 17");
            Cells.AssertSame<double>(SumReference.Columns(cells, rows, cols), totals, $"sum per column of {rows}x{cols}, seed 17");
        }
    }

    [Fact]
    public void Any_split_at_block_borders_gives_the_bits_of_one_piece()
    {
        var random = new Random(23);
        foreach (var (rows, cols) in ((int, int)[])[(9001, 3), (30000, 1), (2000, 70), (64 * 37, 64)])
            for (int round = 0; round < 5; round++)
            {
                double[] cells = Wild(rows * cols, seed: round);
                int block = (int)ReductionBlocks.Rows(cols), blocks = (rows + block - 1) / block;
                int[] borders = [0, .. Enumerable.Range(0, 4).Select(_ => random.Next(blocks + 1)).Order(), blocks];
                var sums = new List<SumAccumulator<double>>();
                var columns = new List<ColumnSumAccumulator<double>>();
                for (int i = 1; i < borders.Length; i++)
                {
                    int first = borders[i - 1] * block, last = Math.Min(rows, borders[i] * block);
                    var part = first < last ? cells.AsSpan(first * cols, (last - first) * cols) : default;
                    sums.Add(SumAccumulator<double>.Create(cols, first));
                    sums[^1].Push(part);
                    columns.Add(ColumnSumAccumulator<double>.Create(cols, first));
                    columns[^1].PushRows(part);
                }
                for (int i = 1; i < sums.Count; i++)
                {
                    sums[0].Append(sums[i]);
                    columns[0].Append(columns[i]);
                }
                var totals = new double[cols];
                columns[0].Total(totals);
                string what = $"{rows}x{cols} at blocks {string.Join(' ', borders)}, seeds 23 and {round}";
                Assert.True(Cells.Same(SumReference.All(cells, rows, cols), sums[0].Total()), what);
                Cells.AssertSame<double>(SumReference.Columns(cells, rows, cols), totals, what);
            }
    }

    [Fact]
    public void Ranges_off_a_block_border_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SumAccumulator<double>.Create(cols: 10, firstRow: 100));
        var first = SumAccumulator<double>.Create(cols: 10);
        first.Push(new double[10]);
        Assert.Throws<InvalidOperationException>(() => first.Append(SumAccumulator<double>.Create(10, 512)));
        var second = SumAccumulator<double>.Create(cols: 10, firstRow: 512);
        second.Push(new double[10]);
        Assert.Throws<InvalidOperationException>(() => second.Total());
    }

    [Fact]
    public void Every_width_sums_to_the_same_bits()
    {
        CheckWidths<double, double, Plain<double>>(Wild(8000, seed: 2));
        CheckWidths<float, double, AsDouble<float>>([.. Wild(8000, seed: 3).Select(x => (float)x)]);
        CheckWidths<double, double, SquaredDistance<double>>(Wild(8000, seed: 4));
        CheckWidths<float, double, SquaredDistance<float>>([.. Wild(8000, seed: 5).Select(x => (float)x)]);
        CheckWidths<long, long, Plain<long>>(Cells.Random<long>(8000, seed: 6));
        CheckWidths<sbyte, sbyte, Plain<sbyte>>(Cells.Random<sbyte>(40000, seed: 7));
    }

    static void CheckWidths<T, TAcc, TTerm>(T[] cells) where T : unmanaged where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<T, TAcc>
    {
        foreach (int width in Cells.Lengths.Skip(1))
            foreach (int rows in (int[])[1, 2, 3, 4, 5, 11, 60])
            {
                TAcc[] centers = [.. Enumerable.Range(0, width).Select(i => TAcc.CreateTruncating(i * 0.375))], start = [.. Enumerable.Range(0, width).Select(i => TAcc.CreateTruncating(i))];
                TAcc[] scalar = [.. start], narrow = [.. start], wide = [.. start], mixed = [.. start];
                var x = cells.AsSpan(0, width * rows);
                LaneSum.LoopScalar<T, TAcc, TTerm>(x, rows, centers, scalar, 0);
                LaneSum.LoopScalar<T, TAcc, TTerm>(x, rows, centers, narrow, LaneSum.Loop256<T, TAcc, TTerm>(x, rows, centers, narrow, 0));
                LaneSum.LoopScalar<T, TAcc, TTerm>(x, rows, centers, wide, LaneSum.Loop512<T, TAcc, TTerm>(x, rows, centers, wide, 0));
                LaneSum.Add<T, TAcc, TTerm>(x, centers, mixed);
                string what = $"{typeof(TTerm).Name}, {rows} rows of {width}";
                Cells.AssertSame<TAcc>(scalar, narrow, what + ", 256 bits");
                Cells.AssertSame<TAcc>(scalar, wide, what + ", 512 bits");
                Cells.AssertSame<TAcc>(scalar, mixed, what + ", as it comes");
            }
    }

    [Fact]
    public void Integers_wrap_in_their_own_type()
    {
        foreach (var (rows, cols) in shapes)
        {
            long[] longs = Cells.Random<long>(rows * cols, seed: 9);
            byte[] bytes = Cells.Random<byte>(rows * cols, seed: 10);
            Assert.Equal(longs.Aggregate(0L, (a, b) => unchecked(a + b)), Aggregates.All<long>(Op.SumAll)!(DenseMatrix<long>.Copy(longs, rows, cols)));
            Assert.Equal(bytes.Aggregate((byte)0, (a, b) => unchecked((byte)(a + b))), Aggregates.All<byte>(Op.SumAll)!(DenseMatrix<byte>.Copy(bytes, rows, cols)));
            Assert.Equal(Enumerable.Range(0, cols).Select(j => Enumerable.Range(0, rows).Select(r => longs[r * cols + j]).Aggregate(0L, (a, b) => unchecked(a + b))),
                Axis(Op.SumCol, DenseMatrix<long>.Copy(longs, rows, cols), 1, cols));
        }
        Assert.True(Aggregates.All<bool>(Op.SumAll)!(DenseMatrix<bool>.Copy([true, true, true], 3, 1)));
        Assert.False(Aggregates.All<bool>(Op.SumAll)!(DenseMatrix<bool>.Copy([true, true], 2, 1)));
    }

    [Fact]
    public void Whole_numbers_are_exact_and_f32_is_rounded_once()
    {
        var x = DenseMatrix<double>.Copy(Cells.Small<double>(100_000, seed: 11, most: 1000), 1000, 100);
        Assert.Equal(x.ToArray().Sum(), Aggregates.All<double>(Op.SumAll)!(x));
        Assert.Equal(x.ToArray().Sum(), Axis(Op.SumCol, x, 1, 100).Sum());
        Assert.Equal(x.ToArray().Sum(), Axis(Op.SumRow, x, 1000, 1).Sum());
        var tenths = DenseMatrix<float>.Copy([.. Enumerable.Repeat(0.1f, 1_000_000)], 1000, 1000);
        Assert.Equal((float)(1_000_000 * (double)0.1f), Aggregates.All<float>(Op.SumAll)!(tenths));
    }

    internal static T[] Axis<T>(OpDef op, DenseMatrix<T> x, long rows, long cols) where T : unmanaged
    {
        var dst = DenseMatrix<T>.Allocate(rows, cols);
        Aggregates.Axis<T>(op)!(x, dst);
        return dst.ToArray();
    }
}
