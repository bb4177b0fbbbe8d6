using System.Buffers;
using System.Buffers.Binary;
using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>
/// Writes <c>.parquet</c> files: row groups of a million rows, pages of 128 Ki values of version 1, no value missing; strings that repeat through a
/// dictionary; a column chunk is compressed with Snappy where that saves a tenth. Threads make chunks side by side and append them in order.
/// </summary>
sealed class ParquetWriter(string[] labels, Func<int, ParquetColumnWriter> column, long rows, SafeFileHandle file)
{
    const int RowsInGroup = 1 << 20;

    readonly List<WrittenChunk> written = [];

    public static void Write(Matrix matrix, SafeFileHandle file, int threads)
    {
        int cols = matrix.Cols <= FileMetaData.MostColumns ? (int)matrix.Cols : throw Diag.FileKind.Raise(matrix.Header, "a .parquet file", $"it has at most {FileMetaData.MostColumns} columns");
        new ParquetWriter([.. Enumerable.Range(0, cols).Select(Frame.DefaultLabel)], j => ParquetColumnWriter.Of(matrix, j), matrix.Rows, file).Write(threads);
    }

    public static void Write(Frame frame, SafeFileHandle file, int threads) =>
        new ParquetWriter([.. frame.Labels], j => ParquetColumnWriter.Of(frame[j].Here(), 0), frame.Rows, file).Write(threads);

    void Write(int threads)
    {
        RandomAccess.Write(file, ParquetFormat.Magic, 0);
        long chunks = (rows + RowsInGroup - 1) / RowsInGroup * labels.Length;
        long offset = new OrderedPieces<WrittenChunk>(file, chunks, Chunk, (chunk, at) => written.Add(chunk with { Offset = at })).Write(threads, ParquetFormat.Magic.Length);
        var bytes = new ArrayBufferWriter<byte>();
        Footer(new ThriftWriter(bytes));
        Span<byte> tail = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(tail, (uint)bytes.WrittenCount);
        ParquetFormat.Magic.CopyTo(tail[4..]);
        bytes.Write(tail);
        RandomAccess.Write(file, bytes.WrittenSpan, offset);
    }

    WrittenChunk Chunk(long index, ArrayBufferWriter<byte> to)
    {
        var (group, j) = Math.DivRem(index, labels.Length);
        return column((int)j).Write(group * RowsInGroup, (int)Math.Min(RowsInGroup, rows - group * RowsInGroup), to);
    }

    void Footer(ThriftWriter to)
    {
        ParquetColumnWriter[] columns = [.. Enumerable.Range(0, labels.Length).Select(column)];
        to.Begin().Integer(1, 1).List(2, ThriftType.Struct, labels.Length + 1);
        to.Begin().Text(4, "schema").Integer(5, labels.Length).End();
        for (int j = 0; j < labels.Length; j++) columns[j].Schema(to.Begin(), labels[j]).End();
        to.Long(3, rows).List(4, ThriftType.Struct, labels.Length == 0 ? 0 : written.Count / labels.Length);
        for (int first = 0; first < written.Count; first += labels.Length)
        {
            to.Begin().List(1, ThriftType.Struct, labels.Length);
            for (int j = 0; j < labels.Length; j++) written[first + j].Write(to, labels[j], columns[j].Physical);
            to.Long(2, written.GetRange(first, labels.Length).Sum(c => c.Uncompressed)).Long(3, written[first].Values).End();
        }
        to.Text(6, "Daphne.Net").End();
    }
}

/// <summary>A chunk that was made; <see cref="Offset"/> once it lies in the file. <see cref="Dictionary"/> is the length of its dictionary page, or 0.</summary>
readonly record struct WrittenChunk(int Values, long Uncompressed, long Compressed, int Dictionary, int Codec)
{
    public long Offset { get; init; }

    public void Write(ThriftWriter to, string label, int physical)
    {
        to.Begin().Long(2, Offset).Begin(3).Integer(1, physical).List(2, ThriftType.I32, Dictionary > 0 ? 3 : 2).Element(ParquetFormat.Plain).Element(ParquetFormat.Rle);
        if (Dictionary > 0) to.Element(ParquetFormat.RleDictionary);
        to.List(3, ThriftType.Binary, 1).Element(label).Integer(4, Codec).Long(5, Values).Long(6, Uncompressed).Long(7, Compressed).Long(9, Offset + Dictionary);
        if (Dictionary > 0) to.Long(11, Offset);
        to.End().End();
    }
}
