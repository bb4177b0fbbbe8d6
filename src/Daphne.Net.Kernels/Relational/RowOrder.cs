using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>A column to sort rows by.</summary>
/// <param name="Column">A matrix of one column, of any value type.</param>
/// <param name="Ascending">Smallest first.</param>
public readonly record struct OrderKey(Matrix Column, bool Ascending = true);

/// <summary>
/// Rows in the order of one or several columns, the first one deciding first. Stable in both directions; -0 equals 0; nan comes last in both directions;
/// strings are in byte order (<see cref="TextOrder"/>).
/// </summary>
public static unsafe class RowOrder
{
    /// <summary>The positions that put the rows in order, in a new column.</summary>
    /// <param name="keys">At least one; columns of the same number of rows.</param>
    /// <param name="ct">Stops it between two columns.</param>
    public static DenseMatrix<long> Of(IReadOnlyList<OrderKey> keys, CancellationToken ct = default)
    {
        if (keys.Count == 0) throw new ArgumentException("rows are sorted by at least one column", nameof(keys));
        long rows = keys[0].Column.Rows;
        foreach (var key in keys)
            if (key.Column.Cols != 1 || key.Column.Rows != rows) throw new ArgumentException($"a {key.Column.Rows}x{key.Column.Cols} matrix is no key of {rows} rows", nameof(keys));

        var positions = DenseMatrix<long>.Allocate(rows, 1);
        Sort(keys, (ulong*)positions.Cell0, rows, ct);
        return positions;
    }

    static void Sort(IReadOnlyList<OrderKey> keys, ulong* positions, long rows, CancellationToken ct)
    {
        for (long i = 0; i < rows; i++) positions[i] = (ulong)i;
        using var scratch = new Scratch<ulong>(3 * rows);
        // The last column first: what a later, more important sort leaves equal keeps the order of the earlier one.
        for (int k = keys.Count - 1; k >= 0; k--)
        {
            ct.ThrowIfCancellationRequested();
            Fill(keys[k], positions, scratch.Cell0);
            RadixSort.Sort(scratch.Cell0, positions, rows, scratch.Cell0 + rows);
        }
    }

    static void Fill(OrderKey key, ulong* rows, ulong* codes)
    {
        bool up = key.Ascending;
        switch (key.Column.Here())
        {
            case DenseMatrix<double> c: SortKeys.Fill(c, 0, up, rows, codes); break;
            case DenseMatrix<float> c: SortKeys.Fill(c, 0, up, rows, codes); break;
            case DenseMatrix<long> c: SortKeys.Fill(c, 0, up, rows, codes); break;
            case DenseMatrix<ulong> c: SortKeys.Fill(c, 0, up, rows, codes); break;
            case DenseMatrix<int> c: SortKeys.Fill(c, 0, up, rows, codes); break;
            case DenseMatrix<uint> c: SortKeys.Fill(c, 0, up, rows, codes); break;
            case DenseMatrix<sbyte> c: SortKeys.Fill(c, 0, up, rows, codes); break;
            case DenseMatrix<byte> c: SortKeys.Fill(c, 0, up, rows, codes); break;
            case DenseMatrix<bool> c:
                byte* bits = (byte*)c.Cell0;
                for (long i = 0; i < c.Rows; i++) codes[i] = up ? bits[rows[i]] : (ulong)(1 - bits[rows[i]]);
                GC.KeepAlive(c);
                break;
            case StringMatrix c:
                var ranks = Ranks(c);
                SortKeys.Fill(ranks, 0, up, rows, codes);
                ranks.Release();
                break;
            case var other: throw Diag.NotThisTypeYet.Raise("sorting", other.Header);
        }
    }

    // The place of each row's string among the different strings of the column.
    static DenseMatrix<ulong> Ranks(StringMatrix column)
    {
        using var groups = RowGroups.Of([column]);
        string[] texts = new string[groups.Count];
        for (int g = 0; g < texts.Length; g++) texts[g] = column[groups.FirstRows.Cell0[g], 0];
        using var ofGroups = new Scratch<ulong>(texts.Length);
        StringRanks.Fill(texts, ofGroups.Cell0);
        var ranks = DenseMatrix<ulong>.Allocate(column.Rows, 1);
        for (long i = 0; i < ranks.Rows; i++) ranks.Cell0[i] = ofGroups.Cell0[groups.OfRows.Cell0[i]];
        return ranks;
    }
}
