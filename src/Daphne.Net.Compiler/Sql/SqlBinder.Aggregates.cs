using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Groups and what is computed over them.
sealed partial class SqlBinder
{
    /// <summary>Where a value stands: over the rows of FROM, or over groups of them. Aliases of items may be named where no column has the name.</summary>
    sealed record Context(SqlScope Scope, SqlGrouping? Grouping, NodeList<SqlItem> Items)
    {
        /// <summary>The rows that are grouped.</summary>
        public Context Ungrouped => this with { Grouping = null };
    }

    SqlGrouping Grouping(SqlSelect q, SqlScope scope)
    {
        var rows = new Context(scope, null, q.Items);
        List<SqlValue> keys = [];
        foreach (var key in q.GroupBy)
        {
            if (key is SqlStar star)
            {
                RequireSource(star.Source, scope, star.Span);
                keys.AddRange(scope.Of(star.Source).Select(scope.Column));
                continue;
            }
            RejectAggregates(key, "in GROUP BY", "group by what stands inside it");
            keys.Add(Value(key, rows));
        }
        return new([.. keys.Distinct()]);
    }

    static SqlAggregateKind? AggregateKind(string function) => function.ToLowerInvariant() switch
    {
        "count" => SqlAggregateKind.Count,
        "sum" => SqlAggregateKind.Sum,
        "min" => SqlAggregateKind.Min,
        "max" => SqlAggregateKind.Max,
        "avg" => SqlAggregateKind.Avg,
        _ => null,
    };

    static SqlCall? FindAggregate(SqlExpression expression) =>
        expression is SqlCall call && AggregateKind(call.Function) is not null ? call : Parts(expression).Select(FindAggregate).FirstOrDefault(c => c is not null);

    static IEnumerable<SqlExpression> Parts(SqlExpression expression) => expression switch
    {
        SqlCall e => e.Arguments,
        SqlUnary e => [e.Operand],
        SqlBinary e => [e.Left, e.Right],
        SqlLogical e => e.Operands,
        SqlBetween e => [e.Operand, e.Lower, e.Upper],
        SqlIn e => [e.Operand, .. e.List],
        SqlLike e => e.Escape is null ? [e.Operand, e.Pattern] : [e.Operand, e.Pattern, e.Escape],
        SqlCase e => [.. e.Subject is null ? [] : new[] { e.Subject }, .. e.Whens.SelectMany(w => new[] { w.Condition, w.Value }), e.Else],
        SqlCast e => [e.Operand],
        SqlParentheses e => [e.Inner],
        _ => [],
    };

    void RejectAggregates(SqlExpression expression, string where, string hint)
    {
        if (FindAggregate(expression) is { } call) throw Fail(Diag.SqlAggregateHere, call.Span, call.Function, where, hint);
    }

    SqlValue Aggregate(SqlCall call, SqlAggregateKind kind, Context context)
    {
        if (call.Arguments.Count != 1) throw Fail(Diag.SqlArguments, call.Span, call.Function, "1 argument", call.Arguments.Count);
        if (call.Arguments[0] is SqlStar star)
        {
            if (kind != SqlAggregateKind.Count || star.Source is not null || call.Distinct) throw Fail(Diag.SqlStar, star.Span);
            return context.Grouping!.Column(new(SqlAggregateKind.Count, null, false, ValueTypeCode.SI64));
        }
        RejectAggregates(call.Arguments[0], $"inside '{call.Function}'", "a sub-query in FROM can aggregate first");
        var argument = Value(call.Arguments[0], context.Ungrouped);
        if (kind is SqlAggregateKind.Sum or SqlAggregateKind.Avg && argument.Type == ValueTypeCode.Str) throw Fail(Diag.SqlTextOperand, call.Span, $"'{call.Function}'");
        bool distinct = call.Distinct && kind is not (SqlAggregateKind.Min or SqlAggregateKind.Max);
        // There is no NULL: counting values is counting rows.
        if (kind == SqlAggregateKind.Count && !distinct) return context.Grouping!.Column(new(kind, null, false, ValueTypeCode.SI64));
        if (kind == SqlAggregateKind.Sum && argument.Type == ValueTypeCode.Bool) argument = argument.To(ValueTypeCode.SI64);
        return context.Grouping!.Column(new(kind, argument, distinct, kind switch
        {
            SqlAggregateKind.Count => ValueTypeCode.SI64,
            SqlAggregateKind.Avg => ValueTypeCode.F64,
            _ => argument.Type,
        }));
    }
}
