using Daphne.Net.Distributed;

namespace Daphne.Net;

/// <summary>How one script is run.</summary>
public sealed record RunOptions
{
    /// <summary>Names of the top-level variables to keep; null (the default) keeps all that are alive at the end. Everything else is freed at its last use.</summary>
    public IReadOnlyCollection<string>? Outputs { get; init; }

    /// <summary>What relative paths in the script are relative to, in its imports only where it is a text: those of a file are relative to the file. Default: the current directory, as in the tool.</summary>
    public string? ScriptDirectory { get; init; }

    /// <summary>
    /// Where imported scripts lie, beside paths relative to the importing script: under <c>default_dirs</c> the folders in which a relative path is
    /// looked up too, under every other key the folder of the library of that name. Default: nowhere.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? ImportPaths { get; init; }

    /// <summary>Folders that imported scripts must lie in, directly or further down; empty: nothing may be imported. Default: anywhere.</summary>
    public IReadOnlyCollection<string>? ImportFolders { get; init; }

    /// <summary>The script's file, where it comes from one.</summary>
    internal string? ScriptPath { get; init; }

    /// <summary>What diagnostics call the script. Default: <c>&lt;script&gt;</c>, or the file's path as given.</summary>
    public string? ScriptName { get; init; }

    /// <summary>Gets what the script prints while it runs, beside <see cref="DaphneRun.Output"/>; written from the script's thread.</summary>
    public TextWriter? Output { get; init; }

    /// <summary>Gets what the script prints to its error stream. Default: nowhere.</summary>
    public TextWriter? Error { get; init; }

    /// <summary>Told about each pipeline that has ended; called from the script's thread.</summary>
    public IProgress<PipelineReport>? Progress { get; init; }

    /// <summary>
    /// Which pipelines go to the workers of a cluster, of those that can be split. Results are the same to the last bit. Null (the default): what
    /// <c>DAPHNE_DIST_RULE</c> says (<c>cost</c> or <c>always</c>), else <see cref="DistributionRule.WhenItPays"/>.
    /// </summary>
    public DistributionRule? Rule { get; init; }

    /// <summary>Most threads that a worker uses for one pipeline; 0 (the default): all it has. A session computes with its own threads whatever is said here.</summary>
    public int WorkerThreads { get; init; }

    /// <summary>Longest time a worker may compute one pipeline. Default 1 hour.</summary>
    public TimeSpan ComputeTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How work is handed to workers. Default: one call at a time per worker.</summary>
    public DispatchMode Dispatch { get; init; }
}
