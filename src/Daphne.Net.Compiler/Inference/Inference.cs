using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Types and shapes of results, from the rules in the operator table. One operation at a time: what goes round (loops, calls) is the business of
/// <see cref="InferenceFixpoint"/>.
/// </summary>
static class Inference
{
    /// <summary>
    /// The types of an operation's results, as far as its operands tell. Operations that hold regions look at their terminators, calls keep what they
    /// have.
    /// </summary>
    public static ImmutableArray<IrType> ResultTypes(Operation op)
    {
        if (op.Results.Count == 0) return [];
        if (OwnRules.Has(op.Def)) return OwnRules.Apply(op);
        if (op.Def == Op.If) return ControlFlowTypes.If(op);
        if (op.Def == Op.For) return ControlFlowTypes.For(op);
        if (op.Def == Op.While) return ControlFlowTypes.While(op);
        if (op.Def == Op.VectorizedPipeline) return ControlFlowTypes.Pipeline(op);
        if (op.Def.Type == TypeRule.Own) return [.. op.Results.Select(r => r.Type)];
        var type = TypeRules.Apply(op.Def.Type, op.Operands);
        return [type is MatrixType matrix && op.Def.Shape is var rule and not (ShapeRule.Scalar or ShapeRule.Own) ? Shaped(matrix, ShapeRules.Apply(rule, op.Operands)) : type];
    }

    /// <summary>Gives every result of an operation its type.</summary>
    public static void Apply(Operation op)
    {
        var types = ResultTypes(op);
        for (int i = 0; i < types.Length; i++) op.Results[i].Type = types[i];
    }

    static MatrixType Shaped(MatrixType type, (long Rows, long Cols) shape) => type.WithShape(shape.Rows, shape.Cols);
}
