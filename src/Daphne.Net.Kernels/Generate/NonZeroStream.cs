using System.Diagnostics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>
/// Random values between two bounds, zeros left out, in the order in which the original draws them: a drawn 0 is drawn again, which is to say that the
/// zeros are dropped from the stream. So whole blocks of draws can be converted at once.
/// </summary>
sealed class NonZeroStream<T>(MersenneTwister g, T min, T max) where T : unmanaged
{
    const int Block = 2048;

    // A random double takes two draws.
    readonly uint[] draws = new uint[2 * Block];

    /// <summary>The next values.</summary>
    public void Next(Span<T> values)
    {
        while (values.Length > 0)
        {
            int tried = Math.Min(values.Length, Block);
            values = values[Try(values[..tried])..];
        }
    }

    // Fills the front of the span from as many draws as it has places and returns how many were not refused.
    int Try(Span<T> values)
    {
        if (typeof(T) == typeof(double)) return TryDoubles(Span<double>(values), (double)(object)min, (double)(object)max);
        if (typeof(T) == typeof(float)) return TryFloats(Span<float>(values), (float)(object)min, (float)(object)max);
        ulong span = Datum.ToBits(max) - Datum.ToBits(min);
        return span < uint.MaxValue ? TryNarrow(values, (uint)span + 1) : TryWide(values, span);
    }

    int TryDoubles(Span<double> values, double min, double max)
    {
        g.Next(draws.AsSpan(0, 2 * values.Length));
        double range = max - min;
        int kept = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double value = UniformReals.Double(draws[2 * i], draws[2 * i + 1]) * range + min;
            values[kept] = value;
            kept += value == 0 ? 0 : 1;
        }
        return kept;
    }

    int TryFloats(Span<float> values, float min, float max)
    {
        g.Next(draws.AsSpan(0, values.Length));
        float range = max - min;
        int kept = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float value = UniformReals.Single(draws[i]) * range + min;
            values[kept] = value;
            kept += value == 0 ? 0 : 1;
        }
        return kept;
    }

    int TryNarrow(Span<T> values, uint count)
    {
        var block = draws.AsSpan(0, values.Length);
        g.Next(block);
        ulong least = Datum.ToBits(min);
        uint bias = UniformIntegers.Bias(count);
        int kept = 0;
        foreach (uint draw in block)
        {
            bool accepted = UniformIntegers.TryBelow(draw, count, bias, out uint value);
            ulong bits = least + value;
            values[kept] = Datum.FromBits<T>(bits);
            kept += accepted & bits != 0 ? 1 : 0;
        }
        return kept;
    }

    int TryWide(Span<T> values, ulong span)
    {
        ulong least = Datum.ToBits(min);
        int kept = 0;
        for (int i = 0; i < values.Length; i++)
        {
            ulong bits = least + UniformIntegers.UpTo(g, span);
            values[kept] = Datum.FromBits<T>(bits);
            kept += bits == 0 ? 0 : 1;
        }
        return kept;
    }

    static Span<TSame> Span<TSame>(Span<T> values) where TSame : unmanaged
    {
        Debug.Assert(typeof(T) == typeof(TSame));
        return System.Runtime.InteropServices.MemoryMarshal.Cast<T, TSame>(values);
    }
}
