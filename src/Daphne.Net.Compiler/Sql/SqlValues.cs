using System.Diagnostics;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

/// <summary>Making values (what is constant is computed at once), and looking at them.</summary>
static class SqlValues
{
    /// <summary>The value with another type; itself if it has it.</summary>
    public static SqlValue To(this SqlValue value, ValueTypeCode type) =>
        value.Type == type ? value
        : value is SqlConstant c && ConstantMath.Cast(c.Value, type) is { } converted ? new SqlConstant(converted, type)
        : new SqlConversion(value, type);

    /// <summary>An operation on one value.</summary>
    public static SqlValue Cellwise(OpDef op, SqlValue x) =>
        x is SqlConstant c && ConstantMath.Unary(op, c.Value, c.Type) is { } known ? new SqlConstant(known, c.Type) : new SqlCellwise(op, new(x), x.Type);

    /// <summary>An operation on two values: both are brought to the more general of their types.</summary>
    public static SqlValue Cellwise(OpDef op, SqlValue x, SqlValue y)
    {
        var type = ValueTypes.MostGeneral(x.Type, y.Type);
        if (op.Type == TypeRule.PromoteInteger && type.IsFloat()) type = ValueTypeCode.UI64;
        (x, y) = (x.To(type), y.To(type));
        var result = type == ValueTypeCode.Str && op.Type == TypeRule.Compare ? ValueTypeCode.SI64 : type;
        if (x is SqlConstant a && y is SqlConstant b && ConstantMath.Binary(op, a.Value, b.Value, type) is { } known) return new SqlConstant(known, result);
        return new SqlCellwise(op, new(x, y), result);
    }

    /// <summary>True where the value is not: 1 where it is 0.</summary>
    public static SqlValue Not(SqlValue value) => Cellwise(Op.EwEq, value, SqlConstant.Zero.To(value.Type));

    /// <summary>The values a value is made of.</summary>
    public static IEnumerable<SqlValue> Parts(this SqlValue value) => value switch
    {
        SqlColumn or SqlConstant => [],
        SqlCellwise v => v.Arguments,
        SqlConversion v => [v.Argument],
        SqlChoice v => [.. v.Conditions, .. v.Values, v.Otherwise],
        SqlMember v => [v.Argument],
        SqlMatch v => [v.Argument, v.Pattern],
        SqlTextCall v => v.Arguments,
        SqlLet v => v.Values,
        _ => throw new UnreachableException(value.GetType().Name),
    };

    /// <summary>The value with every column replaced.</summary>
    public static SqlValue Over(this SqlValue value, Func<SqlColumn, SqlValue> column) => value switch
    {
        SqlColumn v => column(v),
        SqlConstant => value,
        SqlCellwise v => v with { Arguments = v.Arguments.Over(column) },
        SqlConversion v => v.Argument.Over(column).To(v.Type),
        SqlChoice v => new SqlChoice(v.Conditions.Over(column), v.Values.Over(column), v.Otherwise.Over(column)),
        SqlMember v => v with { Argument = v.Argument.Over(column) },
        SqlMatch v => v with { Argument = v.Argument.Over(column), Pattern = v.Pattern.Over(column) },
        SqlTextCall v => v with { Arguments = v.Arguments.Over(column) },
        SqlLet v => v with { Values = v.Values.Over(column) },
        _ => throw new UnreachableException(value.GetType().Name),
    };

    /// <summary>The same for several.</summary>
    public static NodeList<SqlValue> Over(this IEnumerable<SqlValue> values, Func<SqlColumn, SqlValue> column) => new([.. values.Select(v => v.Over(column))]);

    /// <summary>The columns a value looks at, maybe several times.</summary>
    public static IEnumerable<int> Columns(this SqlValue value) => value is SqlColumn c ? [c.Index] : value.Parts().SelectMany(Columns);

    /// <summary>True if computing it may end in an error, so that it must not be computed for rows that would not have come to it.</summary>
    public static bool MayFail(this SqlValue value) => value switch
    {
        SqlCellwise { Op: var op, Type: var type } when (op == Op.EwDiv || op == Op.EwMod || op == Op.EwPow) && !type.IsFloat() => true,
        SqlCellwise { Op: var op } when op == Op.EwSqrt || op == Op.EwLn || op == Op.EwPow || op == Op.EwAsin || op == Op.EwAcos || op == Op.EwMod => true,
        SqlConversion { Argument.Type: ValueTypeCode.Str } => true,
        SqlTextCall { Function: SqlTextFunction.Substr } => true,
        SqlLet v => v.Body.MayFail() || v.Values.Any(MayFail),
        _ => value.Parts().Any(MayFail),
    };

    /// <summary>What a condition demands: the operands of its outermost ANDs, in order.</summary>
    public static IEnumerable<SqlValue> Conjuncts(this SqlValue condition) =>
        // A float that AND cuts to a whole number is more than a condition of its own: 0.5 AND 1 does not hold.
        condition is SqlCellwise both && both.Op == Op.EwAnd ? both.Arguments.SelectMany(a => Demand(a).Conjuncts()) : [condition];

    /// <summary>One condition out of several; at least one.</summary>
    public static SqlValue All(IEnumerable<SqlValue> conditions) => conditions.Aggregate((a, b) => Cellwise(Op.EwAnd, a, b));

    // A comparison of floats is 0 or 1, converted or not.
    static SqlValue Demand(SqlValue argument) =>
        argument is SqlConversion { Argument: SqlCellwise { Op.Type: TypeRule.Compare } comparison } ? comparison : argument;
}
