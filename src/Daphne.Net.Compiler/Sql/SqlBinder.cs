using System.Collections.Immutable;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

/// <summary>From a query's tree to a plan: names are looked up, types found, groups formed. The first mistake is reported and ends the binding.</summary>
sealed partial class SqlBinder
{
    readonly IReadOnlyList<SqlViewSchema> views;
    readonly DiagnosticBag diagnostics;

    SqlBinder(IReadOnlyList<SqlViewSchema> views, DiagnosticBag diagnostics) => (this.views, this.diagnostics) = (views, diagnostics);

    /// <summary>Binds a query over these views; null after reporting a mistake.</summary>
    public static SqlQuery? Bind(SqlSelect query, IReadOnlyList<SqlViewSchema> views, DiagnosticBag diagnostics)
    {
        try
        {
            var (plan, labels) = new SqlBinder(views, diagnostics).Select(query);
            return new(plan, labels);
        }
        catch (Abandoned)
        {
            return null;    // reported where it was thrown
        }
    }

    (SqlPlan Plan, ImmutableArray<string> Labels) Select(SqlSelect q)
    {
        var (plan, scope) = From(q.From);
        if (q.Where is not null)
        {
            RejectAggregates(q.Where, "in WHERE", "HAVING filters groups");
            plan = new SqlFilter(plan, Condition(q.Where, new(scope, null, q.Items), "WHERE"));
        }
        bool grouped = q.GroupBy.Count > 0 || q.Having is not null || q.Items.Any(i => FindAggregate(i.Expression) is not null) || q.OrderBy.Any(k => FindAggregate(k.Expression) is not null);
        var context = new Context(scope, grouped ? Grouping(q, scope) : null, q.Items);
        SqlValue? having = q.Having is null ? null : Condition(q.Having, context, "HAVING");
        var items = q.Items.SelectMany(i => Item(i, context)).ToArray();
        var keys = q.OrderBy.Select(k => new SqlSortKey(OrderKey(k, context, items), k.Descending)).ToArray();
        if (context.Grouping is { } grouping)
        {
            plan = new SqlGroup(plan, new([.. grouping.Keys]), new([.. grouping.Aggregates]));
            // An aggregate's column is known by its number before all keys and aggregates are.
            if (having is not null) plan = new SqlFilter(plan, having);
        }
        if (keys.Length > 0 && !q.Distinct) plan = new SqlSort(plan, new(keys));
        plan = new SqlProject(plan, new([.. items.Select(i => i.Value)]));
        if (q.Distinct)
        {
            plan = new SqlUnique(plan);
            if (keys.Length > 0) plan = new SqlSort(plan, new([.. keys.Select((k, i) => k with { Value = Selected(k.Value, items, q.OrderBy[i].Span) })]));
        }
        if (q.Limit is { } limit) plan = new SqlLimit(plan, q.Offset, limit);
        return (plan, [.. items.Select(i => i.Label)]);
    }

    SqlColumn Selected(SqlValue key, (SqlValue Value, string Label)[] items, SourceSpan span)
    {
        int at = Array.FindIndex(items, i => i.Value.Equals(key));
        return at >= 0 ? new(at, key.Type) : throw Fail(Diag.SqlDistinctOrder, span);
    }

