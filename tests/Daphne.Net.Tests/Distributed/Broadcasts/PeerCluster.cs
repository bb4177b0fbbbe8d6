using System.Net;
using System.Net.Sockets;
using Daphne.Net.Data;
using Daphne.Net.Distributed;
using Daphne.Net.Tests.Distributed.DataPlane;

namespace Daphne.Net.Tests.Distributed.Broadcasts;

/// <summary>Workers that listen in this process, with a client each.</summary>
sealed class PeerCluster(WorkerHost[] hosts, GrpcWorkerClient[] clients) : IAsyncDisposable
{
    static readonly ClusterAuthority authority = new("peer-tests", TimeSpan.FromHours(1));

    public static string Token { get; } = TokenFile.NewToken();

    public WorkerHost[] Hosts => hosts;

    public GrpcWorkerClient[] Clients => clients;

    /// <param name="workers">How many.</param>
    /// <param name="kind">local: sockets of this machine; tcp, tls, tunnel.</param>
    /// <param name="byteLimits">Of each worker.</param>
    /// <param name="run">Computes; null: nothing is computed.</param>
    public static async Task<PeerCluster> StartAsync(int workers, string kind, long[]? byteLimits = null, RunFragment? run = null)
    {
        bool encrypted = kind is "tls" or "tunnel";
        var hosts = new WorkerHost[workers];
        var clients = new GrpcWorkerClient[workers];
        for (int w = 0; w < workers; w++)
        {
            var options = new WorkerHostOptions { Listen = "127.0.0.1:0", ByteLimit = byteLimits?[w] ?? 0, DrainTimeout = TimeSpan.FromSeconds(1) };
            hosts[w] = await WorkerHost.StartAsync(encrypted ? options with { Identity = authority.Issue("worker") } : options with { Token = Token }, run ?? new ScriptedFragments().Run, default);
            clients[w] = new(hosts[w].Address, new() { Identity = encrypted ? authority.Issue("coordinator") : null, Token = encrypted ? null : Token, LocalSockets = kind == "local", Connect = kind == "tunnel" ? Tunnel.ConnectAsync : null });
            await clients[w].HelloAsync(new(TimeSpan.FromSeconds(20)), default);
        }
        return new(hosts, clients);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients) await client.DisposeAsync();
        foreach (var host in hosts) await host.DisposeAsync();
    }
}

/// <summary>A worker whose offers are changed on their way.</summary>
sealed class OfferThrough(IWorkerClient inner, Func<PeerOffer, PeerOffer> change) : IWorkerClient
{
    public WorkerIdentity Identity => inner.Identity;
    public bool HandsOn => inner.HandsOn;
    public async ValueTask<PeerOffer> OfferAsync(Handle handle, CallBudget budget, CancellationToken ct) => change(await inner.OfferAsync(handle, budget, ct));
    public ValueTask<Handle> PullAsync(PeerOffer offer, CallBudget budget, CancellationToken ct) => inner.PullAsync(offer, budget, ct);
    public ValueTask<WorkerIdentity> HelloAsync(CallBudget budget, CancellationToken ct) => inner.HelloAsync(budget, ct);
    public ValueTask<Handle> StoreAsync(Datum value, CallBudget budget, CancellationToken ct) => inner.StoreAsync(value, budget, ct);
    public ValueTask<IReadOnlyList<Handle>> ComputeAsync(Fragment fragment, IReadOnlyList<Handle> inputs, CallBudget budget, CancellationToken ct) => inner.ComputeAsync(fragment, inputs, budget, ct);
    public ValueTask<Datum> TransferAsync(Handle handle, CallBudget budget, CancellationToken ct) => inner.TransferAsync(handle, budget, ct);
    public ValueTask FreeAsync(IReadOnlyList<Handle> handles, CallBudget budget, CancellationToken ct) => inner.FreeAsync(handles, budget, ct);
    public ValueTask<WorkerStats> StatsAsync(CallBudget budget, CancellationToken ct) => inner.StatsAsync(budget, ct);
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Between two workers: passes connections on, and cuts each when so many bytes have come back.</summary>
/// <param name="bytes">How many.</param>
/// <param name="held">Nothing is passed on before <see cref="Release"/>.</param>
sealed class CuttingRelay(long bytes, bool held = false) : IAsyncDisposable
{
    readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously), released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource stop = new();
    readonly List<Task> running = [];
    readonly List<TcpListener> listeners = [];
    int cut;

    /// <summary>Connections that were cut.</summary>
    public int Cut => cut;

    /// <summary>Done when somebody has come.</summary>
    public Task Reached => reached.Task;

    public void Release() => released.SetResult();

    /// <summary>A port that leads to another one.</summary>
    public int For(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        listeners.Add(listener);
        running.Add(ServeAsync(listener, port));
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    async Task ServeAsync(TcpListener listener, int port)
    {
        try
        {
            using var near = await listener.AcceptTcpClientAsync(stop.Token);
            reached.TrySetResult();
            if (held) await released.Task.WaitAsync(stop.Token);
            using var far = new TcpClient();
            await far.ConnectAsync(IPAddress.Loopback, port, stop.Token);
            var forth = near.GetStream().CopyToAsync(far.GetStream(), stop.Token);
            byte[] buffer = new byte[4096];
            long left = bytes;
            while (left > 0)
            {
                int read = await far.GetStream().ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), stop.Token);
                if (read == 0) break;
                await near.GetStream().WriteAsync(buffer.AsMemory(0, read), stop.Token);
                left -= read;
            }
            if (left == 0) Interlocked.Increment(ref cut);
            near.Close();
            far.Close();
            await forth.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // The test is over, or one end hung up first.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        foreach (var listener in listeners) listener.Stop();
        await Task.WhenAll(running);
    }
}
