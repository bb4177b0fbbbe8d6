using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>
/// Writes <c>.dbdf</c> files: matrices of numbers as the bytes of the wire, which are those of the original; frames with a block for each column, as the
/// original's page on the format describes them; strings in blocks of our own.
/// </summary>
static class DbdfWriter
{
    public static void Write(Matrix matrix, SafeFileHandle file, string path)
    {
        if (matrix is StringMatrix strings)
        {
            var run = new Run(file, path);
            run.Header(WireFormat.DenseData, matrix.Rows, matrix.Cols);
            run.Byte(WireFormat.Str);
            run.Strings(strings, 0);
            run.Flush();
            return;
        }
        long at = 0;
        foreach (var piece in ValueWriter.Bytes(Datum.Of(matrix)))
        {
            RandomAccess.Write(file, piece.Span, at);
            at += piece.Length;
        }
    }

    public static void Write(Frame frame, SafeFileHandle file, string path)
    {
        var run = new Run(file, path);
        run.Header(WireFormat.FrameData, frame.Rows, frame.Cols);
        foreach (var column in frame.Columns) run.Byte(column.ValueType == ValueTypeCode.Str ? WireFormat.Str : WireFormat.CodeOf(column.ValueType));
        foreach (string label in frame.Labels) run.Label(label);
        for (int j = 0; j < frame.Cols; j++)
            if (frame[j].Here() is StringMatrix strings) run.Strings(strings, j);
            else run.Numbers(frame[j].Here(), j);
        run.Flush();
    }

    sealed class Run(SafeFileHandle file, string path)
    {
        const int Room = 1 << 18;

        readonly ArrayBufferWriter<byte> buffer = new(Room);
        long offset;

        public void Header(byte kind, long rows, long cols)
        {
            Byte(WireFormat.Version);
            Byte(kind);
            UInt64((ulong)rows);
            UInt64((ulong)cols);
        }

        public void Byte(byte value) => Printer.Put(value, buffer);

        public void Label(string label)
        {
            int length = Encoding.UTF8.GetByteCount(label);
            if (length > ushort.MaxValue) throw Diag.FileKind.Raise($"a label of {length} bytes", path, $"labels have at most {ushort.MaxValue} bytes there");
            BinaryPrimitives.WriteUInt16LittleEndian(buffer.GetSpan(2), (ushort)length);
            buffer.Advance(2);
            Encoding.UTF8.GetBytes(label, buffer);
        }

        public void Numbers(Matrix column, int col)
        {
            Block(column, col, WireFormat.DenseBlock);
            Byte(WireFormat.CodeOf(column.ValueType));
            Flush();
            offset = DenseMatrix.Dispatch<Cells, long>(column, new(file, offset));
        }

        public void Strings(StringMatrix matrix, int col)
        {
            Block(matrix, col, DbdfBlocks.StringBlock);
            Byte(WireFormat.Str);
            foreach (string cell in matrix.Span)
            {
                UInt32((uint)Encoding.UTF8.GetByteCount(cell));
                Encoding.UTF8.GetBytes(cell, buffer);
                if (buffer.WrittenCount >= Room) Flush();
            }
        }

        public void Flush()
        {
            RandomAccess.Write(file, buffer.WrittenSpan, offset);
            offset += buffer.WrittenCount;
            buffer.ResetWrittenCount();
        }

        void Block(Matrix matrix, int col, byte kind)
        {
            if (matrix.Rows > uint.MaxValue || matrix.Cols > uint.MaxValue) throw Diag.FileKind.Raise(matrix.Header, path, $"blocks have at most {uint.MaxValue} rows and columns there");
            UInt64(0);
            UInt64((ulong)col);
            UInt32((uint)matrix.Rows);
            UInt32((uint)matrix.Cols);
            Byte(kind);
        }

        void UInt32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(buffer.GetSpan(4), value);
            buffer.Advance(4);
        }

        void UInt64(ulong value)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(buffer.GetSpan(8), value);
            buffer.Advance(8);
        }
    }

    readonly struct Cells(SafeFileHandle file, long offset) : IMatrixVisitor<long>
    {
        public unsafe long Visit<T>(DenseMatrix<T> matrix) where T : unmanaged
        {
            long at = offset;
            foreach (var (start, length) in matrix.Chunks())
                for (int done = 0; done < length; done += 1 << 27)
                {
                    var piece = new ReadOnlySpan<byte>(matrix.Cell0 + start + done, Math.Min(1 << 27, length - done) * sizeof(T));
                    RandomAccess.Write(file, piece, at);
                    at += piece.Length;
                }
            return at;
        }
    }
}
