using System.Runtime.CompilerServices;

namespace Daphne.Net.Data;

/// <summary>Reads a number of a matrix's value type. The text must be followed as <see cref="NumberScanner"/> wants it.</summary>
static unsafe class CellScanner
{
    /// <summary>The number at <paramref name="p"/>, which moves behind it; false if there is none, or none that fits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryScan<T>(ref byte* p, out T value) where T : unmanaged
    {
        if (typeof(T) == typeof(double))
        {
            bool found = NumberScanner.TryFloat<Binary64>(ref p, out ulong bits);
            value = Datum.FromBits<T>(bits);
            return found;
        }
        if (typeof(T) == typeof(float))
        {
            bool found = NumberScanner.TryFloat<Binary32>(ref p, out ulong bits);
            value = Datum.FromBits<T>(bits);
            return found;
        }
        if (!NumberScanner.TryInteger(ref p, out bool negative, out ulong size))
        {
            value = default;
            return false;
        }
        value = Datum.FromBits<T>(negative ? 0 - size : size);
        return size <= Most<T>(negative);
    }

    // The largest size of a number with this sign.
    static ulong Most<T>(bool negative) where T : unmanaged
    {
        if (typeof(T) == typeof(bool)) return negative ? 0UL : 1;
        int bits = sizeof(T) * 8;
        bool isSigned = typeof(T) == typeof(long) || typeof(T) == typeof(int) || typeof(T) == typeof(sbyte);
        if (!isSigned) return negative ? 0 : ulong.MaxValue >> (64 - bits);
        return (1UL << (bits - 1)) - (negative ? 0UL : 1);
    }
}
