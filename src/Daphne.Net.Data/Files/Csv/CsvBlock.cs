namespace Daphne.Net.Data;

/// <summary>A run of whole rows of a CSV file in memory, ended by a line end and eight readable bytes behind it.</summary>
sealed class CsvBlock
{
    /// <summary>Bytes that must be readable behind the rows: the line end that the last row of a file may lack, and what scanning looks ahead.</summary>
    public const int Slack = 16;

    public byte[] Buffer { get; private set; } = [];

    /// <summary>Bytes of rows in the buffer.</summary>
    public int Length { get; set; }

    /// <summary>Where the block begins in the file.</summary>
    public long Offset { get; set; }

    /// <summary>The number of the first row; counted from 0.</summary>
    public long FirstRow { get; set; }

    public long Rows { get; set; }

    /// <summary>Makes room for so many bytes and the slack; the content is lost.</summary>
    public Span<byte> Room(int length)
    {
        if (Buffer.Length < length + Slack) Buffer = GC.AllocateUninitializedArray<byte>(length + Slack, pinned: true);
        return Buffer.AsSpan(0, length);
    }
}
