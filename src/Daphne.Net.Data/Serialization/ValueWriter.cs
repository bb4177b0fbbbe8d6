using System.Buffers;
using System.Buffers.Binary;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Values as the bytes of the wire and of <c>.dbdf</c> files. The cells of a matrix are not copied.</summary>
public static class ValueWriter
{
    /// <summary>How many bytes the value takes.</summary>
    /// <exception cref="RaisedException">It has no encoding.</exception>
    public static long LengthOf(in Datum value)
    {
        if (!value.IsScalar) return WireFormat.DenseHeader + CellBytes(Dense(value.Object));
        var type = value.Type!.Value;
        _ = WireFormat.CodeOf(type);
        return WireFormat.ScalarHeader + type.SizeInBytes();
    }

    /// <summary>
    /// The bytes of the value: a header, then its cells where they lie. The sequence is valid as long as the caller owns the value, and so is every slice.
    /// </summary>
    /// <exception cref="RaisedException">It has no encoding.</exception>
    public static ReadOnlySequence<byte> Bytes(in Datum value)
    {
        if (value.IsScalar) return new(Scalar(value.Type!.Value, value.Bits));
        var matrix = Dense(value.Object);
        var first = new Segment(Header(matrix), null);
        var last = DenseMatrix.Dispatch<Cells, Segment>(matrix, new(first));
        return new(first, 0, last, last.Memory.Length);
    }

    /// <summary>
    /// The bytes of the value in messages of at most <paramref name="most"/> bytes each, except that the first one holds the whole header, as the
    /// original's workers expect it.
    /// </summary>
    /// <exception cref="RaisedException">It has no encoding.</exception>
    public static IEnumerable<ReadOnlySequence<byte>> Messages(Datum value, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var bytes = Bytes(value);
        long first = Math.Min(bytes.Length, Math.Max(most, WireFormat.DenseHeader));
        yield return bytes.Slice(0, first);
        for (long at = first; at < bytes.Length; at += most) yield return bytes.Slice(at, Math.Min(most, bytes.Length - at));
    }

    static byte[] Scalar(ValueTypeCode type, ulong bits)
    {
        byte[] bytes = new byte[WireFormat.ScalarHeader + type.SizeInBytes()];
        PutValueHeader(bytes, WireFormat.ScalarData, 0, 0, WireFormat.CodeOf(type));
        Span<byte> storage = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(storage, bits);
        storage[..type.SizeInBytes()].CopyTo(bytes.AsSpan(WireFormat.ScalarHeader));
        return bytes;
    }

    static byte[] Header(Matrix matrix)
    {
        byte code = WireFormat.CodeOf(matrix.ValueType);
        if (matrix.Rows > uint.MaxValue || matrix.Cols > uint.MaxValue)
            throw Diag.NotSupportedYet.Raise($"sending a matrix of {matrix.Rows}x{matrix.Cols} cells (at most {uint.MaxValue} rows and columns)");
        byte[] bytes = new byte[WireFormat.DenseHeader];
        PutValueHeader(bytes, WireFormat.DenseData, (ulong)matrix.Rows, (ulong)matrix.Cols, code);
        var block = bytes.AsSpan(WireFormat.ScalarHeader + 2 * sizeof(ulong));        // behind the block's position, which is 0, 0
        BinaryPrimitives.WriteUInt32LittleEndian(block, (uint)matrix.Rows);
        BinaryPrimitives.WriteUInt32LittleEndian(block[4..], (uint)matrix.Cols);
        block[8] = WireFormat.DenseBlock;
        block[9] = code;
        return bytes;
    }

    static void PutValueHeader(Span<byte> bytes, byte data, ulong rows, ulong cols, byte type)
    {
        (bytes[0], bytes[1]) = (WireFormat.Version, data);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[2..], rows);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[10..], cols);
        bytes[18] = type;
    }

    static long CellBytes(Matrix matrix) => matrix.Cells * matrix.ValueType.SizeInBytes();

    static Matrix Dense(DataObject value) => value switch
    {
        Matrix m when m.ValueType != ValueTypeCode.Str => m.Here(),
        _ => throw Diag.NotSupportedYet.Raise($"sending {value.Header}"),
    };

    readonly struct Cells(Segment header) : IMatrixVisitor<Segment>
    {
        const int Most = 1 << 30;

        public unsafe Segment Visit<T>(DenseMatrix<T> matrix) where T : unmanaged
        {
            long length = matrix.Cells * sizeof(T);
            var last = header;
            for (long at = 0; at < length; at += Most)
                last = new Segment(new NativeBytes(matrix, (byte*)matrix.Cell0 + at, (int)Math.Min(Most, length - at)).Memory, last);
            return last;
        }
    }

    sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is null) return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
