using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

/// <summary>A typed expression over the columns of one plan; equality is structural. No value is of type <see cref="ValueTypeCode.Size"/>.</summary>
abstract record SqlValue(ValueTypeCode Type);

/// <summary>A column of the input, by position.</summary>
sealed record SqlColumn(int Index, ValueTypeCode Type) : SqlValue(Type);

/// <summary>The same for all rows: a bool, long, ulong, double, float or string, as in <see cref="ScalarAttribute"/>.</summary>
sealed record SqlConstant(object Value, ValueTypeCode Type) : SqlValue(Type)
{
    public static readonly SqlConstant One = new(1L, ValueTypeCode.SI64), Zero = new(0L, ValueTypeCode.SI64);
}

/// <summary>
/// An operation cell by cell on one or two arguments of one type. Numbers keep their type (comparisons give 0 or 1 of it); comparing strings gives si64.
/// </summary>
sealed record SqlCellwise(OpDef Op, NodeList<SqlValue> Arguments, ValueTypeCode Type) : SqlValue(Type);

/// <summary>The argument with another type.</summary>
sealed record SqlConversion(SqlValue Argument, ValueTypeCode Type) : SqlValue(Type);

/// <summary>The value of the first condition that holds. A value is computed only for the rows that take it.</summary>
sealed record SqlChoice(NodeList<SqlValue> Conditions, NodeList<SqlValue> Values, SqlValue Otherwise) : SqlValue(Otherwise.Type);

/// <summary>1 where the argument equals one of the constants, which have its type; si64.</summary>
sealed record SqlMember(SqlValue Argument, NodeList<SqlConstant> Constants) : SqlValue(ValueTypeCode.SI64);

/// <summary>1 where text is like a pattern; si64.</summary>
sealed record SqlMatch(SqlValue Argument, SqlValue Pattern, char? Escape) : SqlValue(ValueTypeCode.SI64);

/// <summary>
/// A value over values: the columns of the body are these, each computed once. Keeps a value small that is needed in several places; a tree with
/// copies would double at each level of nesting.
/// </summary>
sealed record SqlLet(NodeList<SqlValue> Values, SqlValue Body) : SqlValue(Body.Type);

/// <summary>Functions on text.</summary>
enum SqlTextFunction { Upper, Lower, Length, Substr }

/// <summary>A function on text; positions and lengths count characters (code points).</summary>
sealed record SqlTextCall(SqlTextFunction Function, NodeList<SqlValue> Arguments, ValueTypeCode Type) : SqlValue(Type);

/// <summary>What is computed over the rows of a group.</summary>
enum SqlAggregateKind { Count, Sum, Min, Max, Avg }

/// <summary>One aggregate; without an argument it counts rows.</summary>
sealed record SqlAggregate(SqlAggregateKind Kind, SqlValue? Argument, bool Distinct, ValueTypeCode Type);
