using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>A sparse matrix as files hold it: rows of all cells, coordinates of those that are stored, or the arrays of compressed rows.</summary>
abstract class SparseFile
{
    public static bool IsSparse(Matrix matrix) => matrix.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(CsrMatrix<>);

    public static SparseFile Of(Matrix matrix) => DenseMatrix.Dispatch<ForType, SparseFile>(matrix.ValueType, new(matrix));

    /// <summary>How many cells are not zero.</summary>
    public abstract long NonZeros { get; }

    public abstract RowText Csv { get; }

    public abstract RowText MatrixMarket { get; }

    /// <summary>Writes the arrays as the original's code does.</summary>
    public abstract void WriteDbdf(SafeFileHandle file, string path);

    /// <summary>A new dense matrix of the same cells, for formats that know no other.</summary>
    public abstract Matrix ToDense();

    readonly struct ForType(Matrix matrix) : IStorageVisitor<SparseFile>
    {
        public SparseFile Visit<T>() where T : unmanaged => new Cells<T>((CsrMatrix<T>)matrix);
    }

    sealed unsafe class Cells<T>(CsrMatrix<T> matrix) : SparseFile where T : unmanaged
    {
        public override long NonZeros
        {
            get
            {
                long count = 0;
                for (long r = 0; r < matrix.Rows; r++)
                    foreach (T value in matrix.ValuesOf(r))
                        if (!IsZero(value)) count++;
                return count;
            }
        }

        public override RowText Csv => new AllCells(matrix);

        public override RowText MatrixMarket => new Coordinates(matrix);

        public override void WriteDbdf(SafeFileHandle file, string path)
        {
            if (matrix.Rows > uint.MaxValue) throw Diag.FileKind.Raise(matrix.Header, path, $"blocks have at most {uint.MaxValue} rows there");
            const int room = 1 << 18;
            var buffer = new ArrayBufferWriter<byte>(room);
            long offset = 0;
            byte code = WireFormat.CodeOf(matrix.ValueType);
            buffer.Write([WireFormat.Version, WireFormat.SparseData]);
            Put((ulong)matrix.Rows);
            Put((ulong)matrix.Cols);
            buffer.Write([code]);
            Put(0);
            Put(0);
            Put((ulong)matrix.Rows | (ulong)matrix.Cols << 32);
            buffer.Write([WireFormat.SparseBlock, code]);
            Put((ulong)matrix.Stored);
            for (long r = 0; r <= matrix.Rows; r++) Put((ulong)(matrix.Offsets[r] - matrix.Offsets[0]));
            for (long at = matrix.Offsets[0]; at < matrix.Offsets[matrix.Rows]; at++) Put((ulong)matrix.Columns[at]);
            for (long at = matrix.Offsets[0]; at < matrix.Offsets[matrix.Rows]; at++)
            {
                buffer.Write(new ReadOnlySpan<byte>(matrix.Values + at, sizeof(T)));
                if (buffer.WrittenCount >= room) Flush();
            }
            Flush();

            void Put(ulong value)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(buffer.GetSpan(sizeof(ulong)), value);
                buffer.Advance(sizeof(ulong));
                if (buffer.WrittenCount >= room) Flush();
            }

            void Flush()
            {
                RandomAccess.Write(file, buffer.WrittenSpan, offset);
                offset += buffer.WrittenCount;
                buffer.ResetWrittenCount();
            }
        }

        public override Matrix ToDense()
        {
            var dense = DenseMatrix<T>.Allocate(matrix.Rows, matrix.Cols, zeroed: true);
            for (long r = 0; r < matrix.Rows; r++)
                for (long at = matrix.Offsets[r]; at < matrix.Offsets[r + 1]; at++) dense.Cell0[r * matrix.Cols + matrix.Columns[at]] = matrix.Values[at];
            return dense;
        }

        static bool IsZero(T value) =>
            typeof(T) == typeof(double) ? (double)(object)value == 0 : typeof(T) == typeof(float) ? (float)(object)value == 0 : Datum.ToBits(value) == 0;

        static void Number(T value, IBufferWriter<byte> utf8) => utf8.Advance(NumberText.RoundTrip(value, utf8.GetSpan(NumberText.MostPrinted)));

        sealed class AllCells(CsrMatrix<T> matrix) : RowText(matrix.Rows)
        {
            public override int RowsAtOnce => (int)Math.Clamp(32 * 1024 / Math.Max(1, matrix.Cols), 1, 32 * 1024);

            public override void Append(long row, IBufferWriter<byte> utf8)
            {
                var columns = matrix.ColumnsOf(row);
                var values = matrix.ValuesOf(row);
                int at = 0;
                for (long c = 0; c < matrix.Cols; c++)
                {
                    if (c > 0) Printer.Put((byte)',', utf8);
                    Number(at < columns.Length && columns[at] == c ? values[at++] : default, utf8);
                }
                Printer.Put((byte)'\n', utf8);
            }
        }

        sealed class Coordinates(CsrMatrix<T> matrix) : RowText(matrix.Rows)
        {
            public override int RowsAtOnce => (int)Math.Clamp(32 * 1024 / Math.Max(1, matrix.Stored / Math.Max(1, matrix.Rows)), 1, 32 * 1024);

            public override long Head(SafeFileHandle file)
            {
                string field = ValueTypes.Of<T>().IsFloat() ? "real" : "integer";
                byte[] head = Encoding.ASCII.GetBytes($"%%MatrixMarket matrix coordinate {field} general\n{matrix.Rows} {matrix.Cols} {matrix.Stored}\n");
                RandomAccess.Write(file, head, 0);
                return head.Length;
            }

            public override void Append(long row, IBufferWriter<byte> utf8)
            {
                var columns = matrix.ColumnsOf(row);
                var values = matrix.ValuesOf(row);
                for (int i = 0; i < columns.Length; i++)
                {
                    utf8.Advance(NumberText.RoundTrip(row + 1, utf8.GetSpan(NumberText.MostPrinted)));
                    Printer.Put((byte)' ', utf8);
                    utf8.Advance(NumberText.RoundTrip(columns[i] + 1L, utf8.GetSpan(NumberText.MostPrinted)));
                    Printer.Put((byte)' ', utf8);
                    Number(values[i], utf8);
                    Printer.Put((byte)'\n', utf8);
                }
            }
        }
    }
}
