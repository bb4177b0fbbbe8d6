using System.Buffers.Binary;
using System.Diagnostics;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>What follows a header.</summary>
enum ValueKind : byte
{
    Scalar,
    Dense,
    Sparse,
    Strings,
    Frame,
    List,
}

/// <summary>What stands before the cells, or before the scalar. Of a list the rows are its length and the type is that of its elements.</summary>
readonly record struct ValueHeader(ValueKind Kind, ValueTypeCode Type, long Rows, long Cols)
{
    /// <summary>How long the header is, as far as its first bytes tell: the second one decides between scalar and matrix.</summary>
    public static int LengthFrom(ReadOnlySpan<byte> start)
    {
        if (start.Length < 2) return 2;
        if (start[0] != WireFormat.Version) throw Diag.WireMalformed.Raise($"its format has version {start[0]}, known is {WireFormat.Version}");
        return start[1] switch
        {
            WireFormat.DenseData or WireFormat.SparseData => WireFormat.DenseHeader,
            WireFormat.ScalarData or WireFormat.OwnFrame or WireFormat.OwnList => WireFormat.ScalarHeader,
            WireFormat.FrameData => throw Diag.NotSupportedYet.Raise("receiving a frame of the original, which writes none,"),
            _ => throw Diag.WireMalformed.Raise($"there is no data type {start[1]}"),
        };
    }

    /// <summary>Reads a header of <see cref="LengthFrom"/> bytes and believes nothing.</summary>
    public static ValueHeader Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes[1] == WireFormat.OwnFrame && bytes[18] != 0) throw Diag.WireMalformed.Raise($"a frame has no value type {bytes[18]}");
        var type = bytes[1] == WireFormat.OwnFrame ? default : WireFormat.TypeOf(bytes[18]);
        if (bytes[1] == WireFormat.ScalarData) return new(ValueKind.Scalar, type, 1, 1);     // rows and columns are garbage there
        var (rows, cols) = (Dimension(bytes[2..]), Dimension(bytes[10..]));
        if (bytes[1] == WireFormat.OwnFrame) return new(ValueKind.Frame, type, rows, cols);
        if (bytes[1] == WireFormat.OwnList) return new(ValueKind.List, type, rows, cols);
        bool strings = type == ValueTypeCode.Str;
        if (strings && bytes[1] == WireFormat.SparseData) throw Diag.WireMalformed.Raise("there is no sparse matrix of strings");
        CheckBlock(bytes[WireFormat.ScalarHeader..], rows, cols, bytes[18], strings ? DbdfBlocks.StringBlock : bytes[1] == WireFormat.SparseData ? WireFormat.SparseBlock : WireFormat.DenseBlock);
        return new(strings ? ValueKind.Strings : bytes[1] == WireFormat.SparseData ? ValueKind.Sparse : ValueKind.Dense, type, rows, cols);
    }

    /// <summary>The bytes of the cells of a dense matrix, or of a scalar.</summary>
    /// <exception cref="RaisedException">They are too many to count.</exception>
    public long CellBytes()
    {
        // Below 2^64 cells because both are below 2^32 there.
        var length = (UInt128)Rows * (UInt128)Cols * (UInt128)Type.SizeInBytes();
        return length <= long.MaxValue ? (long)length : throw Diag.WireTooLarge.Raise(Rows, Cols, length, long.MaxValue);
    }

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

    static void CheckBlock(ReadOnlySpan<byte> block, long rows, long cols, byte type, byte kind)
    {
        ulong rx = BinaryPrimitives.ReadUInt64LittleEndian(block), cx = BinaryPrimitives.ReadUInt64LittleEndian(block[8..]);
        uint blockRows = BinaryPrimitives.ReadUInt32LittleEndian(block[16..]), blockCols = BinaryPrimitives.ReadUInt32LittleEndian(block[20..]);
        if (rx != 0 || cx != 0 || blockRows != rows || blockCols != cols)
            throw Diag.WireMalformed.Raise($"its block of {blockRows}x{blockCols} cells at {rx}, {cx} is not the whole {rows}x{cols} matrix");
        if (block[24] != kind) throw Diag.NotSupportedYet.Raise($"receiving a matrix block of type {block[24]} where one of type {kind} is due");
        if (block[25] != type) throw Diag.WireMalformed.Raise($"its value type is {type}, that of its block {block[25]}");
    }
}
