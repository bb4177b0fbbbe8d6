using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>A page of a column chunk: where its bytes lie and what they are. <see cref="Levels"/> and <see cref="Repeats"/> are lengths that only version 2 has.</summary>
readonly record struct ParquetPage(int Kind, long Offset, int Compressed, int Uncompressed, int Values, int Encoding, int Levels, int Repeats, bool IsCompressed, int LevelEncoding)
{
    // Headers are some dozen bytes, but may carry the smallest and the largest value.
    const int FirstWindow = 1 << 12, LastWindow = 1 << 24;

    /// <summary>
    /// The pages of a chunk, which must have as many values as the row group has rows. Only headers are read: before anything is allocated for the values,
    /// their number stands in the pages, the group and the footer.
    /// </summary>
    public static List<ParquetPage> Of(SafeFileHandle file, string path, ParquetChunk chunk, long rows)
    {
        List<ParquetPage> pages = [];
        byte[] window = new byte[FirstWindow];
        long values = 0, end = chunk.Offset + chunk.Length;
        for (long at = chunk.Offset; at < end && (values < rows || pages.Count == 0);)
        {
            var page = Header(file, path, ref window, at, end);
            at = page.Offset + page.Compressed;
            if (page.Kind == ParquetFormat.IndexPage) continue;
            if (page.Kind == ParquetFormat.DictionaryPage && pages.Count > 0) throw Diag.ParquetMalformed.Raise(path, "a dictionary is not the first page of its column");
            if (page.Kind != ParquetFormat.DictionaryPage) values += page.Values;
            pages.Add(page);
        }
        return values == rows ? pages : throw Diag.ParquetMalformed.Raise(path, $"a column has {values} values in a group of {rows} rows");
    }

    static ParquetPage Header(SafeFileHandle file, string path, ref byte[] window, long at, long end)
    {
        while (true)
        {
            int read = FileAccess.ReadFully(file, path, window.AsSpan(0, (int)Math.Min(window.Length, end - at)), at);
            try
            {
                var page = Parse(window.AsSpan(0, read), path, at);
                if (page.Compressed > end - page.Offset) throw Diag.ParquetMalformed.Raise(path, "a page is longer than its column");
                return page;
            }
            catch (RaisedException) when (read == window.Length && window.Length < LastWindow)
            {
                window = new byte[window.Length * 16];
            }
        }
    }

    static ParquetPage Parse(ReadOnlySpan<byte> bytes, string path, long at)
    {
        var reader = new ThriftReader(bytes, path);
        int kind = -1;
        var page = new ParquetPage { Values = -1, IsCompressed = true, Compressed = -1, Uncompressed = -1 };
        for (int id = 0; reader.NextField(ref id, out var type);)
            switch (id)
            {
                case 1: kind = reader.Int32(type); break;
                case 2: page = page with { Uncompressed = reader.Int32(type) }; break;
                case 3: page = page with { Compressed = reader.Int32(type) }; break;
                case 5 or 7: page = First(ref reader, type, page); break;
                case 8: page = Second(ref reader, type, page); break;
                default: reader.Skip(type); break;
            }
        if (page.Compressed < 0 || page.Uncompressed < 0 || page.Levels < 0 || page.Repeats < 0) throw reader.Wrong("a page has no length");
        if (kind is < ParquetFormat.DataPage or > ParquetFormat.DataPageV2 || (kind != ParquetFormat.IndexPage && page.Values < 0)) throw reader.Wrong("a page has no type or no number of values");
        return page with { Kind = kind, Offset = at + reader.Position };
    }

    // The header of a data page of version 1, or of a dictionary.
    static ParquetPage First(ref ThriftReader reader, ThriftType type, ParquetPage page)
    {
        reader.Struct(type);
        for (int id = 0; reader.NextField(ref id, out var field);)
            switch (id)
            {
                case 1: page = page with { Values = reader.Int32(field) }; break;
                case 2: page = page with { Encoding = reader.Int32(field) }; break;
                case 3 when field is not (ThriftType.True or ThriftType.False): page = page with { LevelEncoding = reader.Int32(field) }; break;
                default: reader.Skip(field); break;
            }
        return page;
    }

    static ParquetPage Second(ref ThriftReader reader, ThriftType type, ParquetPage page)
    {
        reader.Struct(type);
        page = page with { LevelEncoding = ParquetFormat.Rle };
        for (int id = 0; reader.NextField(ref id, out var field);)
            switch (id)
            {
                case 1: page = page with { Values = reader.Int32(field) }; break;
                case 4: page = page with { Encoding = reader.Int32(field) }; break;
                case 5: page = page with { Levels = reader.Int32(field) }; break;
                case 6: page = page with { Repeats = reader.Int32(field) }; break;
                case 7: page = page with { IsCompressed = field == ThriftType.True }; break;
                default: reader.Skip(field); break;
            }
        return page;
    }
}
