using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Frames with one row per group, in ascending order of the keys; nan comes last, strings are in byte order. The caller owns the results.</summary>
public static class FrameGroups
{
    /// <summary>The keys of the groups, and the sum of a column over the rows of each.</summary>
    /// <param name="x">The frame.</param>
    /// <param name="keys">Positions of the key columns; at least one. The first one decides first.</param>
    /// <param name="summed">Position of the column to add up; its label becomes <c>SUM(label)</c>.</param>
    /// <param name="run">Cuts long frames into tasks; null: none.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="RaisedException">The summed column holds strings, or a key stands twice.</exception>
    public static Frame Sum(Frame x, IReadOnlyList<int> keys, int summed, TaskRunner? run = null, CancellationToken ct = default)
    {
        ImmutableArray<string> labels = [.. keys.Select(k => x.Labels[k]), SumLabel(x.Labels[summed])];
        if (Frame.FirstRepeated(labels) is { } twice) throw Diag.LabelTwice.Raise(twice);
        using var groups = RowGroups.Of([.. keys.Select(k => x[k])], ct);
        var sums = GroupedCells.Of(GroupAggregate.Sum, x[summed], groups);
        Matrix[] firsts = [.. keys.Select(k => GatherRows.Of(x[k], groups.FirstRows, run))];
        var order = RowOrder.Of([.. firsts.Select(c => new OrderKey(c))], ct);
        var result = new Frame(groups.Count, [.. firsts.Append(sums).Select(c => GatherRows.Of(c, order, run))], labels);
        Release([.. firsts, sums, order]);
        return result;
    }

    /// <summary>
    /// An inner join, grouped by its key: the keys, the sum of a column of the right frame over the rows of each, and where each key first stands in the
    /// left frame.
    /// </summary>
    /// <param name="left">The left frame; its keys should be unique, for a row of the right frame is added once for each left row it matches.</param>
    /// <param name="right">The right frame.</param>
    /// <param name="leftOn">Position of the key column of the left frame.</param>
    /// <param name="rightOn">Position of the key column of the right frame.</param>
    /// <param name="summed">Position of the column of the right frame to add up; its label becomes <c>SUM(label)</c>.</param>
    /// <param name="run">Cuts long frames into tasks; null: none.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="RaisedException">The summed column holds strings, or strings are compared with numbers.</exception>
    public static (Frame Sums, DenseMatrix<ulong> Positions) Joined(Frame left, Frame right, int leftOn, int rightOn, int summed, TaskRunner? run = null, CancellationToken ct = default)
    {
        using var rows = Join.Rows([left[leftOn]], [right[rightOn]], JoinKind.Inner, run, ct);
        Matrix keys = GatherRows.Of(left[leftOn], rows.Left, run), cells = GatherRows.Of(right[summed], rows.Right!, run);
        using var groups = RowGroups.Of([keys], ct);
        Matrix sums = GroupedCells.Of(GroupAggregate.Sum, cells, groups), firsts = GatherRows.Of(keys, groups.FirstRows, run);
        var order = RowOrder.Of([new OrderKey(firsts)], ct);
        var at = (DenseMatrix<long>)GatherRows.Of(groups.FirstRows, order);
        var positions = (DenseMatrix<long>)GatherRows.Of(rows.Left, at);
        var result = new Frame(groups.Count, [GatherRows.Of(firsts, order, run), GatherRows.Of(sums, order, run)], [left.Labels[leftOn], SumLabel(right.Labels[summed])]);
        var sizes = FrameJoin.AsSizes(positions);
        Release([keys, cells, sums, firsts, order, at, positions]);
        return (result, sizes);
    }

    /// <summary>The label of the sum of a column.</summary>
    public static string SumLabel(string label) => $"SUM({label})";

    static void Release(Matrix[] parts)
    {
        foreach (var part in parts) part.Release();
    }
}
