using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Reads the footer; <paramref name="dataEnd"/> is where it begins, so that pages end before.</summary>
sealed class ParquetFooterReader(string path, long dataEnd)
{
    public ParquetFooter Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ThriftReader(bytes, path);
        long rows = -1;
        ImmutableArray<ParquetColumn> columns = default;
        List<(long Rows, ImmutableArray<ParquetChunk> Chunks)> groups = [];
        for (int id = 0; reader.NextField(ref id, out var type);)
            switch (id)
            {
                case 2: columns = ParquetSchema.Read(ref reader, type, path); break;
                case 3: rows = reader.Integer(type); break;
                case 4:
                    for (int n = reader.List(type, out var element); n > 0; n--) groups.Add(Group(ref reader, element));
                    break;
                default: reader.Skip(type); break;
            }
        if (columns.IsDefault || rows < 0) throw reader.Wrong("its footer has no schema or no number of rows");
        List<ParquetGroup> placed = [];
        long first = 0;
        foreach (var (count, chunks) in groups)
        {
            if (count > rows - first || chunks.Length != columns.Length) throw reader.Wrong("a row group contradicts the footer");
            placed.Add(new(first, count, chunks));
            first += count;
        }
        return first == rows ? new(rows, columns, [.. placed]) : throw reader.Wrong($"its row groups have {first} rows, not {rows}");
    }

    (long, ImmutableArray<ParquetChunk>) Group(ref ThriftReader reader, ThriftType type)
    {
        reader.Struct(type);
        long rows = -1;
        ImmutableArray<ParquetChunk> chunks = [];
        for (int id = 0; reader.NextField(ref id, out var field);)
            switch (id)
            {
                case 1:
                    int count = reader.List(field, out var element);
                    var builder = ImmutableArray.CreateBuilder<ParquetChunk>();
                    for (; count > 0; count--) builder.Add(Chunk(ref reader, element));
                    chunks = builder.ToImmutable();
                    break;
                case 3: rows = reader.Integer(field); break;
                default: reader.Skip(field); break;
            }
        return rows >= 0 ? (rows, chunks) : throw reader.Wrong("a row group has no number of rows");
    }

    ParquetChunk Chunk(ref ThriftReader reader, ThriftType type)
    {
        reader.Struct(type);
        ParquetChunk? chunk = null;
        for (int id = 0; reader.NextField(ref id, out var field);)
            switch (id)
            {
                case 1: throw Diag.ParquetUnsupported.Raise(path, "a column in another file");
                case 3: chunk = MetaData(ref reader, field); break;
                default: reader.Skip(field); break;
            }
        return chunk ?? throw reader.Wrong("a column chunk has no metadata");
    }

    ParquetChunk MetaData(ref ThriftReader reader, ThriftType type)
    {
        reader.Struct(type);
        long data = -1, dictionary = 0, length = -1;
        int codec = -1;
        for (int id = 0; reader.NextField(ref id, out var field);)
            switch (id)
            {
                case 4: codec = reader.Int32(field); break;
                case 7: length = reader.Integer(field); break;
                case 9: data = reader.Integer(field); break;
                case 11: dictionary = reader.Integer(field); break;
                default: reader.Skip(field); break;
            }
        // Some writers say 0 for "no dictionary".
        long offset = dictionary > 0 && dictionary < data ? dictionary : data;
        if (offset < 0 || length < 0 || offset > dataEnd || length > dataEnd - offset) throw reader.Wrong("a column chunk does not lie in the file");
        if (codec is not (ParquetFormat.Uncompressed or ParquetFormat.Snappy or ParquetFormat.Gzip))
            throw Diag.ParquetUnsupported.Raise(path, $"compression {ParquetFormat.NameOfCodec(codec)}");
        return new(offset, length, codec);
    }
}
