using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Values: names become columns, operators the operations of the language.
sealed partial class SqlBinder
{
    SqlValue Condition(SqlExpression expression, Context context, string clause)
    {
        var value = Value(expression, context);
        return value.Type != ValueTypeCode.Str ? value : throw Fail(Diag.SqlTextOperand, expression.Span, clause);
    }

    SqlValue Value(SqlExpression expression, Context context)
    {
        if (context.Grouping is { } grouping)
        {
            if (expression is SqlCall call && AggregateKind(call.Function) is { } kind) return Aggregate(call, kind, context);
            // A key as a whole, however it is written, or the same for all rows.
            if (FindAggregate(expression) is null && TryKey(expression, context, grouping) is { } key) return key;
        }
        return expression switch
        {
            SqlLiteral e => new SqlConstant(e.Value, e.ValueType),
            SqlName e => Name(e, context),
            SqlStar e => throw Fail(Diag.SqlStar, e.Span),
            SqlCall e => Call(e, context),
            SqlUnary e => Unary(e, context),
            SqlBinary e => Binary(e, context),
            SqlLogical e => Logical(e, context),
            SqlBetween e => Between(e, context),
            SqlIn e => In(e, context),
            SqlLike e => Like(e, context),
            SqlCase e => Case(e, context),
            SqlCast e => Value(e.Operand, context).To(e.Type),
            SqlParentheses e => Value(e.Inner, context),
            _ => throw new System.Diagnostics.UnreachableException(expression.GetType().Name),
        };
    }

    SqlValue? TryKey(SqlExpression expression, Context context, SqlGrouping grouping)
    {
        // An alias stands for its item, aggregates and all.
        if (NamesAlias(expression, context.Scope)) return null;
        var value = Value(expression, context.Ungrouped);
        int at = grouping.Keys.IndexOf(value);
        if (at >= 0) return grouping.Key(at);
        return value is SqlConstant ? value : null;
    }

    static bool NamesAlias(SqlExpression expression, SqlScope scope) =>
        expression is SqlName { Source: null } name ? scope.Find(null, name.Name).Length == 0 : Parts(expression).Any(p => NamesAlias(p, scope));

    SqlValue Name(SqlName name, Context context)
    {
        var scope = context.Scope;
        RequireSource(name.Source, scope, name.Span);
        int[] found = scope.Find(name.Source, name.Name);
        if (found.Length > 1) throw Fail(Diag.SqlAmbiguous, name.Span, name.Text, string.Join(", ", found.Select(i => $"{scope.Fields[i].Source}.{scope.Fields[i].Name}")));
        if (found.Length == 0) return Alias(name, context) ?? throw Fail(Diag.SqlColumn, name.Span, name.Text, ColumnHint(name, scope));
        return context.Grouping is null ? scope.Column(found[0]) : throw Fail(Diag.SqlNotGrouped, name.Span, name.Text);
    }

    // Only where no column has the name, and never inside itself: an alias is not visible to the items.
    SqlValue? Alias(SqlName name, Context context) =>
        name.Source is null && context.Items.FirstOrDefault(i => i.Alias == name.Name) is { } item ? Value(item.Expression, context with { Items = new() }) : null;

    static string ColumnHint(SqlName name, SqlScope scope)
    {
        string[] known = [.. scope.Of(name.Source).Select(i => scope.Fields[i].Name).Distinct()];
        return Nearest.To(name.Name, known) is { } near ? $"did you mean '{near}'?" : known.Length == 0 ? "there are no columns" : "there are " + string.Join(", ", known.Take(20)) + (known.Length > 20 ? ", …" : "");
    }

    SqlValue Unary(SqlUnary e, Context context)
    {
        var value = Number(Value(e.Operand, context), $"'{e.Operator.Text()}'", e.Span);
        return e.Operator switch { SqlOperator.Not => SqlValues.Not(value), SqlOperator.Minus => SqlValues.Cellwise(Op.EwMinus, value), _ => value };
    }

    SqlValue Binary(SqlBinary e, Context context)
    {
        SqlValue left = Value(e.Left, context), right = Value(e.Right, context);
        bool text = left.Type == ValueTypeCode.Str || right.Type == ValueTypeCode.Str;
        if (e.Operator == SqlOperator.Concatenate || (text && e.Operator == SqlOperator.Add)) return SqlValues.Cellwise(Op.EwConcat, left.To(ValueTypeCode.Str), right.To(ValueTypeCode.Str));
        if (e.Operator.IsComparison()) return Compare(e.Operator, left, right, e.Span);
        if (text) throw Fail(Diag.SqlTextOperand, e.Span, $"'{e.Operator.Text()}'");
        return SqlValues.Cellwise(e.Operator switch
        {
            SqlOperator.Add => Op.EwAdd,
            SqlOperator.Subtract => Op.EwSub,
            SqlOperator.Multiply => Op.EwMul,
            SqlOperator.Divide => Op.EwDiv,
            _ => Op.EwMod,
        }, left, right);
    }

    SqlValue Compare(SqlOperator comparison, SqlValue left, SqlValue right, SourceSpan span)
    {
        if (left.Type == ValueTypeCode.Str != (right.Type == ValueTypeCode.Str)) throw Fail(Diag.SqlMixed, span, $"'{comparison.Text()}'");
        return SqlValues.Cellwise(comparison switch
        {
            SqlOperator.Equal => Op.EwEq,
            SqlOperator.NotEqual => Op.EwNeq,
            SqlOperator.Less => Op.EwLt,
            SqlOperator.LessEqual => Op.EwLe,
            SqlOperator.Greater => Op.EwGt,
            _ => Op.EwGe,
        }, left, right);
    }

