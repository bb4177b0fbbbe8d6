using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class CastTests
{
    static readonly double[] floats = [2.7, -2.7, -0.5, 0, -0.0, 300, -1, 65.9, 1e10, -1e10, 1e30, -1e30, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 9223372036854775808, 1.8e19, 2147483647.5, -2147483648.5];

    [Fact]
    public void Floats_become_integers_as_on_x86()
    {
        const long least = long.MinValue;
        Assert.Equal([2, -2, 0, 0, 0, 300, -1, 65, 10000000000, -10000000000, least, least, least, least, least, least, least, 2147483647, -2147483648], Cast<double, long>(floats));
        Assert.Equal([2, 18446744073709551614, 0, 0, 0, 300, ulong.MaxValue, 65, 10000000000, 18446744063709551616, 1UL << 63, 1UL << 63, 1UL << 63, 1UL << 63, 1UL << 63, 1UL << 63, 18000000000000000000, 2147483647, 18446744071562067968], Cast<double, ulong>(floats));
        Assert.Equal([2, -2, 0, 0, 0, 300, -1, 65, int.MinValue, int.MinValue, int.MinValue, int.MinValue, int.MinValue, int.MinValue, int.MinValue, int.MinValue, int.MinValue, 2147483647, -2147483648], Cast<double, int>(floats));
        Assert.Equal(new byte[] { 2, 254, 0, 0, 0, 44, 255, 65, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0 }, Cast<double, byte>(floats));
        Assert.Equal([2, -2, 0, 0, 0, 44, -1, 65], Cast<double, sbyte>(floats[..8]));
        Assert.Equal([2, 4294967294, 0, 0, 0, 300, 4294967295, 65, 1410065408, 2884901888], Cast<double, uint>(floats[..10]));
        Assert.Equal([true, true, true, false, false, true], Cast<double, bool>(floats[..6]));
        Assert.Equal([7, 0, -1], Cast<float, long>([7.9f, 0.0f, -1.5f]));
    }

    [Fact]
    public void Every_width_truncates_alike()
    {
        foreach (int n in Cells.Lengths)
        {
            double[] cells = Cells.Random<double>(n, seed: n);
            long[] expected = [.. cells.Select(CastCell.Convert<double, long>)], dst = new long[n];
            int done = Casts.Truncate512(cells, dst);
            Assert.InRange(n - done, 0, 7);
            Assert.Equal(expected[..done], dst[..done]);
            Assert.Equal(expected, Cast<double, long>(cells));
        }
    }

    [Fact]
    public void Floats_of_one_width_become_floats_of_the_other()
    {
        Cells.AssertSame<float>([.. floats.Select(x => (float)x)], Cast<double, float>(floats), "f64 to f32");
        Cells.AssertSame<double>([0.10000000149011612, -0.0, double.NaN, double.PositiveInfinity], Cast<float, double>([0.1f, -0f, float.NaN, float.PositiveInfinity]), "f32 to f64");
    }

    [Fact]
    public void Integers_wrap_into_narrower_ones()
    {
        Wraps<long>();
        Wraps<ulong>();
        Wraps<int>();
        Wraps<uint>();
        Wraps<sbyte>();
        Wraps<byte>();
        Assert.Equal([true, false, true], Cast<long, bool>([5, 0, -7]));
        Assert.Equal([1.0, 0.0], Cast<bool, double>([true, false]));
        Assert.Equal([1L, 0L], Cast<bool, long>([true, false]));
    }

    static void Wraps<TFrom>() where TFrom : unmanaged, IBinaryInteger<TFrom>
    {
        Wraps<TFrom, long>();
        Wraps<TFrom, ulong>();
        Wraps<TFrom, int>();
        Wraps<TFrom, uint>();
        Wraps<TFrom, sbyte>();
        Wraps<TFrom, byte>();
        TFrom[] cells = Cells.Random<TFrom>(1000, seed: 4);
        foreach (var (cell, single) in cells.Zip(Cast<TFrom, float>(cells)))
            Assert.True(IsNearest(BigInteger.CreateChecked(cell), single), $"{cell} became {single:R}");
        foreach (var (cell, real) in cells.Zip(Cast<TFrom, double>(cells)))
            Assert.True(IsNearest(BigInteger.CreateChecked(cell), real), $"{cell} became {real:R}");
    }

    static void Wraps<TFrom, TTo>() where TFrom : unmanaged, IBinaryInteger<TFrom> where TTo : unmanaged, IBinaryInteger<TTo>
    {
        TFrom[] cells = Cells.Random<TFrom>(1000, seed: 5);
        Assert.Equal(cells.Select(c => TTo.CreateTruncating(BigInteger.CreateChecked(c))), Cast<TFrom, TTo>(cells));
    }

    // BigInteger's own conversion to double truncates.
    static bool IsNearest<TFloat>(BigInteger x, TFloat rounded) where TFloat : IFloatingPointIeee754<TFloat>
    {
        BigInteger Distance(TFloat to) => BigInteger.Abs(x - BigInteger.CreateChecked(to));
        return Distance(rounded) <= Distance(TFloat.BitIncrement(rounded)) && Distance(rounded) <= Distance(TFloat.BitDecrement(rounded));
    }

    static TTo[] Cast<TFrom, TTo>(TFrom[] cells) where TFrom : unmanaged where TTo : unmanaged
    {
        var dst = DenseMatrix<TTo>.Allocate(cells.Length, 1);
        Casts.Apply(DenseMatrix<TFrom>.Borrow(cells, cells.Length, 1), dst);
        return dst.ToArray();
    }
}
