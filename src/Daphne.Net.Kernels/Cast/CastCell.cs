using System.Numerics;
using System.Runtime.CompilerServices;

namespace Daphne.Net.Kernels;

/// <summary>
/// How one cell becomes a cell of another type: what C does on x86-64, on every machine. Integers wrap; floats are truncated towards zero; a float out
/// of range becomes what <c>cvttsd2si</c> makes of it (the smallest number) or, for narrow and unsigned types, the low bits of that.
/// </summary>
public static class CastCell
{
    const double TwoTo31 = 2147483648.0, TwoTo63 = 9223372036854775808.0, TwoTo64 = 18446744073709551616.0;

    /// <summary>A float as a number of type <typeparamref name="T"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FromDouble<T>(double x) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(double) || typeof(T) == typeof(float)) return T.CreateTruncating(x);
        if (typeof(T) == typeof(long)) return T.CreateTruncating(ToInt64(x));
        if (typeof(T) == typeof(ulong)) return T.CreateTruncating(ToUInt64(x));
        if (typeof(T) == typeof(uint)) return T.CreateTruncating(ToInt64(x));
        return T.CreateTruncating(ToInt32(x));
    }

    static long ToInt64(double x) => x >= -TwoTo63 && x < TwoTo63 ? (long)x : long.MinValue;

    static int ToInt32(double x) => x > -TwoTo31 - 1 && x < TwoTo31 ? (int)x : int.MinValue;

    // A negative number wraps; 2^64 and more, and nan, are 0.
    static ulong ToUInt64(double x) => x < TwoTo63 ? (ulong)ToInt64(x) : x < TwoTo64 ? (ulong)x : 0;
}
