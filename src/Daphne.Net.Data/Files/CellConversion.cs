using System.Runtime.CompilerServices;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>
/// A cell of a file in another value type. As CSV fields are read: digits behind the point are cut off where whole numbers are wanted, rounding to a float
/// is fine, a whole number that does not fit is refused.
/// </summary>
static class CellConversion
{
    /// <summary>The cell as <typeparamref name="T"/>; false if it does not fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryConvert<TFrom, T>(TFrom cell, out T value) where TFrom : unmanaged where T : unmanaged
    {
        if (typeof(TFrom) == typeof(T))
        {
            value = (T)(object)cell;
            return true;
        }
        if (typeof(TFrom) == typeof(double)) return FromFloat((double)(object)cell, out value);
        if (typeof(TFrom) == typeof(float)) return FromFloat((float)(object)cell, out value);
        return FromInteger(Datum.ToBits(cell), IsSigned<TFrom>(), out value);
    }

    /// <summary>A cell of type <paramref name="from"/>, given by its storage bits, as <typeparamref name="T"/>; false if it does not fit.</summary>
    public static bool TryConvert<T>(ValueTypeCode from, ulong bits, out T value) where T : unmanaged => from switch
    {
        ValueTypeCode.F64 => FromFloat(BitConverter.UInt64BitsToDouble(bits), out value),
        ValueTypeCode.F32 => FromFloat(BitConverter.UInt32BitsToSingle((uint)bits), out value),
        _ => FromInteger(bits, from is ValueTypeCode.SI64 or ValueTypeCode.SI32 or ValueTypeCode.SI8, out value),
    };

    /// <summary>What is raised for a cell that does not fit.</summary>
    public static RaisedException DoesNotFit<TFrom>(TFrom cell, ValueTypeCode type) where TFrom : unmanaged => Diag.CellDoesNotFit.Raise(Text(cell), type.DslName());

    /// <summary>The cell as a CSV field.</summary>
    public static string Text<T>(T cell) where T : unmanaged
    {
        Span<byte> text = stackalloc byte[NumberText.MostPrinted];
        return Encoding.ASCII.GetString(text[..NumberText.RoundTrip(cell, text)]);
    }

    static bool FromFloat<T>(double number, out T value) where T : unmanaged
    {
        if (typeof(T) == typeof(double))
        {
            value = (T)(object)number;
            return true;
        }
        if (typeof(T) == typeof(float))
        {
            value = (T)(object)(float)number;
            return true;
        }
        double whole = Math.Truncate(number);
        value = default;
        if (!(Math.Abs(whole) < 18446744073709551616.0)) return false;
        if (whole >= 0) return FromInteger((ulong)whole, isSigned: false, out value);
        return whole >= long.MinValue && FromInteger((ulong)(long)whole, isSigned: true, out value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool FromInteger<T>(ulong bits, bool isSigned, out T value) where T : unmanaged
    {
        bool negative = isSigned && (long)bits < 0;
        if (typeof(T) == typeof(double))
        {
            value = (T)(object)(isSigned ? (double)(long)bits : bits);
            return true;
        }
        if (typeof(T) == typeof(float))
        {
            value = (T)(object)(isSigned ? (float)(long)bits : bits);
            return true;
        }
        value = Datum.FromBits<T>(bits);
        return Datum.ToBits(value) == bits && negative == (IsSigned<T>() && (long)bits < 0);
    }

    static bool IsSigned<T>() => typeof(T) == typeof(long) || typeof(T) == typeof(int) || typeof(T) == typeof(sbyte);
}
