using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>What a run may touch: where it prints, which files, which clock, who runs its pipelines, when it is to stop.</summary>
public sealed class RunContext
{
    /// <summary>Where <c>print</c> writes. Default: nowhere.</summary>
    public TextWriter Output { get; init; } = TextWriter.Null;

    /// <summary>Where <c>print(x, newline, true)</c> writes. Default: nowhere.</summary>
    public TextWriter Error { get; init; } = TextWriter.Null;

    /// <summary>The clock behind <c>now()</c>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Files the script may read and write. Default: all this process may, relative to the current directory.</summary>
    public FilePolicy Files { get; init; } = FilePolicy.CurrentDirectory;

    /// <summary>Gives the seed where a script asks for a random one (seed -1).</summary>
    public SeedSource Seeds { get; init; } = new();

    /// <summary>Who runs fused pipelines; null runs their body as it stands, in one piece.</summary>
    public IPipelineBackend? Pipelines { get; init; }

    /// <summary>The threads that share long kernels. Default: those of the process.</summary>
    public TaskEngine Engine { get; init; } = TaskEngine.Shared;

    /// <summary>What was run, counted.</summary>
    public RunStatistics Statistics { get; init; } = new();

    /// <summary>Ends the run at the next step, loop head or row block.</summary>
    public CancellationToken Cancellation { get; init; }

    internal void ThrowIfCancelled()
    {
        if (Cancellation.IsCancellationRequested) throw new OperationCanceledException(Cancellation);
    }
}
