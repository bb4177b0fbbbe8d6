using Daphne.Net.Compiler;

namespace Daphne.Net.Cli;

/// <summary>What a command line asks for.</summary>
sealed class ToolSettings
{
    public string? Script { get; set; }

    /// <summary>Script arguments as written, in order.</summary>
    public List<KeyValuePair<string, string>> Arguments { get; } = [];

    public bool Help { get; set; }
    public bool Version { get; set; }
    public bool Verbose { get; set; }
    public bool Timing { get; set; }
    public bool Statistics { get; set; }

    /// <summary>Print the run report to the error stream.</summary>
    public bool RunReport { get; set; }

    /// <summary>Write the run report there, as JSON; null: nowhere.</summary>
    public string? RunReportFile { get; set; }

    /// <summary>Fuse operations into pipelines that run over row ranges on all threads.</summary>
    public bool Vectorize { get; set; }

    /// <summary>Choose sparse representations.</summary>
    public bool SelectRepresentations { get; set; }

    public bool PropagateConstants { get; set; } = true;
    public bool Distributed { get; set; }

    /// <summary>How coordinator and workers talk; null: MPI where this process is one of several ranks, else gRPC.</summary>
    public string? Backend { get; set; }

    /// <summary>Which pipelines go to the workers, as a word: a script that runs here loads nothing of the distributed runtime. Null: what the environment says, else all.</summary>
    public string? Rule { get; set; }

    /// <summary>Bytes per message of a transfer; 0 leaves it to the backend.</summary>
    public int MaxChunkBytes { get; set; }

    public bool AllowInsecure { get; set; }
    /// <summary>A cluster that was deployed before.</summary>
    public string? Cluster { get; set; }

    public string? IdentityFile { get; set; }
    public string? TokenFile { get; set; }
    public HashSet<string> Explain { get; } = [];

    /// <summary>Worker threads; 0 means one per core.</summary>
    public int Threads { get; set; }

    /// <summary>The configuration file.</summary>
    public string? Config { get; set; }

    /// <summary>Where imported scripts lie, beside paths relative to the importing script.</summary>
    public ImportPaths ImportPaths { get; set; } = ImportPaths.None;

    /// <summary>Below this share of non-zero cells a matrix is stored as a sparse one, where asked for.</summary>
    public double SparsityThreshold { get; set; } = CompilerOptions.DefaultSparsityThreshold;

    /// <summary>Options and keys of the configuration that were accepted and do nothing here.</summary>
    public List<string> WithoutEffect { get; } = [];
}
