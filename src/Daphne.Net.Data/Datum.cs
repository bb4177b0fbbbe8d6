using System.Diagnostics;
using System.Runtime.CompilerServices;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>One value of a script outside the engine: a scalar (unboxed), a string or a data object. What script arguments, results and messages carry.</summary>
[DebuggerDisplay("{Type} {ToString()}")]
public readonly struct Datum
{
    readonly ulong bits;
    readonly object? reference;

    Datum(ValueTypeCode? type, ulong bits, object? reference) => (Type, this.bits, this.reference) = (type, bits, reference);

    /// <summary>The value type of a scalar or string; null for a data object.</summary>
    public ValueTypeCode? Type { get; }

    /// <summary>True for a scalar or string.</summary>
    public bool IsScalar => Type is not null;

    /// <summary>The data object.</summary>
    /// <exception cref="InvalidOperationException">It is a scalar.</exception>
    public DataObject Object => reference as DataObject ?? throw new InvalidOperationException("a scalar is not a data object");

    /// <summary>The string.</summary>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    public string Text => reference as string ?? throw new InvalidOperationException("the value is not a string");

    /// <summary>The storage of a scalar: a double or float in its IEEE bits, an integer sign- or zero-extended to 64 bits, a bool as 0 or 1.</summary>
    public ulong Bits => bits;

    /// <summary>A data object; ownership does not change.</summary>
    public static Datum Of(DataObject value) => new(null, 0, value);

    /// <summary>A string.</summary>
    public static Datum Of(string value) => new(ValueTypeCode.Str, 0, value);

    /// <summary>A scalar from its storage bits, see <see cref="Bits"/>.</summary>
    public static Datum OfBits(ValueTypeCode type, ulong bits) => new(type, bits, null);

    /// <summary>A scalar of the value type that <typeparamref name="T"/> stores.</summary>
    public static Datum Of<T>(T value) where T : unmanaged => new(ValueTypes.Of<T>(), ToBits(value), null);

    /// <summary>The scalar as <typeparamref name="T"/>, which must store its value type (or, for sizes, be <c>ulong</c>).</summary>
    /// <exception cref="InvalidOperationException">The scalar has another value type.</exception>
    public T As<T>() where T : unmanaged
    {
        var wanted = ValueTypes.Of<T>();
        if (Type != wanted && !(Type == ValueTypeCode.Size && wanted == ValueTypeCode.UI64))
            throw new InvalidOperationException($"a {(Type is { } t ? t.DslName() : "data object")} is not a {wanted.DslName()}");
        return FromBits<T>(bits);
    }

    /// <summary>Storage bits of a scalar.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToBits<T>(T value) where T : unmanaged
    {
        if (typeof(T) == typeof(double)) return BitConverter.DoubleToUInt64Bits((double)(object)value);
        if (typeof(T) == typeof(float)) return BitConverter.SingleToUInt32Bits((float)(object)value);
        if (typeof(T) == typeof(long)) return (ulong)(long)(object)value;
        if (typeof(T) == typeof(ulong)) return (ulong)(object)value;
        if (typeof(T) == typeof(int)) return (ulong)(int)(object)value;
        if (typeof(T) == typeof(uint)) return (uint)(object)value;
        if (typeof(T) == typeof(sbyte)) return (ulong)(sbyte)(object)value;
        if (typeof(T) == typeof(byte)) return (byte)(object)value;
        if (typeof(T) == typeof(bool)) return (bool)(object)value ? 1UL : 0UL;
        throw new NotSupportedException($"{typeof(T)} is not the storage of a scalar");
    }

    /// <summary>A scalar from its storage bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FromBits<T>(ulong bits) where T : unmanaged
    {
        if (typeof(T) == typeof(double)) return (T)(object)BitConverter.UInt64BitsToDouble(bits);
        if (typeof(T) == typeof(float)) return (T)(object)BitConverter.UInt32BitsToSingle((uint)bits);
        if (typeof(T) == typeof(long)) return (T)(object)(long)bits;
        if (typeof(T) == typeof(ulong)) return (T)(object)bits;
        if (typeof(T) == typeof(int)) return (T)(object)(int)bits;
        if (typeof(T) == typeof(uint)) return (T)(object)(uint)bits;
        if (typeof(T) == typeof(sbyte)) return (T)(object)(sbyte)bits;
        if (typeof(T) == typeof(byte)) return (T)(object)(byte)bits;
        if (typeof(T) == typeof(bool)) return (T)(object)(bits != 0);
        throw new NotSupportedException($"{typeof(T)} is not the storage of a scalar");
    }
}
