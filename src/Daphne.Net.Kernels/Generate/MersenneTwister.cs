using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>
/// MT19937, the 32-bit generator of Matsumoto and Nishimura (1998), seeded like <c>std::mt19937</c>. It makes its numbers 624 at a time, eight side by side.
/// </summary>
sealed class MersenneTwister
{
    const int Size = 624, Shift = 397;

    readonly uint[] state = new uint[Size], ready = new uint[Size];
    int next = Size;

    /// <summary>Only the low 32 bits of the seed count.</summary>
    public MersenneTwister(long seed)
    {
        state[0] = (uint)seed;
        for (int i = 1; i < Size; i++) state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >> 30)) + (uint)i;
    }

    /// <summary>The next number.</summary>
    public uint Next()
    {
        if (next == Size) Advance();
        return ready[next++];
    }

    /// <summary>The next numbers.</summary>
    public void Next(Span<uint> numbers)
    {
        while (numbers.Length > 0)
        {
            if (next == Size) Advance();
            int take = Math.Min(numbers.Length, Size - next);
            ready.AsSpan(next, take).CopyTo(numbers);
            next += take;
            numbers = numbers[take..];
        }
    }

    void Advance()
    {
        // New word k mixes old words k and k + 1 with word k + 397, which is old below 227 and new from there on; word 0 after the last one is new.
        Mix(0, Size - Shift, Shift);
        Mix(Size - Shift, Size - 1, Shift - Size);
        state[Size - 1] = state[Shift - 1] ^ Twist(state[Size - 1], state[0]);
        Temper();
        next = 0;
    }

    void Mix(int from, int to, int other)
    {
        int k = from;
        ref uint words = ref MemoryMarshal.GetArrayDataReference(state);
        for (; Vector256.IsHardwareAccelerated && k <= to - Vector256<uint>.Count; k += Vector256<uint>.Count)
        {
            var a = Vector256.LoadUnsafe(ref words, (nuint)k);
            var b = Vector256.LoadUnsafe(ref words, (nuint)k + 1);
            var y = (a & Vector256.Create(0x80000000u)) | (b & Vector256.Create(0x7FFFFFFFu));
            var odd = Vector256<uint>.Zero - (b & Vector256<uint>.One);
            (Vector256.LoadUnsafe(ref words, (nuint)(k + other)) ^ (y >>> 1) ^ (odd & Vector256.Create(0x9908B0DFu))).StoreUnsafe(ref words, (nuint)k);
        }
        for (; k < to; k++) state[k] = state[k + other] ^ Twist(state[k], state[k + 1]);
    }

    static uint Twist(uint a, uint b) => (((a & 0x80000000) | (b & 0x7FFFFFFF)) >> 1) ^ ((b & 1) * 0x9908B0DF);

    void Temper()
    {
        for (int k = 0; k < Size; k += Vector<uint>.Count)
        {
            var y = new Vector<uint>(state, k);
            y ^= y >>> 11;
            y ^= (y << 7) & new Vector<uint>(0x9D2C5680);
            y ^= (y << 15) & new Vector<uint>(0xEFC60000);
            (y ^ (y >>> 18)).CopyTo(ready, k);
        }
    }
}
