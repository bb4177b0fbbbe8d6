using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Built-in functions whose arguments are not simply the operands of one operation.
sealed partial class ScriptLowering
{
    IReadOnlyList<Value>? Special(Call e) => e.Function switch
    {
        "upperTri" => [Triangle(e, upper: true)],
        "lowerTri" => [Triangle(e, upper: false)],
        "ctable" => [Contingency(e)],
        "order" => [Order(e)],
        "rand" => [Random(e)],
        "syrk" => [builder.Value(Op.Syrk, e.Span, [Numbers(Arguments(e, [.. Op.Syrk.Builtins[0].Parameters])[0]!, e), builder.Flag(true, e.Span)])],
        "map" => [Map(e)],
        "createFrame" => [CreateFrame(e)],
        "setColLabels" => [SetColLabels(e)],
        "cbind" or "rbind" => [Bound(e)],
        "createList" => [CreateList(e)],
        "append" => [Append(e)],
        "readMatrix" or "readFrame" => [ReadFile(e)],
        "antiJoin" => [KeyJoin(e, Op.AntiJoin)],
        "leftOuterJoin" => [KeyJoin(e, Op.LeftOuterJoin)],
        "fullOuterJoin" => [KeyJoin(e, Op.FullOuterJoin)],
        "semiJoin" => SemiJoin(e),
        "groupJoin" => GroupJoin(e),
        "groupSum" => [GroupSum(e)],
        "bin" => [Bin(e)],
        "oneHot" => [OneHot(e)],
        "quantize" => [Quantize(e)],
        "registerView" => RegisterView(e),
        "sql" => [Sql(e)],
        _ => null,
    };

    Value Triangle(Call e, bool upper)
    {
        var a = Arguments(e, [.. Op.Tri.Builtins[0].Parameters]);
        Numbers(a[0]!, e);
        return builder.Value(Op.Tri, e.Span, [a[0]!, builder.Flag(upper, e.Span), a[1]!, a[2]!]);
    }

    // With four arguments the last two are the shape, and the weight is left out.
    Value Contingency(Call e)
    {
        Parameter[] all = [.. Op.CTable.Builtins[0].Parameters];
        bool weightless = e.Arguments.Count == 4 && e.Arguments.All(a => a.Keyword is null);
        if (!weightless) return builder.Value(Op.CTable, e.Span, [.. Arguments(e, all).Select(a => Numbers(a!, e))]);
        var given = Arguments(e, [all[0], all[1], all[3], all[4]]);
        return builder.Value(Op.CTable, e.Span, [Numbers(given[0]!, e), Numbers(given[1]!, e), Default(all[2], e.Span)!, given[2]!, given[3]!]);
    }

    Value Order(Call e)
    {
        if (e.Arguments.FirstOrDefault(a => a.Keyword is not null) is { } named) throw Fail(Diag.UnknownKeyword, named.Span, e.Function, named.Keyword, "its arguments have no names");
        int pairs = (e.Arguments.Count - 2) / 2;
        if (e.Arguments.Count < 4 || e.Arguments.Count % 2 != 0) throw Fail(Diag.OrderPairs, e.Span);
        var kinds = Enumerable.Repeat(ParameterKind.Size, pairs).Concat(Enumerable.Repeat(ParameterKind.Flag, pairs + 1)).Prepend(ParameterKind.Object);
        var operands = Arguments(e, [.. kinds.Select((kind, i) => new Parameter(i == 0 ? "arg" : i <= pairs ? $"column {i}" : i <= 2 * pairs ? $"direction {i - pairs}" : "returnIdxs", kind))]);
        // Positions or cells: the type of the result depends on it.
        if (KnownIntegers.Flag(operands[^1]!) is null) throw Fail(Diag.LiteralFlag, e.Arguments[^1].Span, e.Function, "returnIdxs");
        return builder.Value(Op.Order, e.Span, [.. operands.Select(o => o!)]);
    }

    // The smallest value says of what type the cells are.
    Value Random(Call e)
    {
        var a = Arguments(e, [.. Op.RandMatrix.Builtins[0].Parameters]);
        a[2] = Number(a[2]!, "the parameter 'min' of 'rand'", e.Span);
        a[3] = Number(a[3]!, "the parameter 'max' of 'rand'", e.Span);
        return builder.Value(Op.RandMatrix, e.Span, [.. a.Select(v => v!)]);
    }

    Value Map(Call e)
    {
        int[] places = Bind(e, [.. Op.Map.Builtins[0].Parameters], e.Arguments.Count);
        var argument = e.Arguments[places[0]].Value;
        var matrix = MatrixOperand(Lower(argument), "'map'", argument.Span);
        var cell = IrType.Scalar(matrix.Type.ValueType()!.Value);
        var named = e.Arguments[places[1]].Value;
        if (named is not Identifier { Name: var name } || !names.Functions.TryGetValue(name, out var overloads))
            throw Fail(Diag.UnknownFunction, named.Span, (named as Identifier)?.Name ?? "…", "the second argument of map is the name of a function of the script, defined above");
        var chosen = overloads.Where(o => o.Accepts([cell])).MaxBy(o => o.Precision) ?? throw Fail(Diag.MapFunction, named.Span, name, cell.InDsl());
        var made = InstanceFor(chosen, [cell], e.Span);
        if (made.Results is not [ScalarType result]) throw Fail(Diag.MapFunction, named.Span, name, cell.InDsl());
        if (made.HostValues.Count > 0) throw Fail(Diag.NotSupportedYet, named.Span, "map with a function that uses a value of the host program");
        var op = new Operation(Op.Map, [matrix], [IrType.Matrix(result.ValueType)], e.Span);
        op.Attributes["func"] = new SymbolAttribute(made.Symbol);
        Inference.Apply(builder.Block.Insert(op));
        return op.Result;
    }
}
