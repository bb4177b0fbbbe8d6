using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// Pairs of rows of two tables that meet all of several conditions, left-major. Keys compare by exact value, strings in byte order; every comparison with
/// nan is false but &lt;&gt;. Conditions of equality are met first, by <see cref="Join"/>; without any, each pair of rows is looked at.
/// </summary>
public static unsafe class ThetaJoin
{
    /// <summary>The pairs.</summary>
    /// <param name="conditions">At least one.</param>
    /// <param name="run">Cuts long tables into tasks; null: none.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="RaisedException">Strings are compared with numbers, or there are more rows than can be numbered.</exception>
    public static JoinedRows Rows(IReadOnlyList<JoinCondition> conditions, TaskRunner? run = null, CancellationToken ct = default)
    {
        if (conditions.Count == 0) throw new ArgumentException("a join has at least one condition", nameof(conditions));
        JoinCondition[] equal = [.. conditions.Where(c => c.Comparison == KeyComparison.Equal)];
        JoinCondition[] others = [.. conditions.Where(c => c.Comparison != KeyComparison.Equal)];
        var rows = equal.Length > 0
            ? Join.Rows([.. equal.Select(c => c.Left)], [.. equal.Select(c => c.Right)], JoinKind.Inner, run, ct)
            : Pairs(others[0], ct);
        foreach (var condition in equal.Length > 0 ? others : others[1..]) rows = Keep(rows, condition, ct);
        return rows;
    }

    static JoinedRows Pairs(JoinCondition condition, CancellationToken ct)
    {
        using var ranks = SharedRanks.Of(condition.Left, condition.Right);
        var kept = new KeptPairs();
        for (long l = 0; l < condition.Left.Rows; l++)
        {
            ct.ThrowIfCancellationRequested();
            var (first, count, inside) = Range(condition.Comparison, ranks.Left[l]);
            if (inside && count == 0) continue;
            for (long r = 0; r < condition.Right.Rows; r++)
                if ((uint)(ranks.Right[r] - first) < (uint)count == inside) kept.Add(l, r);
        }
        return kept.ToRows();
    }

    static JoinedRows Keep(JoinedRows rows, JoinCondition condition, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using var ranks = SharedRanks.Of(condition.Left, condition.Right);
        var kept = new KeptPairs();
        for (long i = 0; i < rows.Count; i++)
        {
            long l = rows.Left.Cell0[i], r = rows.Right!.Cell0[i];
            if (Holds(condition.Comparison, ranks.Left[l], ranks.Right[r])) kept.Add(l, r);
        }
        rows.Dispose();
        return kept.ToRows();
    }

    // The numbers on the right that meet a comparison lie in a range, or outside of it. A nan, -1, lies in none.
    static (int First, int Count, bool Inside) Range(KeyComparison comparison, int left) => comparison switch
    {
        KeyComparison.NotEqual => left == SharedRanks.NaN ? (0, 0, false) : (left, 1, false),
        _ when left == SharedRanks.NaN => (0, 0, true),
        KeyComparison.Equal => (left, 1, true),
        KeyComparison.Less => (left + 1, int.MaxValue - left, true),
        KeyComparison.LessOrEqual => (left, int.MaxValue - left, true),
        KeyComparison.Greater => (0, left, true),
        _ => (0, left + 1, true),
    };

    static bool Holds(KeyComparison comparison, int left, int right) => left == SharedRanks.NaN || right == SharedRanks.NaN ? comparison == KeyComparison.NotEqual : comparison switch
    {
        KeyComparison.Equal => left == right,
        KeyComparison.NotEqual => left != right,
        KeyComparison.Less => left < right,
        KeyComparison.LessOrEqual => left <= right,
        KeyComparison.Greater => left > right,
        _ => left >= right,
    };

    sealed class KeptPairs
    {
        const long FirstRoom = 1024;

        DenseMatrix<long> pairs = DenseMatrix<long>.Allocate(FirstRoom, 2);
        long count;

        public void Add(long left, long right)
        {
            if (count == pairs.Rows)
            {
                var more = DenseMatrix<long>.Allocate(2 * count, 2);
                Cells.Copy(pairs.Cell0, more.Cell0, 2 * count);
                pairs.Release();
                pairs = more;
            }
            (pairs.Cell0[2 * count], pairs.Cell0[2 * count + 1]) = (left, right);
            count++;
        }

        public JoinedRows ToRows()
        {
            DenseMatrix<long> left = DenseMatrix<long>.Allocate(count, 1), right = DenseMatrix<long>.Allocate(count, 1);
            for (long i = 0; i < count; i++) (left.Cell0[i], right.Cell0[i]) = (pairs.Cell0[2 * i], pairs.Cell0[2 * i + 1]);
            pairs.Release();
            return new(left, right);
        }
    }
}
