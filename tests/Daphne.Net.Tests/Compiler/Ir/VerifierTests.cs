using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Compiler.Ir;

/// <summary>Each way to break a module is noticed.</summary>
public sealed class VerifierTests
{
    static readonly IrType f64 = IrType.Scalar(ValueTypeCode.F64), bit = IrType.Scalar(ValueTypeCode.Bool);

    static readonly Dictionary<string, (Action<IrModule, Block> Break, string Problem)> ways = new()
    {
        ["a terminator is missing"] = ((_, b) => b.Terminator.Erase(), "the last operation of a block is a terminator"),
        ["a terminator in the middle"] = ((_, b) => b.Insert(new(Op.Return, [], []), b.Operations[0]), "a terminator stands in the middle"),
        ["another terminator"] = ((_, b) => { var r = b.Terminator; b.Insert(new(Op.Yield, [.. r.Operands], [])); r.Erase(); }, "the block ends in daphne.return"),
        ["a use before the definition"] = ((_, b) => b.Insert(b.Operations[1], b.Operations[0]), "operand 0 is not defined before it"),
        ["too few operands"] = ((_, b) => b.Operations[1].RemoveOperand(1), "it has 1 operands instead of 2"),
        ["too many results"] = ((_, b) => b.Insert(new(Op.EwExp, [b.Arguments[0]], [f64, f64]), b.Terminator), "it has 2 results instead of 1"),
        ["another result type"] = ((_, b) => b.Operations[1].Result.Type = bit, "result 0 has type i1 instead of f64"),
        ["a constant without value"] = ((_, b) => b.Insert(new(Op.Constant, [], [f64]), b.Terminator), "attribute value is missing"),
        ["a user that stands nowhere"] = ((_, b) => GC.KeepAlive(new Operation(Op.EwExp, [b.Arguments[0]], [f64])), "but its list of uses has"),
        ["a call of nobody"] = ((_, b) => { var c = new Operation(Op.Call, [], []); c.Attributes["callee"] = new SymbolAttribute("nobody"); b.Insert(c, b.Terminator); }, "there is no function @nobody"),
        ["a branch on a number"] = ((_, b) => b.Insert(new(Op.If, [b.Arguments[0]], []), b.Terminator), "the condition is no bool"),
        ["a loop without a value"] = ((_, b) => b.Insert(new(Op.For, [b.Arguments[0], b.Arguments[0], b.Arguments[0]], [f64]), b.Terminator), "3 operands for 1 results"),
        ["two functions of a name"] = ((m, _) => m.AddFunction("main", [], []).Regions[0].Block.Insert(new(Op.Return, [], [])), "two functions of this name"),
        ["a value from another branch"] = ((_, b) =>
        {
            var flag = b.Insert(new(Op.Constant, [], [bit]), b.Operations[0]);
            flag.Attributes["value"] = new ScalarAttribute(true, bit);
            var branch = b.Insert(new(Op.If, [flag.Result], []), b.Terminator);
            var inner = branch.Regions[0].Block.Insert(new(Op.EwExp, [b.Arguments[0]], [f64]));
            branch.Regions[0].Block.Insert(new(Op.Yield, [], []));
            branch.Regions[1].Block.Insert(new(Op.EwExp, [inner.Result], [f64]));
            branch.Regions[1].Block.Insert(new(Op.Yield, [], []));
        }, "daphne.ewExp: operand 0 is not defined before it"),
        ["a pipeline that looks outside"] = ((_, b) =>
        {
            var pipeline = b.Insert(new(Op.VectorizedPipeline, [], []), b.Terminator);
            pipeline.Attributes["operandSegmentSizes"] = new SegmentsAttribute([0, 0, 0]);
            pipeline.Attributes["splits"] = new ArrayAttribute([]);
            pipeline.Attributes["combines"] = new ArrayAttribute([]);
            pipeline.Regions[0].Block.Insert(new(Op.EwExp, [b.Arguments[0]], [f64]));
            pipeline.Regions[0].Block.Insert(new(Op.Return, [], []));
        }, "operand 0 is not defined before it"),
        ["a pipeline cut both ways"] = ((_, b) =>
        {
            var pipeline = b.Insert(new(Op.VectorizedPipeline, [b.Arguments[0], b.Arguments[0]], []), b.Terminator);
            pipeline.Attributes["operandSegmentSizes"] = new SegmentsAttribute([2, 0, 0]);
            pipeline.Attributes["splits"] = new ArrayAttribute([new SplitAttribute(SplitKind.Rows), new SplitAttribute(SplitKind.Cols)]);
            pipeline.Attributes["combines"] = new ArrayAttribute([]);
            foreach (var input in pipeline.Operands) pipeline.Regions[0].Block.AddArgument(input.Type);
            pipeline.Regions[0].Block.Insert(new(Op.Return, [], []));
        }, "a pipeline is cut one way"),
    };

    public static TheoryData<string> Ways => [.. ways.Keys];

    [Theory, MemberData(nameof(Ways))]
    public void Broken_ir_is_noticed(string way)
    {
        var module = IrText.Parse("""
            func.func @main(%a: f64) -> f64 {
              %0 = "daphne.ewExp"(%a) : (f64) -> f64
              %1 = "daphne.ewAdd"(%0, %a) : (f64, f64) -> f64
              "daphne.return"(%1) : (f64) -> ()
            }
            """);
        Assert.Empty(Verifier.Check(module));
        ways[way].Break(module, module.Functions[0].Regions[0].Block);
        Assert.Contains(Verifier.Check(module), p => p.Message.Contains(ways[way].Problem));
        Assert.Throws<ScriptException>(() => Verifier.Demand(module));
    }
}
