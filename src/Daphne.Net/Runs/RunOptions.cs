namespace Daphne.Net;

/// <summary>How one script is run.</summary>
public sealed record RunOptions
{
    /// <summary>Names of the top-level variables to keep; null (the default) keeps all that are alive at the end. Everything else is freed at its last use.</summary>
    public IReadOnlyCollection<string>? Outputs { get; init; }

    /// <summary>What relative paths in the script are relative to. Default: the current directory; for a script from a file, the current directory too, as in the tool.</summary>
    public string? ScriptDirectory { get; init; }

    /// <summary>What diagnostics call the script. Default: <c>&lt;script&gt;</c>, or the file's path as given.</summary>
    public string? ScriptName { get; init; }

    /// <summary>Gets what the script prints while it runs, beside <see cref="DaphneRun.Output"/>; written from the script's thread.</summary>
    public TextWriter? Output { get; init; }

    /// <summary>Gets what the script prints to its error stream. Default: nowhere.</summary>
    public TextWriter? Error { get; init; }

    /// <summary>Told about each pipeline that has ended; called from the script's thread.</summary>
    public IProgress<PipelineReport>? Progress { get; init; }

    /// <summary>Longest time a worker may compute one pipeline. Default 1 hour.</summary>
    public TimeSpan ComputeTimeout { get; init; } = TimeSpan.FromHours(1);
}
