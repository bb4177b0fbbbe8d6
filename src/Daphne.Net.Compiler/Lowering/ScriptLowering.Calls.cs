using System.Globalization;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Calls: whose function it is, and which argument goes to which parameter.
sealed partial class ScriptLowering
{
    IReadOnlyList<Value> Call(Call e)
    {
        if (names.Functions.ContainsKey(e.Function)) return CallUser(e);
        if (e.Kernel is null) return CallBuiltin(e);
        var values = CallBuiltin(e);
        CheckHint(e, values);
        return values;
    }

    IReadOnlyList<Value> CallBuiltin(Call e)
    {
        if (Special(e) is { } values) return values;
        if (Op.BuiltinsByName.TryGetValue(e.Function, out var rows)) return HasAxis(rows) ? CallAlongAxis(e) : CallBuiltin(e, rows[0].Op, rows[0].Builtin);
        if (names.IsLost(e.Function)) throw new Abandoned();
        if (names.Announced.Contains(e.Function)) throw Fail(Diag.CalledBeforeDefinition, e.NameSpan, e.Function);
        if (OtherBuiltins.Why(e.Function) is { } reason) throw Fail(Diag.NotInThisProcess, e.NameSpan, e.Function, reason.Why, reason.Instead);
        throw Fail(Diag.UnknownFunction, e.NameSpan, e.Function,
            Near(e.Function, [.. names.Functions.Keys, .. Op.BuiltinsByName.Keys]) is { } near ? $"did you mean '{near}'?" : "define it with 'def', above the call");
    }

    static bool HasAxis(IReadOnlyList<BuiltinRow> rows)
    {
        foreach (var row in rows)
            if (row.Builtin.Axis is not null) return true;
        return false;
    }

    IReadOnlyList<Value> CallBuiltin(Call e, OpDef def, Builtin builtin)
    {
        var arguments = Arguments(e, [.. builtin.Parameters]);
        if (def.Is(OpTraits.Elementwise)) return [def.Arity == 1 ? CellByCell(def, e, arguments[0]!) : Elementwise(def, $"'{e.Function}'", e.Span, arguments[0]!, arguments[1]!)];
        List<Value> operands = [];
        foreach (var argument in arguments)
            if (argument is not null) operands.Add(argument);
        if (def.Results > 0 && operands.Exists(o => o.Type.ValueType() == ValueTypeCode.Str) && NumbersOnly.Covers(def)) throw Fail(Diag.TextOperand, e.Span, $"'{e.Function}'");
        // Joining matrices of numbers with matrices of text would make text of the numbers, which nobody means.
        if (def.Type is TypeRule.MatrixOfAll or TypeRule.MatrixOfAllFloat)
            if (operands.Any(o => o.Type.ValueType() == ValueTypeCode.Str) && operands.Any(o => o.Type.ValueType() != ValueTypeCode.Str)) throw Fail(Diag.TextOperand, e.Span, $"'{e.Function}' of numbers");
        return builder.Emit(def, e.Span, operands).Results;
    }

    Value CellByCell(OpDef def, Call e, Value value)
    {
        CellsOperand(value, $"'{e.Function}'", e.Span);
        bool text = value.Type.ValueType() == ValueTypeCode.Str;
        if (def.Type == TypeRule.Text && !text) throw Fail(Diag.TextNeeded, e.Span, $"'{e.Function}'", value.Type.InWords());
        if (def.Type != TypeRule.Text && text) throw Fail(Diag.TextOperand, e.Span, $"'{e.Function}'");
        return builder.Value(def, e.Span, value);
    }

    // An axis is not an operand: it chooses the operation, so it must be known here.
    IReadOnlyList<Value> CallAlongAxis(Call e)
    {
        var rows = Op.BuiltinsByName[e.Function];
        bool needed = rows.All(r => r.Builtin.Axis is not null);
        string axisName = needed ? "axis" : "axisOrGroups";
        if (e.Arguments.Count == 3 || e.Arguments.Any(a => a.Keyword == "numGroups"))
            foreach (var grouped in rows)
                if (grouped.Builtin.ByGroups) return CallBuiltin(e, grouped.Op, grouped.Builtin);
        Parameter[] parameters = [.. rows[0].Builtin.Parameters, new(axisName, ParameterKind.Axis) { Optional = !needed }];
        CallArgument[] given = [.. e.Arguments.Select(a => a.Keyword == "axis" ? a with { Keyword = axisName } : a)];
        int[] places = Bind(e with { Arguments = new(given) }, parameters, given.Length);
        int? axis = places[1] < 0 ? null : given[places[1]].Value switch
        {
            Literal { Value: 0L or 0UL or false } => 0,
            Literal { Value: 1L or 1UL or true } => 1,
            var other => KnownAxis(Lower(other)) ?? throw Fail(Diag.AxisNotLiteral, other.Span, e.Function),
        };
        var row = rows.First(r => r.Builtin.Axis == axis);
        var operand = Fitting(Lower(given[places[0]].Value), parameters[0], e, given[places[0]].Value.Span);
        if (operand.Type.ValueType() == ValueTypeCode.Str) throw Fail(Diag.TextOperand, e.Span, $"'{e.Function}'");
        return builder.Emit(row.Op, e.Span, [operand]).Results;
    }

