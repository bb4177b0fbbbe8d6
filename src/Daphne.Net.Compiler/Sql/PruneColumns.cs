using System.Collections.Immutable;
using System.Diagnostics;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

/// <summary>Leaves out columns that nobody looks at, from the result down to the views.</summary>
static class PruneColumns
{
    /// <summary>The same plan, all its columns kept.</summary>
    public static SqlPlan Run(SqlPlan plan) => Keep(plan, Enumerable.Range(0, plan.Types.Length)).Plan;

    /// <summary>A plan with at least the wanted columns, and where each column went; -1 where it is gone.</summary>
    static (SqlPlan Plan, int[] Where) Keep(SqlPlan plan, IEnumerable<int> wanted)
    {
        int[] columns = [.. wanted.Distinct().Order()];
        switch (plan)
        {
            case SqlScan p: return (p with { Columns = [.. columns.Select(c => p.Columns[c])], ColumnTypes = [.. columns.Select(c => p.ColumnTypes[c])] }, Places(columns, p.Columns.Length));
            case SqlFilter p:
            {
                var (input, where) = Keep(p.Input, columns.Concat(p.Condition.Columns()));
                return (new SqlFilter(input, Moved(p.Condition, where)), where);
            }
            case SqlSort p:
            {
                var (input, where) = Keep(p.Input, columns.Concat(p.Keys.SelectMany(k => k.Value.Columns())));
                return (new SqlSort(input, new([.. p.Keys.Select(k => k with { Value = Moved(k.Value, where) })])), where);
            }
            case SqlLimit p:
            {
                var (input, where) = Keep(p.Input, columns);
                return (p with { Input = input }, where);
            }
            case SqlProject p:
            {
                var values = columns.Select(c => p.Values[c]).ToArray();
                var (input, where) = Keep(p.Input, values.SelectMany(v => v.Columns()));
                return (new SqlProject(input, new([.. values.Select(v => Moved(v, where))])), Places(columns, p.Values.Count));
            }
            // All columns take part in what is equal.
            case SqlUnique p: return (new SqlUnique(Run(p.Input)), Places([.. Enumerable.Range(0, p.Types.Length)], p.Types.Length));
            case SqlGroup p:
            {
                int keys = p.Keys.Count;
                int[] kept = [.. Enumerable.Range(0, keys), .. columns.Where(c => c >= keys)];
                var aggregates = kept.Skip(keys).Select(c => p.Aggregates[c - keys]).ToArray();
                var (input, where) = Keep(p.Input, p.Keys.Concat(aggregates.Where(a => a.Argument is not null).Select(a => a.Argument!)).SelectMany(v => v.Columns()));
                return (new SqlGroup(input, new([.. p.Keys.Select(k => Moved(k, where))]), new([.. aggregates.Select(a => a with { Argument = a.Argument is null ? null : Moved(a.Argument, where) })])),
                    Places(kept, p.Types.Length));
            }
            case SqlJoinRows p: return Join(p, columns);
            default: throw new UnreachableException(plan.GetType().Name);
        }
    }

    static (SqlPlan Plan, int[] Where) Join(SqlJoinRows p, int[] columns)
    {
        int leftColumns = p.Left.Types.Length;
        int[] all = [.. columns, .. p.Rest?.Columns() ?? []];
        var (left, inLeft) = Keep(p.Left, all.Where(c => c < leftColumns).Concat(p.Keys.SelectMany(k => k.Left.Columns())));
        var (right, inRight) = Keep(p.Right, all.Where(c => c >= leftColumns).Select(c => c - leftColumns).Concat(p.Keys.SelectMany(k => k.Right.Columns())));
        int leftKept = left.Types.Length;
        int[] where = [.. inLeft, .. inRight.Select(w => w < 0 ? -1 : w + leftKept)];
        var keys = p.Keys.Select(k => new SqlKeyPair(Moved(k.Left, inLeft), Moved(k.Right, inRight)));
        return (new SqlJoinRows(p.Kind, left, right, new([.. keys]), p.Rest is null ? null : Moved(p.Rest, where)), where);
    }

    static SqlValue Moved(SqlValue value, int[] where) => value.Over(c => c with { Index = where[c.Index] });

    static int[] Places(int[] columns, int of)
    {
        int[] where = new int[of];
        Array.Fill(where, -1);
        for (int i = 0; i < columns.Length; i++) where[columns[i]] = i;
        return where;
    }
}
