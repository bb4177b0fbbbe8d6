using System.Collections.Frozen;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Scalar functions.
sealed partial class SqlBinder
{
    static readonly FrozenDictionary<string, OpDef> numeric = new Dictionary<string, OpDef>
    {
        ["abs"] = Op.EwAbs, ["sign"] = Op.EwSign, ["round"] = Op.EwRound, ["floor"] = Op.EwFloor, ["ceil"] = Op.EwCeil, ["sqrt"] = Op.EwSqrt,
        ["ln"] = Op.EwLn, ["exp"] = Op.EwExp, ["sin"] = Op.EwSin, ["cos"] = Op.EwCos, ["tan"] = Op.EwTan, ["asin"] = Op.EwAsin, ["acos"] = Op.EwAcos, ["atan"] = Op.EwAtan,
        ["power"] = Op.EwPow, ["mod"] = Op.EwMod,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    static readonly FrozenDictionary<string, SqlTextFunction> textual = new Dictionary<string, SqlTextFunction>
    {
        ["upper"] = SqlTextFunction.Upper, ["lower"] = SqlTextFunction.Lower, ["length"] = SqlTextFunction.Length, ["substr"] = SqlTextFunction.Substr,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    SqlValue Call(SqlCall e, Context context)
    {
        if (AggregateKind(e.Function) is not null) throw Fail(Diag.SqlAggregateHere, e.Span, e.Function, "here", "aggregates stand in SELECT, HAVING and ORDER BY");
        bool isNumeric = numeric.TryGetValue(e.Function, out var op), isTextual = textual.TryGetValue(e.Function, out var function);
        bool concat = e.Function.Equals("concat", StringComparison.OrdinalIgnoreCase);
        if (!isNumeric && !isTextual && !concat) throw Fail(Diag.SqlFunction, e.Span, e.Function, FunctionHint(e.Function));
        if (e.Distinct) throw Fail(Diag.SqlExpected, e.Span, $"the arguments of '{e.Function}'", "DISTINCT");
        SqlValue[] arguments = [.. e.Arguments.Select(a => Value(a, context))];
        if (concat)
        {
            RequireCount(e, 1, int.MaxValue);
            return Halves([.. arguments.Select(a => a.To(ValueTypeCode.Str))], Op.EwConcat);
        }
        return isNumeric ? Numeric(e, op!, arguments) : Textual(e, function, arguments);
    }

    SqlValue Numeric(SqlCall e, OpDef op, SqlValue[] arguments)
    {
        RequireCount(e, op.Arity, op.Arity);
        foreach (var argument in arguments) Number(argument, $"'{e.Function}'", e.Span);
        if (op.Arity == 2) return SqlValues.Cellwise(op, arguments[0], arguments[1]);
        return SqlValues.Cellwise(op, op.Type == TypeRule.PromoteFloat && !arguments[0].Type.IsFloat() ? arguments[0].To(ValueTypeCode.F64) : arguments[0]);
    }

    SqlTextCall Textual(SqlCall e, SqlTextFunction function, SqlValue[] arguments)
    {
        RequireCount(e, function == SqlTextFunction.Substr ? 2 : 1, function == SqlTextFunction.Substr ? 3 : 1);
        Text(arguments[0], $"'{e.Function}'", e.Span);
        for (int i = 1; i < arguments.Length; i++) arguments[i] = Number(arguments[i], $"'{e.Function}'", e.Span).To(ValueTypeCode.SI64);
        return new(function, new(arguments), function == SqlTextFunction.Length ? ValueTypeCode.SI64 : ValueTypeCode.Str);
    }

    void RequireCount(SqlCall e, int least, int most)
    {
        if (e.Arguments.Count >= least && e.Arguments.Count <= most) return;
        throw Fail(Diag.SqlArguments, e.Span, e.Function, most == int.MaxValue ? $"at least {least} argument" : least == most ? $"{least} argument{(least == 1 ? "" : "s")}" : $"{least} or {most} arguments", e.Arguments.Count);
    }

    static string FunctionHint(string name) =>
        name.ToLowerInvariant() is "coalesce" or "ifnull" or "nullif" ? "there is no NULL: every cell has a value"
        : Nearest.To(name.ToLowerInvariant(), [.. numeric.Keys, .. textual.Keys, "concat", "count", "sum", "min", "max", "avg"]) is { } near ? $"did you mean '{near}'?"
        : $"there are count, sum, min, max, avg, concat, {string.Join(", ", textual.Keys.Concat(numeric.Keys).Order(StringComparer.Ordinal))}";
}
