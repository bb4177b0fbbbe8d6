using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>How an input of a pipeline comes to a batch of rows.</summary>
enum InputKind : byte
{
    /// <summary>All of it.</summary>
    Whole,
    /// <summary>All of it, and that is one row, which elementwise operations repeat.</summary>
    OneRow,
    /// <summary>The rows of the batch.</summary>
    Rows,
}

/// <summary>What becomes of a value that batches produce.</summary>
enum OutputKind : byte
{
    /// <summary>Batches go one below the other.</summary>
    Rows,
    /// <summary>Batches go one beside the other.</summary>
    Cols,
    /// <summary>Batches are folded into the result of an aggregate.</summary>
    Fold,
}

/// <summary>A value that batches produce; for a fold the aggregate that takes it in.</summary>
readonly record struct RowOutput(Value Value, OutputKind Kind, Operation? Fold);

/// <summary>
/// A pipeline cut in three: what needs no rows runs once before, what works row by row runs per batch, and what needs all rows at once runs once behind.
/// Only operations whose rows do not depend on where a batch begins run per batch, and sums are taken in fixed blocks, so the result has the bits of
/// a run in one piece.
/// </summary>
sealed class RowPlan
{
    RowPlan(Program before, Program batch, Program after, RowOutput[] outputs, int[] rowInputs, bool hasProducts) =>
        (Before, Batch, After, Outputs, RowInputs, HasProducts) = (before, batch, after, outputs, rowInputs, hasProducts);

    /// <summary>All inputs in; values every batch needs out.</summary>
    public Program Before { get; }

    /// <summary>Rows of the split inputs, all inputs, what <see cref="Before"/> gave in; the outputs of a batch out.</summary>
    public Program Batch { get; }

    /// <summary>Collected outputs, all inputs, what <see cref="Before"/> gave in; the pipeline's results out.</summary>
    public Program After { get; }

    public IReadOnlyList<RowOutput> Outputs { get; }

    /// <summary>Which inputs come in rows.</summary>
    public IReadOnlyList<int> RowInputs { get; }

    /// <summary>Products copy their right side before they start, so they want larger batches.</summary>
    public bool HasProducts { get; }

    /// <summary>Cuts a pipeline for these kinds of inputs; null where nothing can run row by row.</summary>
    public static RowPlan? Make(Operation pipeline, IReadOnlyList<CombineKind> combines, IReadOnlyList<InputKind> kinds)
    {
        if (pipeline.Regions[0].Block.Operations.Any(op => op != pipeline.Regions[0].Block.Terminator && (!op.Def.Is(OpTraits.Pure) || op.Regions.Count > 0))) return null;
        // Batches are rows of dense numbers.
        if (pipeline.Regions[0].Block.Operations.SelectMany(op => op.Results).Any(v => v.Type is MatrixType { Representation: Representation.Sparse } or MatrixType { ValueType: ValueTypeCode.Str })) return null;
        var phases = new RowPhases(pipeline, combines, kinds);
        if (phases.Outputs.Count == 0) return null;
        var body = pipeline.Regions[0].Block;
        Value[] arguments = [.. body.Arguments], rows = [.. arguments.Where((_, i) => kinds[i] == InputKind.Rows)];
        Operation[] whole = phases.In(Phase.Whole), batch = phases.In(Phase.Row), late = phases.In(Phase.Late);
        Value[] early = [.. whole.SelectMany(op => op.Results)], outputs = [.. phases.Outputs.Select(o => o.Value)];
        // What a fold yields stands for the fold; what is collected stands for itself.
        Value[] collected = [.. phases.Outputs.Select(o => o.Kind == OutputKind.Fold ? o.Fold!.Results[0] : o.Value)];
        return new(
            Program(arguments, whole, early),
            Program([.. rows, .. arguments, .. early], batch, outputs),
            Program([.. collected, .. arguments, .. early], late, [.. body.Terminator.Operands]),
            [.. phases.Outputs], [.. Enumerable.Range(0, kinds.Count).Where(i => kinds[i] == InputKind.Rows)],
            batch.Any(op => op.Def == Op.MatMul));
    }

    // The first of several parameters that stand for one value is the one that counts.
    static Program Program(Value[] parameters, Operation[] operations, Value[] results)
    {
        var module = new IrModule();
        var body = module.AddFunction("phase", parameters.Select(p => p.Type), results.Select(r => r.Type)).Regions[0].Block;
        Dictionary<Value, Value> map = [];
        for (int i = 0; i < parameters.Length; i++) map.TryAdd(parameters[i], body.Arguments[i]);
        foreach (var op in operations) body.Insert(op.Clone(map));
        body.Insert(new Operation(Op.Return, results.Select(r => map[r]), []));
        return ProgramBuilder.Build(module, "phase");
    }
}
