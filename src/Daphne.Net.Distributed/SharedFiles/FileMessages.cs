using Daphne.Net.Data;
using Daphne.Net.Dialect;
using V1 = Daphne.Net.Distributed.Protocol.V1;

namespace Daphne.Net.Distributed;

/// <summary>Requests about shared files as messages and back.</summary>
static class FileMessages
{
    const int States = 4;

    // No value type: a worker that knows only matrices refuses.
    const uint OfColumns = 255;

    public static V1.SharedFile ToMessage(SharedFile file) => new() { Path = file.Path, Length = file.Stamp.Length, Written = file.Stamp.Written, Beginning = file.Stamp.Beginning };

    public static V1.ReadRequest ToMessage(FileRange range) => new()
    {
        File = ToMessage(range.File), Rows = range.Meta.Rows, Cols = range.Meta.Cols, ValueType = range.Meta.IsFrame ? OfColumns : WireFormat.CodeOf(range.Meta.MatrixValueType),
        First = range.Rows.First, Count = range.Rows.Count, MarkOffset = range.Mark.Offset, MarkRow = range.Mark.Row, MarkState = range.Mark.State, Sparse = range.Sparse,
        Columns = { range.Meta.IsFrame ? range.Meta.Schema.Select(c => new V1.FileColumn { Label = c.Label, ValueType = WireFormat.CodeOf(c.ValueType) }) : [] },
        OfMatrix = range.Meta is { IsFrame: true, ValueType: not null },
    };

    public static V1.ScanReply ToMessage(CsvStretch[] stretches) =>
        new() { Stretches = { stretches.Select(s => new V1.Stretch { Ends = s.Ends, Rows = { s.Rows0, s.Rows1, s.Rows2, s.Rows3 } }) } };

    public static V1.StoredReply ToMessage(Handle handle) => new() { Identifier = handle.Id, NumRows = handle.Rows, NumCols = handle.Cols };

    /// <exception cref="WorkerRefusal">There is no file in it.</exception>
    public static SharedFile Read(V1.SharedFile? message) =>
        message is null ? throw new WorkerRefusal(WorkerFailure.BadRequest, "no file was named") : new(message.Path, new(message.Length, message.Written, message.Beginning));

    /// <exception cref="WorkerRefusal">It makes no sense.</exception>
    public static FileRange Read(V1.ReadRequest message) => new(Read(message.File), MetaOf(message), new(message.First, message.Count),
        new(message.MarkOffset, message.MarkRow, (byte)Math.Min(message.MarkState, byte.MaxValue)), message.Sparse);

    static FileMetaData MetaOf(V1.ReadRequest message)
    {
        if (message.Columns.Count == 0) return new(message.Rows, message.Cols) { ValueType = TypeOf(message.ValueType) };
        ColumnMetaData[] columns = [.. message.Columns.Select(c => new ColumnMetaData(c.Label, TypeOf(c.ValueType)))];
        return new(message.Rows, message.Cols) { Schema = [.. columns], ValueType = message.OfMatrix ? columns[0].ValueType : null };
    }

    /// <exception cref="FormatException">It makes no sense.</exception>
    public static CsvStretch Read(V1.Stretch message) =>
        message.Rows.Count == States && message.Rows.All(r => r >= 0) && message.Ends <= byte.MaxValue
            ? new((byte)message.Ends, message.Rows[0], message.Rows[1], message.Rows[2], message.Rows[3]) : throw new FormatException("what it found is no stretch of rows");

    static ValueTypeCode TypeOf(uint code)
    {
        foreach (var type in ValueTypes.All)
            if (type != ValueTypeCode.Size && WireFormat.CodeOf(type) == code) return type;
        throw new WorkerRefusal(WorkerFailure.BadRequest, $"there is no value type {code}");
    }
}
