using System.Text;
using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>What is wrong with a row, before anybody looked up its line.</summary>
/// <param name="Def"><see cref="Diag.CsvNumber"/> or <see cref="Diag.CsvFields"/>.</param>
/// <param name="At">Where in the block.</param>
/// <param name="Length">Length of the field.</param>
/// <param name="Count">Fields before the end of the row.</param>
/// <param name="Type">What the field should be.</param>
readonly record struct CsvProblem(DiagnosticDef Def, int At, int Length, long Count, ValueTypeCode Type)
{
    const int MostShown = 60;

    /// <summary>A row that ends after so many fields.</summary>
    public static CsvProblem Fields(int at, long count) => new(Diag.CsvFields, at, 0, count, default);

    /// <summary>A field that is no number.</summary>
    public static CsvProblem Number(ReadOnlySpan<byte> text, int at, ValueTypeCode type)
    {
        var field = text[at..];
        int end = field.IndexOfAny((byte)',', (byte)'\n');
        return new(Diag.CsvNumber, at, field[..end].TrimEnd((byte)'\r').Length, 0, type);
    }

    public RaisedException Raise(CsvBlock block, SafeFileHandle file, string path, long cols)
    {
        if (Def == Diag.CsvFields) return Def.Raise(path, CsvPlace.Find(file, path, block.Offset + At).Line, Count, cols);
        string text = Visible(Encoding.UTF8.GetString(block.Buffer.AsSpan(At, Math.Min(Length, MostShown))).Trim()) + (Length > MostShown ? "…" : "");
        return CsvPlace.Raise(Def, file, path, block.Offset + At, text, Type.DslName());
    }

    // A file may hold anything, escape sequences for terminals as well.
    static string Visible(string text) => !text.Any(char.IsControl) ? text
        : string.Concat(text.Select(c => char.IsControl(c) ? FormattableString.Invariant($"\\x{(int)c:x2}") : c.ToString()));
}
