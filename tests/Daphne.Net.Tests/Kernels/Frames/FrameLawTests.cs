using System.Text;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;
using FrameColumns = Daphne.Net.Kernels.FrameColumns;

namespace Daphne.Net.Tests.Kernels;

/// <summary>What holds of every frame, over random ones; the seed is the number of the round.</summary>
public sealed class FrameLawTests
{
    const int Rounds = 60;

    static void ForAll(Action<Frame, Random, string> law)
    {
        for (int seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var frame = RandomFrames.Make(random.Next(4) == 0 ? random.Next(2) : random.Next(200), random.Next(6), seed);
            law(frame, random, $"seed {seed}: {frame.Header}");
        }
    }

    static void Same(DataObject expected, DataObject actual, string what) => Assert.True(RandomFrames.Text(expected) == RandomFrames.Text(actual), what);

    static (long Lower, long Upper) Range(Random random, long n)
    {
        if (n == 0) return (0, 0);
        long lower = random.NextInt64(n), upper = lower + random.NextInt64(n - lower + 1);
        return (lower, upper);
    }

    static DenseMatrix<long> Positions(Random random, long n)
    {
        long[] at = [.. Enumerable.Range(0, n == 0 ? 0 : random.Next(8)).Select(_ => random.NextInt64(-n, n))];
        return DenseMatrix<long>.Copy(at, at.Length, 1);
    }

    static DenseMatrix<bool> Flags(Random random, long n) => DenseMatrix<bool>.Copy([.. Enumerable.Range(0, (int)n).Select(_ => random.Next(2) == 0)], n, 1);

    [Fact]
    public void Rows_then_columns_is_columns_then_rows() => ForAll((f, random, what) =>
    {
        var (rows, cols) = (Range(random, f.Rows), Range(random, f.Cols));
        Same(FrameColumns.Slice(FrameRows.Slice(f, rows.Lower, rows.Upper), cols.Lower, cols.Upper), FrameRows.Slice(FrameColumns.Slice(f, cols.Lower, cols.Upper), rows.Lower, rows.Upper), what);
        DenseMatrix<long> atRows = Positions(random, f.Rows), atCols = Positions(random, f.Cols);
        Same(FrameColumns.At(FrameRows.At(f, atRows), atCols), FrameRows.At(FrameColumns.At(f, atCols), atRows), what);
        DenseMatrix<bool> keptRows = Flags(random, f.Rows), keptCols = Flags(random, f.Cols);
        Same(FrameColumns.Where(FrameRows.Where(f, keptRows), keptCols), FrameRows.Where(FrameColumns.Where(f, keptCols), keptRows), what);
    });

    [Fact]
    public void Binding_and_taking_apart_gives_the_parts() => ForAll((f, random, what) =>
    {
        var other = FrameColumns.Prefixed(RandomFrames.Make((int)f.Rows, random.Next(4), random.Next()), "o");
        var both = FrameColumns.Beside(f, other);
        if (f.Cols > 0) Same(f, FrameColumns.Slice(both, 0, f.Cols), what);
        if (other.Cols > 0) Same(other, FrameColumns.Slice(both, f.Cols, both.Cols), what);
        var below = RandomFrames.Make(random.Next(20), [.. Enumerable.Range(0, f.Cols).Select(f.ValueType)], random.Next());
        var stacked = FrameRows.Above(f, below);
        if (f.Rows > 0) Same(f, FrameRows.Slice(stacked, 0, f.Rows), what);
        if (below.Rows > 0) Same(below, FrameRows.Slice(stacked, f.Rows, stacked.Rows), what);
    });

    [Fact]
    public void A_column_by_its_label_is_the_column_at_its_position() => ForAll((f, _, what) =>
    {
        for (int i = 0; i < f.Cols; i++) Same(FrameColumns.Slice(f, i, i + 1), FrameColumns.Named(f, f.Labels[i]), what);
    });

