using System.Text;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Functions on text. Case is changed for the letters of ASCII alone, as the built-ins <c>upper</c> and <c>lower</c> do.</summary>
static class SqlTexts
{
    /// <summary>A function cell by cell; gives up one owner of each argument.</summary>
    public static Matrix Of(SqlTextFunction function, Matrix[] arguments)
    {
        var texts = (StringMatrix)arguments[0];
        Matrix result = function switch
        {
            SqlTextFunction.Length => Lengths(texts),
            SqlTextFunction.Substr => Parts(texts, (DenseMatrix<long>)arguments[1], arguments.Length > 2 ? (DenseMatrix<long>)arguments[2] : null),
            SqlTextFunction.Upper => Changed(texts, text => Ascii(text, char.IsAsciiLetterLower)),
            _ => Changed(texts, text => Ascii(text, char.IsAsciiLetterUpper)),
        };
        foreach (var argument in arguments) argument.Release();
        return result;
    }

    /// <summary>
    /// The characters from a position on, the first one being 1; a negative position counts from the end. Characters before the first one take part in
    /// the count, as in SQLite.
    /// </summary>
    public static string Part(string text, long start, long? count)
    {
        if (count < 0) throw Diag.SqlSubstr.Raise(count);
        long length = Length(text), first = start > 0 ? start - 1 : start < 0 ? length + start : -1;
        Int128 end = count is { } n ? (Int128)first + n : length;
        first = Math.Clamp(first, 0, length);
        long last = (long)Int128.Clamp(end, first, length);
        int from = Offset(text, 0, first), to = Offset(text, from, last - first);
        return text[from..to];
    }

    static long Length(string text)
    {
        long length = 0;
        foreach (var _ in text.EnumerateRunes()) length++;
        return length;
    }

    // Behind so many characters.
    static int Offset(string text, int from, long characters)
    {
        for (; characters > 0; characters--)
        {
            Rune.DecodeFromUtf16(text.AsSpan(from), out _, out int units);
            from += units;
        }
        return from;
    }

    static DenseMatrix<long> Lengths(StringMatrix texts)
    {
        var result = DenseMatrix<long>.Allocate(texts.Rows, 1);
        var cells = result.WritableSpan(0, texts.Span.Length);
        for (int i = 0; i < cells.Length; i++) cells[i] = Length(texts.Span[i]);
        return result;
    }

    static StringMatrix Parts(StringMatrix texts, DenseMatrix<long> starts, DenseMatrix<long>? counts)
    {
        var result = StringMatrix.Allocate(texts.Rows, 1, out var cells);
        for (int i = 0; i < cells.Length; i++) cells[i] = Part(texts.Span[i], starts[i, 0], counts?[i, 0]);
        return result;
    }

    static StringMatrix Changed(StringMatrix texts, Func<string, string> change)
    {
        var result = StringMatrix.Allocate(texts.Rows, 1, out var cells);
        for (int i = 0; i < cells.Length; i++) cells[i] = change(texts.Span[i]);
        return result;
    }

    // The letters of the other case differ in one bit.
    static string Ascii(string text, Func<char, bool> toChange) => text.Any(toChange) ? string.Create(text.Length, (text, toChange), static (to, state) =>
    {
        for (int i = 0; i < to.Length; i++) to[i] = state.toChange(state.text[i]) ? (char)(state.text[i] ^ 0x20) : state.text[i];
    }) : text;
}
