using System.Runtime.CompilerServices;

namespace Daphne.Net.Dialect;

/// <summary>Facts about value types: their names in DaphneDSL, in the IR and in printed headers, their sizes, their order.</summary>
public static class ValueTypes
{
    static readonly (string Dsl, string Ir, string Printed, int Size)[] facts =
    [
        ("str", "!daphne.String", "std::string", 0),
        ("f64", "f64", "double", 8),
        ("f32", "f32", "float", 4),
        ("ui64", "ui64", "uint64_t", 8),
        ("si64", "si64", "int64_t", 8),
        ("size", "index", "uint64_t", 8),
        ("ui32", "ui32", "uint32_t", 4),
        ("si32", "si32", "int32_t", 4),
        ("ui8", "ui8", "uint8_t", 1),
        ("si8", "si8", "int8_t", 1),
        ("bool", "i1", "bool", 1),
    ];

    /// <summary>The ten value types a script can name, most general first (<see cref="ValueTypeCode.Size"/> has no DSL name of its own).</summary>
    public static IReadOnlyList<ValueTypeCode> All { get; } = Enum.GetValues<ValueTypeCode>();

    /// <summary>The name in DaphneDSL, for instance <c>si64</c>.</summary>
    public static string DslName(this ValueTypeCode code) => facts[(int)code].Dsl;

    /// <summary>The name in the IR, for instance <c>i1</c> for bool and <c>index</c> for sizes.</summary>
    public static string IrName(this ValueTypeCode code) => facts[(int)code].Ir;

    /// <summary>The name in printed headers, for instance <c>int64_t</c>.</summary>
    public static string PrintedName(this ValueTypeCode code) => facts[(int)code].Printed;

    /// <summary>Bytes per cell; 0 for strings.</summary>
    public static int SizeInBytes(this ValueTypeCode code) => facts[(int)code].Size;

    /// <summary>True for f64 and f32.</summary>
    public static bool IsFloat(this ValueTypeCode code) => code is ValueTypeCode.F64 or ValueTypeCode.F32;

    /// <summary>True for the signed, unsigned and size integers; not for bool.</summary>
    public static bool IsInteger(this ValueTypeCode code) => code is > ValueTypeCode.F32 and < ValueTypeCode.Bool;

    /// <summary>True for everything but strings.</summary>
    public static bool IsNumeric(this ValueTypeCode code) => code != ValueTypeCode.Str;

    /// <summary>The more general of two value types; decides the type of <c>+</c>, matrix literals, <c>cbind</c> and the like.</summary>
    public static ValueTypeCode MostGeneral(ValueTypeCode a, ValueTypeCode b) => a < b ? a : b;

    /// <summary>Finds a value type by its DaphneDSL name.</summary>
    public static bool TryParseDsl(string name, out ValueTypeCode code) => TryFind(name, static f => f.Dsl, out code);

    /// <summary>Finds a value type by its IR name.</summary>
    public static bool TryParseIr(string name, out ValueTypeCode code) => TryFind(name, static f => f.Ir, out code);

    /// <summary>The value type whose cells are stored as <typeparamref name="T"/>. <c>ulong</c> is <see cref="ValueTypeCode.UI64"/>.</summary>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> stores no value type.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ValueTypeCode Of<T>() =>
        typeof(T) == typeof(double) ? ValueTypeCode.F64 :
        typeof(T) == typeof(float) ? ValueTypeCode.F32 :
        typeof(T) == typeof(ulong) ? ValueTypeCode.UI64 :
        typeof(T) == typeof(long) ? ValueTypeCode.SI64 :
        typeof(T) == typeof(uint) ? ValueTypeCode.UI32 :
        typeof(T) == typeof(int) ? ValueTypeCode.SI32 :
        typeof(T) == typeof(byte) ? ValueTypeCode.UI8 :
        typeof(T) == typeof(sbyte) ? ValueTypeCode.SI8 :
        typeof(T) == typeof(bool) ? ValueTypeCode.Bool :
        typeof(T) == typeof(string) ? ValueTypeCode.Str :
        throw new NotSupportedException($"{typeof(T)} is not the storage of any value type");

    static bool TryFind(string name, Func<(string Dsl, string Ir, string Printed, int Size), string> key, out ValueTypeCode code)
    {
        int at = Array.FindIndex(facts, f => key(f) == name);
        code = at < 0 ? default : (ValueTypeCode)at;
        return at >= 0;
    }
}
