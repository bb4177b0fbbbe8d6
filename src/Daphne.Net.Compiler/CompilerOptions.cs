namespace Daphne.Net.Compiler;

/// <summary>What the caller decides about compiling.</summary>
public sealed record CompilerOptions
{
    /// <summary>Fuse operations into pipelines that run over row ranges. Default: true.</summary>
    public bool Vectorized { get; init; } = true;

    /// <summary>Pipelines are for other processes: their fragments keep to what the original's workers know. Default: false.</summary>
    public bool Distributed { get; init; }

    /// <summary>Check the IR before and after every pass. Default: false, because lowering and passes are tested with it.</summary>
    public bool Verify { get; init; }

    /// <summary>Called with the name of a stage (see <see cref="Stages"/>) and the module as it is there.</summary>
    public Action<string, IrModule>? Explain { get; init; }

    /// <summary>The stages in order, by the names of the original's <c>--explain</c>.</summary>
    public static IReadOnlyList<string> Stages { get; } =
        ["parsing", "parsing_simplified", "property_inference", "phy_op_selection", "type_adaptation", "vectorized"];
}
