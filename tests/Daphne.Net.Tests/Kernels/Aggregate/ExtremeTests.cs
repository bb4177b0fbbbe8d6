using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

/// <summary>Minima, maxima and their positions are those of a walk over the cells, one by one.</summary>
public sealed class ExtremeTests
{
    static readonly (int Rows, int Cols)[] shapes = [(0, 3), (3, 0), (1, 1), (7, 3), (130, 1), (1, 130), (70, 33), (301, 65), (2, 3000), (3000, 2), (200, 16), (90, 17)];

    [Fact] public void Doubles_follow_the_walk() => Check<double>(double.PositiveInfinity, double.NegativeInfinity);
    [Fact] public void Floats_follow_the_walk() => Check<float>(float.PositiveInfinity, float.NegativeInfinity);
    [Fact] public void Longs_follow_the_walk() => Check(long.MaxValue, long.MinValue);
    [Fact] public void ULongs_follow_the_walk() => Check(ulong.MaxValue, ulong.MinValue);
    [Fact] public void SBytes_follow_the_walk() => Check(sbyte.MaxValue, sbyte.MinValue);

    static void Check<T>(T most, T least) where T : unmanaged, INumber<T>
    {
        foreach (var (rows, cols) in shapes)
            for (int seed = 0; seed < 4; seed++)
            {
                // Odd seeds: few values (0.0 and -0.0 among them) and many nans, so that ties and nans decide.
                T[] cells = Cells.Random<T>(rows * cols, seed);
                if (seed % 2 == 1) cells = [.. cells.Select(c => T.IsNaN(c) || T.IsZero(c) ? c : T.Zero)];
                var x = DenseMatrix<T>.Copy(cells, rows, cols);
                string what = $"{rows}x{cols} of {typeof(T).Name}, seed {seed}";
                foreach (bool smallest in (bool[])[true, false])
                {
                    T identity = smallest ? most : least;
                    bool Beats(T a, T b) => smallest ? a < b : a > b;
                    T Walk(IEnumerable<T> run, T start) => run.Aggregate(start, (best, c) => Beats(c, best) ? c : best);
                    T FromFirst(T[] run) => run.Length == 0 ? identity : Walk(run, run[0]);
                    ulong Position(T[] run) => run.Length == 0 ? 0 : (ulong)Enumerable.Range(0, run.Length).Aggregate((at, i) => Beats(run[i], run[at]) ? i : at);
                    T[][] rowsOf = [.. Enumerable.Range(0, rows).Select(r => cells[(r * cols)..((r + 1) * cols)])];
                    T[][] colsOf = [.. Enumerable.Range(0, cols).Select(j => Enumerable.Range(0, rows).Select(r => cells[r * cols + j]).ToArray())];

                    var (all, row, col, rowAt, colAt) = smallest ? (Op.MinAll, Op.MinRow, Op.MinCol, Op.IdxMinRow, Op.IdxMinCol) : (Op.MaxAll, Op.MaxRow, Op.MaxCol, Op.IdxMaxRow, Op.IdxMaxCol);
                    Cells.AssertSame<T>([Walk(cells, identity)], [Aggregates.All<T>(all)!(x)], $"{all.Name}, {what}");
                    Cells.AssertSame<T>([.. rowsOf.Select(FromFirst)], SumTests.Axis(row, x, rows, 1), $"{row.Name}, {what}");
                    Cells.AssertSame<T>([.. colsOf.Select(FromFirst)], SumTests.Axis(col, x, 1, cols), $"{col.Name}, {what}");
                    Assert.Equal(rowsOf.Select(Position), Positions(rowAt, x, rows, 1));
                    Assert.Equal(colsOf.Select(Position), Positions(colAt, x, 1, cols));
                }
            }
    }

    [Fact]
    public void Every_width_finds_the_same_cell()
    {
        foreach (int n in Cells.Lengths)
            for (int seed = 0; seed < 4; seed++)
            {
                double[] cells = Cells.Random<double>(n, 1000 * seed + n);
                if (seed % 2 == 1) cells = [.. cells.Select(c => double.IsNaN(c) || c == 0 ? c : 0.0)];
                CheckWidths<Smallest<double>>(cells, $"{n} cells, seed {1000 * seed + n}");
                CheckWidths<Largest<double>>(cells, $"{n} cells, seed {1000 * seed + n}");
            }
    }

    static void CheckWidths<TOp>(double[] cells, string what) where TOp : struct, IExtreme<double>
    {
        double expected = TOp.Identity;
        Extreme.LoopScalar<double, TOp>(cells, 0, ref expected);
        Extreme.LoopScalar<double, TOp>(cells, Extreme.Loop256<double, TOp>(cells, out double narrow), ref narrow);
        Extreme.LoopScalar<double, TOp>(cells, Extreme.Loop512<double, TOp>(cells, out double wide), ref wide);
        Cells.AssertSame<double>([expected, expected, expected],
            [Extreme.FirstZero<double>(cells, narrow), Extreme.FirstZero<double>(cells, wide), Extreme.Of<double, TOp>(cells)], typeof(TOp).Name + ", " + what);
    }

    [Fact]
    public void Column_extremes_of_row_ranges_join_to_those_of_the_whole()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            double[] cells = Cells.Random<double>(60 * 7, seed);
            var x = DenseMatrix<double>.Copy([.. cells.Select(c => Math.Abs(c) < 5 ? double.NaN : c)], 60, 7);
            var joined = DenseMatrix<double>.Allocate(1, 7);
            Aggregates.Axis<double>(Op.MinCol)!(x.RowRange(0, 20), joined);
            foreach (int first in (int[])[20, 41])
            {
                var part = DenseMatrix<double>.Allocate(1, 7);
                Aggregates.LaterRows<double>(Op.MinCol)!(x.RowRange(first, first == 20 ? 21 : 19), part);
                Elementwise.Binary(EwBinary.Kernel<double>(Op.EwMin)!, joined, part, joined);
            }
            Cells.AssertSame<double>(SumTests.Axis(Op.MinCol, x, 1, 7), joined.ToArray(), $"seed {seed}");
        }
    }

    [Fact]
    public void Bools_have_a_minimum_and_a_maximum()
    {
        var x = DenseMatrix<bool>.Copy([true, false, true, true], 2, 2);
        Assert.Equal((false, true), (Aggregates.All<bool>(Op.MinAll)!(x), Aggregates.All<bool>(Op.MaxAll)!(x)));
        Assert.Equal([true, false], SumTests.Axis(Op.MinCol, x, 1, 2));
    }

    static ulong[] Positions<T>(OpDef op, DenseMatrix<T> x, long rows, long cols) where T : unmanaged
    {
        var dst = DenseMatrix<ulong>.Allocate(rows, cols);
        Aggregates.Positions<T>(op)!(x, dst);
        return dst.ToArray();
    }
}
