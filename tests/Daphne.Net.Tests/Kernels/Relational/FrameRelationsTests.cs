using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class FrameRelationsTests
{
    [Fact]
    public void Semi_and_anti_join_together_are_the_left_frame()
    {
        for (int seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            Frame left = Make(random, 40, "l", ValueTypeCode.SI64, ValueTypeCode.Str), right = Make(random, 30, "r", ValueTypeCode.F64, ValueTypeCode.Str);
            string[] parts = [.. Rows(FrameJoin.Of(left, right, [0], [0], JoinKind.Semi)), .. Rows(FrameJoin.Of(left, right, [0], [0], JoinKind.Anti))];
            Assert.True(parts.Order().SequenceEqual(Rows(left).Order()), $"seed {seed}");
        }
    }

    [Fact]
    public void Outer_joins_add_rows_of_missing_values()
    {
        for (int seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            Frame left = Make(random, 20, "l", ValueTypeCode.SI64, ValueTypeCode.F64), right = Make(random, 20, "r", ValueTypeCode.SI64, ValueTypeCode.Str, ValueTypeCode.Bool);
            string[] inner = Rows(FrameJoin.Of(left, right, [0], [0], JoinKind.Inner));
            string[] alone = [.. Rows(FrameJoin.Of(left, right, [0], [0], JoinKind.Anti)).Select(row => row + "|0||0")];
            string[] others = [.. Rows(FrameJoin.Of(right, left, [0], [0], JoinKind.Anti)).Select(row => "0|NaN|" + row)];
            Assert.True(Rows(FrameJoin.Of(left, right, [0], [0], JoinKind.LeftOuter)).Order().SequenceEqual([.. inner.Concat(alone).Order()]), $"seed {seed}");
            Assert.True(Rows(FrameJoin.Of(left, right, [0], [0], JoinKind.FullOuter)).Order().SequenceEqual([.. inner.Concat(alone).Concat(others).Order()]), $"seed {seed}");
        }
    }

    [Fact]
    public void Sets_are_those_of_the_rows()
    {
        for (int seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            ValueTypeCode[] types = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => RandomColumns.Types[random.Next(RandomColumns.Types.Length)])];
            Frame left = Make(random, 12, "l", types), right = Make(random, 10, "r", types);
            string[] l = Rows(left), r = Rows(right);
            Check(FrameSets.Intersect(left, right), l.Distinct().Where(r.Contains), seed);
            Check(FrameSets.Merge(left, right), l.Concat(r).Distinct(), seed);
            Check(FrameSets.Except(left, right), l.Distinct().Except(r), seed);
        }

        static void Check(Frame actual, IEnumerable<string> expected, int seed) => Assert.True(expected.SequenceEqual(Rows(actual)), $"seed {seed}");
    }

    [Fact]
    public void Sums_of_groups_are_those_of_a_dictionary_in_the_order_of_the_keys()
    {
        for (int seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            var x = Make(random, 60, "c", ValueTypeCode.SI32, ValueTypeCode.Str, ValueTypeCode.SI64);
            var sums = new SortedDictionary<(int, string), long>(Comparer<(int, string)>.Create((a, b) => a.Item1 != b.Item1 ? a.Item1.CompareTo(b.Item1) : TextOrder.Compare(a.Item2, b.Item2)));
            for (long i = 0; i < 60; i++)
            {
                var key = (((DenseMatrix<int>)x[0])[i, 0], ((StringMatrix)x[1])[i, 0]);
                sums[key] = unchecked(sums.GetValueOrDefault(key) + ((DenseMatrix<long>)x[2])[i, 0]);
            }
            var result = FrameGroups.Sum(x, [0, 1], 2);
            Assert.True(sums.Select(s => $"{s.Key.Item1}|{s.Key.Item2}|{s.Value}").SequenceEqual(Rows(result)), $"seed {seed}");
            Assert.Equal(["c0", "c1", "SUM(c2)"], result.Labels);
        }
    }

    [Fact]
    public void A_group_join_is_an_inner_join_that_is_grouped()
    {
        for (int seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            Frame left = Make(random, 30, "l", ValueTypeCode.SI64), right = Make(random, 30, "r", ValueTypeCode.SI64, ValueTypeCode.SI64);
            var joined = FrameJoin.Of(left, right, [0], [0], JoinKind.Inner);
            var (sums, positions) = FrameGroups.Joined(left, right, 0, 0, 1);
            Assert.True(Rows(FrameGroups.Sum(joined, [0], 2)).SequenceEqual(Rows(sums)), $"seed {seed}");
            for (long i = 0; i < sums.Rows; i++) Assert.Equal(RandomColumns.Cell(sums[0], i), RandomColumns.Cell(left[0], (long)positions[i, 0]));
        }
    }

    [Fact]
    public void A_label_of_both_frames_is_refused()
    {
        var random = new Random(1);
        Frame left = Make(random, 3, "c", ValueTypeCode.SI64), right = Make(random, 3, "c", ValueTypeCode.SI64);
        Assert.Equal(Diag.LabelTwice, Assert.Throws<RaisedException>(() => FrameJoin.Of(left, right, [0], [0], JoinKind.Inner)).Def);
        Assert.Equal(Diag.LabelTwice, Assert.Throws<RaisedException>(() => FrameJoin.Cartesian(left, right)).Def);
    }

    static Frame Make(Random random, int rows, string prefix, params ValueTypeCode[] types) =>
        new(rows, [.. types.Select(t => RandomColumns.Make(t, rows, random))], [.. types.Select((_, i) => $"{prefix}{i}")]);

    static string[] Rows(Frame frame) => [.. Enumerable.Range(0, (int)frame.Rows).Select(r => RandomColumns.Key(frame.Columns.ToArray(), r))];
}
