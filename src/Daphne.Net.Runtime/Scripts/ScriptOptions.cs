using Daphne.Net.Compiler;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>How a script is compiled and run.</summary>
public sealed record ScriptOptions
{
    /// <summary>Top-level variables to keep; null for all that are alive at the end. Default: none.</summary>
    public IReadOnlySet<string>? Outputs { get; init; } = new HashSet<string>();

    /// <summary>Where <c>print</c> writes. Default: nowhere.</summary>
    public TextWriter Output { get; init; } = TextWriter.Null;

    /// <summary>Where <c>print</c> to the error stream writes. Default: nowhere.</summary>
    public TextWriter Error { get; init; } = TextWriter.Null;

    /// <summary>Files the script may touch.</summary>
    public FilePolicy Files { get; init; } = FilePolicy.CurrentDirectory;

    /// <summary>The script's file, which its imports are relative to; null for a text, whose imports are relative to where <see cref="Files"/> begins.</summary>
    public string? ScriptPath { get; init; }

    /// <summary>Where matrix representations are chosen: below this share of non-zero cells a matrix is sparse.</summary>
    public double SparsityThreshold { get; init; } = CompilerOptions.DefaultSparsityThreshold;

    /// <summary>Where else imported scripts lie. Default: nowhere.</summary>
    public ImportPaths ImportPaths { get; init; } = ImportPaths.None;

    /// <summary>Fold constants, merge equal operations, drop what nobody needs. Default: yes.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>Propagate constants into functions. Default: yes.</summary>
    public bool PropagateAcrossCalls { get; init; } = true;

    /// <summary>Fuse operations into pipelines over row ranges. Default: no.</summary>
    public bool Vectorize { get; init; }

    /// <summary>Choose sparse representations for matrices of few non-zero cells. Default: no.</summary>
    public bool SelectRepresentations { get; init; }

    /// <summary>Pipelines are for other processes. Default: no.</summary>
    public bool Distributed { get; init; }

    /// <summary>Makes the backend of a run from the engine and from where finished pipelines are reported. Default: <see cref="LocalPipelineBackend"/>.</summary>
    public Func<TaskEngine, RunStatistics, IPipelineBackend>? Backend { get; init; }

    /// <summary>Is shown the module after each stage of the compiler.</summary>
    public Action<string, IrModule>? Explain { get; init; }

    /// <summary>The clock behind <c>now()</c>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Seeds for <c>rand</c> and <c>sample</c> where the script leaves them to chance.</summary>
    public SeedSource Seeds { get; init; } = new();
}
