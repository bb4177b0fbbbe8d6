using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Control flow and pipelines.</summary>
static class StructureBindings
{
    public static Binding[] Rows =>
    [
        new(Op.If, IfStep.Bind),
        new(Op.For, ForStep.Bind),
        new(Op.While, WhileStep.Bind),
        new(Op.Condition, WhileStep.BindCondition),
        new(Op.Yield, MoveStep.BindYield),
        new(Op.Return, MoveStep.BindReturn),
        new(Op.Call, CallStep.Bind),
        new(Op.Map, MapBinding.Bind),
        new(Op.VectorizedPipeline, PipelineStep.Bind),
    ];
}
