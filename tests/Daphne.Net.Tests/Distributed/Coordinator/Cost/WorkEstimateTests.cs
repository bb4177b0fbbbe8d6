using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Coordinator.Cost;

/// <summary>What operations cost, as proportions.</summary>
public sealed class WorkEstimateTests
{
    static readonly IrType any = IrType.Matrix(ValueTypeCode.F64);

    [Fact]
    public void A_product_costs_by_its_three_extents()
    {
        double small = Product(1000, 100, 100), wide = Product(1000, 100, 200), deep = Product(1000, 200, 100);
        Assert.InRange(wide / small, 1.7, 2.1);
        Assert.InRange(deep / small, 1.7, 2.1);
        // 2 * 2000^3 operations.
        Assert.InRange(Product(2000, 2000, 2000), 0.2e9, 0.6e9);
    }

    [Fact]
    public void Cells_cost_and_functions_of_them_more()
    {
        var x = Extent.Dense(10_000, 100);
        double add = Unary(Op.EwAbs, x).Nanoseconds, exp = Unary(Op.EwExp, x).Nanoseconds;
        Assert.InRange(add, 1e6, 4e6);
        Assert.InRange(exp / add, 1.5, 5);
        Assert.InRange(Unary(Op.EwAbs, Extent.Dense(20_000, 100)).Nanoseconds / add, 1.9, 2.1);
    }

    [Fact]
    public void Cells_that_are_not_stored_cost_nothing()
    {
        var full = Extent.Dense(10_000, 1000);
        Assert.True(Unary(Op.EwAbs, full with { Stored = full.Stored / 100 }).Nanoseconds < Unary(Op.EwAbs, full).Nanoseconds / 10);
    }

    [Fact]
    public void Results_have_the_shapes_that_follow_from_the_inputs()
    {
        var x = Extent.Dense(50, 4);
        Assert.Equal(Extent.Dense(4, 50), Assert.Single(Unary(Op.Transpose, x).Results));
        Assert.Equal(Extent.Dense(50, 4), Assert.Single(Unary(Op.EwExp, x).Results));
        Assert.Equal(Extent.Dense(4, 4), Assert.Single(Unary(Op.Syrk, x).Results));
        Assert.Equal(Extent.Dense(50, 7), Assert.Single(Body([x, Extent.Dense(4, 7)], Op.MatMul).Results));
    }

    [Fact]
    public void Every_operation_that_may_be_in_a_pipeline_has_a_cost()
    {
        var x = Extent.Dense(50, 50);
        foreach (var op in Op.All.Where(o => o.Is(OpTraits.Fusible) && o.Arity > 0))
        {
            var work = Body([.. Enumerable.Repeat(x, op.Arity)], op);
            Assert.True(work.Nanoseconds is > 0 and < 1e9, $"{op}: {work.Nanoseconds}");
            Assert.All(work.Results, r => Assert.True(r.Rows > 0 && r.Cols > 0 && r.Stored > 0, $"{op}: {r}"));
        }
    }

    static double Product(long rows, long inner, long cols) => Body([Extent.Dense(rows, inner), Extent.Dense(inner, cols)], Op.MatMul).Nanoseconds;

    static PipelineWork Unary(OpDef op, Extent x) => Body([x], op);

    static PipelineWork Body(Extent[] inputs, OpDef op)
    {
        var pipeline = new Operation(Op.VectorizedPipeline, [], [any]);
        var block = pipeline.Regions[0].Block;
        var arguments = inputs.Select(_ => block.AddArgument(any)).ToArray();
        var one = new Operation(op, arguments, Enumerable.Repeat(any, Math.Max(1, op.Results)));
        block.Insert(one);
        block.Insert(new Operation(Op.Return, one.Results, []));
        return WorkEstimate.Of(block, inputs);
    }
}
