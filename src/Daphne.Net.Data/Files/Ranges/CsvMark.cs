using System.Buffers;
using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>A place in a CSV file from which rows are found without what stands before it. The default one is the beginning of the file.</summary>
/// <param name="Offset">Bytes before it.</param>
/// <param name="Row">Rows that end before it.</param>
/// <param name="State">How the search for rows stands there, see <see cref="CsvStretch"/>.</param>
public readonly record struct CsvMark(long Offset, long Row, byte State)
{
    const int BufferBytes = 1 << 20;

    /// <summary>The mark behind a stretch that begins at this one.</summary>
    public CsvMark After(CsvStretch stretch, long length) => new(Offset + length, Row + stretch.RowsFrom(State), stretch.EndFrom(State));

    /// <summary>The last of these marks, which rise, from which a row can be found.</summary>
    public static CsvMark Before(IReadOnlyList<CsvMark> marks, long row)
    {
        var best = default(CsvMark);
        foreach (var mark in marks)
        {
            if (mark.Row >= row) break;   // the row may have begun before it
            best = mark;
        }
        return best;
    }

    /// <summary>Where a row begins.</summary>
    /// <exception cref="RaisedException">The file ends before, or cannot be read.</exception>
    internal long Seek(SafeFileHandle file, string path, FileMetaData meta, long row, CancellationToken ct)
    {
        var (at, missing, state) = Row < row ? (Offset, row - Row, State) : (0, row, CsvStretch.FieldBegins);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            byte last = (byte)'\n';
            if (at > 0) FileAccess.ReadFully(file, path, new(ref last), at - 1);
            while (true)
            {
                ct.ThrowIfCancellationRequested();
                int read = FileAccess.ReadFully(file, path, buffer, at);
                if (read == 0) throw Diag.CsvRows.Raise(path, row - missing + (last == '\n' ? 0 : 1), meta.Rows);
                int skip = at == 0 ? CsvStretch.MarkOf(buffer.AsSpan(0, read)) : 0;
                if (read > skip) last = buffer[read - 1];
                // Byte by byte only where the row begins.
                var whole = CsvStretch.Of(buffer.AsSpan(skip..read));
                if (whole.RowsFrom(state) < missing)
                {
                    missing -= whole.RowsFrom(state);
                    state = whole.EndFrom(state);
                    at += read;
                    continue;
                }
                return at + skip + CsvStretch.Pass(buffer.AsSpan(skip..read), ref state, ref missing);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
