using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>Line and column, both counted from 1, of a byte in a text file. Found by reading the file again up to there: only complaints ask.</summary>
readonly record struct CsvPlace(long Line, long Column)
{
    public static CsvPlace Find(SafeFileHandle file, string path, long offset)
    {
        byte[] buffer = new byte[64 * 1024];
        long line = 1, column = 1;
        for (long at = 0; at < offset;)
        {
            var text = buffer.AsSpan(0, (int)Math.Min(buffer.Length, offset - at));
            int read = FileAccess.ReadFully(file, path, text, at);
            if (read == 0) break;
            text = text[..read];
            if (at == 0 && text.StartsWith("\uFEFF"u8)) column--;
            line += text.Count((byte)'\n');
            int begin = text.LastIndexOf((byte)'\n') + 1;
            if (begin > 0) column = 1;
            foreach (byte b in text[begin..])
                if ((b & 0xC0) != 0x80) column++;            // every character of UTF-8 has one byte that is no continuation
            at += read;
        }
        return new(line, column);
    }

    /// <summary>A diagnostic whose first details are path, line and column.</summary>
    public static RaisedException Raise(DiagnosticDef def, SafeFileHandle file, string path, long offset, params object?[] details)
    {
        var (line, column) = Find(file, path, offset);
        return def.Raise([path, line, column, .. details]);
    }
}
