using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class JoinTests
{
    [Fact]
    public void Every_kind_and_pair_of_types_is_the_nested_loop()
    {
        int seed = 1;
        foreach (var l in RandomColumns.Types)
            foreach (var r in RandomColumns.Types)
            {
                if (l == ValueTypeCode.Str != (r == ValueTypeCode.Str)) continue;
                foreach (var (rows, others) in new[] { (30, 20), (0, 5), (5, 0), (0, 0) })
                {
                    var random = new Random(++seed);
                    Check([RandomColumns.Make(l, rows, random)], [RandomColumns.Make(r, others, random)], $"{l} with {r}, seed {seed}");
                }
            }
    }

    [Fact]
    public void Several_keys_match_where_all_do()
    {
        for (int seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            int keys = random.Next(2, 4);
            var types = Enumerable.Range(0, keys).Select(_ => Pair(random)).ToArray();
            Check([.. types.Select(t => RandomColumns.Make(t.Left, 60, random))], [.. types.Select(t => RandomColumns.Make(t.Right, 50, random))], $"seed {seed}");
        }

        static (ValueTypeCode Left, ValueTypeCode Right) Pair(Random random)
        {
            var left = RandomColumns.Types[random.Next(RandomColumns.Types.Length)];
            return left == ValueTypeCode.Str ? (left, left) : (left, RandomColumns.Types[random.Next(1, RandomColumns.Types.Length)]);
        }
    }

    [Fact]
    public void Tasks_change_nothing()
    {
        var random = new Random(7);
        DenseMatrix<long> left = Keys(300_000, 5000), right = Keys(4000, 5000);
        foreach (var kind in Enum.GetValues<JoinKind>())
        {
            using var plain = Join.Rows([left], [right], kind);
            using var cut = Join.Rows([left], [right], kind, Backwards);
            RandomMatrices.AssertSame(plain.Left, cut.Left, $"{kind}, seed 7");
            if (plain.Right is not null) RandomMatrices.AssertSame(plain.Right, cut.Right!, $"{kind}, seed 7");
        }

        DenseMatrix<long> Keys(int rows, int most) => RandomMatrices.Build(rows, 1, (_, _) => (long)random.Next(most));
        static void Backwards(int count, Action<int> task)
        {
            while (count-- > 0) task(count);
        }
    }

    [Fact]
    public void The_order_of_the_right_table_does_not_change_the_set_of_pairs()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var left = RandomColumns.Make(ValueTypeCode.F64, 50, random);
            var right = RandomColumns.Make(ValueTypeCode.SI64, 40, random);
            long[] shuffled = [.. Enumerable.Range(0, 40).Select(i => (long)i)];
            random.Shuffle(shuffled);
            var moved = GatherRows.Of(right, DenseMatrix<long>.Copy(shuffled, 40, 1));
            using var plain = Join.Rows([left], [right], JoinKind.FullOuter);
            using var other = Join.Rows([left], [moved], JoinKind.FullOuter);
            Assert.True(Pairs(plain).ToHashSet().SetEquals(Pairs(other).Select(p => (p.Left, p.Right < 0 ? p.Right : shuffled[p.Right]))), $"seed {seed}");
        }
    }

    [Fact]
    public void Integers_join_floats_by_exact_value()
    {
        var longs = DenseMatrix<long>.Copy([9007199254740993, 9007199254740992, long.MaxValue, -1, 1], 5, 1);
        var doubles = DenseMatrix<double>.Copy([9007199254740992, 9223372036854775808, -1, 1.5, double.NaN], 5, 1);
        using var rows = Join.Rows([longs], [doubles], JoinKind.Inner);
        Assert.Equal([(1L, 0L), (3, 2)], Pairs(rows));
        using var same = Join.Rows([doubles], [doubles], JoinKind.Anti);
        Assert.Equal([4L], same.Left.ToArray());
        var unsigned = DenseMatrix<ulong>.Copy([ulong.MaxValue, 1], 2, 1);
        using var signs = Join.Rows([longs], [unsigned], JoinKind.Inner);
        Assert.Equal([(4L, 1L)], Pairs(signs));
    }

    [Fact]
    public void Text_is_not_compared_with_numbers()
    {
        var error = Assert.Throws<RaisedException>(() => Join.Rows([new StringMatrix(["1"], 1, 1)], [DenseMatrix<long>.Copy([1], 1, 1)], JoinKind.Inner));
        Assert.Equal(Diag.JoinTypes, error.Def);
    }

    [Fact]
    public void The_cartesian_product_is_left_major()
    {
        using var rows = Cartesian.Rows(2, 3);
        Assert.Equal([(0L, 0L), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)], Pairs(rows));
        using var none = Cartesian.Rows(0, 3);
        Assert.Equal(0, none.Count);
        Assert.Equal(Diag.OutOfMemory, Assert.Throws<RaisedException>(() => Cartesian.Rows(1L << 40, 1L << 40)).Def);
    }

    static void Check(Matrix[] left, Matrix[] right, string what)
    {
        long leftRows = left[0].Rows, rightRows = right[0].Rows;
        var pairs = new List<(long Left, long Right)>();
        var alone = new List<(long Left, long Right)>();
        var both = new List<(long Left, long Right)>();
        var seen = new HashSet<long>();
        for (long l = 0; l < leftRows; l++)
        {
            int before = pairs.Count;
            for (long r = 0; r < rightRows; r++)
                if (left.Zip(right).All(k => !RandomColumns.IsNaN(k.First, l) && RandomColumns.Value(k.First, l).Equals(RandomColumns.Value(k.Second, r)))) pairs.Add((l, r));
            seen.UnionWith(pairs.Skip(before).Select(p => p.Right));
            if (pairs.Count == before) alone.Add((l, GatherRows.None));
            both.AddRange(pairs.Count == before ? [(l, GatherRows.None)] : pairs.Skip(before));
        }
        var last = Enumerable.Range(0, (int)rightRows).Where(r => !seen.Contains(r)).Select(r => (GatherRows.None, (long)r)).ToArray();

        Same(pairs, JoinKind.Inner);
        Same(both, JoinKind.LeftOuter);
        Same([.. pairs, .. last], JoinKind.RightOuter);
        Same([.. both, .. last], JoinKind.FullOuter);
        Same([.. pairs.Select(p => p.Left).Distinct().Select(l => (l, 0L))], JoinKind.Semi);
        Same([.. alone.Select(p => (p.Left, 0L))], JoinKind.Anti);

        void Same(List<(long, long)> expected, JoinKind kind)
        {
            using var rows = Join.Rows(left, right, kind);
            Assert.True(expected.SequenceEqual(Pairs(rows)), $"{kind} of {what}: {string.Join(' ', Pairs(rows))} instead of {string.Join(' ', expected)}");
        }
    }

    static (long Left, long Right)[] Pairs(JoinedRows rows) => [.. rows.Left.ToArray().Zip(rows.Right?.ToArray() ?? new long[rows.Count])];
}
