using System.Buffers.Binary;
using System.Collections.Immutable;
using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>One column: its name, how its values are stored, whether some may be missing, and the value type that a script sees.</summary>
sealed record ParquetColumn(string Name, int Physical, bool IsOptional, ValueTypeCode Type);

/// <summary>The values of one column in one row group: where its pages lie, and how they are compressed.</summary>
readonly record struct ParquetChunk(long Offset, long Length, int Codec);

/// <summary>Rows that are stored together, with a chunk for each column.</summary>
sealed record ParquetGroup(long FirstRow, long Rows, ImmutableArray<ParquetChunk> Chunks);

/// <summary>What the end of a Parquet file says of its content. Whatever it says was checked against the length of the file, and nothing is larger than that.</summary>
sealed record ParquetFooter(long Rows, ImmutableArray<ParquetColumn> Columns, ImmutableArray<ParquetGroup> Groups)
{
    const int Tail = 8;

    /// <summary>The labels and types of the columns.</summary>
    public FileMetaData MetaData => new(Rows, Columns.Length) { Schema = [.. Columns.Select(c => new ColumnMetaData(c.Name, c.Type))] };

    public static ParquetFooter Read(SafeFileHandle file, string path)
    {
        long length = RandomAccess.GetLength(file);
        Span<byte> tail = stackalloc byte[Tail];
        if (length < ParquetFormat.Magic.Length + Tail || FileAccess.ReadFully(file, path, tail, length - Tail) < Tail) throw Diag.ParquetMalformed.Raise(path, "it is too short");
        if (tail[4..].SequenceEqual("PARE"u8)) throw Diag.ParquetUnsupported.Raise(path, "an encrypted file");
        if (!tail[4..].SequenceEqual(ParquetFormat.Magic)) throw Diag.ParquetMalformed.Raise(path, "it does not end in PAR1");
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (size > length - Tail - ParquetFormat.Magic.Length || size > Array.MaxLength) throw Diag.ParquetMalformed.Raise(path, "its footer is longer than the file");
        byte[] footer = new byte[size];
        if (FileAccess.ReadFully(file, path, footer, length - Tail - size) < footer.Length) throw Diag.ParquetMalformed.Raise(path, "it ends too early");
        return new ParquetFooterReader(path, length - Tail - size).Read(footer);
    }
}
