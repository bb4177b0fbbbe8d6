using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Two frames joined: the columns of the left one, then those of the right one. The caller owns the results.</summary>
public static class FrameJoin
{
    /// <summary>
    /// Joins on equal keys; see <see cref="Join"/> for what is equal and in which order rows come. Semi and anti joins have the columns of the left
    /// frame alone. Where a row has no partner stands the missing value of <see cref="GatherRows"/>.
    /// </summary>
    /// <param name="left">The left frame.</param>
    /// <param name="right">The right frame.</param>
    /// <param name="leftOn">Positions of the key columns of the left frame; at least one.</param>
    /// <param name="rightOn">As many positions of key columns of the right frame.</param>
    /// <param name="kind">Which rows are kept.</param>
    /// <param name="run">Cuts long frames into tasks; null: none.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="RaisedException">A label stands in both frames, or strings are compared with numbers.</exception>
    public static Frame Of(Frame left, Frame right, IReadOnlyList<int> leftOn, IReadOnlyList<int> rightOn, JoinKind kind, TaskRunner? run = null, CancellationToken ct = default)
    {
        bool one = kind is JoinKind.Semi or JoinKind.Anti;
        var labels = one ? left.Labels : Labels(left, right);
        using var rows = Join.Rows([.. leftOn.Select(c => left[c])], [.. rightOn.Select(c => right[c])], kind, run, ct);
        return Of(left, one ? null : right, rows, labels, run);
    }

    /// <summary>Every row of the left frame beside every row of the right one, left-major.</summary>
    /// <exception cref="RaisedException">A label stands in both frames, or there is no memory for the result.</exception>
    public static Frame Cartesian(Frame left, Frame right, TaskRunner? run = null, CancellationToken ct = default)
    {
        var labels = Labels(left, right);
        using var rows = Kernels.Cartesian.Rows(left.Rows, right.Rows, ct);
        return Of(left, right, rows, labels, run);
    }

    /// <summary>The rows of the left frame with a match: the key column alone, and their positions.</summary>
    /// <exception cref="RaisedException">Strings are compared with numbers.</exception>
    public static (Frame Keys, DenseMatrix<ulong> Positions) Semi(Frame left, Frame right, int leftOn, int rightOn, TaskRunner? run = null, CancellationToken ct = default)
    {
        using var rows = Join.Rows([left[leftOn]], [right[rightOn]], JoinKind.Semi, run, ct);
        var keys = new Frame(rows.Count, [GatherRows.Of(left[leftOn], rows.Left, run)], [left.Labels[leftOn]]);
        return (keys, AsSizes(rows.Left));
    }

    internal static unsafe DenseMatrix<ulong> AsSizes(DenseMatrix<long> positions)
    {
        var sizes = DenseMatrix<ulong>.Allocate(positions.Rows, 1);
        Cells.Copy((ulong*)positions.Cell0, sizes.Cell0, positions.Rows);
        GC.KeepAlive(positions);
        return sizes;
    }

    // Asked before the work is done.
    static ImmutableArray<string> Labels(Frame left, Frame right)
    {
        ImmutableArray<string> labels = [.. left.Labels, .. right.Labels];
        return Frame.FirstRepeated(labels) is { } twice ? throw Diag.LabelTwice.Raise(twice) : labels;
    }

    static Frame Of(Frame left, Frame? right, JoinedRows rows, ImmutableArray<string> labels, TaskRunner? run)
    {
        var columns = new List<Matrix>(labels.Length);
        foreach (var column in left.Columns) columns.Add(GatherRows.Of(column, rows.Left, run));
        if (right is not null)
            foreach (var column in right.Columns) columns.Add(GatherRows.Of(column, rows.Right!, run));
        return new(rows.Count, columns, labels);
    }
}
