using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Data.Memory;

public sealed unsafe class BufferPoolTests
{
    [Fact]
    public void Size_classes_are_dense_ordered_and_waste_little()
    {
        ulong before = 0;
        for (int index = 0; index < SizeClass.Count; index++)
        {
            ulong size = SizeClass.SizeOf(index);
            Assert.Equal((index, size), (SizeClass.Of(size, out ulong same), same));
            Assert.Equal((index, size), (SizeClass.Of(before + 1, out same), same));
            Assert.True(size > before);
            before = size;
        }
        Assert.Equal(SizeClass.MostBytes, before);
        Assert.Equal(0, SizeClass.Of(0, out ulong least));
        Assert.Equal(64UL, least);
        const int seed = 1;
        var random = new Random(seed);
        for (int i = 0; i < 10_000; i++)
        {
            ulong bytes = (ulong)random.NextInt64(65, 1L << random.Next(8, 47));
            SizeClass.Of(bytes, out ulong size);
            Assert.True(size >= bytes && size - bytes < (bytes > 1 << 20 ? bytes / 8 : bytes / 2), $"seed {seed}: {bytes} take {size}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(5 << 20)]
    public void What_comes_back_is_handed_out_again(int bytes)
    {
        var pool = new BufferPool();
        var first = pool.Rent((nuint)bytes, zeroed: true);
        nint address = (nint)first.Address;
        Assert.Equal(0, address % BufferPool.Alignment);
        Assert.True(pool.LiveBytes >= bytes && first.Capacity >= (nuint)bytes);
        Assert.Equal(-1, new Span<byte>(first.Address, bytes).IndexOfAnyExcept<byte>(0));
        new Span<byte>(first.Address, bytes).Fill(7);
        first.Release();
        Assert.Equal(0, pool.LiveBytes);
        Assert.True(pool.IdleBytes >= bytes);

        var second = pool.Rent((nuint)bytes, zeroed: true);
        Assert.Equal((address, 2, 1), ((nint)second.Address, pool.Rented, pool.Fresh));
        Assert.Equal(-1, new Span<byte>(second.Address, bytes).IndexOfAnyExcept<byte>(0));
        second.Release();
        pool.Trim();
        Assert.Equal((0, 0), (pool.LiveBytes, pool.IdleBytes));
    }

    [Fact]
    public void No_more_than_allowed_lies_idle()
    {
        var pool = new BufferPool { KeepBytes = 1000 };
        var blocks = Enumerable.Range(0, 5).Select(_ => pool.Rent(512, zeroed: false)).ToArray();
        foreach (var block in blocks) block.Release();
        Assert.Equal(512, pool.IdleBytes);
    }

    [Fact]
    public void Beyond_the_limit_needed_and_available_bytes_are_told()
    {
        var pool = new BufferPool { LimitBytes = 1 << 20 };
        var half = pool.Rent(1 << 19, zeroed: false);
        Assert.Equal("a value needs 600000 bytes, but 524288 are available", Assert.Throws<RaisedException>(() => pool.Rent(600_000, zeroed: false)).Message);
        Assert.Equal(1 << 19, pool.LiveBytes);
        half.Release();
        // Idle memory of another class makes room.
        pool.Rent(600_000, zeroed: false).Release();
        Assert.True(pool.IdleBytes <= 1 << 20);
        Assert.Equal(Diag.OutOfMemory, Assert.Throws<RaisedException>(() => pool.Rent(nuint.MaxValue, zeroed: false)).Def);
    }

    [Theory]
    [InlineData(long.MaxValue, 1)]
    [InlineData(1L << 40, 1L << 40)]
    [InlineData(1L << 62, 4)]
    [InlineData(1L << 40, 1L << 10)]
    public void Matrices_larger_than_memory_are_refused(long rows, long cols) =>
        Assert.Equal(Diag.OutOfMemory, Assert.Throws<RaisedException>(() => DenseMatrix<double>.Allocate(rows, cols)).Def);

    [Fact]
    public void Memory_given_back_cannot_be_used()
    {
        var block = new BufferPool().Rent(10, zeroed: false);
        block.Retain();
        Assert.Equal(2, block.Owners);
        block.Release();
        block.Release();
        Assert.Throws<InvalidOperationException>(block.Release);
        Assert.Throws<InvalidOperationException>(block.Retain);
        var matrix = DenseMatrix<double>.Allocate(1, 1);
        matrix.Release();
        Assert.Throws<InvalidOperationException>(matrix.Retain);
    }

    [Fact]
    public void Borrowed_memory_is_seen_but_not_written()
    {
        double[] cells = [1, 2, 3, 4, 5, 6];
        var matrix = DenseMatrix<double>.Borrow(cells.AsMemory(2), 2, 2);
        Assert.Equal([3, 4, 5, 6], matrix.ToArray());
        Assert.False(matrix.IsExclusive);
        cells[2] = 7;
        Assert.Equal(7, matrix[0, 0]);
        matrix.Release();
        Assert.Throws<ArgumentException>(() => DenseMatrix<double>.Borrow(cells, 2, 2));
        Assert.Throws<ArgumentException>(() => DenseMatrix<double>.Borrow(cells, 6 + (1L << 32), 1L << 32));
    }

    [Fact]
    public void A_view_keeps_the_memory_and_ends_exclusiveness()
    {
        var matrix = DenseMatrix<int>.Copy([1, 2, 3, 4, 5, 6], 3, 2);
        Assert.True(matrix.IsExclusive);
        var rows = matrix.RowRange(1, 2);
        Assert.False(matrix.IsExclusive);
        matrix.Release();
        Assert.Equal([3, 4, 5, 6], rows.ToArray());
        Assert.True(rows.IsExclusive);
        var row = rows.Reshape(1, 4);
        rows.Release();
        Assert.Equal([3, 4, 5, 6], row.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => row.RowRange(1, long.MaxValue));
        row.Release();
    }

    [Fact]
    public void What_nobody_releases_comes_back_when_it_is_collected()
    {
        var pool = new BufferPool();
        Abandon(pool);
        for (int i = 0; i < 20 && pool.LiveBytes > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Equal(0, pool.LiveBytes);

        pool.LimitBytes = 3 << 19;
        Abandon(pool);
        pool.Rent(1 << 20, zeroed: false).Release();

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Abandon(BufferPool pool) => pool.Rent(1 << 20, zeroed: false);
    }

    [Fact]
    public void Many_threads_never_share_a_block()
    {
        const int seed = 12;
        var pool = new BufferPool { KeepBytes = 1 << 20 };
        int shared = 0;
        var threads = Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            var random = new Random(seed + t);
            for (int i = 0; i < 5000; i++)
            {
                int bytes = random.Next(1, 40_000);
                var block = pool.Rent((nuint)bytes, zeroed: false);
                var text = new Span<byte>(block.Address, bytes);
                text.Fill((byte)t);
                if (i % 3 == 0) block.Retain();
                if (text.IndexOfAnyExcept((byte)t) >= 0) Interlocked.Increment(ref shared);
                if (i % 3 == 0) block.Release();
                block.Release();
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Equal((0, 0, 20_000), (shared, pool.LiveBytes, pool.Rented));
        Assert.True(pool.IdleBytes <= 1 << 20);
    }
}
