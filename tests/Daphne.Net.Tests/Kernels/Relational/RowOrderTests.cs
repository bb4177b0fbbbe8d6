using System.Text;
using Daphne.Net.Data;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class RowOrderTests
{
    [Fact]
    public void Rows_are_in_the_order_of_a_stable_sort()
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            int rows = random.Next(300);
            OrderKey[] keys = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new OrderKey(RandomColumns.Make(RandomColumns.Types[random.Next(RandomColumns.Types.Length)], rows, random), random.Next(2) == 0))];
            var sorted = Enumerable.Range(0, rows).OrderBy(_ => 0);
            foreach (var key in keys) sorted = sorted.ThenBy(r => r, Comparer<int>.Create((a, b) => Compare(key, a, b)));
            using var positions = new Owned(RowOrder.Of(keys));
            Assert.True(sorted.Select(r => (long)r).SequenceEqual(positions.Cells), $"{string.Join(", ", keys)}, seed {seed}");
        }
    }

    // By value; nan last in both directions; strings by their bytes.
    static int Compare(OrderKey key, int a, int b)
    {
        object x = RandomColumns.Cell(key.Column, a), y = RandomColumns.Cell(key.Column, b);
        if (x is double.NaN || y is double.NaN) return (x is double.NaN).CompareTo(y is double.NaN);
        int order = x is string s ? Encoding.UTF8.GetBytes(s).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes((string)y))
            : x is double d ? d == (double)y ? 0 : d.CompareTo((double)y)
            : ((IComparable)x).CompareTo(y);
        return key.Ascending ? order : -order;
    }

    sealed class Owned(DenseMatrix<long> positions) : IDisposable
    {
        public long[] Cells { get; } = positions.ToArray();
        public void Dispose() => positions.Release();
    }
}
