namespace Daphne.Net.Data;

/// <summary>Finds where rows end: at every line end outside a quoted field.</summary>
static class CsvRows
{
    /// <summary>
    /// Counts the rows that end in the text, which begins with a row. <paramref name="end"/> is where the last of them ends; <paramref name="quote"/> is
    /// where a quoted field begins that does not end in the text, or -1.
    /// </summary>
    public static long Count(ReadOnlySpan<byte> text, bool quotes, out int end, out int quote)
    {
        if (quotes && text.Contains((byte)'"')) return CountQuoted(text, firstOnly: false, out end, out quote);
        quote = -1;
        end = text.LastIndexOf((byte)'\n') + 1;
        return text.Count((byte)'\n');
    }

    /// <summary>Where the line end of the first row is; there must be one.</summary>
    public static int FirstEnd(ReadOnlySpan<byte> text)
    {
        _ = CountQuoted(text, firstOnly: true, out int end, out _);
        return end - 1;
    }

    static long CountQuoted(ReadOnlySpan<byte> text, bool firstOnly, out int end, out int quote)
    {
        long rows = 0;
        end = 0;
        quote = -1;
        bool fieldBegins = true;
        for (int i = 0; i < text.Length; i++)
        {
            byte b = text[i];
            if (quote >= 0)
            {
                if (b != '"') continue;
                if (i + 1 < text.Length && text[i + 1] == '"') i++;
                else quote = -1;
            }
            else if (b == '"' && fieldBegins) quote = i;
            else if (b == '\n')
            {
                rows++;
                end = i + 1;
                if (firstOnly) break;
            }
            fieldBegins = b is (byte)',' or (byte)'\n';
        }
        return rows;
    }
}
