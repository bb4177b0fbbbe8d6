using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>
/// A table of typed, labelled columns. A column is a matrix of one column (<see cref="DenseMatrix{T}"/> or <see cref="StringMatrix"/>) with an owner
/// count of its own, so that frames share columns: taking some of them, relabelling them or binding frames side by side copies no cell.
/// </summary>
public class Frame : DataObject
{
    readonly Matrix[] columns;
    readonly ImmutableArray<string> labels;

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
        (Rows, Cols, this.labels, this.columns) = (rows, columns.Count, labels, [.. columns]);
        if (FirstRepeated(labels) is { } twice) throw Diag.LabelTwice.Raise(twice);
    }

    /// <summary>A frame whose columns lie elsewhere until <see cref="Here"/> brings them.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="cols">Number of columns.</param>
    protected Frame(long rows, int cols)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(cols);
        (Rows, Cols, labels, columns) = (rows, cols, [], []);
    }

    /// <inheritdoc/>
    public override Frame Here() => this;

    /// <summary>Number of rows; 0 is allowed.</summary>
    public long Rows { get; }

    /// <summary>Number of columns; 0 is allowed.</summary>
    public int Cols { get; }

    /// <summary>The labels, in order of the columns.</summary>
    public virtual ImmutableArray<string> Labels => Here().labels;

    /// <summary>The columns, fetched if they lie elsewhere. The frame keeps owning them.</summary>
    public ReadOnlySpan<Matrix> Columns => Here().columns;

    /// <summary>Column <paramref name="index"/>, fetched if it lies elsewhere; the frame keeps owning it.</summary>
    public Matrix this[int index] => Here().columns[index];

    /// <summary>True if its columns lie in this process.</summary>
    internal bool IsHere => columns.Length == Cols;

    /// <summary>Rows first … first + count - 1 as a frame; see <see cref="MatrixRows.Range"/>. The caller owns it.</summary>
    public Frame RowRange(long first, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Rows - first);
        return new(count, [.. Here().columns.Select(column => MatrixRows.Range(column, first, count))], Labels);
    }

    /// <summary>The type of a column's cells.</summary>
    public virtual ValueTypeCode ValueType(int index) => Here().columns[index].ValueType;

    /// <summary>The position of a label; -1 where no column has it.</summary>
    public int IndexOf(string label) => Labels.IndexOf(label, 0, StringComparer.Ordinal);

    /// <summary>The label of a column that nobody named: <c>col_0</c>, <c>col_1</c>, …</summary>
    public static string DefaultLabel(int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"col_{index}");

    /// <summary>
    /// The labels of columns taken from a frame at these positions: their own; a column that is taken again gets the default label of its new
    /// position, or the next one that is free.
    /// </summary>
    public static ImmutableArray<string> PickedLabels(ImmutableArray<string> labels, ReadOnlySpan<long> positions)
    {
        var picked = ImmutableArray.CreateBuilder<string>(positions.Length);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (long position in positions)
        {
            string label = labels[(int)position];
            for (int i = picked.Count; !seen.Add(label); i++) label = DefaultLabel(i);
            picked.Add(label);
        }
        return picked.MoveToImmutable();
    }

    /// <summary>The label with a prefix and a dot before it; what stands before its first dot is replaced.</summary>
    public static string Prefixed(string prefix, string label) => label.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? prefix + label[dot..] : $"{prefix}.{label}";

    /// <summary>
    /// The positions of the columns that a label names: that of the column, or for <c>p.*</c> those of all columns with the prefix <c>p</c>.
    /// </summary>
    public static ImmutableArray<long> PositionsOf(ImmutableArray<string> labels, string label)
    {
        if (labels.IndexOf(label, 0, StringComparer.Ordinal) is >= 0 and var at) return [at];
        if (!label.EndsWith(".*", StringComparison.Ordinal)) return [];
        string prefix = label[..^1];
        return [.. Enumerable.Range(0, labels.Length).Where(i => labels[i].StartsWith(prefix, StringComparison.Ordinal)).Select(i => (long)i)];
    }

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
            var names = Labels;
            for (int i = 0; i < Cols; i++) text.Append(i == 0 ? "" : ", ").Append(names[i]).Append(':').Append(ValueType(i).PrintedName());
            return text.Append("])").ToString();
        }
    }

    /// <inheritdoc/>
    public override void Print(IBufferWriter<byte> utf8)
    {
        Printer.Put(Header, utf8);
        Printer.Put((byte)'\n', utf8);
        var columns = Here().columns;
        Span<byte> text = utf8.GetSpan(PrintedAtOnce);
        int used = 0;
        for (long r = 0; r < Rows; r++)
        {
            for (int c = 0; c < columns.Length; c++)
            {
                int written;
                // One byte stays for what follows the cell. Only a long string needs more room than there is in all.
                while (text.Length - used < 1 || !columns[c].TryPrintCell(r, 0, text[used..^1], out written)) text = Room(utf8, text.Length, ref used);
                used += written;
                text[used++] = c == columns.Length - 1 ? (byte)'\n' : (byte)' ';
            }
            if (columns.Length > 0) continue;
            if (used == text.Length) text = Room(utf8, text.Length, ref used);
            text[used++] = (byte)'\n';
        }
        utf8.Advance(used);
    }

    const int PrintedAtOnce = 4096;

    // Hands on what was written; where that was nothing, the room was too small and is doubled.
    static Span<byte> Room(IBufferWriter<byte> utf8, int had, scoped ref int used)
    {
        utf8.Advance(used);
        int wanted = used == 0 ? 2 * had : PrintedAtOnce;
        used = 0;
        return utf8.GetSpan(wanted);
    }

    /// <inheritdoc/>
    protected override void Free()
    {
        foreach (var column in columns) column.Release();
    }
}
