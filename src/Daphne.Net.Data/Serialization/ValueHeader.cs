using System.Buffers.Binary;
using System.Diagnostics;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>What stands before the cells, or before the scalar. <see cref="Bytes"/> is how much follows.</summary>
readonly record struct ValueHeader(bool IsScalar, ValueTypeCode Type, long Rows, long Cols, long Bytes)
{
    /// <summary>How long the header is, as far as its first bytes tell: the second one decides between scalar and matrix.</summary>
    public static int LengthFrom(ReadOnlySpan<byte> start)
    {
        if (start.Length < 2) return 2;
        if (start[0] != WireFormat.Version) throw Diag.WireMalformed.Raise($"its format has version {start[0]}, known is {WireFormat.Version}");
        return start[1] switch
        {
            WireFormat.DenseData => WireFormat.DenseHeader,
            WireFormat.ScalarData => WireFormat.ScalarHeader,
            WireFormat.SparseData => throw Diag.NotSupportedYet.Raise("receiving a sparse matrix"),
            WireFormat.FrameData => throw Diag.NotSupportedYet.Raise("receiving a frame"),
            _ => throw Diag.WireMalformed.Raise($"there is no data type {start[1]}"),
        };
    }

    /// <summary>Reads a header of <see cref="LengthFrom"/> bytes and believes nothing.</summary>
    public static ValueHeader Parse(ReadOnlySpan<byte> bytes)
    {
        var type = WireFormat.TypeOf(bytes[18]);
        if (bytes[1] == WireFormat.ScalarData) return new(true, type, 1, 1, type.SizeInBytes());     // rows and columns are garbage there
        var (rows, cols) = (Dimension(bytes[2..]), Dimension(bytes[10..]));
        CheckBlock(bytes[WireFormat.ScalarHeader..], rows, cols, bytes[18]);
        // Below 2^63 because both are below 2^32 here … except for the size of a cell.
        var length = (UInt128)rows * (UInt128)cols * (UInt128)type.SizeInBytes();
        if (length > long.MaxValue) throw Diag.WireTooLarge.Raise(rows, cols, length, long.MaxValue);
        return new(false, type, rows, cols, (long)length);
    }

    /// <summary>The storage bits of a scalar from the bytes behind its header.</summary>
    public ulong ScalarBits(ReadOnlySpan<byte> bytes) => BitsOf(Type, bytes);

    /// <summary>The storage bits of one cell of this type from its bytes.</summary>
    public static ulong BitsOf(ValueTypeCode type, ReadOnlySpan<byte> bytes) => type switch
    {
        ValueTypeCode.SI8 => (ulong)(sbyte)bytes[0],
        ValueTypeCode.UI8 or ValueTypeCode.Bool => bytes[0],
        ValueTypeCode.SI32 => (ulong)BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ValueTypeCode.UI32 or ValueTypeCode.F32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        ValueTypeCode.SI64 or ValueTypeCode.UI64 or ValueTypeCode.F64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        _ => throw new UnreachableException($"value type {type}"),
    };

    static long Dimension(ReadOnlySpan<byte> bytes)
    {
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return value <= long.MaxValue ? (long)value : throw Diag.WireMalformed.Raise($"a matrix cannot have {value} rows or columns");
    }

    static void CheckBlock(ReadOnlySpan<byte> block, long rows, long cols, byte type)
    {
        ulong rx = BinaryPrimitives.ReadUInt64LittleEndian(block), cx = BinaryPrimitives.ReadUInt64LittleEndian(block[8..]);
        uint blockRows = BinaryPrimitives.ReadUInt32LittleEndian(block[16..]), blockCols = BinaryPrimitives.ReadUInt32LittleEndian(block[20..]);
        if (rx != 0 || cx != 0 || blockRows != rows || blockCols != cols)
            throw Diag.WireMalformed.Raise($"its block of {blockRows}x{blockCols} cells at {rx}, {cx} is not the whole {rows}x{cols} matrix");
        if (block[24] != WireFormat.DenseBlock) throw Diag.NotSupportedYet.Raise($"receiving a matrix block of type {block[24]}");
        if (block[25] != type) throw Diag.WireMalformed.Raise($"its value type is {type}, that of its block {block[25]}");
    }
}
