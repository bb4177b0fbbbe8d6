using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed;

/// <summary>A worker and a client on it.</summary>
/// <param name="Client">Greeted.</param>
/// <param name="Stats">What the worker itself says it holds, whatever the client does.</param>
/// <param name="Stop">Takes it all down.</param>
sealed record WorkerUnderTest(IWorkerClient Client, Func<WorkerStats> Stats, Func<ValueTask> Stop) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Stop();
    }
}
