using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// if, and what both branches must agree on.
sealed partial class ScriptLowering
{
    Value Condition(Expression expression)
    {
        var value = Lower(expression);
        return value.Type is ScalarType { ValueType: not ValueTypeCode.Str } ? Truth(value, expression.Span) : throw Fail(Diag.ConditionType, expression.Span, value.Type.InWords());
    }

    // Non-zero is true, but nan is not: comparing the absolute value says both. Comparisons themselves are never nan.
    Value Truth(Value value, SourceSpan span)
    {
        // Recorded: a literal is truncated first, so that if (0.5) does not run, while a computed 0.5 holds.
        if (value.Constant is double or float) return builder.Flag(Math.Abs(System.Convert.ToDouble(value.Constant, System.Globalization.CultureInfo.InvariantCulture)) >= 1, span);
        if (value.Type.ValueType()!.Value is var type && type.IsFloat() && value.Producer?.Def.Type != TypeRule.Compare)
            value = builder.Value(Op.EwGt, span, builder.Value(Op.EwAbs, span, value), builder.Cast(builder.SI64(0, span), type, span));
        return builder.Cast(value, ValueTypeCode.Bool, span);
    }

    void If(IfStatement s)
    {
        var condition = Condition(s.Condition);
        string[] assigned = [.. AssignedNames.Of(s)], names = [.. assigned.Where(IsAlive)];
        var op = new Operation(Op.If, [condition], names.Select(_ => IrType.NotInferred), s.Span);
        var outer = builder.Block;
        var before = scopes.Save(assigned);
        var then = Branch(op.Regions[0], s.Then, names);
        scopes.Restore(before);
        var otherwise = Branch(op.Regions[1], s.Else, names);
        scopes.Restore(before);
        builder.Block = outer;
        // Only a branch that failed leaves a variable without a value.
        if (then.Concat(otherwise).Any(v => v.Value is null)) throw new Abandoned();
        Yield(op, names, then, otherwise);
        outer.Insert(op);
        for (int i = 0; i < names.Length; i++) scopes.Assign(names[i], Named(op.Results[i], names[i]), s.Span);
    }

    Variable[] Branch(Region region, Statement? body, string[] names)
    {
        builder.Block = region.Block;
        if (body is not null) LowerBody(body);
        return [.. names.Select(n => scopes.Find(n)!)];
    }

    void Yield(Operation op, string[] names, IReadOnlyList<Variable> then, IReadOnlyList<Variable> otherwise)
    {
        for (int i = 0; i < names.Length; i++)
        {
            var (a, b) = (then[i].Value!.Type, otherwise[i].Value!.Type);
            if (Common(a, b) is null) throw Fail(Diag.BranchesDiffer, Later(then[i].Assigned, otherwise[i].Assigned), names[i], a.InWords(), b.InWords());
        }
        Yield(op, [.. then.Select(v => v.Value!)], [.. otherwise.Select(v => v.Value!)]);
    }

    // Ends both regions; values that differ in value type are widened.
    void Yield(Operation op, IReadOnlyList<Value> then, IReadOnlyList<Value> otherwise)
    {
        var outer = builder.Block;
        IReadOnlyList<Value>[] sides = [then, otherwise];
        for (int side = 0; side < 2; side++)
        {
            builder.Block = op.Regions[side].Block;
            var values = sides[side].Select((v, i) => Widened(v, Common(then[i].Type, otherwise[i].Type)!, op.Span)).ToArray();
            builder.Emit(Op.Yield, op.Span, values);
        }
        builder.Block = outer;
        Inference.Apply(op);
    }

    // The type that holds both, shape left open: null where one is a matrix and the other is not, or one is text and the other is not.
    static IrType? Common(IrType a, IrType b)
    {
        if (a.GetType() != b.GetType()) return null;
        if (a.ValueType() is not { } x || b.ValueType() is not { } y) return TypeFacts.Join(a, b) is var joined and not UnknownType ? joined.WithoutShape() : null;
        if (x != y && (x == ValueTypeCode.Str || y == ValueTypeCode.Str)) return null;
        var most = ValueTypes.MostGeneral(x, y);
        return a is MatrixType ? IrType.Matrix(most) : IrType.Scalar(most);
    }

    Value Widened(Value value, IrType type, SourceSpan span) => type.ValueType() is { } code ? builder.Cast(value, code, span) : value;

    bool IsAlive(string name) => scopes.Find(name) is { Value: not null, ReadOnly: false };

    static Value Named(Value value, string name)
    {
        value.Name ??= name;
        return value;
    }

    static SourceSpan Later(SourceSpan a, SourceSpan b) => a.Start >= b.Start ? a : b;
}
