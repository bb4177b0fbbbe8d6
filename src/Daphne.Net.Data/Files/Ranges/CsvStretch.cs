using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>
/// What a stretch of bytes does to the search for rows in a CSV file, whatever stands before it: a line end counts only outside quotes, and whether a quote opens or closes depends on
/// all the bytes before. So a stretch is looked at as if it began in each of the four states; stretches that several processes looked at are put together by <see cref="CsvMark.After"/>.
/// </summary>
/// <param name="Ends">The state behind it for each state before it, two bits each.</param>
/// <param name="Rows0">Rows that end in it if a field begins before it.</param>
/// <param name="Rows1">… if it begins inside a field without quotes.</param>
/// <param name="Rows2">… if it begins inside quotes.</param>
/// <param name="Rows3">… if the byte before it is a quote inside quotes: the closing one, or the first of two.</param>
public readonly record struct CsvStretch(byte Ends, long Rows0, long Rows1, long Rows2, long Rows3)
{
    internal const byte FieldBegins = 0, InField = 1, InQuotes = 2, BehindQuote = 3, States = 4;

    const int BufferBytes = 1 << 20, Step = 1 << 10;

    const byte Comma = 1, LineEnd = 2, Quote = 3;   // kinds of bytes; 0 is any other

    static readonly byte[] kinds = Kinds();

    // By state and kind.
    static readonly byte[] next =
    [
        InField, FieldBegins, FieldBegins, InQuotes,
        InField, FieldBegins, FieldBegins, InField,
        InQuotes, InQuotes, InQuotes, BehindQuote,
        InField, FieldBegins, FieldBegins, InQuotes,
    ];

    /// <summary>Rows that end in it, for a state before it.</summary>
    public long RowsFrom(byte state) => state switch { FieldBegins => Rows0, InField => Rows1, InQuotes => Rows2, _ => Rows3 };

    /// <summary>The state behind it, for a state before it.</summary>
    public byte EndFrom(byte state) => (byte)(Ends >> 2 * state & 3);

    /// <summary>Looks at a stretch of a file; it ends where the file ends.</summary>
    /// <exception cref="Dialect.RaisedException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public static CsvStretch Of(SafeFileHandle file, string path, long offset, long length, CancellationToken ct = default)
    {
        var stretch = new CsvStretch(0b11_10_01_00, 0, 0, 0, 0);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (long at = offset, end = offset + length; at < end;)
            {
                ct.ThrowIfCancellationRequested();
                int read = FileAccess.ReadFully(file, path, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at)), at);
                if (read == 0) break;
                int mark = at == 0 ? MarkOf(buffer.AsSpan(0, read)) : 0;
                stretch = stretch.Then(Of(buffer.AsSpan(mark..read)));
                at += read;
            }
            return stretch;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Length of the byte order mark at the beginning of a file.</summary>
    internal static int MarkOf(ReadOnlySpan<byte> beginning) => beginning.StartsWith("\uFEFF"u8) ? 3 : 0;

    /// <summary>Looks at bytes.</summary>
    internal static CsvStretch Of(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return new(0b11_10_01_00, 0, 0, 0, 0);
        if (!text.Contains((byte)'"'))
        {
            // Inside quotes everything is text; else the last byte decides.
            int end = text[^1] is (byte)',' or (byte)'\n' ? FieldBegins : InField;
            long rows = text.Count((byte)'\n');
            return new((byte)(end | end << 2 | InQuotes << 4 | end << 6), rows, rows, 0, rows);
        }
        // Soon two of the four are left, one inside quotes where the other is outside; those that have become the same are followed once.
        Span<byte> state = [FieldBegins, InField, InQuotes, BehindQuote];
        Span<int> leader = [0, 1, 2, 3];
        Span<long> ended = stackalloc long[States], rowsOf = stackalloc long[States];
        rowsOf.Clear();
        for (; !text.IsEmpty; text = text[Math.Min(Step, text.Length)..])
        {
            var step = text[..Math.Min(Step, text.Length)];
            for (int s = 0; s < States; s++)
            {
                if (leader[s] == s) (state[s], ended[s]) = Walk(step, state[s]);
                else state[s] = state[leader[s]];
                rowsOf[s] += ended[leader[s]];
                leader[s] = state[..s].IndexOf(state[s]) is >= 0 and var earlier ? leader[earlier] : s;
            }
        }
        return new((byte)(state[0] | state[1] << 2 | state[2] << 4 | state[3] << 6), rowsOf[0], rowsOf[1], rowsOf[2], rowsOf[3]);
    }

    /// <summary>Goes through bytes until so many rows have ended.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="state">Before them; becomes the one behind what was passed.</param>
    /// <param name="rows">How many line ends are wanted, at least one; becomes how many are missing.</param>
    /// <returns>How many bytes were passed: up to behind the last line end wanted, or all.</returns>
    internal static int Pass(ReadOnlySpan<byte> text, ref byte state, ref long rows)
    {
        int at = 0;
        while (at < text.Length)
        {
            byte kind = kinds[text[at++]];
            byte before = state;
            state = next[before * States + kind];
            if (kind == LineEnd && before != InQuotes && --rows == 0) break;
        }
        return at;
    }

    // This one, then another one behind it.
    CsvStretch Then(CsvStretch other)
    {
        var (a, b, c, d) = (EndFrom(0), EndFrom(1), EndFrom(2), EndFrom(3));
        return new((byte)(other.EndFrom(a) | other.EndFrom(b) << 2 | other.EndFrom(c) << 4 | other.EndFrom(d) << 6),
            Rows0 + other.RowsFrom(a), Rows1 + other.RowsFrom(b), Rows2 + other.RowsFrom(c), Rows3 + other.RowsFrom(d));
    }

    static (byte State, long Rows) Walk(ReadOnlySpan<byte> text, byte state)
    {
        long rows = 0;
        foreach (byte b in text)
        {
            byte kind = kinds[b];
            if (kind == LineEnd && state != InQuotes) rows++;
            state = next[state * States + kind];
        }
        return (state, rows);
    }

    static byte[] Kinds()
    {
        byte[] table = new byte[256];
        (table[','], table['\n'], table['"']) = (Comma, LineEnd, Quote);
        return table;
    }
}
