using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Compiler.Passes;

/// <summary>
/// Programs at random that could have come from a script: matrices whose shapes fit (some known, some not), scalars, branches, loops, prints.
/// </summary>
sealed class SaneModules(int seed)
{
    // Extents by name; what a type says of one is known in about half of the programs.
    sealed record Shape(char Rows, char Cols);

    sealed record Known(Value Value, Shape? Shape);

    readonly Random random = new(seed);
    static readonly Dictionary<char, long> extents = new() { ['1'] = 1, ['a'] = 100, ['b'] = 100, ['c'] = 7 };
    static readonly ValueTypeCode[] codes = [ValueTypeCode.F64, ValueTypeCode.F64, ValueTypeCode.SI64, ValueTypeCode.F32, ValueTypeCode.UI8];
    static readonly OpDef[] unary = [.. Op.All.Where(op => op.Is(OpTraits.Elementwise) && op is { Arity: 1, Type: not TypeRule.Text } && op != Op.Cast)];
    static readonly OpDef[] binary = [.. Op.All.Where(op => op.Is(OpTraits.Elementwise) && op.Arity == 2 && op != Op.EwConcat)];
    static readonly OpDef[] aggregates = [.. Op.All.Where(op => op.Builtins.Any(b => b.Axis is not null) || op == Op.SumAll || op == Op.MinAll || op == Op.MeanAll)];

    public IrModule Make()
    {
        var module = new IrModule();
        string unknown = string.Concat("abc".Where(_ => random.Next(2) == 0));
        Shape[] shapes = [new('a', 'c'), new('b', 'c'), new('a', '1'), new('1', 'c'), new('c', 'c')];
        var types = shapes.Select(s => (IrType)IrType.Matrix(codes[random.Next(codes.Length)], Extent(s.Rows), Extent(s.Cols))).ToArray();
        var main = module.AddFunction("main", [.. types, IrType.Scalar(ValueTypeCode.F64), IrType.Scalar(ValueTypeCode.SI64), IrType.Scalar(ValueTypeCode.Bool)], []);
        var body = main.Regions[0].Block;
        List<Known> values = [.. body.Arguments.Select((a, i) => new Known(a, i < shapes.Length ? shapes[i] : null))];
        Fill(body, values, 30, 2);
        Calls(module, body, values);
        body.Insert(new(Op.Return, [], []));
        return module;

        long Extent(char name) => unknown.Contains(name) ? IrType.Unknown : extents[name];
    }

    // A function called once or twice, with arguments that may be the same each time.
    void Calls(IrModule module, Block body, List<Known> values)
    {
        IrType[] parameters = [IrType.Scalar(ValueTypeCode.F64), IrType.Scalar(ValueTypeCode.SI64)];
        var added = module.AddFunction("added", parameters, [parameters[0]]).Regions[0].Block;
        var sum = new Operation(Op.EwAdd, added.Arguments, [parameters[0]]);
        added.Insert(sum);
        added.Insert(new(Op.Return, [sum.Result], []));
        for (int i = random.Next(2); i < 2; i++)
        {
            var call = new Operation(Op.Call, [values.First(v => v.Value.Type == parameters[0]).Value, Constant(body, (long)random.Next(2), ValueTypeCode.SI64)], [parameters[0]]);
            call.Attributes["callee"] = new SymbolAttribute("added");
            var flag = values.First(v => v.Value.Type == IrType.Scalar(ValueTypeCode.Bool)).Value;
            body.Insert(new(Op.Print, [body.Insert(call).Result, flag, flag], []));
        }
    }

    void Fill(Block block, List<Known> values, int count, int depth)
    {
        for (int i = 0; i < count; i++)
            switch (random.Next(17))
            {
                case 0 or 1: Add(block, values, unary[random.Next(unary.Length)], v => v.Shape, Any(values)); break;
                case <= 6: Binary(block, values); break;
                case 7 or 8: Aggregate(block, values); break;
                case 9: Add(block, values, Op.Transpose, v => new(v.Shape!.Cols, v.Shape.Rows), Matrix(values)); break;
                case 10 or 11: Product(block, values); break;
                case 12: Constant(block, values); break;
                case 15: Add(block, values, random.Next(2) == 0 ? Op.NumRows : Op.NumCells, _ => null, Matrix(values)); break;
                case 13 when depth > 0: If(block, values, depth); break;
                case 14 when depth > 0: For(block, values, depth); break;
                default: block.Insert(new(Op.Print, [Any(values).Value, values.First(v => v.Value.Type == IrType.Scalar(ValueTypeCode.Bool)).Value, values.First(v => v.Value.Type == IrType.Scalar(ValueTypeCode.Bool)).Value], [])); break;
            }
    }

