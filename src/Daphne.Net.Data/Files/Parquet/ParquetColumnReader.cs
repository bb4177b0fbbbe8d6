using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>Reads the pages of a column in one row group into a column of a matrix. In memory are one page, stored and unpacked, and a batch of values.</summary>
sealed class ParquetColumnReader(SafeFileHandle file, string path, ParquetColumn column, ParquetChunk chunk)
{
    readonly ParquetValues values = ParquetValues.Of(column);
    readonly int[] present = new int[ParquetValues.Batch], indexes = new int[ParquetValues.Batch];
    byte[] stored = [], unpacked = [];

    /// <summary>Reads these pages into column <paramref name="col"/> of the target, whose cells are strings or whatever was there.</summary>
    public void Read(List<ParquetPage> pages, Matrix target, long col, long firstRow)
    {
        foreach (var page in pages)
        {
            var (levels, content) = Content(page);
            if (page.Kind == ParquetFormat.DictionaryPage)
            {
                if (page.Encoding is not (ParquetFormat.Plain or ParquetFormat.PlainDictionary)) throw Unsupported(page.Encoding);
                if (values.Dictionary(content, page.Values) is { } problem) throw Wrong(problem);
                continue;
            }
            Values(page, levels, content, target, col, firstRow);
            firstRow += page.Values;
        }
    }

    void Values(in ParquetPage page, ReadOnlySpan<byte> levels, ReadOnlySpan<byte> content, Matrix target, long col, long row)
    {
        bool isPlain = page.Encoding == ParquetFormat.Plain;
        var runs = isPlain ? default : Runs(page.Encoding, ref content);
        var missing = new RleDecoder(levels, 1);
        int entries = values.Entries == 0 && column.Physical == ParquetFormat.Boolean ? 2 : values.Entries;
        long at = 0;
        for (int left = page.Values; left > 0;)
        {
            int count = Math.Min(left, ParquetValues.Batch), stored = count;
            if (column.IsOptional)
            {
                if (!missing.TryRead(present.AsSpan(0, count))) throw Wrong("a page says of too few rows whether they have a value");
                stored = present.AsSpan(0, count).Count(1);
            }
            if (isPlain)
            {
                if (!values.TryPlain(content, ref at, stored)) throw Wrong("a page ends too early");
            }
            else
            {
                var batch = indexes.AsSpan(0, stored);
                if (!runs.TryRead(batch)) throw Wrong("a page ends too early");
                if (stored > 0 && (entries == 0 || batch.ContainsAnyExceptInRange(0, entries - 1))) throw Wrong("a value is not in the dictionary");
                values.LookUp(batch);
            }
            Store(target, col, count, stored, row);
            (left, row) = (left - count, row + count);
        }
    }

    void Store(Matrix target, long col, int count, int stored, long row)
    {
        ReadOnlySpan<int> some = stored == count ? [] : present.AsSpan(0, count);
        long at = row;
        if (values.TryStore(target, col, some, count, ref at)) return;
        if (!some.IsEmpty && some[(int)(at - row)] == 0) throw Diag.ParquetNull.Raise(path, column.Name, at);
        throw Wrong($"a value of column '{column.Name}' in row {at} is no {target.ValueType.DslName()}");
    }

    RleDecoder Runs(int encoding, scoped ref ReadOnlySpan<byte> content)
    {
        if (encoding == ParquetFormat.Rle && column.Physical == ParquetFormat.Boolean) return new(Prefixed(ref content), 1);
        if (encoding is not (ParquetFormat.PlainDictionary or ParquetFormat.RleDictionary)) throw Unsupported(encoding);
        if (values.Entries == 0 && content.IsEmpty) return default;
        int width = content.IsEmpty ? 33 : content[0];
        return width <= 32 && column.Physical != ParquetFormat.Boolean ? new(content[1..], width) : throw Wrong("the indexes of a page have no width");
    }

    // The levels that say which rows have a value, and the values. In version 1 both are compressed together.
    Pieces Content(in ParquetPage page)
    {
        if (stored.Length < page.Compressed) stored = GC.AllocateUninitializedArray<byte>(page.Compressed);
        var bytes = stored.AsSpan(0, page.Compressed);
        if (FileAccess.ReadFully(file, path, bytes, page.Offset) < bytes.Length) throw Wrong("it ends too early");
        if (page.Kind == ParquetFormat.DataPageV2)
        {
            int before = page.Levels + page.Repeats is var sum and >= 0 && sum <= bytes.Length && sum <= page.Uncompressed ? sum : throw Wrong("a page is shorter than its levels");
            ReadOnlySpan<byte> rest = bytes[before..];
            return new(bytes[page.Repeats..before], page.IsCompressed ? Unpacked(rest, page.Uncompressed - before) : rest);
        }
        ReadOnlySpan<byte> content = Unpacked(bytes, page.Uncompressed);
        if (page.Kind == ParquetFormat.DictionaryPage || !column.IsOptional) return new([], content);
        if (page.LevelEncoding != ParquetFormat.Rle) throw Unsupported(page.LevelEncoding);
        var levels = Prefixed(ref content);
        return new(levels, content);
    }

    ReadOnlySpan<byte> Prefixed(scoped ref ReadOnlySpan<byte> content)
    {
        uint length = content.Length < sizeof(uint) ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(content);
        if (length > (uint)content.Length - sizeof(uint)) throw Wrong("a page ends too early");
        var piece = content.Slice(sizeof(uint), (int)length);
        content = content[(sizeof(uint) + (int)length)..];
        return piece;
    }

    // Nothing is allocated that the compressed bytes cannot fill.
    ReadOnlySpan<byte> Unpacked(ReadOnlySpan<byte> bytes, int length)
    {
        const int mostGzipExpansion = 1032, slack = 64;
        if (chunk.Codec == ParquetFormat.Uncompressed) return bytes;
        if (length > (long)bytes.Length * (chunk.Codec == ParquetFormat.Gzip ? mostGzipExpansion : Snappy.MostExpansion) + slack) throw Wrong("a page announces more bytes than it can have");
        if (unpacked.Length < length) unpacked = GC.AllocateUninitializedArray<byte>((int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)length), (uint)Array.MaxLength));
        var target = unpacked.AsSpan(0, length);
        if (chunk.Codec == ParquetFormat.Snappy ? !Snappy.TryDecompress(bytes, target) : !TryGunzip(bytes, target)) throw Wrong("a compressed page is malformed");
        return target;
    }

    static bool TryGunzip(ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        using var stream = new GZipStream(new MemoryStream(bytes.ToArray(), writable: false), CompressionMode.Decompress);
        try
        {
            return stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) == target.Length;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    RaisedException Unsupported(int encoding) => Diag.ParquetUnsupported.Raise(path, $"encoding {ParquetFormat.NameOfEncoding(encoding)} of column '{column.Name}'");

    RaisedException Wrong(string what) => Diag.ParquetMalformed.Raise(path, what);

    readonly ref struct Pieces(ReadOnlySpan<byte> levels, ReadOnlySpan<byte> content)
    {
        readonly ReadOnlySpan<byte> levels = levels, content = content;

        public void Deconstruct(out ReadOnlySpan<byte> levels, out ReadOnlySpan<byte> content)
        {
            levels = this.levels;
            content = this.content;
        }
    }
}
