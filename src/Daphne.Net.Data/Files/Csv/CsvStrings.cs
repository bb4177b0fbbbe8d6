using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Cells that are strings: everything between two commas, blanks too, or what stands between quotes, where a quote is written twice.</summary>
sealed class CsvStrings(long rows, long cols) : ICsvCells
{
    readonly string[] cells = StringMatrix.NewCells(rows, cols);

    public Matrix Matrix => new StringMatrix(cells, rows, cols);

    public CsvProblem? Read(CsvBlock block)
    {
        var text = block.Buffer.AsSpan(0, block.Length);
        int at = 0;
        long cell = block.FirstRow * cols;
        for (long r = 0; r < block.Rows; r++)
        {
            int row = at;
            for (long c = 0; ; c++)
            {
                string value = Field(text, ref at);
                if (c < cols) cells[cell++] = value;
                byte delimiter = text[at++];
                if (delimiter == ',') continue;
                if (c + 1 < cols) return new(Diag.CsvFields, row, 0, c + 1);
                break;
            }
        }
        return null;
    }

    // Afterwards "at" is at a comma or a line end.
    static string Field(ReadOnlySpan<byte> text, ref int at)
    {
        if (text[at] == '"') return Quoted(text, ref at);
        int length = text[at..].IndexOfAny((byte)',', (byte)'\n');
        var field = text.Slice(at, length);
        at += length;
        if (text[at] == '\n' && field.EndsWith("\r"u8)) field = field[..^1];
        return field.IsEmpty ? "" : Encoding.UTF8.GetString(field);
    }

    static string Quoted(ReadOnlySpan<byte> text, ref int at)
    {
        int begin = ++at;
        bool doubled = false;
        while (true)
        {
            at += text[at..].IndexOf((byte)'"');
            if (text[at + 1] != '"') break;
            doubled = true;
            at += 2;
        }
        string value = Encoding.UTF8.GetString(text[begin..at]);
        if (doubled) value = value.Replace("\"\"", "\"", StringComparison.Ordinal);
        int rest = text[++at..].IndexOfAny((byte)',', (byte)'\n');       // what follows the closing quote belongs to the field, except a carriage return
        var tail = text.Slice(at, rest).TrimEnd((byte)'\r');
        at += rest;
        return tail.IsEmpty ? value : value + Encoding.UTF8.GetString(tail);
    }
}