    void Binary(Block block, List<Known> values)
    {
        var left = Any(values);
        var fitting = values.Where(v => v.Shape is null || left.Shape is { } s && (v.Shape.Rows == s.Rows || v.Shape.Rows == '1') && (v.Shape.Cols == s.Cols || v.Shape.Cols == '1')).ToArray();
        Add(block, values, binary[random.Next(binary.Length)], v => v.Shape, left, fitting[random.Next(fitting.Length)]);
    }

    void Aggregate(Block block, List<Known> values)
    {
        var def = aggregates[random.Next(aggregates.Length)];
        Add(block, values, def, v => def.Shape switch { ShapeRule.Scalar => null, ShapeRule.ColumnOfRows => v.Shape! with { Cols = '1' }, _ => v.Shape! with { Rows = '1' } }, Matrix(values));
    }

    void Product(Block block, List<Known> values)
    {
        var left = Matrix(values);
        var fitting = values.Where(v => v.Shape is { } s && s.Rows == left.Shape!.Cols).ToArray();
        if (fitting.Length == 0) return;
        var right = fitting[random.Next(fitting.Length)];
        var no = Constant(block, false, ValueTypeCode.Bool);
        Add(block, values, Op.MatMul, _ => new(left.Shape!.Rows, right.Shape!.Cols), left, right, new(no, null), new(no, null));
    }

    void Constant(Block block, List<Known> values)
    {
        values.Add(new(random.Next(3) switch
        {
            0 => Constant(block, random.Next(-2, 3) / 2.0, ValueTypeCode.F64),
            1 => Constant(block, (long)random.Next(-1, 3), ValueTypeCode.SI64),
            _ => Constant(block, random.Next(2) == 0, ValueTypeCode.Bool),
        }, null));
    }

    void If(Block block, List<Known> values, int depth)
    {
        var flags = values.Where(v => v.Value.Type == IrType.Scalar(ValueTypeCode.Bool)).ToArray();
        var result = Any(values);
        var op = new Operation(Op.If, [flags[random.Next(flags.Length)].Value], [result.Value.Type]);
        foreach (var region in op.Regions) Inner(region.AddBlock(), [.. values], result, depth);
        block.Insert(op);
        values.Add(result with { Value = op.Result });
    }

    void For(Block block, List<Known> values, int depth)
    {
        var carried = Any(values);
        var number = values.First(v => v.Value.Type == IrType.Scalar(ValueTypeCode.SI64)).Value;
        var op = new Operation(Op.For, [number, number, number, carried.Value], [carried.Value.Type]);
        var body = op.Regions[0].AddBlock();
        body.AddArgument(number.Type);
        Inner(body, [.. values, carried with { Value = body.AddArgument(carried.Value.Type) }], carried, depth);
        block.Insert(op);
        values.Add(carried with { Value = op.Result });
    }

    void Inner(Block block, List<Known> values, Known wanted, int depth)
    {
        Fill(block, values, random.Next(8), depth - 1);
        var fitting = values.Where(v => v.Value.Type == wanted.Value.Type && v.Shape == wanted.Shape).ToArray();
        block.Insert(new(Op.Yield, [fitting[random.Next(fitting.Length)].Value], []));
    }

    void Add(Block block, List<Known> values, OpDef def, Func<Known, Shape?> shape, params Known[] operands)
    {
        var op = new Operation(def, operands.Select(o => o.Value), [IrType.NotInferred]);
        Inference.Apply(op);
        block.Insert(op);
        values.Add(new(op.Result, op.Result.Type is MatrixType ? shape(operands[0]) : null));
    }

    static Value Constant(Block block, object value, ValueTypeCode code)
    {
        var op = new Operation(Op.Constant, [], [IrType.Scalar(code)]);
        op.Attributes["value"] = new ScalarAttribute(value, IrType.Scalar(code));
        return block.Insert(op).Result;
    }

    Known Any(List<Known> values) => values[random.Next(values.Count)];

    Known Matrix(List<Known> values)
    {
        var matrices = values.Where(v => v.Shape is not null).ToArray();
        return matrices[random.Next(matrices.Length)];
    }
}
