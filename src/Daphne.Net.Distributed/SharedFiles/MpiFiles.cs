using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>Requests about shared files in frames.</summary>
static class MpiFileParts
{
    public static void Write(this BinaryWriter writer, SharedFile file)
    {
        writer.Write(file.Path);
        writer.Write(file.Stamp.Length);
        writer.Write(file.Stamp.Written);
        writer.Write(file.Stamp.Beginning);
    }

    public static SharedFile ReadSharedFile(this BinaryReader reader) => new(reader.ReadString(), new(reader.ReadInt64(), reader.ReadInt64(), reader.ReadString()));

    public static void Write(this BinaryWriter writer, FileRange range)
    {
        writer.Write(range.File);
        writer.Write(range.Meta.Rows);
        writer.Write(range.Meta.Cols);
        writer.Write(range.Meta.ValueType is not null);
        writer.Write((byte)range.Meta.MatrixValueType);
        writer.Write(range.Meta.IsFrame);
        if (range.Meta.IsFrame)
            writer.Write([.. range.Meta.Schema], column =>
            {
                writer.Write(column.Label);
                writer.Write((byte)column.ValueType);
            });
        writer.Write(range.Rows.First);
        writer.Write(range.Rows.Count);
        writer.Write(range.Mark.Offset);
        writer.Write(range.Mark.Row);
        writer.Write(range.Mark.State);
        writer.Write(range.Sparse);
    }

    public static FileRange ReadFileRange(this BinaryReader reader) => new(reader.ReadSharedFile(), reader.ReadMeta(),
        new(reader.ReadInt64(), reader.ReadInt64()), new(reader.ReadInt64(), reader.ReadInt64(), reader.ReadByte()), reader.ReadBoolean());

    static FileMetaData ReadMeta(this BinaryReader reader)
    {
        var shape = new FileMetaData(reader.ReadInt64(), reader.ReadInt64());
        bool ofMatrix = reader.ReadBoolean();
        var type = reader.ReadOneOf<ValueTypeCode>();
        var meta = ofMatrix ? shape with { ValueType = type } : shape;
        return reader.ReadBoolean() ? meta with { Schema = [.. reader.ReadArray(() => new ColumnMetaData(reader.ReadString(), reader.ReadOneOf<ValueTypeCode>()))] } : meta;
    }

    public static void Write(this BinaryWriter writer, CsvStretch stretch)
    {
        writer.Write(stretch.Ends);
        writer.Write(stretch.Rows0);
        writer.Write(stretch.Rows1);
        writer.Write(stretch.Rows2);
        writer.Write(stretch.Rows3);
    }

    public static CsvStretch ReadStretch(this BinaryReader reader) => new(reader.ReadByte(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
}
