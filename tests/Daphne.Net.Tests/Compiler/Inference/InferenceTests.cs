using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using static Daphne.Net.Dialect.ValueTypeCode;

namespace Daphne.Net.Tests.Compiler;

public sealed class InferenceTests
{
    readonly Block block = new IrModule().AddFunction("main", [], []).Regions[0].Block;

    Value Of(IrType type) => block.AddArgument(type);
    Value Number(long n) => Make(Op.Constant, ("value", ScalarAttribute.SI64(n)));
    Value Flag(bool b) => Make(Op.Constant, ("value", new ScalarAttribute(b, IrType.Scalar(Bool))));

    Value Make(OpDef def, params object[] parts)
    {
        var op = new Operation(def, parts.OfType<Value>(), Enumerable.Repeat(IrType.NotInferred, Math.Max(1, def.Results)));
        foreach (var (name, attribute) in parts.OfType<(string, ScalarAttribute)>()) op.Attributes[name] = attribute;
        Inference.Apply(block.Insert(op));
        return op.Results[0];
    }

    [Fact]
    public void Every_operation_with_a_rule_of_its_own_has_a_body()
    {
        OpDef[] elsewhere = [Op.If, Op.For, Op.While, Op.Call, Op.VectorizedPipeline];
        var without = Op.All.Where(op => op.Results != 0 && (op.Type == TypeRule.Own || op.Shape == ShapeRule.Own) && !OwnRules.Has(op));
        Assert.Empty(without.Except(elsewhere));
    }

    [Theory]
    [InlineData("ewAdd", F64, SI64, F64)]
    [InlineData("ewAdd", SI64, UI64, UI64)]
    [InlineData("ewAdd", Size, SI64, SI64)]
    [InlineData("ewAdd", Size, Size, Size)]
    [InlineData("ewAdd", Bool, Bool, Bool)]
    [InlineData("ewAdd", Str, F64, Str)]
    [InlineData("ewDiv", SI64, SI64, SI64)]
    [InlineData("ewLog", SI64, SI64, F64)]
    [InlineData("ewLog", F32, SI64, F32)]
    [InlineData("ewAnd", F64, Bool, UI64)]
    [InlineData("ewAnd", Bool, Bool, Bool)]
    [InlineData("ewLt", F64, SI64, F64)]
    [InlineData("ewEq", Str, Str, SI64)]
    [InlineData("ewConcat", SI64, SI64, Str)]
    public void Scalars_are_promoted(string op, ValueTypeCode left, ValueTypeCode right, ValueTypeCode expected) =>
        Assert.Equal(IrType.Scalar(expected), Make(Op.ByFullName["daphne." + op], Of(IrType.Scalar(left)), Of(IrType.Scalar(right))).Type);

    [Fact]
    public void A_matrix_wins_over_a_scalar_and_a_known_dimension_over_an_unknown_one()
    {
        var column = Of(IrType.Matrix(SI64, 3, 1));
        Assert.Equal(IrType.Matrix(F64, 3, 1), Make(Op.EwMul, Of(IrType.Scalar(F64)), column).Type);
        Assert.Equal(IrType.Matrix(F64, 3), Make(Op.EwMul, Of(IrType.Matrix(F64)), column).Type);
        Assert.Equal(IrType.Matrix(F64, 2, 5), Make(Op.EwMul, Of(IrType.Matrix(F64, 2, 5)), Of(IrType.Matrix(SI64, 1, 5))).Type);
    }

    [Fact]
    public void Products_look_at_their_flags()
    {
        var (a, b) = (Of(IrType.Matrix(SI64, 3, 2)), Of(IrType.Matrix(F64, 3, 5)));
        Assert.Equal(IrType.Matrix(F64, 2, 5), Make(Op.MatMul, a, b, Flag(true), Flag(false)).Type);
        Assert.Equal(IrType.Matrix(F64, 3, 3), Make(Op.MatMul, a, b, Flag(false), Flag(true)).Type);
        Assert.Equal(IrType.Matrix(F64, 5, 5), Make(Op.Syrk, b, Flag(true)).Type);
        Assert.Equal(IrType.Matrix(F64, 2, 1), Make(Op.Gemv, a, Of(IrType.Matrix(F64, 3, 1))).Type);
    }

    [Theory]
    [InlineData(1, 3, 2)]
    [InlineData(-1, 0, 1)]
    [InlineData(-3, -1, 2)]
    [InlineData(0, -1, 4)]
    [InlineData(-4, 3, 2)]
    [InlineData(4, 2, 0)]
    public void Slices_with_constant_bounds_have_a_known_length(long lower, long upper, long expected) =>
        Assert.Equal(IrType.Matrix(F64, expected, 2), Make(Op.SliceRow, Of(IrType.Matrix(F64, 5, 2)), Number(lower), Number(upper)).Type);

    [Fact]
    public void One_position_is_one_row_wherever_it_lies()
    {
        var position = Of(IrType.Scalar(SI64));
        Assert.Equal(IrType.Matrix(F64, 1, 2), Make(Op.SliceRow, Of(IrType.Matrix(F64, 5, 2)), position, Make(Op.EwAdd, position, Number(1))).Type);
    }

    [Theory]
    [InlineData(1, 6, 2, 3)]
    [InlineData(5, 1, 1, 0)]
    [InlineData(5, 1, -2, 3)]
    [InlineData(3, 3, -1, 1)]
    public void Sequences_of_whole_numbers_have_a_known_length(long from, long to, long step, long expected) =>
        Assert.Equal(IrType.Matrix(SI64, expected, 1), Make(Op.Seq, Number(from), Number(to), Number(step)).Type);

    [Fact]
    public void Dimensions_flow_through_counts_and_sums()
    {
        var rows = Make(Op.NumRows, Of(IrType.Matrix(F64, 7)));
        Assert.Equal(IrType.Matrix(SI64, 8, 2), Make(Op.Fill, Number(0), Make(Op.EwAdd, rows, Number(1)), Number(2)).Type);
    }

    [Fact]
    public void A_loop_forgets_the_dimension_it_changes_and_keeps_the_other()
    {
        var module = new IrModule();
        var body = module.AddFunction("main", [IrType.Matrix(F64, 1, 3)], []).Regions[0].Block;
        Value Constant(long n)
        {
            var op = body.Insert(new Operation(Op.Constant, [], [IrType.Scalar(SI64)]));
            op.Attributes["value"] = ScalarAttribute.SI64(n);
            return op.Result;
        }
        var start = body.Arguments[0];
        var loop = body.Insert(new Operation(Op.For, [Constant(0), Constant(9), Constant(1), start, start], [IrType.Matrix(F64), IrType.Matrix(F64)]));
        var inner = loop.Regions[0].Block;
        inner.AddArgument(IrType.Scalar(SI64));
        var (grown, same) = (inner.AddArgument(IrType.Matrix(F64)), inner.AddArgument(IrType.Matrix(F64)));
        var bind = inner.Insert(new Operation(Op.RowBind, [grown, same], [IrType.NotInferred]));
        inner.Insert(new Operation(Op.Yield, [bind.Result, same], []));
        body.Insert(new Operation(Op.Return, loop.Results, []));

        InferenceFixpoint.Run(module);

        Assert.Equal([IrType.Matrix(F64, IrType.Unknown, 3), IrType.Matrix(F64, 1, 3)], loop.Results.Select(r => r.Type));
        Assert.Equal([IrType.Matrix(F64, IrType.Unknown, 3), IrType.Matrix(F64, 1, 3)], IrModule.TypeOf(module.Functions[0]).Results);
    }
}
