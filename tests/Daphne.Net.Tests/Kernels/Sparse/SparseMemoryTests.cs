using Daphne.Net.Data;
using Daphne.Net.Kernels;
using Daphne.Net.Tests.Runtime.Programs;

namespace Daphne.Net.Tests.Kernels.Sparse;

[Collection(nameof(PoolCounters))]
public sealed class SparseMemoryTests
{
    [Fact]
    public void Memory_comes_back_from_views_and_other_values()
    {
        PoolCounters.LiveBytes();
        long live = BufferPool.Shared.LiveBytes;
        var x = SparseRand.Matrix(100, 100, 1.0, 2.0, 0.1, 3);
        var view = x.RowRange(3, 5);
        var cast = SparseCells.Cast<double, int>(view);
        x.Release();
        Assert.Equal(view.Stored, cast.Stored);
        view.Release();
        Assert.Equal(1, cast[0, cast.ColumnsOf(0)[0]]);
        cast.Release();
        Assert.True(BufferPool.Shared.LiveBytes <= live);
    }
}
