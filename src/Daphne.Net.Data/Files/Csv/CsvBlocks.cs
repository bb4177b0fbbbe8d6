using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>
/// Cuts a CSV file into blocks of whole rows. Reading a block and counting its rows happens under a lock, one thread after the other, and costs a tenth of
/// reading its numbers, which happens outside: so the row numbers are known without a second pass, and only blocks are in memory. Thread-safe.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="path">What diagnostics call it.</param>
/// <param name="wantedRows">How many rows to hand out.</param>
/// <param name="begin">Where the first of them begins.</param>
sealed class CsvBlocks(SafeFileHandle file, string path, long wantedRows, long begin = 0)
{
    internal const int MostRowBytes = 1 << 30;

    readonly Lock gate = new();
    readonly long length = RandomAccess.GetLength(file);
    long offset = begin, row;
    bool stopped;

    /// <summary>Size of a block, unless a row is longer.</summary>
    public int BlockBytes { get; init; } = 1 << 20;

    /// <summary>Whether a line end between quotes belongs to its field.</summary>
    public bool Quotes { get; init; } = true;

    /// <summary>Rows handed out so far.</summary>
    public long Rows => row;

    /// <summary>Hands out no more blocks.</summary>
    public void Stop()
    {
        lock (gate) stopped = true;
    }

    /// <summary>The next block; false at the end of the file or once there are enough rows.</summary>
    /// <exception cref="RaisedException">The file cannot be read, or a row has no end.</exception>
    public bool TryNext(CsvBlock block)
    {
        lock (gate)
        {
            if (stopped || offset >= length || row >= wantedRows) return false;
            for (long size = BlockBytes; ; size *= 2)
            {
                if (size > MostRowBytes) throw Diag.CsvRowTooLong.Raise(path, CsvPlace.Find(file, path, offset).Line, MostRowBytes);
                if (TryRead(block, (int)size)) return true;
            }
        }
    }

    bool TryRead(CsvBlock block, int size)
    {
        var room = block.Room((int)Math.Min(size, length - offset));
        int read = FileAccess.ReadFully(file, path, room, offset);
        bool last = offset + read >= length || read < room.Length;
        int mark = offset == 0 && room.StartsWith("\uFEFF"u8) ? 3 : 0;       // a byte order mark is not part of the first cell
        if (mark > 0)
        {
            room[mark..read].CopyTo(room);
            (offset, read) = (mark, read - mark);
        }
        long rows = CsvRows.Count(room[..read], Quotes, out int end, out int quote);
        if (last && quote >= 0)
        {
            // The rows before it first: an earlier mistake is the better explanation.
            if (end == 0) throw CsvPlace.Raise(Diag.CsvQuote, file, path, offset + quote);
            last = false;
        }
        if (last && end < read)
        {
            block.Buffer[read] = (byte)'\n';
            (rows, end) = (rows + 1, read + 1);
        }
        if (rows == 0 && !last) return false;
        block.Buffer.AsSpan(end, Math.Min(CsvBlock.Slack - 1, block.Buffer.Length - end)).Clear();
        (block.Offset, block.Length, block.FirstRow, block.Rows) = (offset, end, row, Math.Min(rows, wantedRows - row));
        offset = last ? length : offset + end;
        row += block.Rows;
        return rows > 0;
    }
}
