using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Loops. What a body assigns of the variables around it is carried; where that changes a variable's value type, the body is lowered again with the
// wider type, so that whatever looks at types inside (overloads, specialised functions) sees the type it will have.
sealed partial class ScriptLowering
{
    void For(ForStatement s)
    {
        var (lower, upper, step) = Bounds(s);
        // An outer number of the same name is hidden by the position and is the last position afterwards.
        bool outlives = IsAlive(s.Variable) && scopes.Find(s.Variable)!.Value!.Type is ScalarType { ValueType: not ValueTypeCode.Str };
        Loop(s, Op.For, [lower, upper, step], s, (op, types, names) =>
        {
            builder.Block = op.Regions[0].Block;
            var position = builder.Block.AddArgument(IrType.Scalar(ValueTypeCode.SI64));
            Enter(types, names);
            scopes.Open();
            scopes.Declare(s.Variable, Named(position, s.Variable), s.VariableSpan, readOnly: true);
            LowerBody(s.Body);
            scopes.Close();
            if (outlives) scopes.Assign(s.Variable, position, s.VariableSpan);
            return (Op.Yield, [], Now(names));
        });
    }

    void While(WhileStatement s) => Loop(s, Op.While, [], s.Body, (op, types, names) =>
    {
        builder.Block = op.Regions[0].Block;
        Enter(types, names);
        var condition = Condition(s.Condition);
        builder.Emit(Op.Condition, s.Condition.Span, [condition, .. builder.Block.Arguments]);
        builder.Block = op.Regions[1].Block;
        Enter(types, names);
        LowerBody(s.Body);
        return (Op.Yield, [], Now(names));
    });

    // The body stands in the region that decides; the second region only hands the values back.
    void DoWhile(DoWhileStatement s) => Loop(s, Op.While, [], s.Body, (op, types, names) =>
    {
        builder.Block = op.Regions[1].Block;
        Enter(types, names);
        builder.Emit(Op.Yield, s.Span, builder.Block.Arguments);
        builder.Block = op.Regions[0].Block;
        Enter(types, names);
        LowerBody(s.Body);
        var values = Now(names);
        return (Op.Condition, [Condition(s.Condition)], values);
    });

    /// <summary>Lowers the regions, except for the last terminator, with the carried variables of these types.</summary>
    delegate (OpDef Terminator, Value[] Leading, Variable[] Values) Regions(Operation op, IrType[] types, string[] names);

    void Loop(Statement s, OpDef def, Value[] operands, Statement assigning, Regions lower)
    {
        string[] assigned = [.. AssignedNames.Of(assigning)], names = [.. assigned.Where(IsAlive)];
        var initial = names.Select(n => scopes.Find(n)!.Value!).ToArray();
        IrType[] types = [.. initial.Select(v => v.Type.WithoutShape())];
        var outer = builder.Block;
        var before = scopes.Save(assigned);
        Operation op;
        while (true)
        {
            int reported = errors.Count;
            op = new Operation(def, operands, types, s.Span);
            var (terminator, leading, values) = lower(op, types, names);
            scopes.Restore(before);
            if (errors.Count > reported || values.Any(v => v.Value is null)) throw Drop(op, outer);
            IrType[] wider = [.. values.Select((v, i) => Common(types[i], v.Value!.Type)
                ?? throw Fail(Diag.LoopChangesDataType, v.Assigned, names[i], types[i].InWords(), v.Value.Type.InWords()))];
            if (wider.SequenceEqual(types))
            {
                builder.Emit(terminator, s.Span, [.. leading, .. values.Select((v, i) => Widened(v.Value!, types[i], s.Span))]);
                break;
            }
            types = wider;
            Drop(op, outer);
        }
        builder.Block = outer;
        foreach (var (value, type) in initial.Zip(types)) op.AddOperand(Widened(value, type, s.Span));
        outer.Insert(op);
        for (int i = 0; i < names.Length; i++) scopes.Assign(names[i], Named(op.Results[i], names[i]), s.Span);
    }

    Abandoned Drop(Operation op, Block outer)
    {
        builder.Block = outer;
        op.DropUses();
        return new Abandoned();
    }

    void Enter(IrType[] types, string[] names)
    {
        for (int i = 0; i < names.Length; i++) scopes.Assign(names[i], Named(builder.Block.AddArgument(types[i]), names[i]), default);
    }

    Variable[] Now(string[] names) => [.. names.Select(n => scopes.Find(n)!)];

    // Both bounds are inclusive in the language; the upper one of the operation is not, in the direction of the step.
    (Value Lower, Value Upper, Value Step) Bounds(ForStatement s)
    {
        Value from = Whole(s.From), to = Whole(s.To);
        if (s.Step is not null)
        {
            var step = Whole(s.Step);
            var upper = KnownIntegers.Of(step) is { } known ? Plus(to, Math.Sign(known), s.Step.Span)
                : builder.Value(Op.EwAdd, s.Step.Span, to, builder.Value(Op.EwSign, s.Step.Span, step));
            return (from, upper, step);
        }
        if (KnownIntegers.Of(from) is { } a && KnownIntegers.Of(to) is { } b)
        {
            int step = a <= b ? 1 : -1;
            return (from, Plus(to, step, s.To.Span), builder.SI64(step, s.To.Span));
        }
        var up = builder.Cast(builder.Value(Op.EwLe, s.Span, from, to), ValueTypeCode.Bool, s.Span);
        var direction = builder.Value(Op.Cond, s.Span, up, builder.SI64(1, s.Span), builder.SI64(-1, s.Span));
        return (from, builder.Value(Op.EwAdd, s.Span, to, direction), direction);
    }

    Value Plus(Value a, long b, SourceSpan span) =>
        a.Constant is long x ? builder.SI64(unchecked(x + b), span) : builder.Value(Op.EwAdd, span, a, builder.SI64(b, span));

    Value Whole(Expression expression) => builder.Cast(Number(Lower(expression), "a bound of 'for'", expression.Span), ValueTypeCode.SI64, expression.Span);
}
