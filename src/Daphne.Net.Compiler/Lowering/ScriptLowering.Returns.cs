using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Early returns. SSA regions have one end, so what follows an 'if' that returns on one side moves into the side that does not; it is lowered twice
// where both sides may go on, which nested partial returns need and hardly any script has.
sealed partial class ScriptLowering
{
    /// <summary>Statements still to come: a list that branches share. A null statement ends a scope.</summary>
    sealed record Rest(Statement? Statement, Rest? Next)
    {
        public static Rest? Of(IEnumerable<Statement> statements, Rest? next) => statements.Reverse().Aggregate(next, (rest, s) => new Rest(s, rest));
    }

    // Each nests one level deeper, and some of them double what follows.
    const int MostReturningIfs = 300;

    static readonly BlockStatement nothing = new([]);
    int returningIfs;   // around the statement being lowered
    long copies;        // made of what follows, in this function

    /// <summary>Lowers to the end of the function. What it returns; null if it ends without a return.</summary>
    IReadOnlyList<Value>? LowerTail(Rest? rest)
    {
        for (; rest is not null; rest = rest.Next)
        {
            switch (rest.Statement)
            {
                case null:
                    scopes.Close();
                    break;
                case ReturnStatement s:
                    return Returned(s);
                case BlockStatement s when AssignedNames.Returns(s):
                    scopes.Open();
                    return LowerTail(Rest.Of(s.Statements, new Rest(null, rest.Next)));
                case IfStatement s when AssignedNames.Returns(s):
                    return ReturningIf(s, rest.Next);
                case { } s:
                    Lower(s);
                    break;
            }
        }
        return null;
    }

    IReadOnlyList<Value>? ReturningIf(IfStatement s, Rest? rest)
    {
        if (++returningIfs > MostReturningIfs || ++copies > 10 * MostReturningIfs) throw Fail(Diag.NotSupportedYet, s.Span, "a function with so many early returns");
        var condition = Condition(s.Condition);
        var outer = builder.Block;
        var before = scopes.Snapshot();
        // The number of results is known when both sides are lowered, and an operation has its results from the start: a draft holds the sides.
        var draft = new Operation(Op.If, [], [], s.Span);
        var sides = new IReadOnlyList<Value>?[2];
        for (int side = 0; side < 2; side++)
        {
            builder.Block = draft.Regions[side].Block;
            scopes.Restore(before);
            scopes.Open();
            sides[side] = LowerTail(new Rest(side == 0 ? s.Then : s.Else ?? nothing, new Rest(null, rest)));
        }
        builder.Block = outer;
        returningIfs--;
        // A function without results may end with or without a return.
        var (then, otherwise) = (sides[0] ?? [], sides[1] ?? []);
        if (then.Count != otherwise.Count) throw Fail(Diag.ReturnMissing, function!.Syntax.NameSpan, function.Syntax.Name);
        for (int i = 0; i < then.Count; i++)
            if (Common(then[i].Type, otherwise[i].Type) is null) throw Fail(Diag.ReturnsDiffer, s.Span, function!.Syntax.Name, then[i].Type.InWords(), otherwise[i].Type.InWords());
        var op = new Operation(Op.If, [condition], then.Select(_ => IrType.NotInferred), s.Span);
        for (int side = 0; side < 2; side++)
            foreach (var inner in draft.Regions[side].Block.Operations) op.Regions[side].Block.Insert(inner);
        Yield(op, then, otherwise);
        return outer.Insert(op).Results;
    }

    IReadOnlyList<Value> Returned(ReturnStatement s)
    {
        var values = s.Values.Select(Lower).ToArray();
        if (function!.Results is not { } declared) return values;
        if (declared.Length != values.Length)
            throw Fail(Diag.ReturnCount, s.Span, function.Syntax.Name, Count(values.Length, "value"), declared.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        for (int i = 0; i < values.Length; i++)
        {
            if (!UserFunction.Fits(declared[i], values[i].Type)) throw Fail(Diag.ReturnType, s.Values[i].Span, function.Syntax.Name, declared[i]!.InDsl(), values[i].Type.InWords());
            if (declared[i]?.ValueType() is { } code) values[i] = builder.Cast(values[i], code, s.Values[i].Span);
        }
        return values;
    }
}
