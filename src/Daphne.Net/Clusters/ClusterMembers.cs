using Daphne.Net.Deployment;
using Daphne.Net.Distributed;

namespace Daphne.Net;

/// <summary>The workers of a deployed cluster, and the processes behind them where we started these.</summary>
sealed class ClusterMembers : IAsyncDisposable
{
    readonly LocalDeployment? processes;

    ClusterMembers(WorkerSet workers, LocalDeployment? processes) => (Workers, this.processes) = (workers, processes);

    public WorkerSet Workers { get; }

    public static async Task<ClusterMembers> StartAsync(LocalClusterOptions options, IProgress<DeployProgress>? progress, CancellationToken ct)
    {
        int count = options.Workers > 0 ? options.Workers : Math.Max(2, Environment.ProcessorCount / 2);
        string token = TokenFile.NewToken();
        var processes = await LocalDeployment.StartAsync(new()
        {
            Workers = count, Command = WorkerProgram.Command(options.WorkerProgram), StartTimeout = options.StartTimeout, Secret = token,
            Arguments = _ => ["127.0.0.1:0", "--token-stdin", "--until-stdin-ends", .. options.WorkerBytes > 0 ? [$"--max-bytes={options.WorkerBytes}"] : Array.Empty<string>()],
        }, progress, ct).ConfigureAwait(false);
        try
        {
            var clients = await GreetAsync([.. processes.Workers.Select(w => w.Address)], new() { Token = token }, TimeSpan.FromSeconds(10), progress, ct).ConfigureAwait(false);
            return new(new WorkerSet(clients), processes);
        }
        catch
        {
            await processes.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public static async Task<ClusterMembers> AttachAsync(string[] addresses, AttachOptions options, IProgress<DeployProgress>? progress, CancellationToken ct)
    {
        string? token = options.Token ?? (options.TokenFile is { } file ? TokenFile.Read(file) : options.AllowInsecure ? null : TokenFile.ReadOrCreate());
        var client = new GrpcWorkerClientOptions { Token = token, AllowInsecure = options.AllowInsecure, ChunkBytes = options.ChunkBytes };
        return new(new WorkerSet(await GreetAsync(addresses, client, options.HelloTimeout, progress, ct).ConfigureAwait(false)), null);
    }

    static async Task<IWorkerClient[]> GreetAsync(string[] addresses, GrpcWorkerClientOptions options, TimeSpan timeout, IProgress<DeployProgress>? progress, CancellationToken ct)
    {
        IWorkerClient[] clients = [.. addresses.Select(a => new GrpcWorkerClient(a, options))];
        try
        {
            await Task.WhenAll(clients.Select(async (client, n) =>
            {
                await client.HelloAsync(new(timeout), ct).ConfigureAwait(false);
                progress?.Report(new(DeployStep.Ready, n, clients.Length, client.Identity.Address));
            })).ConfigureAwait(false);
            return clients;
        }
        catch
        {
            foreach (var client in clients) await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Workers.DisposeAsync().ConfigureAwait(false);
        if (processes is not null) await processes.DisposeAsync().ConfigureAwait(false);
    }
}