    // Halves of halves, so that a long chain makes no deep tree.
    SqlValue Logical(SqlLogical e, Context context) =>
        Halves([.. e.Operands.Select(o => Number(Value(o, context), e.Operator.Text(), o.Span))], e.Operator == SqlOperator.And ? Op.EwAnd : Op.EwOr);

    static SqlValue Halves(ReadOnlySpan<SqlValue> values, OpDef op) =>
        values.Length == 1 ? values[0] : SqlValues.Cellwise(op, Halves(values[..(values.Length / 2)], op), Halves(values[(values.Length / 2)..], op));

    int placeholders;

    // A value that stands in several places of another one. While that is made, a column that nobody has stands for it.
    SqlValue Shared(SqlValue value, Func<SqlValue, SqlValue> use)
    {
        if (value is SqlColumn or SqlConstant) return use(value);
        var placeholder = new SqlColumn(--placeholders, value.Type);
        var body = use(placeholder);
        int[] others = [.. body.Columns().Where(c => c != placeholder.Index).Distinct()];
        Dictionary<int, SqlColumn> types = [];
        body = body.Over(column =>
        {
            types[column.Index] = column;
            return column with { Index = Array.IndexOf(others, column.Index) + 1 };
        });
        return new SqlLet(new([value, .. others.Select(c => types[c])]), body);
    }

    SqlValue Between(SqlBetween e, Context context)
    {
        SqlValue lower = Value(e.Lower, context), upper = Value(e.Upper, context);
        return Shared(Value(e.Operand, context), value => Shared(lower, from => Shared(upper, to => Between(e, value, from, to))));
    }

    SqlValue Between(SqlBetween e, SqlValue value, SqlValue lower, SqlValue upper)
    {
        var inside = Or(Within(lower, upper), Within(upper, lower));
        return e.Not ? SqlValues.Not(inside) : inside;

        SqlValue Within(SqlValue from, SqlValue to) =>
            SqlValues.Cellwise(Op.EwAnd, Compare(SqlOperator.GreaterEqual, value, from, e.Span), Compare(SqlOperator.LessEqual, value, to, e.Span));

        // Of two constants, it is known which way round they stand.
        SqlValue Or(SqlValue asWritten, SqlValue swapped) =>
            lower is SqlConstant && upper is SqlConstant && Compare(SqlOperator.LessEqual, lower, upper, e.Span) is SqlConstant { Value: not double.NaN } order
                ? Equals(order.Value, 0L) || Equals(order.Value, 0.0) ? swapped : asWritten
                : SqlValues.Cellwise(Op.EwOr, asWritten, swapped);
    }

    SqlValue In(SqlIn e, Context context)
    {
        var value = Value(e.Operand, context);
        SqlValue[] list = [.. e.List.Select(x => Value(x, context))];
        foreach (var x in list)
            if (x.Type == ValueTypeCode.Str != (value.Type == ValueTypeCode.Str)) throw Fail(Diag.SqlMixed, e.Span, "IN");
        var type = list.Select(x => x.Type).Aggregate(value.Type, ValueTypes.MostGeneral);
        SqlValue[] converted = [.. list.Select(x => x.To(type))];
        var member = converted.All(x => x is SqlConstant)
            ? new SqlMember(value.To(type), new([.. converted.Cast<SqlConstant>()]))
            : Shared(value, v => Halves([.. converted.Select(x => SqlValues.Cellwise(Op.EwEq, v, x))], Op.EwOr).To(ValueTypeCode.SI64));
        return e.Not ? SqlValues.Not(member) : member;
    }

    SqlValue Like(SqlLike e, Context context)
    {
        var value = Text(Value(e.Operand, context), "LIKE", e.Operand.Span);
        var pattern = Text(Value(e.Pattern, context), "LIKE", e.Pattern.Span);
        char? escape = e.Escape switch
        {
            null => null,
            SqlLiteral { Value: string { Length: 1 } c } => c[0],
            _ => throw Fail(Diag.SqlPattern, e.Escape.Span, "what follows ESCAPE", " of one character"),
        };
        var match = new SqlMatch(value, pattern, escape);
        return e.Not ? SqlValues.Not(match) : match;
    }

    SqlValue Case(SqlCase e, Context context)
    {
        SqlValue[] tests = [.. e.Whens.Select(w => e.Subject is null ? Condition(w.Condition, context, "WHEN") : Value(w.Condition, context))];
        SqlValue[] values = [.. e.Whens.Select(w => Value(w.Value, context)), Value(e.Else, context)];
        if (values.Any(v => v.Type == ValueTypeCode.Str) && values.Any(v => v.Type != ValueTypeCode.Str)) throw Fail(Diag.SqlMixed, e.Span, "CASE");
        var type = values.Select(v => v.Type).Aggregate(ValueTypes.MostGeneral);
        values = [.. values.Select(v => v.To(type))];
        if (e.Subject is null) return new SqlChoice(new(tests), new(values[..^1]), values[^1]);
        return Shared(Value(e.Subject, context), subject =>
            new SqlChoice(new([.. tests.Select((test, i) => Compare(SqlOperator.Equal, subject, test, e.Whens[i].Condition.Span))]), new(values[..^1]), values[^1]));
    }

    SqlValue Number(SqlValue value, string what, SourceSpan span) => value.Type != ValueTypeCode.Str ? value : throw Fail(Diag.SqlTextOperand, span, what);

    SqlValue Text(SqlValue value, string what, SourceSpan span) => value.Type == ValueTypeCode.Str ? value : throw Fail(Diag.SqlTextNeeded, span, what, value.Type.DslName());
}
