using Daphne.Net.Distributed;
using Microsoft.Extensions.Hosting;

namespace Daphne.Net;

/// <summary>Hosts a worker in a generic host: listens when the host has started, stops gracefully with it, and stops the host when its parent is gone.</summary>
sealed class DaphneWorkerService(WorkerHostOptions options, IHostApplicationLifetime lifetime) : IHostedService, IAsyncDisposable
{
    readonly CancellationTokenSource stop = new();
    WorkerHost? worker;
    Task<WorkerStop> serving = Task.FromResult(WorkerStop.Requested);

    public async Task StartAsync(CancellationToken ct)
    {
        worker = await WorkerHost.StartAsync(options, ct).ConfigureAwait(false);
        serving = worker.RunAsync(stop.Token);
        _ = serving.ContinueWith(_ => lifetime.StopApplication(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public async Task StopAsync(CancellationToken ct)
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await serving.WaitAsync(ct).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (worker is not null) await worker.DisposeAsync().ConfigureAwait(false);
        stop.Dispose();
    }
}
