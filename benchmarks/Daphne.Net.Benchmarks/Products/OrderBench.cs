using BenchmarkDotNet.Attributes;
using Daphne.Net.Data;
using Daphne.Net.Kernels;

namespace Daphne.Net.Benchmarks.Products;

/// <summary>The stable order of a column against <see cref="Array.Sort{TKey,TValue}(TKey[],TValue[])"/>, which is not even stable.</summary>
[MemoryDiagnoser]
public class OrderBench
{
    DenseMatrix<double> x = null!;
    double[] keys = [], sorted = [];
    ulong[] positions = [];

    [Params(100, 1_000_000)] public int N;

    [GlobalSetup]
    public void Setup()
    {
        x = ProductContestant.Cells<double>(N, 1);
        (keys, sorted, positions) = (x.ToArray(), new double[N], new ulong[N]);
        ArraySort();
        // The cells differ from each other, so there is one order.
        if (!Order.Positions(x, [new(0, true)]).ToArray().AsSpan().SequenceEqual(positions)) throw new InvalidOperationException("The two sides disagree; do not time them.");
    }

    [Benchmark(Baseline = true)]
    public void ArraySort()
    {
        keys.CopyTo(sorted, 0);
        for (int i = 0; i < N; i++) positions[i] = (ulong)i;
        Array.Sort(sorted, positions);
    }

    [Benchmark] public void Daphne() => Order.Positions(x, [new(0, true)]).Release();
}
