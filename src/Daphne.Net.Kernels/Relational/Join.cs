using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// Joins of two tables on equal keys. Keys are equal by value: a column of integers joins one of floats. -0 equals 0; nan equals nothing, not even nan.
/// Rows come in the order of the left table, the matches of a row in the order of the right table; right rows without match come last, in their order.
/// </summary>
public static unsafe class Join
{
    const long TaskRows = 1 << 16;

    /// <summary>Which rows the join brings together.</summary>
    /// <param name="leftKeys">At least one column of the left table, of any value types.</param>
    /// <param name="rightKeys">As many columns of the right table: rows match where all keys are equal.</param>
    /// <param name="kind">Which rows are kept.</param>
    /// <param name="run">Cuts long tables into tasks; null: none.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="RaisedException">Strings are compared with numbers, or there are more rows than can be numbered.</exception>
    public static JoinedRows Rows(IReadOnlyList<Matrix> leftKeys, IReadOnlyList<Matrix> rightKeys, JoinKind kind, TaskRunner? run = null, CancellationToken ct = default)
    {
        using var keys = MatchedKeys.Of(leftKeys, rightKeys, run, ct);
        ct.ThrowIfCancellationRequested();
        return kind is JoinKind.Semi or JoinKind.Anti ? Filter(keys, kind == JoinKind.Semi) : Pairs(keys, kind, run, ct);
    }

    static JoinedRows Filter(MatchedKeys keys, bool matching)
    {
        long count = 0;
        for (long i = 0; i < keys.LeftRows; i++) count += keys.Left[i] >= 0 == matching ? 1 : 0;
        var left = DenseMatrix<long>.Allocate(count, 1);
        long to = 0;
        for (long i = 0; i < keys.LeftRows; i++)
            if (keys.Left[i] >= 0 == matching) left.Cell0[to++] = i;
        return new(left, null);
    }

    static JoinedRows Pairs(MatchedKeys keys, JoinKind kind, TaskRunner? run, CancellationToken ct)
    {
        // The right rows of key k, in order: rows[starts[k]] … rows[starts[k + 1] - 1].
        using var starts = new Scratch<int>(keys.Count + 1L, zeroed: true);
        using var rows = new Scratch<int>(keys.RightRows);
        Chain(keys, starts.Cell0, rows.Cell0);

        long alone = kind is JoinKind.LeftOuter or JoinKind.FullOuter ? 1 : 0;
        int tasks = checked((int)((keys.LeftRows + TaskRows - 1) / TaskRows));
        long[] ends = new long[tasks + 1];
        int* first = starts.Cell0, all = rows.Cell0;
        RowTasks.Run(keys.LeftRows, TaskRows, run, (from, end) =>
        {
            for (; from < end; from += TaskRows) ends[from / TaskRows + 1] = Matches(keys, first, alone, from, Math.Min(end, from + TaskRows));
        });
        for (int t = 0; t < tasks; t++) ends[t + 1] = checked(ends[t + 1] + ends[t]);
        ct.ThrowIfCancellationRequested();

        var unmatched = kind is JoinKind.RightOuter or JoinKind.FullOuter ? Unmatched(keys) : [];
        long pairs = ends[tasks], count = checked(pairs + unmatched.Count);
        var result = new JoinedRows(DenseMatrix<long>.Allocate(count, 1), DenseMatrix<long>.Allocate(count, 1));
        long* left = result.Left.Cell0, right = result.Right!.Cell0;
        RowTasks.Run(keys.LeftRows, TaskRows, run, (from, end) => Write(keys.Left, from, end, first, all, alone > 0, left + ends[from / TaskRows], right + ends[from / TaskRows]));
        for (int i = 0; i < unmatched.Count; i++) (left[pairs + i], right[pairs + i]) = (GatherRows.None, unmatched[i]);
        return result;
    }

    static void Write(int* keyOf, long from, long end, int* starts, int* rows, bool alone, long* left, long* right)
    {
        for (; from < end; from++)
        {
            int key = keyOf[from];
            if (key >= 0)
            {
                for (int k = starts[key], last = starts[key + 1]; k < last; k++) (*left++, *right++) = (from, rows[k]);
            }
            else if (alone) (*left++, *right++) = (from, GatherRows.None);
        }
    }

    static void Chain(MatchedKeys keys, int* starts, int* rows)
    {
        int* keyOf = keys.Right;
        for (long i = 0; i < keys.RightRows; i++)
            if (keyOf[i] >= 0) starts[keyOf[i]]++;
        int next = 0;
        for (int k = 0; k <= keys.Count; k++) starts[k] = next += starts[k];
        // From the end: what is left in starts[k] is where the rows of k begin.
        for (long i = keys.RightRows - 1; i >= 0; i--)
            if (keyOf[i] >= 0) rows[--starts[keyOf[i]]] = (int)i;
    }

    static long Matches(MatchedKeys keys, int* starts, long alone, long from, long end)
    {
        long count = 0;
        int* left = keys.Left;
        for (; from < end; from++)
        {
            int key = left[from];
            count += key >= 0 ? starts[key + 1] - starts[key] : alone;
        }
        return count;
    }

    static List<long> Unmatched(MatchedKeys keys)
    {
        bool[] seen = new bool[keys.Count];
        for (long i = 0; i < keys.LeftRows; i++)
            if (keys.Left[i] >= 0) seen[keys.Left[i]] = true;
        var rows = new List<long>();
        for (long i = 0; i < keys.RightRows; i++)
            if (keys.Right[i] < 0 || !seen[keys.Right[i]]) rows.Add(i);
        return rows;
    }
}
