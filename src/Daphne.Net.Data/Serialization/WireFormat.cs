using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>
/// The numbers of the value format that travels between coordinator and workers and lies in <c>.dbdf</c> files: little endian, packed, as the original's
/// code writes it (its page on the binary format lists other type codes).
/// </summary>
public static class WireFormat
{
    /// <summary>Length of what stands before the cells of a dense matrix.</summary>
    public const int DenseHeader = 45;

    /// <summary>Length of what stands before the value of a scalar.</summary>
    public const int ScalarHeader = 19;

    internal const byte Version = 1;
    internal const byte DenseData = 1, SparseData = 2, FrameData = 3, ScalarData = 4;
    internal const byte EmptyBlock = 0, DenseBlock = 1, SparseBlock = 2, UltraSparseBlock = 3;

    // Between our own peers, for what the original cannot encode.
    internal const byte OwnFrame = 103, OwnList = 104;

    // The page on the format numbers f64 as 10; the code has no 10, so this one code is understood both ways.
    const byte F64OfThePage = 10;
    internal const byte Str = 8, Bool = 100;

    /// <summary>Length of the message with a chunk size, see <see cref="IsChunkSize"/>.</summary>
    public const int ChunkSizeMessage = sizeof(ulong);

    /// <summary>
    /// The first message of a stored value from the original's asynchronous client is no value but 8 bytes with its chunk size; a value's first message
    /// is never that short.
    /// </summary>
    public static bool IsChunkSize(ReadOnlySpan<byte> firstMessage) => firstMessage.Length == ChunkSizeMessage;

    /// <summary>True if a peer that is the original knows this value type; bool and the layout of strings are ours.</summary>
    public static bool IsOriginal(ValueTypeCode type) => type is not (ValueTypeCode.Bool or ValueTypeCode.Str);

    /// <summary>True if a peer that is the original can read this value: numbers, and dense or sparse matrices of numbers.</summary>
    public static bool IsOriginal(in Datum value) => value.IsScalar ? IsOriginal(value.Type!.Value) : value.Object is Matrix matrix && IsOriginal(matrix.ValueType);

    /// <summary>The code of a value type in headers.</summary>
    public static byte CodeOf(ValueTypeCode type) => type switch
    {
        ValueTypeCode.SI8 => 0,
        ValueTypeCode.SI32 => 1,
        ValueTypeCode.SI64 => 2,
        ValueTypeCode.UI8 => 3,
        ValueTypeCode.UI32 => 4,
        ValueTypeCode.UI64 or ValueTypeCode.Size => 5,
        ValueTypeCode.F32 => 6,
        ValueTypeCode.F64 => 7,
        ValueTypeCode.Bool => Bool,
        ValueTypeCode.Str => Str,
        _ => throw new System.Diagnostics.UnreachableException($"value type {type}"),
    };

    internal static ValueTypeCode TypeOf(byte code) => code switch
    {
        0 => ValueTypeCode.SI8,
        1 => ValueTypeCode.SI32,
        2 => ValueTypeCode.SI64,
        3 => ValueTypeCode.UI8,
        4 => ValueTypeCode.UI32,
        5 => ValueTypeCode.UI64,
        6 => ValueTypeCode.F32,
        7 or F64OfThePage => ValueTypeCode.F64,
        Bool => ValueTypeCode.Bool,
        Str => ValueTypeCode.Str,
        _ => throw Diag.WireMalformed.Raise($"there is no value type {code}"),
    };
}
