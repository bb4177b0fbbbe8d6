using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// Which rows of a table have equal keys. Groups are numbered in order of their first row. -0 equals 0, and all nan are one key (in a join they equal
/// nothing); strings are equal unit by unit.
/// </summary>
public sealed unsafe class RowGroups : IDisposable
{
    readonly DenseMatrix<int> numbers;
    readonly DenseMatrix<long> firstRows;

    RowGroups(DenseMatrix<int> numbers, DenseMatrix<long> firstRows) => (this.numbers, this.firstRows) = (numbers, firstRows);

    /// <summary>Number of rows that were grouped.</summary>
    public long Rows => numbers.Rows;

    /// <summary>Number of groups.</summary>
    public int Count => (int)firstRows.Rows;

    /// <summary>The group of each row, as a column. The groups keep owning it.</summary>
    public DenseMatrix<int> OfRows => numbers;

    /// <summary>The first row of each group, ascending, as a column. The groups keep owning it.</summary>
    public DenseMatrix<long> FirstRows => firstRows;

    /// <summary>Groups the rows by one or several columns of any value types.</summary>
    /// <param name="keys">At least one column; all of the same number of rows.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="RaisedException">There are more rows than can be numbered.</exception>
    public static RowGroups Of(IReadOnlyList<Matrix> keys, CancellationToken ct = default)
    {
        if (keys.Count == 0) throw new ArgumentException("rows are grouped by at least one column", nameof(keys));
        long rows = keys[0].Rows;
        KeyGuard.Columns(keys, rows);
        var numbers = DenseMatrix<int>.Allocate(rows, 1);
        int count = Number(keys[0], numbers.Cell0, ct);
        for (int k = 1; k < keys.Count && count < rows; k++)
        {
            using var next = new Scratch<int>(rows);
            using var pairs = new Scratch<ulong>(rows);
            ulong width = (ulong)Number(keys[k], next.Cell0, ct);
            for (long i = 0; i < rows; i++) pairs.Cell0[i] = (ulong)numbers.Cell0[i] * width + (ulong)next.Cell0[i];
            using var index = KeyIndex.Of(pairs.Cell0, null, rows, numbers.Cell0, ct);
            count = index.Count;
        }
        return new(numbers, First(numbers, count));
    }

    /// <summary>All rows as one group, which has no row if there are none.</summary>
    public static RowGroups One(long rows)
    {
        KeyGuard.Numerable(rows);
        return new(DenseMatrix<int>.Allocate(rows, 1, zeroed: true), DenseMatrix<long>.Allocate(1, 1, zeroed: true));
    }

    static int Number(Matrix key, int* numbers, CancellationToken ct)
    {
        if (key.Here() is StringMatrix text)
        {
            var seen = new Dictionary<string, int>(StringComparer.Ordinal);
            var cells = text.Span;
            for (int i = 0; i < cells.Length; i++)
            {
                ref int number = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(seen, cells[i], out bool known);
                if (!known) number = seen.Count - 1;
                numbers[i] = number;
            }
            return seen.Count;
        }
        using var codes = KeyCodes.Of(key);
        using var index = KeyIndex.Of(codes.Codes, null, key.Rows, numbers, ct);
        return index.Count;
    }

    static DenseMatrix<long> First(DenseMatrix<int> numbers, int count)
    {
        var first = DenseMatrix<long>.Allocate(count, 1);
        int next = 0;
        for (long i = 0; next < count; i++)
        {
            Debug.Assert(numbers.Cell0[i] <= next, "groups are numbered in order of their first row");
            if (numbers.Cell0[i] == next) first.Cell0[next++] = i;
        }
        return first;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        numbers.Release();
        firstRows.Release();
    }
}
