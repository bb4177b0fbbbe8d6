using System.Collections.Immutable;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

/// <summary>The way from a query's text to a plan: while compiling a script where text and views are known, else when it runs.</summary>
static class SqlCompiler
{
    /// <summary>The plan of a query over these views; null after reporting a mistake.</summary>
    public static SqlQuery? Compile(SourceText text, IReadOnlyList<SqlViewSchema> views, DiagnosticBag diagnostics) =>
        SqlParser.Parse(text, diagnostics) is { } query ? Compile(query, views, diagnostics) : null;

    /// <summary>The same for a query that was read already.</summary>
    public static SqlQuery? Compile(SqlSelect query, IReadOnlyList<SqlViewSchema> views, DiagnosticBag diagnostics) =>
        SqlBinder.Bind(query, views, diagnostics) is { } bound ? bound with { Plan = PruneColumns.Run(PushFilters.Run(bound.Plan)) } : null;

    /// <summary>The plan of an operation, where its text and all of its views are known while compiling; null where they are not, or it is wrong.</summary>
    public static SqlQuery? Query(Operation op)
    {
        if (op.Operands[0].Constant is not string text) return null;
        var names = ((ArrayAttribute)op.Attributes["views"]).Items;
        var views = new SqlViewSchema[names.Length];
        for (int i = 0; i < views.Length; i++)
        {
            if (Schema(((StringAttribute)names[i]).Value, op.Operands[i + 1].Type) is not { } schema) return null;
            views[i] = schema;
        }
        return Compile(new SourceText(text), views, new DiagnosticBag());
    }

    /// <summary>The text of a query as a source of its own: diagnostics name the place of the string, then the place inside.</summary>
    public static SourceText Source(string query, SourceSpan place) => new(query, place.Source is null ? "sql" : $"{place} sql") { Within = place };

    /// <summary>The views a query names, each once, with the place of the first.</summary>
    public static IEnumerable<SqlView> Views(SqlSelect query) => Views(query.From).DistinctBy(v => v.Name, StringComparer.Ordinal);

    /// <summary>A frame's type as a query sees it; null where something of it is not known.</summary>
    public static SqlViewSchema? Schema(string name, IrType type) =>
        type is FrameType { Columns: { IsDefault: false } columns, Labels: { IsDefault: false } labels } && columns.All(c => c is not null)
            ? new(name, labels, [.. columns.Select(c => Stored(c!.Value))]) : null;

    /// <summary>The type of a query's result: labels are left out where two are equal, which is an error when the query runs.</summary>
    public static FrameType ResultType(SqlQuery query) => new(
        [.. query.Plan.Types.Select(t => (ValueTypeCode?)t)], IrType.Unknown,
        query.Labels.Distinct(StringComparer.Ordinal).Count() == query.Labels.Length ? query.Labels : default);

    /// <summary>The type of a result of which nothing is known yet.</summary>
    public static FrameType Unknown { get; } = new(default);

    static ValueTypeCode Stored(ValueTypeCode code) => code == ValueTypeCode.Size ? ValueTypeCode.UI64 : code;

    static IEnumerable<SqlView> Views(SqlTable table) => table switch
    {
        SqlView v => [v],
        SqlSubquery s => Views(s.Query.From),
        SqlJoin j => Views(j.Left).Concat(Views(j.Right)),
        _ => [],
    };
}
