using System.Numerics;
using System.Runtime.InteropServices;

namespace Daphne.Net.Tests.Kernels;

/// <summary>Cells for kernel tests: small whole numbers, the corners of each type, and seeded random ones; and equality to the bit.</summary>
static class Cells
{
    /// <summary>Lengths that reach every tail of every width, and one beyond.</summary>
    public static IEnumerable<int> Lengths => Enumerable.Range(0, 131);

    public static T[] Random<T>(int count, int seed) where T : unmanaged
    {
        var random = new Random(seed);
        var cells = new T[count];
        for (int i = 0; i < count; i++) cells[i] = random.Next(4) == 0 ? Corner<T>(random) : Plain<T>(random);
        return cells;
    }

    public static T[] Small<T>(int count, int seed, int most = 9) where T : unmanaged, INumber<T>
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.Next(most + 1)))];
    }

    static T Plain<T>(Random random) where T : unmanaged
    {
        double x = random.NextDouble() * 40 - 20;
        if (typeof(T) == typeof(double)) return (T)(object)x;
        if (typeof(T) == typeof(float)) return (T)(object)(float)x;
        if (typeof(T) == typeof(bool)) return (T)(object)(x > 0);
        return FromLong<T>((long)x);
    }

    static T Corner<T>(Random random) where T : unmanaged
    {
        if (typeof(T) == typeof(double))
        {
            double[] corners = [0.0, -0.0, 1, -1, 0.5, -0.5, 2.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.MinValue, double.Epsilon, 0.49999999999999994, 4503599627370497.5, 9007199254740993];
            return (T)(object)corners[random.Next(corners.Length)];
        }
        if (typeof(T) == typeof(float))
        {
            float[] corners = [0f, -0f, 1, -1, 0.5f, -0.5f, 2.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon, 0.49999997f, 8388609.5f, 16777217];
            return (T)(object)corners[random.Next(corners.Length)];
        }
        if (typeof(T) == typeof(bool)) return (T)(object)(random.Next(2) == 1);
        long[] whole = [0, 1, -1, 2, long.MinValue, long.MaxValue, int.MinValue, int.MaxValue, sbyte.MinValue, sbyte.MaxValue, 255, 256];
        return FromLong<T>(whole[random.Next(whole.Length)]);
    }

    // The low bytes of a 64-bit number: what a wrapping conversion leaves.
    static T FromLong<T>(long x) where T : unmanaged => MemoryMarshal.Cast<long, T>(new[] { x })[0];

    /// <summary>Equal to the bit, but any nan is any nan.</summary>
    public static bool Same<T>(T x, T y) where T : unmanaged
    {
        if (x is double a && y is double b) return double.IsNaN(a) ? double.IsNaN(b) : BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);
        if (x is float c && y is float d) return float.IsNaN(c) ? float.IsNaN(d) : BitConverter.SingleToInt32Bits(c) == BitConverter.SingleToInt32Bits(d);
        return EqualityComparer<T>.Default.Equals(x, y);
    }

    public static void AssertSame<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what) where T : unmanaged
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            if (!Same(expected[i], actual[i])) Assert.Fail($"{what}: cell {i} is {actual[i]:R}, not {expected[i]:R}");
    }
}
