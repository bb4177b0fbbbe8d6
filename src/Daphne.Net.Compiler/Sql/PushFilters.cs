using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

/// <summary>
/// Brings conditions to where rows come from: through projections, sorts and groups, to the side of a join they speak of. A condition of equality
/// between two sides becomes a key of their join. What may fail stays where it is, behind the conditions written before it.
/// </summary>
static class PushFilters
{
    public static SqlPlan Run(SqlPlan plan) => Push(plan, []);

    // The plan with these conditions, over its columns, fulfilled.
    static SqlPlan Push(SqlPlan plan, List<SqlValue> conditions)
    {
        switch (plan)
        {
            case SqlFilter p: return Push(p.Input, [.. p.Condition.Conjuncts(), .. conditions]);
            case SqlProject p: return Through(p, conditions, c => c.Over(column => p.Values[column.Index]), _ => true, input => p with { Input = input });
            case SqlSort p: return Through(p, conditions, c => c, _ => true, input => p with { Input = input });
            case SqlUnique p: return Through(p, conditions, c => c, _ => true, input => p with { Input = input });
            // Without keys there is a row even where no row is left to aggregate.
            case SqlGroup p:
                return Through(p, conditions, c => c.Over(column => p.Keys[column.Index]), c => p.Keys.Count > 0 && c.Columns().All(i => i < p.Keys.Count), input => p with { Input = input });
            case SqlJoinRows p: return Join(p, conditions);
            case SqlLimit p: return Filtered(p with { Input = Push(p.Input, []) }, conditions);
            default: return Filtered(plan, conditions);
        }
    }

    static SqlPlan Through(SqlPlan plan, List<SqlValue> conditions, Func<SqlValue, SqlValue> below, Func<SqlValue, bool> may, Func<SqlPlan, SqlPlan> over)
    {
        List<SqlValue> pushed = [], kept = [];
        foreach (var condition in conditions)
            if (may(condition) && !Grows(plan, condition) && below(condition) is var other && !other.MayFail()) pushed.Add(other);
            else kept.Add(condition);
        var input = plan switch { SqlProject p => p.Input, SqlSort p => p.Input, SqlUnique p => p.Input, SqlGroup p => p.Input, _ => throw new System.Diagnostics.UnreachableException() };
        return Filtered(over(Push(input, pushed)), kept);
    }

    // A value that a condition names twice is not computed twice; level by level, it would be doubled.
    static bool Grows(SqlPlan plan, SqlValue condition)
    {
        var values = plan switch { SqlProject p => p.Values, SqlGroup p => p.Keys, _ => null };
        return values is not null && condition.Columns().CountBy(c => c).Any(c => c.Value > 1 && values[c.Key] is not (SqlColumn or SqlConstant));
    }

    static SqlPlan Join(SqlJoinRows join, List<SqlValue> conditions)
    {
        int leftColumns = join.Left.Types.Length;
        List<SqlValue> left = [], right = [], rest = [], above = [];
        List<SqlKeyPair> keys = [.. join.Keys];
        bool inner = join.Kind is SqlJoinKind.Inner or SqlJoinKind.Cross;
        if (join.Rest is not null)
        {
            // Of an outer join's condition, only what speaks of the side that may be filled in chooses among its rows.
            foreach (var condition in join.Rest.Conjuncts()) Place(condition, inner || join.Kind == SqlJoinKind.Right, inner || join.Kind == SqlJoinKind.Left, true);
        }
        foreach (var condition in conditions) Place(condition, inner || join.Kind == SqlJoinKind.Left, inner || join.Kind == SqlJoinKind.Right, inner);
        SqlPlan pushed = new SqlJoinRows(join.Kind, Push(join.Left, left), Push(join.Right, right), new([.. keys]), rest.Count == 0 ? null : SqlValues.All(rest));
        return Filtered(pushed, above);

        void Place(SqlValue condition, bool mayLeft, bool mayRight, bool mayJoin)
        {
            bool fails = condition.MayFail(), ofLeft = condition.Columns().All(i => i < leftColumns), ofRight = condition.Columns().All(i => i >= leftColumns);
            if (ofLeft && mayLeft && !fails) left.Add(condition);
            else if (ofRight && mayRight && !fails) right.Add(Shifted(condition, -leftColumns));
            else if (mayJoin && !fails && KeyOf(condition, leftColumns) is { } key) keys.Add(key);
            else if (mayJoin && (!inner || !fails)) rest.Add(condition);
            else above.Add(condition);
        }
    }

    static SqlKeyPair? KeyOf(SqlValue condition, int leftColumns)
    {
        if (condition is not SqlCellwise equality || equality.Op != Op.EwEq) return null;
        SqlValue x = equality.Arguments[0], y = equality.Arguments[1];
        if (Side(x) == Side(y) || Side(x) == null || Side(y) == null) return null;
        return Side(x) == false ? new(x, Shifted(y, -leftColumns)) : new(y, Shifted(x, -leftColumns));

        // False for the left side, true for the right one, null for a value of both or of none.
        bool? Side(SqlValue value)
        {
            int[] columns = [.. value.Columns()];
            return columns.Length == 0 ? null : columns.All(i => i < leftColumns) ? false : columns.All(i => i >= leftColumns) ? true : null;
        }
    }

    static SqlValue Shifted(SqlValue value, int by) => value.Over(c => c with { Index = c.Index + by });

    static SqlPlan Filtered(SqlPlan plan, List<SqlValue> conditions)
    {
        // One filter per condition: each looks only at the rows that the ones before it left.
        foreach (var condition in conditions)
            if (condition is not SqlConstant { Value: 1L }) plan = new SqlFilter(plan, condition);
        return plan;
    }
}
