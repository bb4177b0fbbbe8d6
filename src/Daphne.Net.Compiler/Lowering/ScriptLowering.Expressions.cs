using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Names, literals and operators.
sealed partial class ScriptLowering
{
    /// <summary>The value of an expression that has exactly one.</summary>
    Value Lower(Expression expression) => LowerMany(expression) is var values && values.Count == 1 ? values[0] : throw WrongCount(expression, 1, values.Count);

    /// <summary>The values of an expression: calls may have none or several.</summary>
    IReadOnlyList<Value> LowerMany(Expression expression) => expression switch
    {
        Literal e => [builder.Constant(e.Value, e.ValueType, e.Span)],
        Identifier e => [Variable(e)],
        Argument e => [ScriptArgument(e)],
        Unary e => [Sign(e)],
        Binary e => [Operator(e)],
        Conditional e => [Choose(e)],
        CastExpression e => [Convert(e)],
        MatrixLiteral e => [Matrix(e)],
        IndexExpression e => [Part(e)],
        FilterExpression e => [Filter(e)],
        Call e => Call(e),
        FrameLiteralByColumns e => [ByColumns(e)],
        FrameLiteralByRows e => [ByRows(e)],
        _ => throw new System.Diagnostics.UnreachableException(expression.GetType().Name),
    };

    Value Variable(Identifier e)
    {
        if (scopes.Find(e.Name) is { } variable) return variable.Value ?? throw new Abandoned();
        if (names.IsLost(e.Name)) throw new Abandoned();
        if (scopes.Ended(e.Name)) throw Fail(Diag.VariableOutOfScope, e.Span, e.Name);
        throw Fail(Diag.UnknownVariable, e.Span, e.Name, Near(e.Name, scopes.Names.Where(n => !IsView(n) && n.Length > 1 && e.Name.Length > 1 || string.Equals(n, e.Name, StringComparison.OrdinalIgnoreCase))) is { } near ? $"did you mean '{near}'?"
            : e.Name.Contains('.') && !names.Imported.Any(script => e.Name.StartsWith(script + ".", StringComparison.Ordinal))
                ? $"no script is imported as '{e.Name[..e.Name.LastIndexOf('.')]}'{(names.Imported.Count == 0 ? "" : "; there is " + string.Join(", ", names.Imported.Order(StringComparer.Ordinal)))}"
            : function is not null ? "a function sees its parameters only; hand the value in" : "assign it first");
    }

    Value Sign(Unary e)
    {
        if (e is { Operator: "-", Operand: Literal { Value: not string } literal }) return Negative(literal, e.Span);
        var value = CellsOperand(Lower(e.Operand), $"'{e.Operator}'", e.Span);
        if (value.Type.ValueType() == ValueTypeCode.Str) throw Fail(Diag.TextOperand, e.Span, $"'{e.Operator}'");
        return e.Operator == "+" ? value : builder.Value(Op.EwMinus, e.Span, value);
    }

    Value Negative(Literal literal, SourceSpan span) => builder.Constant(literal.Value switch
    {
        long n => unchecked(-n),
        ulong n => unchecked(0 - n),
        double n => -n,
        float n => -n,
        var truth => truth,   // the negative of one bit is itself
    }, literal.ValueType, span);

    Value Operator(Binary e)
    {
        if (e.Left is not Binary) return Operator(e, Lower(e.Left));
        // Along the left operands: a chain of operators is too long to recurse.
        var chain = new Stack<Binary>([e]);
        while (chain.Peek().Left is Binary left) chain.Push(left);
        var value = Lower(chain.Peek().Left);
        while (chain.TryPop(out var next)) value = Operator(next, value);
        return value;
    }

    Value Operator(Binary e, Value left)
    {
        var right = Lower(e.Right);
        var value = e.Operator == "@" ? Product(e, left, right) : Elementwise(Op.ByToken(e.Operator, 2), $"'{e.Operator}'", e.Span, left, right);
        if (e.Kernel is not null) CheckHint(e, value);
        return value;
    }

    /// <summary>A binary operation cell by cell. Converting operands to one value type is left to a pass.</summary>
    Value Elementwise(OpDef def, string spelling, SourceSpan span, Value left, Value right)
    {
        CellsOperand(left, spelling, span);
        CellsOperand(right, spelling, span);
        var most = TypeRules.MostGeneral([left, right])!.Value;
        if (def == Op.EwConcat || (def == Op.EwAdd && most == ValueTypeCode.Str)) return Concatenation(span, left, right);
        if (most == ValueTypeCode.Str && def.Type != TypeRule.Compare) throw Fail(Diag.TextOperand, span, spelling);
        return builder.Value(def, span, left, right);
    }

    Value Concatenation(SourceSpan span, Value left, Value right)
    {
        return left.Constant is string a && right.Constant is string b && a.Length + b.Length <= ConstantMath.LongestText ? builder.Text(a + b, span) : builder.Value(Op.EwConcat, span, left, right);
    }

    Value Product(Binary e, Value left, Value right)
    {
        MatrixOperand(left, "'@'", e.Left.Span);
        MatrixOperand(right, "'@'", e.Right.Span);
        if (TypeRules.MostGeneral([left, right]) == ValueTypeCode.Str) throw Fail(Diag.TextOperand, e.Span, "'@'");
        return builder.Value(Op.MatMul, e.Span, [left, right, builder.Flag(false, e.Span), builder.Flag(false, e.Span)]);
    }

    Value Choose(Conditional e)
    {
        Value condition = Lower(e.Condition), then = Lower(e.Then), otherwise = Lower(e.Else);
        if (condition.Type.ValueType() is null or ValueTypeCode.Str) throw Fail(Diag.ConditionType, e.Condition.Span, condition.Type.InWords());
        if (condition.Type is ScalarType)
        {
            condition = Truth(condition, e.Condition.Span);
            if (Common(then.Type, otherwise.Type) is null) throw Fail(Diag.ConditionalTypes, e.Span, then.Type.InWords(), otherwise.Type.InWords());
            if (then.Type.ValueType() is null) return builder.Value(Op.Cond, e.Span, condition, then, otherwise);
        }
        var most = TypeRules.MostGeneral([then, otherwise]) ?? throw Fail(Diag.NumberNeeded, e.Span, "'?:'", then.Type.InWords());
        if (most == ValueTypeCode.Str && then.Type.ValueType() != otherwise.Type.ValueType()) throw Fail(Diag.ConditionalTypes, e.Span, then.Type.InWords(), otherwise.Type.InWords());
        return builder.Value(Op.Cond, e.Span, condition, then, otherwise);
    }

    Value MatrixOperand(Value value, string what, SourceSpan span) =>
        value.Type is MatrixType ? value : throw (value.Type is FrameType ? Fail(Diag.MatrixOfFrame, span, what) : Fail(Diag.MatrixNeeded, span, what, value.Type.InWords()));

    Value CellsOperand(Value value, string what, SourceSpan span) =>
        value.Type is ScalarType or MatrixType ? value : throw (value.Type is FrameType ? Fail(Diag.MatrixOfFrame, span, what) : Fail(Diag.NumberNeeded, span, what, value.Type.InWords()));

    Value ScalarOperand(Value value, string what, SourceSpan span) => value.Type is ScalarType ? value : throw Fail(Diag.ScalarNeeded, span, what, value.Type.InWords());

    Value Number(Value value, string what, SourceSpan span) =>
        ScalarOperand(value, what, span).Type.ValueType() != ValueTypeCode.Str ? value : throw Fail(Diag.NumberNeeded, span, what, "text");
}
