using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>What <c>$name</c> is: a literal that is known now, or a value that the host hands in when the script runs.</summary>
public sealed record ArgumentBinding
{
    ArgumentBinding(IrType type, object? constant) => (Type, Constant) = (type, constant);

    /// <summary>Its type.</summary>
    public IrType Type { get; }

    /// <summary>The literal, as a constant of the IR holds it; null for a value handed in.</summary>
    public object? Constant { get; }

    /// <summary>A literal; see <see cref="ScalarAttribute"/> for what <paramref name="value"/> may be.</summary>
    public static ArgumentBinding Literal(ValueTypeCode type, object value) => new(IrType.Scalar(type), value);

    /// <summary>A value that arrives as a parameter of <c>main</c>.</summary>
    public static ArgumentBinding Input(IrType type) => new(type, null);
}

/// <summary>What a script is compiled with.</summary>
public sealed record CompilerOptions
{
    /// <summary>Script arguments by name, without the dollar sign.</summary>
    public IReadOnlyDictionary<string, ArgumentBinding> Arguments { get; init; } = new Dictionary<string, ArgumentBinding>();

    /// <summary>Top-level variables whose final values <c>main</c> returns; null for all that are alive at the end.</summary>
    public IReadOnlySet<string>? Outputs { get; init; } = new HashSet<string>();

    /// <summary>Describes a data file that the script reads. Default: the <c>.meta</c> file beside it, relative to the current directory.</summary>
    public Func<string, FileMetaData> MetaData { get; init; } = FileMetaData.For;

    /// <summary>The script's file, which its imports are relative to; null for a text.</summary>
    public string? ScriptPath { get; init; }

    /// <summary>The default of <see cref="SparsityThreshold"/>.</summary>
    public const double DefaultSparsityThreshold = 0.25;

    /// <summary>Where matrix representations are chosen: below this share of non-zero cells a matrix is sparse.</summary>
    public double SparsityThreshold { get; init; } = DefaultSparsityThreshold;

    /// <summary>Where else imported scripts lie. Default: nowhere.</summary>
    public ImportPaths ImportPaths { get; init; } = ImportPaths.None;

    /// <summary>The path to read an imported script from, null where it may not be imported. Default: any may.</summary>
    public Func<string, string?> ImportFile { get; init; } = path => path;

    /// <summary>Fold constants, merge equal operations, drop what nobody needs. Default: yes.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>Fuse operations into pipelines over row ranges. Default: no.</summary>
    public bool Vectorize { get; init; }

    /// <summary>Pipelines are for other processes: they keep to what the original's workers can do. Default: no.</summary>
    public bool Distributed { get; init; }

    /// <summary>Choose sparse representations. Default: no, everything is dense.</summary>
    public bool SelectRepresentations { get; init; }

    /// <summary>Check the IR before and after every pass. Default: no, because lowering and passes are tested with it.</summary>
    public bool Verify { get; init; }

    /// <summary>Propagate constants into functions. Default: yes.</summary>
    public bool PropagateAcrossCalls { get; init; } = true;

    /// <summary>Is shown the module after each stage, by name: see <see cref="Stages"/>.</summary>
    public Action<string, IrModule>? Explain { get; init; }

    /// <summary>The stages in order, by the names of the original's <c>--explain</c>.</summary>
    public static IReadOnlyList<string> Stages { get; } =
        ["parsing", "parsing_simplified", "property_inference", "phy_op_selection", "type_adaptation", "select_matrix_repr", "vectorized"];
}

/// <summary>A value that goes into a compiled script or comes out of it.</summary>
public sealed record ScriptValue(string Name, IrType Type);

/// <summary>A compiled script: <c>main</c> of <paramref name="Module"/> takes the inputs and returns the outputs, both in ordinal order of names.</summary>
public sealed record CompiledScript(IrModule Module, ImmutableArray<ScriptValue> Inputs, ImmutableArray<ScriptValue> Outputs);
