using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Frames by columns. No cell is copied: frames share columns.</summary>
public static unsafe class FrameColumns
{
    /// <summary>A frame of these columns, which stay owned by the caller too.</summary>
    /// <exception cref="RaisedException">A matrix is no column, or the columns differ in length, or two labels are the same.</exception>
    public static Frame Of(ReadOnlySpan<Matrix> columns, ImmutableArray<string> labels)
    {
        for (int i = 0; i < columns.Length; i++)
        {
            if (columns[i].Cols != 1) throw Diag.NoColumn.Raise(labels[i], columns[i].Shape());
            if (columns[i].Rows != columns[0].Rows) throw Diag.ColumnLengthsDiffer.Raise(labels[0], columns[0].Rows, labels[i], columns[i].Rows);
        }
        return Sharing(columns.Length == 0 ? 0 : columns[0].Rows, columns, labels);
    }

    /// <summary>The same columns with other labels.</summary>
    /// <exception cref="RaisedException">There are not as many labels as columns, or two are the same.</exception>
    public static Frame Labelled(Frame x, ImmutableArray<string> labels) =>
        labels.Length == x.Cols ? Sharing(x.Rows, x.Columns, labels) : throw Diag.LabelCount.Raise(labels.Length, x.Cols);

    /// <summary>The same columns with a prefix before their labels; see <see cref="Frame.Prefixed"/>.</summary>
    /// <exception cref="RaisedException">Two labels become the same.</exception>
    public static Frame Prefixed(Frame x, string prefix) => Sharing(x.Rows, x.Columns, [.. x.Labels.Select(label => Frame.Prefixed(prefix, label))]);

    /// <summary>The columns of both frames.</summary>
    /// <exception cref="RaisedException">The numbers of rows differ, or a label stands in both.</exception>
    public static Frame Beside(Frame left, Frame right) => left.Rows == right.Rows
        ? Sharing(left.Rows, [.. left.Columns, .. right.Columns], [.. left.Labels, .. right.Labels])
        : throw Diag.BindShapes.Raise("cbind", "rows", left.Shape(), right.Shape());

    /// <summary>A range of columns; see <see cref="Kernels.Slice.Cols{T}"/>.</summary>
    /// <exception cref="RaisedException">The range does not lie in the frame.</exception>
    public static Frame Slice(Frame x, long lower, long upper)
    {
        var (first, count) = Kernels.Slice.Resolve("column", lower, upper, x.Cols);
        return Sharing(x.Rows, x.Columns.Slice((int)first, (int)count), x.Labels.Slice((int)first, (int)count));
    }

    /// <summary>The columns at the positions in a column of any numeric type; one that is taken again gets another label.</summary>
    /// <exception cref="RaisedException">A position lies outside, or they are not a column.</exception>
    public static Frame At(Frame x, Matrix positions)
    {
        var at = Positions.Resolve(positions, x.Cols, "column", "indexing by positions", x);
        var result = Pick(x, at.Span(0, checked((int)at.Rows)));
        at.Release();
        return result;
    }

    /// <summary>The columns that a label names; see <see cref="Frame.PositionsOf"/>.</summary>
    /// <exception cref="RaisedException">It names none.</exception>
    public static Frame Named(Frame x, string label)
    {
        var at = Frame.PositionsOf(x.Labels, label);
        return at.IsEmpty ? throw Diag.ColumnMissing.Raise(label, x.Cols == 0 ? "no columns" : string.Join(", ", x.Labels)) : Pick(x, at.AsSpan());
    }

    /// <summary>The columns where a column of 0 and 1 has 1.</summary>
    /// <exception cref="RaisedException">The filter is no column of 0 and 1, or not as long as the frame has columns.</exception>
    public static Frame Where(Frame x, Matrix keep)
    {
        var kept = Filter.Kept(keep, x.Cols, "column", x, out long count);
        var result = Pick(x, kept.Span(0, (int)count));
        kept.Release();
        return result;
    }

    static Frame Pick(Frame x, ReadOnlySpan<long> positions)
    {
        var picked = new Matrix[positions.Length];
        for (int i = 0; i < picked.Length; i++) picked[i] = x[(int)positions[i]];
        return Sharing(x.Rows, picked, Frame.PickedLabels(x.Labels, positions));
    }

    // The new frame is one owner more of each column.
    static Frame Sharing(long rows, ReadOnlySpan<Matrix> columns, ImmutableArray<string> labels)
    {
        var frame = new Frame(rows, columns.ToArray(), labels);
        foreach (var column in columns) column.Retain();
        return frame;
    }
}