    (SqlPlan Plan, SqlScope Scope) From(SqlTable table)
    {
        switch (table)
        {
            case SqlView v:
                int at = Find(v);
                var schema = views[at];
                string source = v.Alias ?? v.Name;
                var names = SqlScope.Names(schema.Labels);
                return (new SqlScan(at, [.. Enumerable.Range(0, names.Length)], schema.Types), new([source], [.. names.Select((n, i) => new SqlField(source, n, schema.Types[i]))]));
            case SqlSubquery s:
                var (plan, labels) = Select(s.Query);
                return (plan, new([s.Alias], [.. SqlScope.Names(labels).Select((n, i) => new SqlField(s.Alias, n, plan.Types[i]))]));
            case SqlJoin j:
                var (left, leftScope) = From(j.Left);
                var (right, rightScope) = From(j.Right);
                if (rightScope.Sources.FirstOrDefault(leftScope.Sources.Contains) is { } twice) throw Fail(Diag.ViewTwice, j.Right.Span, twice);
                var scope = new SqlScope(leftScope.Sources.AddRange(rightScope.Sources), leftScope.Fields.AddRange(rightScope.Fields));
                if (j.On is null) return (new SqlJoinRows(j.Kind, left, right, new(), null), scope);
                RejectAggregates(j.On, "in ON", "HAVING filters groups");
                return (new SqlJoinRows(j.Kind, left, right, new(), Condition(j.On, new(scope, null, new()), "ON")), scope);
            default: throw new System.Diagnostics.UnreachableException(table.GetType().Name);
        }
    }

    int Find(SqlView view)
    {
        for (int i = 0; i < views.Count; i++)
            if (views[i].Name == view.Name) return i;
        throw Fail(Diag.UnknownView, view.Span, view.Name, UnknownViewHint(view.Name, [.. views.Select(v => v.Name)]));
    }

    /// <summary>What to do about a view that is not there.</summary>
    public static string UnknownViewHint(string name, string[] known) =>
        Nearest.To(name, known) is { } near ? $"did you mean '{near}'?" : $"registerView(\"{name}\", frame) makes it" + (known.Length == 0 ? "" : $"; there are {string.Join(", ", known)}");

    IEnumerable<(SqlValue Value, string Label)> Item(SqlItem item, Context context)
    {
        if (item.Expression is not SqlStar star) return [(Value(item.Expression, context), item.Alias ?? item.Label)];
        RequireSource(star.Source, context.Scope, star.Span);
        IEnumerable<int> columns = context.Scope.Of(star.Source);
        var all = columns.Select(c => (Value: (SqlValue)context.Scope.Column(c), Label: $"{context.Scope.Fields[c].Source}.{context.Scope.Fields[c].Name}"));
        // Of groups, the columns they were formed by.
        if (context.Grouping is { } grouping) all = all.Where(c => grouping.Keys.Contains(c.Value)).OrderBy(c => grouping.Keys.IndexOf(c.Value)).Select(c => (grouping.Key(grouping.Keys.IndexOf(c.Value)), c.Label));
        var expanded = all.ToArray();
        return expanded.Length > 0 ? expanded : throw Fail(Diag.SqlNoColumns, star.Span, star.Source is null ? "*" : star.Source + ".*");
    }

    // A position, the alias of a column, or any value.
    SqlValue OrderKey(SqlOrderKey key, Context context, (SqlValue Value, string Label)[] items)
    {
        if (key.Expression is SqlLiteral { Value: long position })
            return position >= 1 && position <= items.Length ? items[position - 1].Value : throw Fail(Diag.SqlPosition, key.Span, position, items.Length);
        if (key.Expression is SqlName { Source: null, Name: var name } && context.Items.FirstOrDefault(i => i.Alias == name) is { } item) return Value(item.Expression, context);
        return Value(key.Expression, context);
    }

    void RequireSource(string? source, SqlScope scope, SourceSpan span)
    {
        if (source is not null && !scope.Sources.Contains(source)) throw Fail(Diag.UnknownSource, span, source, SourceHint(source, scope));
    }

    static string SourceHint(string source, SqlScope scope) =>
        Nearest.To(source, scope.Sources) is { } near ? $"did you mean '{near}'?" : "there are " + string.Join(", ", scope.Sources);

    Abandoned Fail(DiagnosticDef def, SourceSpan span, params object?[] details)
    {
        diagnostics.Report(def, span, details);
        return new Abandoned();
    }

    /// <summary>The binding ended; why has been reported.</summary>
    sealed class Abandoned : Exception;
}
