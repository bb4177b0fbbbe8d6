using System.Collections.Immutable;
using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Attribute = Daphne.Net.Compiler.Attribute;

namespace Daphne.Net.Tests.Compiler.Ir;

/// <summary>Modules of all kinds of operations, types and attributes at random: sound as SSA, without sense otherwise.</summary>
sealed class WildModules(int seed)
{
    readonly Random random = new(seed);
    static readonly OpDef[] plain = [.. Op.All.Where(op => op.Regions == 0 && !op.Is(OpTraits.Terminator) && op != Op.Call && op != Op.Map)];

    public IrModule Make()
    {
        var module = new IrModule();
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            var function = module.AddFunction(i == 1 ? "main" : random.Next(2) == 0 ? $"f-{i}" : $"f{i}", Types(3), Types(3), default);
            if (random.Next(4) == 0) function.Attributes["note"] = Any(2);
            var body = function.Regions[0].Block;
            List<Value> visible = [.. body.Arguments];
            Fill(module, body, visible, 2);
            body.Insert(new(Op.Return, Provide(body, visible, IrModule.TypeOf(function).Results), []));
        }
        return module;
    }

    void Fill(IrModule module, Block block, List<Value> visible, int depth)
    {
        for (int i = random.Next(7); i > 0; i--)
        {
            var op = random.Next(10) switch
            {
                0 when depth > 0 => If(module, block, visible, depth),
                1 when depth > 0 => For(module, block, visible, depth),
                2 when depth > 0 => While(module, block, visible, depth),
                3 => Constant(Code()),
                4 when module.Functions.Count > 1 => Call(module, block, visible),
                _ => Plain(block, visible),
            };
            block.Insert(op);
            visible.AddRange(op.Results);
        }
    }

    Operation Plain(Block block, List<Value> visible)
    {
        var def = plain[random.Next(plain.Length)];
        if (def == Op.Constant) return Constant(Code());
        int arity = def.Arity < 0 ? random.Next(4) : def.Arity;
        var op = new Operation(def, Provide(block, visible, [.. Enumerable.Range(0, arity).Select(_ => visible.Count > 0 && random.Next(8) > 0 ? visible[random.Next(visible.Count)].Type : AnyType(2))]),
            [.. Enumerable.Range(0, def.Results).Select(_ => AnyType(2))]);
        for (int i = random.Next(12) - 8; i > 0; i--) op.Attributes[random.Next(3) == 0 ? "odd key " + i : "key" + i] = Any(2);
        return op;
    }

    Operation Call(IrModule module, Block block, List<Value> visible)
    {
        var target = module.Functions[random.Next(module.Functions.Count)];
        var call = new Operation(Op.Call, Provide(block, visible, IrModule.TypeOf(target).Inputs), IrModule.TypeOf(target).Results);
        call.Attributes["callee"] = new SymbolAttribute(IrModule.NameOf(target));
        return call;
    }

    Operation If(IrModule module, Block block, List<Value> visible, int depth)
    {
        var op = new Operation(Op.If, Provide(block, visible, [IrType.Scalar(ValueTypeCode.Bool)]), Types(3));
        foreach (var region in op.Regions.Take(op.Results.Count == 0 && random.Next(2) == 0 ? 1 : 2)) Inner(module, region, [], visible, depth, Op.Yield, op.Results.Select(r => r.Type));
        return op;
    }

    Operation For(IrModule module, Block block, List<Value> visible, int depth)
    {
        var carried = Types(2);
        var position = IrType.Scalar(random.Next(2) == 0 ? ValueTypeCode.SI64 : ValueTypeCode.Size);
        var op = new Operation(Op.For, Provide(block, visible, [position, position, position, .. carried]), carried);
        Inner(module, op.Regions[0], [position, .. carried], visible, depth, Op.Yield, carried);
        return op;
    }

    Operation While(IrModule module, Block block, List<Value> visible, int depth)
    {
        ImmutableArray<IrType> before = Types(2), after = Types(2);
        var op = new Operation(Op.While, Provide(block, visible, before), after);
        Inner(module, op.Regions[0], before, visible, depth, Op.Condition, [IrType.Scalar(ValueTypeCode.Bool), .. after]);
        Inner(module, op.Regions[1], after, visible, depth, Op.Yield, before);
        return op;
    }

    void Inner(IrModule module, Region region, IEnumerable<IrType> arguments, List<Value> visible, int depth, OpDef terminator, IEnumerable<IrType> wanted)
    {
        var block = region.AddBlock();
        List<Value> inner = [.. visible, .. arguments.Select(block.AddArgument)];
        Fill(module, block, inner, depth - 1);
        block.Insert(new(terminator, Provide(block, inner, [.. wanted]), []));
    }

    /// <summary>Values of these types: visible ones, or new results put at the end of the block.</summary>
    List<Value> Provide(Block block, List<Value> visible, ImmutableArray<IrType> types)
    {
        List<Value> values = [];
        foreach (var type in types)
        {
            var fitting = visible.Where(v => v.Type == type).ToArray();
            if (fitting.Length == 0)
            {
                var made = block.Insert(type is ScalarType { ValueType: var code } ? Constant(code) : new(Op.RandMatrix, Provide(block, visible,
                    [.. Enumerable.Repeat(IrType.Scalar(ValueTypeCode.F64), 6)]), [type]));
                visible.Add(made.Result);
                fitting = [made.Result];
            }
            values.Add(fitting[random.Next(fitting.Length)]);
        }
        return values;
    }

    Operation Constant(ValueTypeCode code)
    {
        var op = new Operation(Op.Constant, [], [IrType.Scalar(code)]);
        op.Attributes["value"] = Scalar(code);
        return op;
    }

    ScalarAttribute Scalar(ValueTypeCode code)
    {
        long bits = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
        object value = code switch
        {
            ValueTypeCode.Str => Text(),
            ValueTypeCode.F64 => random.Next(2) == 0 ? BitConverter.Int64BitsToDouble(bits) : bits / 8.0,
            ValueTypeCode.F32 => random.Next(2) == 0 ? BitConverter.Int32BitsToSingle((int)bits) : (float)bits / 8,
            ValueTypeCode.UI64 or ValueTypeCode.Size => (ulong)bits,
            ValueTypeCode.UI32 => (ulong)(uint)bits,
            ValueTypeCode.UI8 => (ulong)(byte)bits,
            ValueTypeCode.SI64 => bits,
            ValueTypeCode.SI32 => (long)(int)bits,
            ValueTypeCode.SI8 => (long)(sbyte)bits,
            _ => bits % 2 == 0,
        };
        return new(value, IrType.Scalar(code));
    }

    Attribute Any(int depth) => random.Next(8) switch
    {
        0 => new SymbolAttribute(Text()),
        1 => new TypeAttribute(AnyType(2)),
        2 => new StringAttribute(Text()),
        3 when depth > 0 => new ArrayAttribute([.. Enumerable.Range(0, random.Next(4)).Select(_ => Any(depth - 1))]),
        4 => new SegmentsAttribute([.. Enumerable.Range(0, random.Next(4))]),
        5 => new SplitAttribute((SplitKind)random.Next(2)),
        6 => new CombineAttribute((CombineKind)random.Next(5)),
        _ => Scalar(Code()),
    };

    public IrType AnyType(int depth) => random.Next(10) switch
    {
        0 => IrType.NotInferred,
        1 => new NoneType(),
        2 => new FrameType(random.Next(3) == 0 ? default : [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(4) == 0 ? (ValueTypeCode?)null : Code())], Extent(),
            random.Next(2) == 0 ? default : [.. Enumerable.Range(0, random.Next(3)).Select(_ => Text())]),
        3 when depth > 0 => new ListType(AnyType(depth - 1)),
        4 when depth > 0 => new FunctionType([AnyType(depth - 1)], random.Next(2) == 0 ? [] : [AnyType(depth - 1)]),
        5 or 6 => IrType.Scalar(Code()),
        _ => new MatrixType(random.Next(8) == 0 ? null : Code(), Extent(), Extent(), random.Next(2) == 0 ? -1 : random.Next(11) / 10.0,
            (Representation)random.Next(2), random.Next(3) switch { 0 => null, 1 => true, _ => false }),
    };

    ImmutableArray<IrType> Types(int most) => [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => AnyType(2))];

    long Extent() => random.Next(2) == 0 ? IrType.Unknown : random.NextInt64(0, 1L << random.Next(1, 62));

    ValueTypeCode Code() => ValueTypes.All[random.Next(ValueTypes.All.Count)];

    string Text() => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(5) switch
    {
        0 => "\"", 1 => "\\", 2 => ((char)random.Next(1, 0xD000)).ToString(), 3 => "\U0001F40D", _ => ((char)random.Next('a', 'z')).ToString(),
    }));
}
