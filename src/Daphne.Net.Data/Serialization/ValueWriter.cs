using System.Buffers;
using System.Buffers.Binary;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>
/// Values as the bytes of the wire and of <c>.dbdf</c> files. The cells of a matrix are not copied, except strings, and the column numbers of sparse
/// matrices, which are wider there. Strings, truth values, frames and lists have forms of our own: see <see cref="WireFormat.IsOriginal(in Datum)"/>.
/// </summary>
public static class ValueWriter
{
    /// <summary>How many bytes the value takes.</summary>
    /// <exception cref="RaisedException">It has no encoding.</exception>
    public static long LengthOf(in Datum value) => Bytes(value).Length;

    /// <summary>The bytes of the value: a header, then its cells where they lie. The sequence is valid as long as the caller owns the value, and so is every slice.</summary>
    /// <exception cref="RaisedException">It has no encoding.</exception>
    public static ReadOnlySequence<byte> Bytes(in Datum value)
    {
        var pieces = new ValuePieces();
        if (value.IsScalar) Scalar(value, pieces);
        else Put(value.Object, pieces);
        return pieces.Sequence();
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

    static void Scalar(in Datum value, ValuePieces to)
    {
        var type = value.Type!.Value;
        ValueHeader(to, WireFormat.ScalarData, 0, 0, WireFormat.CodeOf(type));
        if (type == ValueTypeCode.Str)
        {
            to.Text(value.Text);
            return;
        }
        Span<byte> storage = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(storage, value.Bits);
        to.Put(storage[..type.SizeInBytes()]);
    }

    static void Put(DataObject value, ValuePieces to)
    {
        switch (value)
        {
            case Matrix matrix: Put(matrix.Here(), to); break;
            case Frame frame:
                ValueHeader(to, WireFormat.OwnFrame, (ulong)frame.Rows, (ulong)frame.Cols, 0);
                foreach (string label in frame.Labels) to.Text(label);
                foreach (var column in frame.Columns) Put(column.Here(), to);
                break;
            case ObjectList list:
                ValueHeader(to, WireFormat.OwnList, (ulong)list.Length, 0, WireFormat.CodeOf(list.ElementType));
                for (int i = 0; i < list.Length; i++) Put(list[i].Here(), to);
                break;
            default: throw Diag.NotSupportedYet.Raise($"sending {value.Header}");
        }
    }

    static void Put(Matrix matrix, ValuePieces to)
    {
        if (matrix is StringMatrix strings)
        {
            MatrixHeader(matrix, WireFormat.DenseData, DbdfBlocks.StringBlock, to);
            foreach (string cell in strings.Span) to.Text(cell);
        }
        else if (CsrMatrix.Is(matrix)) CsrMatrix.Dispatch<Cells, bool>(matrix, new(to));
        else DenseMatrix.Dispatch<Cells, bool>(matrix, new(to));
    }

    static void MatrixHeader(Matrix matrix, byte data, byte kind, ValuePieces to)
    {
        if (matrix.Rows > uint.MaxValue || matrix.Cols > uint.MaxValue)
            throw Diag.NotSupportedYet.Raise($"sending a matrix of {matrix.Rows}x{matrix.Cols} cells (at most {uint.MaxValue} rows and columns)");
        byte code = WireFormat.CodeOf(matrix.ValueType);
        ValueHeader(to, data, (ulong)matrix.Rows, (ulong)matrix.Cols, code);
        Span<byte> block = stackalloc byte[WireFormat.DenseHeader - WireFormat.ScalarHeader];
        block.Clear();                                                                // it begins with the block's position, which is 0, 0
        BinaryPrimitives.WriteUInt32LittleEndian(block[16..], (uint)matrix.Rows);
        BinaryPrimitives.WriteUInt32LittleEndian(block[20..], (uint)matrix.Cols);
        block[24] = kind;
        block[25] = code;
        to.Put(block);
    }

    static void ValueHeader(ValuePieces to, byte data, ulong rows, ulong cols, byte type)
    {
        Span<byte> bytes = stackalloc byte[WireFormat.ScalarHeader];
        (bytes[0], bytes[1]) = (WireFormat.Version, data);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[2..], rows);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[10..], cols);
        bytes[18] = type;
        to.Put(bytes);
    }

    readonly struct Cells(ValuePieces to) : IMatrixVisitor<bool>, ICsrVisitor<bool>
    {
        public unsafe bool Visit<T>(DenseMatrix<T> matrix) where T : unmanaged
        {
            MatrixHeader(matrix, WireFormat.DenseData, WireFormat.DenseBlock, to);
            to.Borrow(matrix, (byte*)matrix.Cell0, matrix.Cells * sizeof(T));
            return true;
        }

        public unsafe bool Visit<T>(CsrMatrix<T> matrix) where T : unmanaged
        {
            MatrixHeader(matrix, WireFormat.SparseData, WireFormat.SparseBlock, to);
            // A range of rows of another matrix does not begin at 0 here; on the wire it does.
            long first = matrix.Offsets[0];
            to.UInt64((ulong)matrix.Stored);
            for (long r = 0; r <= matrix.Rows; r++) to.UInt64((ulong)(matrix.Offsets[r] - first));
            for (long at = first; at < first + matrix.Stored; at++) to.UInt64((ulong)matrix.Columns[at]);
            to.Borrow(matrix, (byte*)(matrix.Values + first), matrix.Stored * sizeof(T));
            return true;
        }
    }
}
