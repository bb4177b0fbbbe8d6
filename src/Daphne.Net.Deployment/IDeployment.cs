namespace Daphne.Net.Deployment;

/// <summary>Worker processes that were made to be there, wherever they run, and what can be done with them.</summary>
public interface IDeployment : IAsyncDisposable
{
    /// <summary>What was created, for other processes to find.</summary>
    DeploymentRecord Record { get; }

    /// <summary>Where the workers say that they listen, as their own machines see it, in order of their numbers.</summary>
    IReadOnlyList<string> Addresses { get; }

    /// <summary>A connection to a worker's host and port; null where it is reached from here as any other.</summary>
    Func<string, int, CancellationToken, ValueTask<Stream>>? Connect { get; }

    /// <summary>How each worker, or the job they run in, stands: a line each, for people.</summary>
    Task<IReadOnlyList<string>> StatusAsync(CancellationToken ct = default);

    /// <summary>True if a worker, or the job they run in, is there or will be.</summary>
    Task<bool> RunsAsync(CancellationToken ct = default);

    /// <summary>Ends the workers and waits until they are gone. May be called again.</summary>
    Task StopAsync(CancellationToken ct = default);

    /// <summary>Stops the workers and removes the cluster's folder and record. Bundles stay: the next deployment needs them.</summary>
    Task CleanAsync(CancellationToken ct = default);

    /// <summary>Gives the lines the workers wrote; with <paramref name="follow"/> until cancelled.</summary>
    Task LogsAsync(Action<string> onLine, bool follow = false, CancellationToken ct = default);
}
