namespace Daphne.Net;

/// <summary>How worker processes of this machine are started.</summary>
public sealed class LocalClusterOptions
{
    /// <summary>How many; 0 (the default) means one per two cores, at least 2.</summary>
    public int Workers { get; set; }

    /// <summary>The worker program: a path to an executable or a <c>.dll</c>. Default: <c>DAPHNE_WORKER</c>, else the one that the package placed beside the application.</summary>
    public string? WorkerProgram { get; set; }

    /// <summary>How long a worker may take to listen. Default 60 seconds.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Folders whose files the workers read themselves, each its rows, instead of being sent what <c>readMatrix</c> finds there. Null (the default): the current directory.
    /// </summary>
    public IReadOnlyList<string>? FilesRoots { get; set; }

    /// <summary>Most bytes of values that one worker holds; 0 (the default) means no limit.</summary>
    public long WorkerBytes { get; set; }

    /// <summary>Threads that each worker computes with; 0 (the default): one per core of the machine.</summary>
    public int WorkerThreads { get; set; }

    /// <summary>How long a run waits while no worker answers, before it fails. Default 60 seconds.</summary>
    public TimeSpan WorkerGrace { get; set; } = TimeSpan.FromSeconds(60);
}
