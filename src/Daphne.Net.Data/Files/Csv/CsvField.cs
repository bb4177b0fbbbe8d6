using System.Runtime.CompilerServices;
using System.Text;

namespace Daphne.Net.Data;

/// <summary>Reads one field of a row, as a number or as text. Afterwards the position is at a comma or a line end.</summary>
static unsafe class CsvField
{
    /// <summary>A number, maybe between blanks, maybe in quotes; an empty field is nan where floats are read. False if it is none, or none that fits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryNumber<T>(ref byte* p, out T value) where T : unmanaged
    {
        byte* at = p;
        while (IsBlank(*at)) at++;
        if (!CellScanner.TryScan(ref at, out value) && !TryUnusual(ref at, out value)) return false;
        while (IsBlank(*at)) at++;
        p = at;
        return *at is (byte)',' or (byte)'\n';
    }

    /// <summary>Everything between two commas, blanks too, or what stands between quotes, where a quote is written twice.</summary>
    public static string Text(ReadOnlySpan<byte> text, ref int at, RecentStrings recent)
    {
        if (text[at] == '"') return Quoted(text, ref at);
        int length = text[at..].IndexOfAny((byte)',', (byte)'\n');
        var field = text.Slice(at, length);
        at += length;
        if (text[at] == '\n' && field.EndsWith("\r"u8)) field = field[..^1];
        return recent.Of(field);
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

    static bool TryUnusual<T>(ref byte* p, out T value) where T : unmanaged
    {
        value = default;
        if (*p is (byte)',' or (byte)'\n')
        {
            if (typeof(T) == typeof(double)) value = (T)(object)double.NaN;
            else if (typeof(T) == typeof(float)) value = (T)(object)float.NaN;
            else return false;
            return true;
        }
        if (*p != '"') return false;
        byte* at = p + 1;
        while (IsBlank(*at)) at++;
        if (!CellScanner.TryScan(ref at, out value)) return false;
        while (IsBlank(*at)) at++;
        p = at + 1;
        return *at == '"';
    }

    static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r';
}
