using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>
/// A table of typed, labelled columns. A column is a matrix of one column (<see cref="DenseMatrix{T}"/> or <see cref="StringMatrix"/>) with an owner
/// count of its own, so that frames share columns: taking some of them, relabelling them or binding frames side by side copies no cell.
/// </summary>
public sealed class Frame : DataObject
{
    readonly Matrix[] columns;

    /// <summary>A frame of these columns. It takes over one owner of each: the caller retains what it wants to keep.</summary>
    /// <param name="rows">Number of rows, which says how many rows a frame without columns has.</param>
    /// <param name="columns">Matrices of <paramref name="rows"/> rows and one column, in this process.</param>
    /// <param name="labels">One per column, all different; a label may be empty.</param>
    /// <exception cref="ArgumentException">A column has another shape, or there are not as many labels as columns.</exception>
    /// <exception cref="RaisedException">Two columns have the same label.</exception>
    public Frame(long rows, IReadOnlyList<Matrix> columns, ImmutableArray<string> labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (labels.Length != columns.Count) throw new ArgumentException($"{labels.Length} labels for {columns.Count} columns", nameof(labels));
        foreach (var column in columns)
            if (column.Rows != rows || column.Cols != 1) throw new ArgumentException($"a {column.Rows}x{column.Cols} matrix is no column of a frame of {rows} rows", nameof(columns));
        (Rows, Labels, this.columns) = (rows, labels, [.. columns]);
        if (FirstRepeated(labels) is { } twice) throw Diag.LabelTwice.Raise(twice);
    }

    /// <summary>Number of rows; 0 is allowed.</summary>
    public long Rows { get; }

    /// <summary>Number of columns; 0 is allowed.</summary>
    public int Cols => columns.Length;

    /// <summary>The labels, in order of the columns.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>The columns. The frame keeps owning them.</summary>
    public ReadOnlySpan<Matrix> Columns => columns;

    /// <summary>Column <paramref name="index"/>; the frame keeps owning it.</summary>
    public Matrix this[int index] => columns[index];

    /// <summary>The type of a column's cells.</summary>
    public ValueTypeCode ValueType(int index) => columns[index].ValueType;

    /// <summary>The position of a label; -1 where no column has it.</summary>
    public int IndexOf(string label) => Labels.IndexOf(label, 0, StringComparer.Ordinal);

    /// <summary>The label of a column that nobody named: <c>col_0</c>, <c>col_1</c>, …</summary>
    public static string DefaultLabel(int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"col_{index}");

    /// <summary>The first label that stands twice; null where all differ.</summary>
    public static string? FirstRepeated(IEnumerable<string> labels)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string label in labels)
            if (!seen.Add(label)) return label;
        return null;
    }

    /// <inheritdoc/>
    public override string Header
    {
        get
        {
            var text = new StringBuilder($"Frame({Rows}x{Cols}, [");
            for (int i = 0; i < columns.Length; i++) text.Append(i == 0 ? "" : ", ").Append(Labels[i]).Append(':').Append(columns[i].ValueType.PrintedName());
            return text.Append("])").ToString();
        }
    }

    /// <inheritdoc/>
    public override void Print(IBufferWriter<byte> utf8)
    {
        Printer.Put(Header, utf8);
        Printer.Put((byte)'\n', utf8);
        for (long r = 0; r < Rows; r++)
        {
            for (int c = 0; c < columns.Length; c++)
            {
                if (c > 0) Printer.Put((byte)' ', utf8);
                columns[c].PrintCell(r, 0, utf8);
            }
            Printer.Put((byte)'\n', utf8);
        }
    }

    /// <inheritdoc/>
    protected override void Free()
    {
        foreach (var column in columns) column.Release();
    }
}