    static int? KnownAxis(Value value) => value.Type is ScalarType { ValueType: var code } && (code.IsInteger() || code == ValueTypeCode.Bool) && KnownIntegers.Of(value) is { } axis and (0 or 1) ? (int)axis : null;

    /// <summary>The arguments in order of the parameters, converted as the parameters say; null where an optional one is missing.</summary>
    Value?[] Arguments(Call e, Parameter[] parameters)
    {
        int[] places = Bind(e, parameters, e.Arguments.Count);
        // Arguments are evaluated as written, whatever parameters they are for.
        var given = new Value[e.Arguments.Count];
        for (int i = 0; i < given.Length; i++) given[i] = Lower(e.Arguments[i].Value);
        var arguments = new Value?[parameters.Length];
        for (int i = 0; i < arguments.Length; i++)
            arguments[i] = places[i] >= 0 ? Fitting(given[places[i]], parameters[i], e, e.Arguments[places[i]].Value.Span) : Default(parameters[i], e.Span);
        return arguments;
    }

    /// <summary>For each parameter the position of its argument in the call; -1 where it is left out.</summary>
    int[] Bind(Call e, Parameter[] parameters, int count)
    {
        if (count > parameters.Length) throw WrongCount();
        var places = new int[parameters.Length];
        for (int i = 0; i < places.Length; i++) places[i] = -1;
        for (int i = 0; i < count; i++)
        {
            string? keyword = e.Arguments[i].Keyword;
            int at = keyword is null ? i : Array.FindIndex(parameters, p => p.Name == keyword);
            if (at < 0) throw Fail(Diag.UnknownKeyword, e.Arguments[i].Span, e.Function, keyword, Names());
            if (places[at] >= 0) throw Fail(Diag.ArgumentTwice, e.Arguments[i].Span, e.Function, parameters[at].Name);
            places[at] = i;
        }
        int last = places.Length - 1;
        while (last >= 0 && places[last] < 0) last--;
        for (int i = 0; i < parameters.Length; i++)
        {
            if (places[i] >= 0 || (i > last && (parameters[i].Default is not null || parameters[i].Optional))) continue;
            if (parameters[i].Default is not null || parameters[i].Optional) throw Fail(Diag.ArgumentSkipped, e.Span, e.Function, parameters[i].Name, parameters[last].Name);
            if (e.Arguments.Any(a => a.Keyword is not null)) throw Fail(Diag.ArgumentMissing, e.Span, e.Function, parameters[i].Name, Names());
            throw WrongCount();
        }
        return places;

        string Names() => parameters.Length == 0 ? "it has no parameters" : "parameters: " + string.Join(", ", parameters.Select(p => p.Name));

        Abandoned WrongCount() => Fail(Diag.ArgumentCount, e.Span, e.Function, Takes(parameters.Count(p => p.Default is null && !p.Optional), parameters.Length),
            count.ToString(CultureInfo.InvariantCulture), Names());
    }

    static string Takes(int least, int most) => least == most ? Count(most, "argument") : $"{least} to {most} arguments";

    Value? Default(Parameter p, SourceSpan span) => p.Default switch
    {
        null => null,
        bool b => builder.Flag(b, span),
        long n => builder.SI64(n, span),
        sbyte n => builder.Constant((long)n, ValueTypeCode.SI8, span), // never more general than what stands beside it
        double d => builder.Constant(d, ValueTypeCode.F64, span),
        string s => builder.Text(s, span),
        var other => throw new System.Diagnostics.UnreachableException($"a default of {other.GetType().Name}"),
    };

    Value Fitting(Value value, Parameter p, Call e, SourceSpan span)
    {
        string what = $"the parameter '{p.Name}' of '{e.Function}'";
        return p.Kind switch
        {
            ParameterKind.Matrix => MatrixOperand(value, what, span),
            ParameterKind.Object => value.Type is FrameType ? value : MatrixOperand(value, what, span),
            ParameterKind.Frame => value.Type is FrameType ? value : throw Fail(Diag.FrameNeeded, span, what, value.Type.InWords()),
            ParameterKind.List => value.Type is ListType ? value : throw Fail(Diag.ListNeeded, span, what, value.Type.InWords()),
            ParameterKind.Scalar => ScalarOperand(value, what, span),
            ParameterKind.Size => builder.Cast(Number(value, what, span), ValueTypeCode.Size, span),
            ParameterKind.Integer => builder.Cast(Number(value, what, span), ValueTypeCode.SI64, span),
            ParameterKind.Float => builder.Cast(Number(value, what, span), ValueTypeCode.F64, span),
            ParameterKind.Flag => Truth(Number(value, what, span), span),
            ParameterKind.Text => value.Type.ValueType() == ValueTypeCode.Str && value.Type is ScalarType ? value : throw Fail(Diag.TextNeeded, span, what, value.Type.InWords()),
            _ => value,
        };
    }
}
