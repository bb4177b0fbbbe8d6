namespace Daphne.Net.Deployment;

/// <summary>Worker processes on this machine, started together and taken down together.</summary>
public sealed class LocalDeployment : IAsyncDisposable
{
    readonly IProgress<DeployProgress>? progress;

    LocalDeployment(IReadOnlyList<LocalWorker> workers, IProgress<DeployProgress>? progress) => (Workers, this.progress) = (workers, progress);

    /// <summary>The workers, in order of their numbers.</summary>
    public IReadOnlyList<LocalWorker> Workers { get; }

    /// <summary>Starts all workers at once and waits until every one listens. On failure or cancellation none is left.</summary>
    /// <exception cref="DeploymentException">A worker could not be started, ended early, or was late.</exception>
    public static async Task<LocalDeployment> StartAsync(LocalWorkerOptions options, IProgress<DeployProgress>? progress = null, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task<LocalWorker>[] starting = [.. Enumerable.Range(0, options.Workers).Select(n => LocalWorker.StartAsync(options, n, progress, giveUp.Token))];
        try
        {
            // The first failure ends the others: their starts are cancelled instead of running to their own deadlines.
            await foreach (var one in Task.WhenEach(starting).ConfigureAwait(false)) await one.ConfigureAwait(false);
        }
        catch
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(starting.Select(TakeDownAsync)).ConfigureAwait(false);
            throw;
        }
        return new([.. starting.Select(s => s.Result)], progress);

        static async Task TakeDownAsync(Task<LocalWorker> start)
        {
            await ((Task)start).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (start.IsCompletedSuccessfully) await start.Result.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Stops all workers at once.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(Workers.Select(async (worker, n) =>
    {
        progress?.Report(new(DeployStep.Stopping, n, Workers.Count, worker.Address));
        await worker.DisposeAsync().ConfigureAwait(false);
        progress?.Report(new(DeployStep.Stopped, n, Workers.Count, worker.Address));
    })).ConfigureAwait(false);
}
