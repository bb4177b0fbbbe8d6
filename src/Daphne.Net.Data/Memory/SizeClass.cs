using System.Numerics;

namespace Daphne.Net.Data;

/// <summary>
/// The sizes in which the pool keeps memory: two per power of two up to 1 MiB (64, 96, 128, 192, 256, …), eight above, where a third of waste would show.
/// </summary>
static class SizeClass
{
    const int Least = 6, Fine = 20, Most = 47;

    public const int Count = 2 * (Fine - Least) + 8 * (Most - Fine) + 1;

    /// <summary>The largest size there is a class for.</summary>
    public const ulong MostBytes = 1UL << Most;

    /// <summary>The class for so many bytes, and its size; at most <see cref="MostBytes"/>.</summary>
    public static int Of(ulong bytes, out ulong size)
    {
        size = 1UL << Least;
        if (bytes <= size) return 0;
        int power = BitOperations.Log2(bytes - 1) + 1;                  // 2^(power-1) < bytes <= 2^power
        var (perPower, before) = power <= Fine ? (2, 2 * (power - Least - 1)) : (8, 2 * (Fine - Least) + 8 * (power - Fine - 1));
        ulong half = 1UL << (power - 1), step = half / (ulong)perPower, steps = (bytes - half + step - 1) / step;
        size = half + steps * step;
        return before + (int)steps;
    }

    /// <summary>The size of a class.</summary>
    public static ulong SizeOf(int index)
    {
        if (index == 0) return 1UL << Least;
        int coarse = 2 * (Fine - Least);
        return index <= coarse
            ? (2 + (ulong)((index - 1) % 2 + 1)) << (Least - 1 + (index - 1) / 2)
            : (8 + (ulong)((index - coarse - 1) % 8 + 1)) << (Fine - 3 + (index - coarse - 1) / 8);
    }
}
