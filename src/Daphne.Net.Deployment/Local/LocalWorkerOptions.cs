namespace Daphne.Net.Deployment;

/// <summary>How to start worker processes on this machine.</summary>
public sealed class LocalWorkerOptions
{
    /// <summary>How many; at least 1.</summary>
    public required int Workers { get; init; }

    /// <summary>The program and its leading arguments, for instance <c>["/opt/daphne/daphne", "worker"]</c>.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Arguments of one worker behind those of <see cref="Command"/>, by its number.</summary>
    public required Func<int, IReadOnlyList<string>> Arguments { get; init; }

    /// <summary>The first line on each worker's standard input: the secret it asks of its callers. Never on a command line, never in the environment.</summary>
    public required string Secret { get; init; }

    /// <summary>Variables to set (or, with a null value, to remove) in the workers' environment.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>How long a worker may take to listen. Default 60 seconds.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a worker may take to end on its own once it is told to; then it is killed. Default 10 seconds.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
