using System.Numerics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>
/// The multiplicative generator x ← 16807 x mod 2^31 - 1 of Lewis, Goodman and Miller, with which the original fills sparse matrices, and the
/// distributions that libstdc++ makes of it.
/// </summary>
sealed class MinimalStandard(long seed)
{
    // Draws lie in 1 … Range; less one they are evenly distributed in 0 … Range - 1.
    const uint Range = 2147483646;
    const uint Modulus = 2147483647;

    // From 0 there is no way out.
    ulong state = (ulong)seed % Modulus == 0 ? 1 : (ulong)seed % Modulus;

    uint Next() => (uint)(state = state * 16807 % Modulus) - 1;

    /// <summary>A whole number from 0 to <paramref name="most"/>, both included.</summary>
    public ulong UpTo(ulong most)
    {
        if (most < Range - 1)
        {
            ulong count = most + 1, each = (Range - 1) / count, draw;
            do draw = Next();
            while (draw >= count * each);
            return draw / each;
        }
        if (most == Range - 1) return Next();
        while (true)
        {
            ulong high = Range * UpTo(most / Range), value = high + Next();
            if (value <= most && value >= high) return value;
        }
    }

    /// <summary>A value between two bounds, as the original draws it: floats up to max, integers including it.</summary>
    public T Between<T>(T min, T max) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(double)) return (T)(object)(Double() * ((double)(object)max - (double)(object)min) + (double)(object)min);
        if (typeof(T) == typeof(float)) return (T)(object)(Single() * ((float)(object)max - (float)(object)min) + (float)(object)min);
        ulong least = Datum.ToBits(min);
        return Datum.FromBits<T>(least + UpTo(Datum.ToBits(max) - least));
    }

    double Double()
    {
        double value = Next();
        value += Next() * (double)Range;
        value /= (double)Range * Range;
        return value < 1 ? value : Math.BitDecrement(1.0);
    }

    float Single()
    {
        float value = Next() / (float)Range;
        return value < 1 ? value : MathF.BitDecrement(1f);
    }
}
