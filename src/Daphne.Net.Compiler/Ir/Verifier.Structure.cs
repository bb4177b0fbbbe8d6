using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

// The operations whose attributes and regions have rules of their own.
public sealed partial class Verifier
{
    void Operation(Operation op)
    {
        if (op.Def == Op.Constant) Constant(op);
        else if (op.Def == Op.Call) Call(op);
        else if (op.Def == Op.If) If(op);
        else if (op.Def == Op.For) For(op);
        else if (op.Def == Op.While) While(op);
        else if (op.Def == Op.VectorizedPipeline) Pipeline(op);
        else if (op.Def == Op.Map && (!op.Attributes.TryGetValue("func", out var f) || f is not SymbolAttribute s || module.Function(s.Name) is null))
            Problem(op, "attribute func does not name a function");
    }

    void Constant(Operation op)
    {
        if (!op.Attributes.TryGetValue("value", out var value) || value is not ScalarAttribute scalar) Problem(op, "attribute value is missing");
        else if (op.Results.Count == 1 && scalar.Type != op.Result.Type) Problem(op, $"attribute value is of type {scalar.Type}, the result of {op.Result.Type}");
    }

    void Call(Operation op)
    {
        if (!op.Attributes.TryGetValue("callee", out var callee) || callee is not SymbolAttribute symbol) Problem(op, "attribute callee is missing");
        else if (module.Function(symbol.Name) is not { } target) Problem(op, $"there is no function @{symbol.Name}");
        else
        {
            Agree(op, "argument", op.Operands, IrModule.TypeOf(target).Inputs);
            Agree(op, "result", op.Results, IrModule.TypeOf(target).Results);
        }
    }

    void If(Operation op)
    {
        if (op.Operands is not [{ Type: ScalarType { ValueType: ValueTypeCode.Bool } or UnknownType }]) Problem(op, "the condition is no bool");
        for (int i = 0; i < 2; i++)
            if (op.Regions[i].Blocks.Count == 1)
            {
                Arguments(op, op.Regions[i].Block, []);
                Body(op.Regions[i].Block, Op.Yield, end => Agree(end, "value", end.Operands, op.Results));
            }
            else if (i == 0 || op.Results.Count > 0 || op.Regions[i].Blocks.Count > 1) Problem(op, "each region has one block; only that of an else may be missing, where there are no results");
    }

    void For(Operation op)
    {
        if (op.Operands.Count != 3 + op.Results.Count) Problem(op, $"{op.Operands.Count} operands for {op.Results.Count} results");
        else if (op.Regions[0].Blocks.Count != 1) Problem(op, "a loop has one block");
        else
        {
            var body = op.Regions[0].Block;
            for (int i = 1; i < 3; i++)
                if (!Compatible(op.Operands[i].Type, op.Operands[0].Type)) Problem(op, "bounds and step differ in type");
            Arguments(op, body, [op.Operands[0].Type, .. op.Results.Select(r => r.Type)]);
            Agree(op, "initial value", [.. op.Operands.Skip(3)], op.Results);
            Body(body, Op.Yield, end => Agree(end, "value", end.Operands, op.Results));
        }
    }

    void While(Operation op)
    {
        if (op.Regions.Any(r => r.Blocks.Count != 1)) { Problem(op, "each region has one block"); return; }
        Block test = op.Regions[0].Block, body = op.Regions[1].Block;
        Arguments(op, test, op.Operands.Select(v => v.Type));
        Arguments(op, body, op.Results.Select(v => v.Type));
        Body(test, Op.Condition, end =>
        {
            if (end.Operands is not [{ Type: ScalarType { ValueType: ValueTypeCode.Bool } or UnknownType }, ..]) Problem(end, "the first operand is no bool");
            Agree(end, "value", [.. end.Operands.Skip(1)], op.Results);
        });
        Body(body, Op.Yield, end => Agree(end, "value", end.Operands, test.Arguments));
    }

    // A pipeline's body sees nothing but its arguments: it may run in another process.
    void Pipeline(Operation op)
    {
        if (op.Regions[0].Blocks.Count != 1) { Problem(op, "a pipeline has one block"); return; }
        var body = op.Regions[0].Block;
        int outs = op.Results.Count, inputs = op.Operands.Count - 2 * outs;
        if (!op.Attributes.TryGetValue("operandSegmentSizes", out var s) || s is not SegmentsAttribute { Sizes: [var a, var b, var c, ..] } || (a, b, c) != (inputs, outs, outs))
            Problem(op, "operandSegmentSizes does not say: inputs, rows, columns");
        if (!ListOf<SplitAttribute>("splits", inputs)) Problem(op, "splits is no list of one split per input");
        else if (((ArrayAttribute)op.Attributes["splits"]).Items is var splits && splits.Contains(new SplitAttribute(SplitKind.Rows)) && splits.Contains(new SplitAttribute(SplitKind.Cols)))
            Problem(op, "splits names rows and columns: a pipeline is cut one way");
        if (!ListOf<CombineAttribute>("combines", outs)) Problem(op, "combines is no list of one combine per result");
        Agree(op, "argument", body.Arguments, op.Operands.Take(Math.Max(inputs, 0)));
        var outside = visible;
        visible = [];
        Body(body, Op.Return, end => Agree(end, "result", end.Operands, op.Results));
        visible = outside;

        bool ListOf<T>(string name, int count) where T : Attribute =>
            op.Attributes.TryGetValue(name, out var list) && list is ArrayAttribute { Items: var items } && items.Length == count && items.All(i => i is T);
    }

    void Arguments(Operation op, Block block, IEnumerable<IrType> types) => Agree(op, "block argument", block.Arguments, [.. types]);
}
