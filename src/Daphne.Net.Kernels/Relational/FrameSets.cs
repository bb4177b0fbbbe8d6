using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// Frames as sets of rows: no row of a result stands twice. Rows are equal where all cells are (all nan are equal, -0 equals 0), and come in the order in
/// which they first stand in the left frame, then in the right one. Labels are those of the left frame. The caller owns the results.
/// </summary>
public static unsafe class FrameSets
{
    /// <summary>The rows that stand in both frames.</summary>
    /// <exception cref="RaisedException">The frames differ in the number or the value types of their columns.</exception>
    public static Frame Intersect(Frame left, Frame right, CancellationToken ct = default) => Of("intersect", left, right, static (l, r) => l && r, ct);

    /// <summary>The rows that stand in either frame.</summary>
    /// <exception cref="RaisedException">The frames differ in the number or the value types of their columns.</exception>
    public static Frame Merge(Frame left, Frame right, CancellationToken ct = default) => Of("merge", left, right, static (_, _) => true, ct);

    /// <summary>The rows of the left frame that do not stand in the right one.</summary>
    /// <exception cref="RaisedException">The frames differ in the number or the value types of their columns.</exception>
    public static Frame Except(Frame left, Frame right, CancellationToken ct = default) => Of("except", left, right, static (l, r) => l && !r, ct);

    static Frame Of(string operation, Frame left, Frame right, Func<bool, bool, bool> keep, CancellationToken ct)
    {
        if (left.Cols != right.Cols) throw Diag.SetColumns.Raise(operation, left.Cols, right.Cols);
        for (int c = 0; c < left.Cols; c++)
            if (left.ValueType(c) != right.ValueType(c)) throw Diag.SetTypes.Raise(operation, c, left.ValueType(c).DslName(), right.ValueType(c).DslName());
        // Rows without cells are all equal.
        if (left.Cols == 0) return new(keep(left.Rows > 0, right.Rows > 0) && left.Rows + right.Rows > 0 ? 1 : 0, [], []);

        Matrix[] columns = new Matrix[left.Cols];
        for (int c = 0; c < columns.Length; c++) columns[c] = ColumnCells.Above(left[c].Here(), right[c].Here());
        using var groups = RowGroups.Of(columns, ct);
        bool[] inLeft = new bool[groups.Count], inRight = new bool[groups.Count];
        for (long i = 0; i < groups.Rows; i++) (i < left.Rows ? inLeft : inRight)[groups.OfRows.Cell0[i]] = true;
        long[] kept = [.. Enumerable.Range(0, groups.Count).Where(g => keep(inLeft[g], inRight[g])).Select(g => groups.FirstRows.Cell0[g])];
        var rows = DenseMatrix<long>.Copy(kept, kept.Length, 1);
        var result = new Frame(kept.Length, [.. columns.Select(c => GatherRows.Of(c, rows))], left.Labels);
        foreach (var column in columns) column.Release();
        rows.Release();
        return result;
    }
}
