namespace Daphne.Net.Dialect;

/// <summary>A script's text with its name, able to turn an offset into a line and a column.</summary>
public sealed class SourceText
{
    readonly int[] lineStarts;

    /// <summary>Wraps <paramref name="text"/>; <paramref name="name"/> is what diagnostics call it (a path as the user wrote it, or <c>&lt;script&gt;</c>).</summary>
    public SourceText(string text, string name = "<script>")
    {
        (Text, Name) = (text, name);
        var starts = new List<int> { 0 };
        for (int i = 0; i < text.Length; i++)
            if (text[i] == '\n') starts.Add(i + 1);
        lineStarts = starts.ToArray();
    }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>What diagnostics call the script.</summary>
    public string Name { get; }

    /// <summary>Where this text stands inside another one, as a query does in a script; default: nowhere.</summary>
    public SourceSpan Within { get; init; }

    /// <summary>The 1-based line and column (in UTF-16 units) of an offset; an offset beyond the end counts as the end.</summary>
    public (int Line, int Column) Position(int offset)
    {
        offset = Math.Clamp(offset, 0, Text.Length);
        int line = Array.BinarySearch(lineStarts, offset);
        if (line < 0) line = ~line - 1;
        return (line + 1, offset - lineStarts[line] + 1);
    }

    /// <summary>The text of a 1-based line without its line end.</summary>
    public ReadOnlySpan<char> Line(int line)
    {
        int start = lineStarts[line - 1], end = line < lineStarts.Length ? lineStarts[line] - 1 : Text.Length;
        return Text.AsSpan(start, end - start).TrimEnd('\r');
    }
}

/// <summary>A stretch of a script. The default value is "no place known".</summary>
/// <param name="Source">The script; null where no place is known.</param>
/// <param name="Start">Offset of the first character.</param>
/// <param name="Length">Number of characters; may be 0 at the end of the script.</param>
public readonly record struct SourceSpan(SourceText? Source, int Start, int Length)
{
    /// <summary>The offset behind the last character.</summary>
    public int End => Start + Length;

    /// <summary>This place, or where the text it lies in stands in a script.</summary>
    public SourceSpan InScript => Source?.Within.Source is null ? this : Source.Within.InScript;

    /// <summary>The shortest span that covers this one and <paramref name="other"/> of the same script.</summary>
    public SourceSpan To(SourceSpan other) => new(Source, Math.Min(Start, other.Start), Math.Max(End, other.End) - Math.Min(Start, other.Start));

    /// <summary><c>file:line:column</c>, or an empty string where no place is known.</summary>
    public override string ToString() => Source is null ? "" : $"{Source.Name}:{Source.Position(Start).Line}:{Source.Position(Start).Column}";
}
