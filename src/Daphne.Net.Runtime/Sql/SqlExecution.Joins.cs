using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Kernels;
using Daphne.Net.Language;

namespace Daphne.Net.Runtime;

// Joins: which rows stand beside which, then the columns of both sides.
sealed partial class SqlExecution
{
    // Candidates of a join without keys that are looked at together: a few columns of them stay in the caches.
    const long MostCandidates = 1 << 18;

    SqlRows Join(SqlJoinRows p)
    {
        using var left = Run(p.Left);
        using var right = Run(p.Right);
        Matrix[] leftKeys = [.. p.Keys.Select(k => cells.Of(k.Left, left))], rightKeys = [.. p.Keys.Select(k => cells.Of(k.Right, right))];
        var (lefts, rights) = p.Rest is null && leftKeys.Length > 0
            ? Positions(Kernels.Join.Rows(leftKeys, rightKeys, KindOf(p.Kind), run, context.Cancellation))
            : WithPartners(p, Pairs(p, left, right, leftKeys, rightKeys), left.Count, right.Count);
        foreach (var key in leftKeys.Concat(rightKeys)) key.Release();
        var joined = SqlRows.Beside(left.At(lefts, run), right.At(rights, run));
        lefts.Release();
        rights.Release();
        return joined;
    }

    static (DenseMatrix<long> Left, DenseMatrix<long> Right) Positions(JoinedRows joined)
    {
        joined.Left.Retain();
        joined.Right!.Retain();
        joined.Dispose();
        return (joined.Left, joined.Right);
    }

    static JoinKind KindOf(SqlJoinKind kind) => kind switch
    {
        SqlJoinKind.Left => JoinKind.LeftOuter,
        SqlJoinKind.Right => JoinKind.RightOuter,
        SqlJoinKind.Full => JoinKind.FullOuter,
        _ => JoinKind.Inner,
    };

    // The pairs that agree in all keys and for which the rest of the condition holds.
    (DenseMatrix<long> Left, DenseMatrix<long> Right) Pairs(SqlJoinRows p, SqlRows left, SqlRows right, Matrix[] leftKeys, Matrix[] rightKeys)
    {
        if (leftKeys.Length > 0) return Kept(p.Rest!, left, right, Positions(Kernels.Join.Rows(leftKeys, rightKeys, JoinKind.Inner, run, context.Cancellation)));
        if (p.Rest is null) return Positions(Cartesian.Rows(left.Count, right.Count, context.Cancellation));
        // All pairs would be too many to have at once, so they are looked at block by block.
        long perBlock = Math.Max(1, MostCandidates / Math.Max(1, right.Count));
        List<(DenseMatrix<long> Left, DenseMatrix<long> Right)> blocks = [];
        for (long first = 0; first < left.Count; first += perBlock)
        {
            var block = Positions(Cartesian.Rows(Math.Min(perBlock, left.Count - first), right.Count, context.Cancellation));
            foreach (var (start, length) in block.Left.Chunks())
                foreach (ref long row in block.Left.WritableSpan(start, length)) row += first;
            blocks.Add(Kept(p.Rest, left, right, block));
        }
        return (Appended([.. blocks.Select(b => b.Left)]), Appended([.. blocks.Select(b => b.Right)]));
    }

    (DenseMatrix<long> Left, DenseMatrix<long> Right) Kept(SqlValue condition, SqlRows left, SqlRows right, (DenseMatrix<long> Left, DenseMatrix<long> Right) pairs)
    {
        int leftColumns = left.Columns.Count;
        int[] wanted = [.. condition.Columns()];
        using var candidates = SqlRows.Beside(left.At(pairs.Left, wanted.Where(c => c < leftColumns), run), right.At(pairs.Right, wanted.Where(c => c >= leftColumns).Select(c => c - leftColumns), run));
        var kept = cells.Where(condition.Conjuncts(), candidates);
        var result = ((DenseMatrix<long>)GatherRows.Of(pairs.Left, kept, run), (DenseMatrix<long>)GatherRows.Of(pairs.Right, kept, run));
        kept.Release();
        pairs.Left.Release();
        pairs.Right.Release();
        return result;
    }

    static unsafe DenseMatrix<long> Appended(DenseMatrix<long>[] parts)
    {
        var all = DenseMatrix<long>.Allocate(parts.Sum(p => p.Rows), 1);
        long at = 0;
        foreach (var part in parts)
        {
            for (long i = 0; i < part.Rows; i++) all.Cell0[at++] = part.Cell0[i];
            part.Release();
        }
        return all;
    }

    // An outer join's rows without partner: left ones where they belong, right ones at the end.
    static unsafe (DenseMatrix<long> Left, DenseMatrix<long> Right) WithPartners(SqlJoinRows p, (DenseMatrix<long> Left, DenseMatrix<long> Right) pairs, long leftRows, long rightRows)
    {
        bool keepLeft = p.Kind is SqlJoinKind.Left or SqlJoinKind.Full, keepRight = p.Kind is SqlJoinKind.Right or SqlJoinKind.Full;
        if (!keepLeft && !keepRight) return pairs;
        long* left = pairs.Left.Cell0, right = pairs.Right.Cell0;
        List<long> lefts = [], rights = [];
        bool[] seen = new bool[rightRows];
        long at = 0;
        for (long row = 0; row < leftRows; row++)
        {
            if (keepLeft && (at == pairs.Left.Rows || left[at] != row)) Add(row, GatherRows.None);
            for (; at < pairs.Left.Rows && left[at] == row; at++)
            {
                Add(row, right[at]);
                seen[right[at]] = true;
            }
        }
        for (long row = 0; keepRight && row < rightRows; row++)
            if (!seen[row]) Add(GatherRows.None, row);
        pairs.Left.Release();
        pairs.Right.Release();
        return (DenseMatrix<long>.Copy(lefts.ToArray(), lefts.Count, 1), DenseMatrix<long>.Copy(rights.ToArray(), rights.Count, 1));

        void Add(long l, long r)
        {
            lefts.Add(l);
            rights.Add(r);
        }
    }
}
