using System.Numerics;
using System.Runtime.CompilerServices;

namespace Daphne.Net.Kernels;

/// <summary>
/// How one cell becomes a cell of another type: what C does on x86-64, on every machine. Integers wrap; floats are truncated towards zero; a float out
/// of range becomes what <c>cvttsd2si</c> makes of it (the smallest number) or, for narrow and unsigned types, the low bits of that. A bool is "not zero".
/// </summary>
public static class CastCell
{
    const double TwoTo31 = 2147483648.0, TwoTo63 = 9223372036854775808.0, TwoTo64 = 18446744073709551616.0;

    /// <summary>One cell of any type as one of any other. The types are known to the JIT, which leaves one conversion of all these.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TTo Convert<TFrom, TTo>(TFrom x) where TFrom : unmanaged where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(TTo)) return Unsafe.As<TFrom, TTo>(ref x);
        if (typeof(TFrom) == typeof(double)) return ConvertFloat<TTo>(Unsafe.As<TFrom, double>(ref x));
        if (typeof(TFrom) == typeof(float)) return ConvertFloat<TTo>(Unsafe.As<TFrom, float>(ref x));   // every float is a double
        if (typeof(TFrom) == typeof(ulong))
        {
            ulong u = Unsafe.As<TFrom, ulong>(ref x);
            if (typeof(TTo) == typeof(double)) return As<double, TTo>(u);
            if (typeof(TTo) == typeof(float)) return As<float, TTo>(u);
            return ConvertInteger<TTo>((long)u);
        }
        if (typeof(TFrom) == typeof(long)) return ConvertInteger<TTo>(Unsafe.As<TFrom, long>(ref x));
        if (typeof(TFrom) == typeof(int)) return ConvertInteger<TTo>(Unsafe.As<TFrom, int>(ref x));
        if (typeof(TFrom) == typeof(uint)) return ConvertInteger<TTo>(Unsafe.As<TFrom, uint>(ref x));
        if (typeof(TFrom) == typeof(sbyte)) return ConvertInteger<TTo>(Unsafe.As<TFrom, sbyte>(ref x));
        if (typeof(TFrom) == typeof(byte)) return ConvertInteger<TTo>(Unsafe.As<TFrom, byte>(ref x));
        if (typeof(TFrom) == typeof(bool)) return ConvertInteger<TTo>(Unsafe.As<TFrom, bool>(ref x) ? 1 : 0);
        throw new NotSupportedException($"{typeof(TFrom)} is not the storage of a number");
    }

    /// <summary>A float as a number of type <typeparamref name="T"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FromDouble<T>(double x) where T : unmanaged, INumber<T> => ConvertFloat<T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TTo ConvertFloat<TTo>(double x) where TTo : unmanaged
    {
        if (typeof(TTo) == typeof(double)) return As<double, TTo>(x);
        if (typeof(TTo) == typeof(float)) return As<float, TTo>((float)x);
        if (typeof(TTo) == typeof(long)) return As<long, TTo>(ToInt64(x));
        if (typeof(TTo) == typeof(ulong)) return As<ulong, TTo>(ToUInt64(x));
        if (typeof(TTo) == typeof(int)) return As<int, TTo>(ToInt32(x));
        if (typeof(TTo) == typeof(uint)) return As<uint, TTo>((uint)ToInt64(x));
        if (typeof(TTo) == typeof(sbyte)) return As<sbyte, TTo>((sbyte)ToInt32(x));
        if (typeof(TTo) == typeof(byte)) return As<byte, TTo>((byte)ToInt32(x));
        if (typeof(TTo) == typeof(bool)) return As<bool, TTo>(x != 0);
        throw new NotSupportedException($"{typeof(TTo)} is not the storage of a number");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TTo ConvertInteger<TTo>(long x) where TTo : unmanaged
    {
        if (typeof(TTo) == typeof(double)) return As<double, TTo>(x);
        if (typeof(TTo) == typeof(float)) return As<float, TTo>(x);
        if (typeof(TTo) == typeof(long)) return As<long, TTo>(x);
        if (typeof(TTo) == typeof(ulong)) return As<ulong, TTo>((ulong)x);
        if (typeof(TTo) == typeof(int)) return As<int, TTo>((int)x);
        if (typeof(TTo) == typeof(uint)) return As<uint, TTo>((uint)x);
        if (typeof(TTo) == typeof(sbyte)) return As<sbyte, TTo>((sbyte)x);
        if (typeof(TTo) == typeof(byte)) return As<byte, TTo>((byte)x);
        if (typeof(TTo) == typeof(bool)) return As<bool, TTo>(x != 0);
        throw new NotSupportedException($"{typeof(TTo)} is not the storage of a number");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TTo As<TReal, TTo>(TReal x) => Unsafe.As<TReal, TTo>(ref x);

    static long ToInt64(double x) => x >= -TwoTo63 && x < TwoTo63 ? (long)x : long.MinValue;

    static int ToInt32(double x) => x > -TwoTo31 - 1 && x < TwoTo31 ? (int)x : int.MinValue;

    // A negative number wraps; what no 64 bits hold, and nan, is 2^63.
    static ulong ToUInt64(double x) => x >= TwoTo63 && x < TwoTo64 ? (ulong)x : (ulong)ToInt64(x);
}
