using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>Something with a value in a query. Spans are places in the query's own text.</summary>
internal abstract record SqlExpression : Node;

/// <summary>A number or string. <paramref name="Value"/> is a long, a double, or a string with its escapes resolved.</summary>
internal sealed record SqlLiteral(ValueTypeCode ValueType, object Value) : SqlExpression;

/// <summary><c>name</c> or <c>source.name</c>.</summary>
internal sealed record SqlName(string? Source, string Name) : SqlExpression
{
    /// <summary>As a person writes it.</summary>
    public string Text => Source is null ? Name : Source + "." + Name;
}

/// <summary><c>*</c> or <c>source.*</c>.</summary>
internal sealed record SqlStar(string? Source) : SqlExpression;

/// <summary><c>f(a, b)</c>: a scalar function or an aggregate, in the case it was written in.</summary>
internal sealed record SqlCall(string Function, bool Distinct, NodeList<SqlExpression> Arguments) : SqlExpression;

/// <summary><c>-x</c>, <c>+x</c> or <c>NOT x</c>.</summary>
internal sealed record SqlUnary(SqlOperator Operator, SqlExpression Operand) : SqlExpression;

/// <summary>Arithmetic, comparison or concatenation of two values.</summary>
internal sealed record SqlBinary(SqlOperator Operator, SqlExpression Left, SqlExpression Right) : SqlExpression;

/// <summary><c>a AND b AND …</c> or <c>a OR b OR …</c>, at least two: a chain lies one level deep, however long.</summary>
internal sealed record SqlLogical(SqlOperator Operator, NodeList<SqlExpression> Operands) : SqlExpression;

/// <summary><c>x [NOT] BETWEEN a AND b</c>; the bounds may stand either way round.</summary>
internal sealed record SqlBetween(bool Not, SqlExpression Operand, SqlExpression Lower, SqlExpression Upper) : SqlExpression;

/// <summary><c>x [NOT] IN (a, b, …)</c>.</summary>
internal sealed record SqlIn(bool Not, SqlExpression Operand, NodeList<SqlExpression> List) : SqlExpression;

/// <summary><c>x [NOT] LIKE pattern [ESCAPE c]</c>.</summary>
internal sealed record SqlLike(bool Not, SqlExpression Operand, SqlExpression Pattern, SqlExpression? Escape) : SqlExpression;

/// <summary><c>WHEN condition THEN value</c>.</summary>
internal sealed record SqlWhen(SqlExpression Condition, SqlExpression Value) : Node;

/// <summary><c>CASE [subject] WHEN … THEN … ELSE … END</c>.</summary>
internal sealed record SqlCase(SqlExpression? Subject, NodeList<SqlWhen> Whens, SqlExpression Else) : SqlExpression;

/// <summary><c>CAST(x AS type)</c>.</summary>
internal sealed record SqlCast(SqlExpression Operand, ValueTypeCode Type) : SqlExpression;

/// <summary><c>(x)</c>: kept, because it is part of the label of a column.</summary>
internal sealed record SqlParentheses(SqlExpression Inner) : SqlExpression;

/// <summary>One column of the result (or several: a star).</summary>
internal sealed record SqlItem(SqlExpression Expression, string? Alias) : Node
{
    /// <summary>The expression as written, without blanks: what the column is called without an alias.</summary>
    public string Label { get; init; } = "";

    /// <inheritdoc/>
    public bool Equals(SqlItem? other) => other is not null && Expression.Equals(other.Expression) && Alias == other.Alias;

    /// <inheritdoc/>
    public override int GetHashCode() => Expression.GetHashCode();
}

/// <summary>What rows come from.</summary>
internal abstract record SqlTable : Node;

/// <summary><c>view [AS alias]</c>.</summary>
internal sealed record SqlView(string Name, string? Alias) : SqlTable;

/// <summary><c>(SELECT …) AS alias</c>.</summary>
internal sealed record SqlSubquery(SqlSelect Query, string Alias) : SqlTable;

/// <summary>How two tables are put together.</summary>
internal enum SqlJoinKind
{
    /// <summary>All pairs of rows: a comma or <c>CROSS JOIN</c>.</summary>
    Cross,
    /// <summary>Pairs for which the condition holds.</summary>
    Inner,
    /// <summary>These, and left rows without a partner.</summary>
    Left,
    /// <summary>These, and right rows without a partner.</summary>
    Right,
    /// <summary>These, and rows of both sides without a partner.</summary>
    Full,
}

/// <summary>Two tables; a comma is a <see cref="SqlJoinKind.Cross"/> join. <paramref name="On"/> is null for these alone.</summary>
internal sealed record SqlJoin(SqlJoinKind Kind, SqlTable Left, SqlTable Right, SqlExpression? On) : SqlTable;

/// <summary>One key of ORDER BY.</summary>
internal sealed record SqlOrderKey(SqlExpression Expression, bool Descending) : Node;

/// <summary>A whole query. Clauses that are missing are null or empty; <paramref name="Offset"/> is 0 where it is missing.</summary>
internal sealed record SqlSelect(
    bool Distinct, NodeList<SqlItem> Items, SqlTable From, SqlExpression? Where, NodeList<SqlExpression> GroupBy, SqlExpression? Having,
    NodeList<SqlOrderKey> OrderBy, long? Limit, long Offset) : Node;