    [Fact]
    public void Sorting_gives_an_order_that_is_stable_and_final() => ForAll((f, random, what) =>
    {
        if (f.Cols == 0) return;
        SortColumn[] by = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new SortColumn(random.Next(-f.Cols, f.Cols), random.Next(2) == 0))];
        // LINQ's OrderBy is stable too.
        var sorted = Enumerable.Range(0, (int)f.Rows).OrderBy(_ => 0);
        foreach (var (column, ascending) in by)
        {
            var cells = f[(int)(column < 0 ? column + f.Cols : column)];
            // nan comes last either way.
            sorted = sorted.ThenBy(r => IsNan(cells, r)).ThenBy(r => r, Comparer<int>.Create((a, b) => IsNan(cells, a) ? 0 : ascending ? Compare(cells, a, b) : Compare(cells, b, a)));
        }
        ulong[] expected = [.. sorted.Select(r => (ulong)r)];
        Assert.True(expected.SequenceEqual(FrameOrder.Positions(f, by).ToArray()), $"{what} by {string.Join(", ", by)}");
        var once = FrameOrder.Rows(f, by);
        Same(once, FrameOrder.Rows(once, by), what);
        Same(once, FrameRows.At(f, FrameOrder.Positions(f, by)), what);
    });

    static bool IsNan(Matrix column, int row) => column switch { DenseMatrix<double> d => double.IsNaN(d[row, 0]), DenseMatrix<float> d => float.IsNaN(d[row, 0]), _ => false };

    static int Compare(Matrix column, int a, int b) => column switch
    {
        StringMatrix s => Encoding.UTF8.GetBytes(s[a, 0]).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(s[b, 0])),
        DenseMatrix<bool> m => m[a, 0].CompareTo(m[b, 0]),
        DenseMatrix<double> m => m[a, 0] < m[b, 0] ? -1 : m[a, 0] > m[b, 0] ? 1 : 0,
        DenseMatrix<float> m => m[a, 0] < m[b, 0] ? -1 : m[a, 0] > m[b, 0] ? 1 : 0,
        DenseMatrix<long> m => m[a, 0].CompareTo(m[b, 0]),
        DenseMatrix<ulong> m => m[a, 0].CompareTo(m[b, 0]),
        DenseMatrix<int> m => m[a, 0].CompareTo(m[b, 0]),
        DenseMatrix<uint> m => m[a, 0].CompareTo(m[b, 0]),
        DenseMatrix<sbyte> m => m[a, 0].CompareTo(m[b, 0]),
        DenseMatrix<byte> m => m[a, 0].CompareTo(m[b, 0]),
        _ => throw new ArgumentException(column.Header),
    };

    [Fact]
    public void A_frame_of_one_type_behaves_as_the_matrix()
    {
        for (int seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            int rows = random.Next(1, 700), cols = random.Next(1, 6);
            var x = RandomMatrices.Whole<double>(rows, cols, seed);
            var f = FrameMatrix.FromMatrix(x);
            string what = $"seed {seed}";
            var (lower, upper) = Range(random, rows);
            DenseMatrix<long> atRows = Positions(random, rows), atCols = Positions(random, cols);
            SortColumn[] by = [new(random.Next(cols), random.Next(2) == 0), new(0, true)];
            AsMatrix(x, f, what);
            AsMatrix(Slice.Rows(x, lower, upper), FrameRows.Slice(f, lower, upper), what);
            AsMatrix(Extract.Rows(x, atRows), FrameRows.At(f, atRows), what);
            if (atCols.Rows > 0) AsMatrix(Extract.Cols(x, atCols), FrameColumns.At(f, atCols), what);
            AsMatrix(Bind.Rows(x, x), FrameRows.Above(f, f), what);
            AsMatrix(Bind.Cols(x, x), FrameColumns.Beside(f, FrameColumns.Prefixed(f, "o")), what);
            AsMatrix(Order.Rows(x, by), FrameOrder.Rows(f, by), what);
            Assert.Equal(Order.Positions(x, by).ToArray(), FrameOrder.Positions(f, by).ToArray());
        }
    }

    static void AsMatrix(DenseMatrix<double> expected, Frame frame, string what) => RandomMatrices.AssertSame(expected, (DenseMatrix<double>)FrameMatrix.ToMatrix(frame.Rows, frame.Columns), what);

    [Fact]
    public void Columns_are_shared_and_given_back()
    {
        var x = DenseMatrix<long>.Copy([1, 2, 3], 3, 1);
        var f = FrameColumns.Of([x, x], ["a", "b"]);
        var g = FrameColumns.Labelled(FrameColumns.At(f, DenseMatrix<long>.Copy([1, 1], 2, 1)), ["p", "q"]);
        Assert.Same(x, g[1]);
        var m = FrameMatrix.ToMatrix(3, FrameColumns.Named(g, "q").Columns);
        Assert.Same(x, m);
        g.Release();
        f.Release();
        m.Release();
        Assert.Equal([1L, 2, 3], x.ToArray());
    }

    [Fact]
    public void Long_strings_and_many_cells_print_whole()
    {
        string wide = new('é', 50_000);
        var f = new Frame(2, [new StringMatrix([wide, "b"], 2, 1), DenseMatrix<long>.Copy([-1, 2], 2, 1)], ["s", "n"]);
        Assert.Equal($"Frame(2x2, [s:std::string, n:int64_t])\n{wide} -1\nb 2\n", RandomFrames.Text(f));
        var many = RandomFrames.Make(5000, [ValueTypeCode.F64, ValueTypeCode.Str, ValueTypeCode.Bool], 3);
        string[] columns = [.. Enumerable.Range(0, 3).Select(i => RandomFrames.Text(many[i]))];
        string[][] cells = [.. columns.Select(text => text.Split('\n')[1..^1])];
        Assert.Equal(Enumerable.Range(0, 5000).Select(r => $"{cells[0][r]} {cells[1][r]} {cells[2][r]}"), RandomFrames.Lines(many));
    }

    [Fact]
    public void A_repeated_column_gets_a_label_that_is_free()
    {
        Assert.Equal(["a", "col_1", "col_2"], Frame.PickedLabels(["a", "col_1"], [0, 0, 1]));
        Assert.Equal(["col_1", "col_2", "a"], Frame.PickedLabels(["a", "col_1"], [1, 1, 0]));
    }

    [Fact]
    public void Strings_that_are_no_text_are_in_order_too()
    {
        // Lone surrogates stand above everything else, as in comparisons of strings.
        string[] strings = ["\uD800", "\uFFFF", "\uE000", "z", "\uD800a", "\uDFFF"];
        var f = new Frame(6, [new StringMatrix(strings, 6, 1)], ["s"]);
        Assert.Equal([3ul, 2, 1, 0, 4, 5], FrameOrder.Positions(f, [new(0, true)]).ToArray());
    }
}
