using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Passes in the order they run.</summary>
public sealed class PassPipeline
{
    readonly CompilerOptions options;
    readonly IReadOnlyList<Step> steps;

    PassPipeline(CompilerOptions options, IReadOnlyList<Step> steps) => (this.options, this.steps) = (options, steps);

    /// <summary>What happens to every script after lowering and the first inference (stage <c>parsing</c> lies before it).</summary>
    public static PassPipeline Standard(CompilerOptions options) => new(options,
    [
        .. Simplify(options), Stage("parsing_simplified"),
        .. Know(options), Stage("property_inference"),
        .. Choose(options), Stage("phy_op_selection"),
        .. Adapt(options), Stage("type_adaptation"),
        .. Represent(options), Stage("select_matrix_repr"),
        .. Fuse(options), Stage("vectorized"),
    ]);

    static Step[] Simplify(CompilerOptions options) => !options.Optimize ? [] :
        [new FoldConstants(), .. AcrossCalls(options), new FoldIdentities(options.SelectRepresentations), new CommonSubexpressions(), new DeadCode()];

    static Step[] AcrossCalls(CompilerOptions options) => options.PropagateAcrossCalls ? [new PropagateAcrossCalls()] : [];

    // Shapes make constants and constants make shapes; programs that need a third round are made by hand.
    static Step[] Know(CompilerOptions options) => !options.Optimize ? [new InferTypes()] :
    [
        new InferTypes(), new FoldShapeQueries(), new FoldConstants(), new FoldBranches(), .. AcrossCalls(options),
        new InferTypes(), new FoldShapeQueries(), new FoldConstants(), new FoldBranches(),
        new FoldIdentities(options.SelectRepresentations), new CommonSubexpressions(), new DeadCode(), new InferTypes(),
    ];

    static Step[] Choose(CompilerOptions options) => !options.Optimize ? [] : [new RewriteProducts(), new CommonSubexpressions(), new DeadCode()];

    // Kernels rely on operands of one value type, optimised or not.
    static Step[] Adapt(CompilerOptions options) => !options.Optimize ? [new CastOperands()] :
        [new CastOperands(), new FoldConstants(), new FoldIdentities(options.SelectRepresentations), new CommonSubexpressions(), new HoistInvariants(), new CommonSubexpressions(), new DeadCode()];

    // Behind the casts, so that value types are settled; in front of fusion, which keeps away from sparse matrices.
    static Step[] Represent(CompilerOptions options) => !options.SelectRepresentations ? [] :
    [
        new SelectRepresentations(options.SparsityThreshold),
        .. options.Optimize ? (Step[])[new CommonSubexpressions(), new HoistInvariants(), new CommonSubexpressions(), new DeadCode()] : [],
    ];

    static Step[] Fuse(CompilerOptions options) => !options.Vectorize ? [] :
        [new FusePipelines(options.Distributed ? FusionRules.Distributed : FusionRules.Local), new CommonSubexpressions(), new DeadCode()];

    /// <summary>A pipeline from the names of its passes, for instance <c>fold-constants,cse</c>.</summary>
    /// <exception cref="ScriptException">A name is no pass.</exception>
    public static PassPipeline Parse(string names, CompilerOptions? options = null) => new(options ?? new(),
        [.. names.Split(',', StringSplitOptions.TrimEntries).Select(name => (Step)(All.FirstOrDefault(p => p.Name == name)
            ?? throw new ScriptException(Diag.UnknownPass.At(default, name, string.Join(", ", All.Select(p => p.Name))))))]);

    /// <summary>Every pass there is, with the rules it has on this machine.</summary>
    public static IReadOnlyList<Pass> All { get; } =
    [
        new InferTypes(), new FoldConstants(), new FoldIdentities(), new FoldShapeQueries(), new FoldBranches(), new PropagateAcrossCalls(), new CommonSubexpressions(), new DeadCode(),
        new RewriteProducts(), new CastOperands(), new HoistInvariants(), new SelectRepresentations(CompilerOptions.DefaultSparsityThreshold),
        new FusePipelines(FusionRules.Local), new FusePipelines(FusionRules.Distributed),
    ];

    /// <summary>Runs the passes over a module.</summary>
    /// <exception cref="ScriptException">Inference found a mistake of the script; or, with <see cref="CompilerOptions.Verify"/>, the IR is broken.</exception>
    public IrModule Apply(IrModule module)
    {
        if (options.Verify) Verifier.Demand(module);
        foreach (var step in steps)
        {
            if (step.Stage is { } stage) options.Explain?.Invoke(stage, module);
            if (step.Pass is null) continue;
            step.Pass.Run(module);
            if (options.Verify) Verifier.Demand(module);
        }
        return module;
    }

    static Step Stage(string name) => new(null, name);

    // Either a pass or a place where people may look.
    sealed record Step(Pass? Pass, string? Stage)
    {
        public static implicit operator Step(Pass pass) => new(pass, null);
    }
}
