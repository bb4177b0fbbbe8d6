using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Makes the chunks of one column.</summary>
abstract class ParquetColumnWriter
{
    const int RowsInPage = 1 << 17, MostBytes = 1 << 30;

    /// <summary>For a column of a matrix.</summary>
    public static ParquetColumnWriter Of(Matrix matrix, long col) =>
        matrix is StringMatrix strings ? new ParquetStringWriter(strings, col) : DenseMatrix.Dispatch<ForNumbers, ParquetColumnWriter>(matrix, new(col));

    /// <summary>How the values are stored.</summary>
    public abstract int Physical { get; }

    /// <summary>Writes the fields of the column's element of the schema.</summary>
    public abstract ThriftWriter Schema(ThriftWriter to, string label);

    /// <summary>Appends the chunk of these rows.</summary>
    public WrittenChunk Write(long first, int count, ArrayBufferWriter<byte> to)
    {
        var content = new ArrayBufferWriter<byte>();
        var pages = new PageWriter(to);
        int dictionary = 0, encoding = ParquetFormat.Plain;
        if (Dictionary(first, count, content) is var entries and > 0)
        {
            pages.Add(ParquetFormat.DictionaryPage, entries, ParquetFormat.Plain, content.WrittenSpan);
            (dictionary, encoding) = (to.WrittenCount, ParquetFormat.RleDictionary);
        }
        for (int done = 0, rows; done < count; done += rows)
        {
            content.ResetWrittenCount();
            rows = Values(first + done, Math.Min(RowsInPage, count - done), content);
            pages.Add(ParquetFormat.DataPage, rows, encoding, content.WrittenSpan);
            if (to.WrittenCount > MostBytes) throw Diag.FileKind.Raise("a column of long strings", "a .parquet file", "write .csv or .dbdf");
        }
        return new(count, pages.Uncompressed, to.WrittenCount, dictionary, pages.Codec);
    }

    /// <summary>Writes a dictionary if these rows are worth one; returns the number of its entries, else 0.</summary>
    protected virtual int Dictionary(long first, int count, ArrayBufferWriter<byte> to) => 0;

    /// <summary>Writes the values of these rows, or of as many as make a page, or their numbers in the dictionary; returns of how many.</summary>
    protected abstract int Values(long first, int count, ArrayBufferWriter<byte> to);

    readonly struct ForNumbers(long col) : IMatrixVisitor<ParquetColumnWriter>
    {
        public ParquetColumnWriter Visit<T>(DenseMatrix<T> matrix) where T : unmanaged => new Numbers<T>(matrix, col);
    }

    /// <summary>Pages of one chunk. The first one decides for all whether they are compressed.</summary>
    sealed class PageWriter(ArrayBufferWriter<byte> to)
    {
        byte[] packed = [];

        public int Codec { get; private set; } = -1;

        public long Uncompressed { get; private set; }

        public void Add(int kind, int values, int encoding, ReadOnlySpan<byte> content)
        {
            var stored = content;
            if (Codec != ParquetFormat.Uncompressed)
            {
                if (packed.Length < Snappy.MostCompressed(content.Length)) packed = new byte[Snappy.MostCompressed(content.Length)];
                stored = packed.AsSpan(0, Snappy.Compress(content, packed));
                if (Codec < 0) Codec = stored.Length < content.Length * 0.9 ? ParquetFormat.Snappy : ParquetFormat.Uncompressed;
                if (Codec == ParquetFormat.Uncompressed) stored = content;
            }
            int before = to.WrittenCount;
            var header = new ThriftWriter(to).Begin().Integer(1, kind).Integer(2, content.Length).Integer(3, stored.Length);
            if (kind == ParquetFormat.DictionaryPage) header.Begin(7).Integer(1, values).Integer(2, encoding).End();
            else header.Begin(5).Integer(1, values).Integer(2, encoding).Integer(3, ParquetFormat.Rle).Integer(4, ParquetFormat.Rle).End();
            header.End();
            Uncompressed += to.WrittenCount - before + content.Length;
            to.Write(stored);
        }
    }

    sealed unsafe class Numbers<T>(DenseMatrix<T> matrix, long col) : ParquetColumnWriter where T : unmanaged
    {
        static bool IsSmall => typeof(T) == typeof(byte) || typeof(T) == typeof(sbyte);

