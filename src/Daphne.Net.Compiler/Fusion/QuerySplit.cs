using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

/// <summary>
/// Which frames of a query are cut by rows: the one whose rows lead through filters, projections and the left sides of joins to those of the result, in order. The right sides of joins are
/// handed out whole. What needs all rows at once (groups, sorting, limits) is not cut.
/// </summary>
static class QuerySplit
{
    /// <summary>Null where the query is not cut, or not known while compiling.</summary>
    public static OpSplit? Of(Operation op)
    {
        if (SqlCompiler.Query(op) is not { } query || Leading(query.Plan) is not { } leading) return null;
        // A frame that is met twice is needed whole.
        if (Scans(query.Plan).Count(s => s.View == leading) > 1) return null;
        var splits = new SplitKind[op.Operands.Count];
        splits[leading + 1] = SplitKind.Rows;
        return new(CombineKind.Rows, splits) { Selects = true };
    }

    static int? Leading(SqlPlan plan) => plan switch
    {
        SqlScan p => p.View,
        SqlFilter p => Leading(p.Input),
        SqlProject p => Leading(p.Input),
        SqlJoinRows { Kind: SqlJoinKind.Cross or SqlJoinKind.Inner or SqlJoinKind.Left } p => Leading(p.Left),
        _ => null,
    };

    static IEnumerable<SqlScan> Scans(SqlPlan plan) => plan switch
    {
        SqlScan p => [p],
        SqlFilter p => Scans(p.Input),
        SqlProject p => Scans(p.Input),
        SqlJoinRows p => Scans(p.Left).Concat(Scans(p.Right)),
        SqlGroup p => Scans(p.Input),
        SqlUnique p => Scans(p.Input),
        SqlSort p => Scans(p.Input),
        SqlLimit p => Scans(p.Input),
        _ => [],
    };
}
