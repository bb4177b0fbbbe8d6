using System.Collections.Immutable;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Where a fused pipeline runs: on this machine's cores, or on the workers of a cluster.</summary>
public interface IPipelineBackend
{
    /// <summary>
    /// Runs a pipeline to its end, or hands back objects that are fetched when somebody needs them (<see cref="Matrix.Here"/>).
    /// The caller keeps owning <paramref name="inputs"/> and owns the results, one per result of the pipeline.
    /// </summary>
    /// <exception cref="ScriptException">An operation of the body failed; the diagnostic names its place.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    DataObject[] Run(Pipeline pipeline, ReadOnlySpan<Datum> inputs, CancellationToken ct);
}

/// <summary>A fused pipeline (<c>daphne.vectorizedPipeline</c>) with what backends need of it.</summary>
public sealed class Pipeline
{
    internal Pipeline(Operation operation, ImmutableArray<SplitKind> splits, ImmutableArray<CombineKind> combines, string fragment)
        => (Operation, Splits, Combines, Fragment, SelectsRows) = (operation, splits, combines, fragment, operation.Regions[0].Block.Operations.Any(op => op.Def.Split is { Selects: true }));

    /// <summary>The operation in the IR; its region is the body, block argument i is input i.</summary>
    public Operation Operation { get; }

    /// <summary>Per input: handed out whole, or by ranges.</summary>
    public ImmutableArray<SplitKind> Splits { get; }

    /// <summary>What its ranges are of: rows, or columns.</summary>
    public SplitKind Axis => Splits.Contains(SplitKind.Cols) ? SplitKind.Cols : SplitKind.Rows;

    /// <summary>Per result: how parts are put together.</summary>
    public ImmutableArray<CombineKind> Combines { get; }

    /// <summary>Per result: its type as inferred, sizes as what they are stored as.</summary>
    public ImmutableArray<IrType> ResultTypes =>
        [.. Operation.Results.Select(r => r.Type is MatrixType { ValueType: ValueTypeCode.Size } sizes ? sizes with { ValueType = ValueTypeCode.UI64 } : r.Type)];

    /// <summary>True if how many rows a range gives is not known before it is done.</summary>
    public bool SelectsRows { get; }

    /// <summary>The body as the text that travels to workers: one <c>func.func @dist</c>.</summary>
    public string Fragment { get; }

    /// <summary>How to run it by rows for these kinds of inputs; null where that cannot be done.</summary>
    internal RowPlan? PlanFor(InputKind[] kinds) =>
        plans.GetOrAdd(string.Join(',', kinds.Select(k => (int)k)), _ => RowPlan.Make(Operation, Combines, kinds));
    readonly System.Collections.Concurrent.ConcurrentDictionary<string, RowPlan?> plans = new();

    /// <summary>The body as one program.</summary>
    internal Program Whole => whole ??= ProgramBuilder.BuildBody(Operation);
    Program? whole;

    /// <summary>The operations of its body by name, for reports: <c>ewMul, ewAdd, sumAll</c>.</summary>
    public string Describe() => string.Join(", ", Operation.Regions[0].Block.Operations
        .Where(op => op.Def != Op.Constant && op.Def != Op.Return).Select(op => op.Def.Name));

    /// <summary>Where in the script the pipeline comes from.</summary>
    public SourceSpan Span => Operation.Span;
}
