using System.Collections.Immutable;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

/// <summary>How to come to rows. Values over a plan name its columns by position.</summary>
abstract record SqlPlan
{
    /// <summary>The types of the columns.</summary>
    public abstract ImmutableArray<ValueTypeCode> Types { get; }
}

/// <summary>Some columns of a view (its position among the views of the query).</summary>
sealed record SqlScan(int View, ImmutableArray<int> Columns, ImmutableArray<ValueTypeCode> ColumnTypes) : SqlPlan
{
    public override ImmutableArray<ValueTypeCode> Types => ColumnTypes;
}

/// <summary>The rows for which a condition holds, in order.</summary>
sealed record SqlFilter(SqlPlan Input, SqlValue Condition) : SqlPlan
{
    public override ImmutableArray<ValueTypeCode> Types => Input.Types;
}

/// <summary>Two values of one type that are equal in rows that belong together, each over its own side.</summary>
sealed record SqlKeyPair(SqlValue Left, SqlValue Right);

/// <summary>
/// Pairs of rows that agree in all keys and for which the rest holds (over the columns of both sides, the left ones first); no keys: all pairs. Rows
/// come in the order of the left side, then of the right; right rows without a partner come last.
/// </summary>
sealed record SqlJoinRows(SqlJoinKind Kind, SqlPlan Left, SqlPlan Right, NodeList<SqlKeyPair> Keys, SqlValue? Rest) : SqlPlan
{
    public override ImmutableArray<ValueTypeCode> Types => [.. Left.Types, .. Right.Types];
}

/// <summary>One row per combination of keys, sorted by them: the keys, then the aggregates. Without keys there is exactly one row.</summary>
sealed record SqlGroup(SqlPlan Input, NodeList<SqlValue> Keys, NodeList<SqlAggregate> Aggregates) : SqlPlan
{
    public override ImmutableArray<ValueTypeCode> Types => [.. Keys.Select(k => k.Type), .. Aggregates.Select(a => a.Type)];
}

/// <summary>New columns for each row.</summary>
sealed record SqlProject(SqlPlan Input, NodeList<SqlValue> Values) : SqlPlan
{
    public override ImmutableArray<ValueTypeCode> Types => [.. Values.Select(v => v.Type)];
}

/// <summary>Each row once, sorted by all columns.</summary>
sealed record SqlUnique(SqlPlan Input) : SqlPlan
{
    public override ImmutableArray<ValueTypeCode> Types => Input.Types;
}

/// <summary>A key to sort by.</summary>
sealed record SqlSortKey(SqlValue Value, bool Descending);

/// <summary>The rows sorted; equal ones keep their order.</summary>
sealed record SqlSort(SqlPlan Input, NodeList<SqlSortKey> Keys) : SqlPlan
{
    public override ImmutableArray<ValueTypeCode> Types => Input.Types;
}

/// <summary>Some rows: the first <paramref name="Offset"/> are left out, at most <paramref name="Count"/> follow.</summary>
sealed record SqlLimit(SqlPlan Input, long Offset, long Count) : SqlPlan
{
    public override ImmutableArray<ValueTypeCode> Types => Input.Types;
}

/// <summary>A view as a query sees it: its name and what its columns are called and hold.</summary>
sealed record SqlViewSchema(string Name, ImmutableArray<string> Labels, ImmutableArray<ValueTypeCode> Types)
{
    /// <summary>True if a plan made for the other schema fits this one.</summary>
    public bool Equals(SqlViewSchema? other) => other is not null && Name == other.Name && Labels.SequenceEqual(other.Labels, StringComparer.Ordinal) && Types.SequenceEqual(other.Types);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A query ready to run: its plan and the labels of the result.</summary>
sealed record SqlQuery(SqlPlan Plan, ImmutableArray<string> Labels);
