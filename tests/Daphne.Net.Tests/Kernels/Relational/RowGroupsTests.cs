using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class RowGroupsTests
{
    [Fact]
    public void Groups_are_those_of_a_dictionary()
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            int rows = random.Next(80);
            Matrix[] keys = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomColumns.Make(RandomColumns.Types[random.Next(RandomColumns.Types.Length)], rows, random))];
            Check(keys, $"{string.Join(", ", keys.Select(k => k.Header))}, seed {seed}");
        }
    }

    [Fact]
    public void Many_keys_far_apart_are_told_apart()
    {
        var random = new Random(3);
        foreach (long step in new[] { 1L, 1L << 20, 1L << 32, 0x9E3779B97F4A7C1 })
            Check([RandomMatrices.Build(20_000, 1, (_, _) => unchecked(random.Next(9000) * step))], $"multiples of {step}, seed 3");
    }

    [Fact]
    public void Tables_grow_at_every_number_of_keys()
    {
        const long step = 0x9E3779B97F4A7C1;
        foreach (int keys in new[] { 511, 512, 513, 2048, 8192, 8193, 16384, 40_000 })
        {
            using var groups = RowGroups.Of([RandomMatrices.Build(2 * keys, 1, (r, _) => unchecked(r % keys * step))]);
            Assert.Equal(keys, groups.Count);
            Assert.Equal(Enumerable.Range(0, 2 * keys).Select(r => r % keys), groups.OfRows.ToArray());
        }
    }

    [Fact]
    public void All_rows_can_be_one_group()
    {
        using var groups = RowGroups.One(3);
        Assert.Equal([0, 0, 0], groups.OfRows.ToArray());
        using var none = RowGroups.One(0);
        Assert.Equal(1, none.Count);
        Assert.Equal([0ul], ((DenseMatrix<ulong>)GroupedCells.Of(GroupAggregate.Count, DenseMatrix<long>.Allocate(0, 1), none)).ToArray());
    }

    static void Check(Matrix[] keys, string what)
    {
        var numbers = new Dictionary<string, int>();
        var first = new List<long>();
        var expected = new List<int>();
        for (long r = 0; r < keys[0].Rows; r++)
        {
            string key = RandomColumns.Key(keys, r);
            if (numbers.TryAdd(key, numbers.Count)) first.Add(r);
            expected.Add(numbers[key]);
        }
        using var groups = RowGroups.Of(keys);
        Assert.True(expected.SequenceEqual(groups.OfRows.ToArray()), what);
        Assert.Equal(first, groups.FirstRows.ToArray());
        Assert.Equal(first.Count, groups.Count);
    }
}