        public override int Physical => ValueTypes.Of<T>() switch
        {
            ValueTypeCode.Bool => ParquetFormat.Boolean,
            ValueTypeCode.F32 => ParquetFormat.Float,
            ValueTypeCode.F64 => ParquetFormat.Double,
            ValueTypeCode.SI64 or ValueTypeCode.UI64 => ParquetFormat.Int64,
            _ => ParquetFormat.Int32,
        };

        public override ThriftWriter Schema(ThriftWriter to, string label)
        {
            to.Integer(1, Physical).Integer(3, ParquetFormat.Required).Text(4, label);
            int converted = ValueTypes.Of<T>() switch
            {
                ValueTypeCode.UI8 => ParquetFormat.UInt8,
                ValueTypeCode.UI32 => ParquetFormat.UInt32,
                ValueTypeCode.UI64 => ParquetFormat.UInt64,
                ValueTypeCode.SI8 => ParquetFormat.Int8,
                _ => -1,
            };
            return converted < 0 ? to : to.Integer(6, converted).Begin(10).Begin(10).Small(1, (byte)(sizeof(T) * 8)).Flag(2, converted == ParquetFormat.Int8).End().End();
        }

        protected override int Values(long first, int count, ArrayBufferWriter<byte> to)
        {
            T* cell = matrix.Cell0 + first * matrix.Cols + col;
            int size = IsSmall ? sizeof(int) : sizeof(T), length = typeof(T) == typeof(bool) ? (count + 7) / 8 : count * size;
            var bytes = to.GetSpan(length)[..length];
            if (typeof(T) == typeof(bool)) bytes.Clear();
            for (int i = 0; i < count; i++, cell += matrix.Cols)
                if (typeof(T) == typeof(bool)) bytes[i >> 3] |= (byte)((*(byte*)cell & 1) << (i & 7));
                else if (IsSmall) BinaryPrimitives.WriteInt32LittleEndian(bytes[(i * size)..], (int)(long)Datum.ToBits(*cell));
                else System.Runtime.CompilerServices.Unsafe.WriteUnaligned(ref bytes[i * size], *cell);
            to.Advance(length);
            return count;
        }
    }
}

/// <summary>Makes the chunks of a column of strings: through a dictionary where there are few different ones.</summary>
sealed class ParquetStringWriter(StringMatrix matrix, long col) : ParquetColumnWriter
{
    const int MostEntries = 1 << 15, MostBytes = 1 << 20;

    Dictionary<string, int>? numbers;

    public override int Physical => ParquetFormat.ByteArray;

    public override ThriftWriter Schema(ThriftWriter to, string label) =>
        to.Integer(1, Physical).Integer(3, ParquetFormat.Required).Text(4, label).Integer(6, ParquetFormat.Utf8).Begin(10).Begin(1).End().End();

    protected override int Dictionary(long first, int count, ArrayBufferWriter<byte> to)
    {
        numbers = new(StringComparer.Ordinal);
        for (long row = first; row < first + count; row++)
        {
            if (!numbers.TryAdd(matrix[row, col], numbers.Count)) continue;
            Put(matrix[row, col], to);
            if (numbers.Count > MostEntries || numbers.Count > count / 2 || to.WrittenCount > MostBytes)
            {
                numbers = null;
                to.ResetWrittenCount();
                return 0;
            }
        }
        return numbers.Count;
    }

    protected override int Values(long first, int count, ArrayBufferWriter<byte> to)
    {
        if (numbers is null)
        {
            int done = 0;
            while (done < count && to.WrittenCount < MostBytes) Put(matrix[first + done++, col], to);
            return done;
        }
        int width = Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)(numbers.Count - 1)));
        int[] indexes = ArrayPool<int>.Shared.Rent(count);
        for (int i = 0; i < count; i++) indexes[i] = numbers[matrix[first + i, col]];
        Printer.Put((byte)width, to);
        RleEncoder.Write(indexes.AsSpan(0, count), width, to);
        ArrayPool<int>.Shared.Return(indexes);
        return count;
    }

    static void Put(string value, ArrayBufferWriter<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to.GetSpan(sizeof(uint)), (uint)Encoding.UTF8.GetByteCount(value));
        to.Advance(sizeof(uint));
        Encoding.UTF8.GetBytes(value, to);
    }
}
