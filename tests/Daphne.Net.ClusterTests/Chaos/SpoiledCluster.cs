using System.Runtime.InteropServices;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Workers;
using Daphne.Net.Distributed;
using WorkerProcess = Daphne.Net.ClusterTests.Workers.WorkerProcess;

namespace Daphne.Net.ClusterTests.Chaos;

/// <summary>Real worker processes, each behind a network of its own that a test can spoil, and a cluster attached to them.</summary>
sealed class SpoiledCluster : IAsyncDisposable
{
    static readonly string token = TokenFile.NewToken();

    /// <summary>What all its workers ask for.</summary>
    public static string Token => token;

    readonly List<WorkerProcess> workers = [];

    public IReadOnlyList<WorkerProcess> Workers => workers;

    /// <summary>The workers' process ids, also of those that are gone.</summary>
    public int[] Ids { get; private set; } = [];

    public List<SpoiledNetwork> Networks { get; } = [];

    public DaphneCluster Cluster { get; private set; } = null!;

    /// <param name="count">How many workers.</param>
    /// <param name="adjust">Times of the clients.</param>
    /// <param name="grace">How long a run waits without a worker.</param>
    /// <param name="arguments">Of the worker processes.</param>
    public static async Task<SpoiledCluster> StartAsync(int count, Func<GrpcWorkerClientOptions, GrpcWorkerClientOptions>? adjust = null, TimeSpan? grace = null, params string[] arguments)
    {
        var spoiled = new SpoiledCluster();
        try
        {
            spoiled.workers.AddRange(await Task.WhenAll(Enumerable.Range(0, count).Select(_ => WorkerProcess.StartAsync(token, arguments))));
            spoiled.Ids = [.. spoiled.workers.Select(w => w.Process.Id)];
            spoiled.Networks.AddRange(spoiled.workers.Select(_ => new SpoiledNetwork()));
            string[] addresses = [.. spoiled.workers.Select(w => w.Address)];
            spoiled.Cluster = DaphneCluster.Attach(addresses, attach =>
            {
                attach.Token = token;
                attach.HelloTimeout = Patience.Most;
                attach.WorkerGrace = grace ?? attach.WorkerGrace;
                attach.Adjust = (address, options) =>
                {
                    options = options with { Connect = spoiled.Networks[Array.IndexOf(addresses, address)].ConnectAsync };
                    return adjust?.Invoke(options) ?? options;
                };
            });
            await spoiled.Cluster.Deploy();
            return spoiled;
        }
        catch
        {
            await spoiled.DisposeAsync();
            throw;
        }
    }

    public async Task KillAsync(int worker)
    {
        workers[worker].Process.Kill();
        await workers[worker].Process.WaitForExitAsync();
    }

    /// <summary>What a worker holds, asked past its network.</summary>
    public async Task<WorkerStats> HoldsAsync(int worker)
    {
        await using var client = await workers[worker].ConnectAsync(token);
        return await client.StatsAsync(CallBudget.Control, default);
    }

    /// <summary>True if a worker holds nothing, or is gone; false also where it does not say.</summary>
    public async Task<bool> IsEmptyAsync(int worker)
    {
        try
        {
            return workers[worker].Process.HasExited || await HoldsAsync(worker) is { LiveBytes: 0, Values: 0 };
        }
        catch (WorkerException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A stopped process ends all the same; a silent network delays nobody.
        foreach (var network in Networks) network.Speak();
        foreach (var network in Networks) network.Dispose();
        if (Cluster is not null) await Cluster.DisposeAsync();
        foreach (var worker in workers) await worker.DisposeAsync();
    }
}

/// <summary>Work for the workers whose every bit is known: what it gives without a fault it must give with any.</summary>
static class ChaosWork
{
    /// <summary>
    /// Rounds over placed rows: an elementwise chain, a sum over all workers in worker order, a product that goes out to all. The script makes its own data: what is fetched after
    /// its end can be made again, too.
    /// </summary>
    public const string Rounds = """
        X = rand(60000, 8, -0.5, 0.5, 1.0, 1);
        w = rand(8, 1, -0.5, 0.5, 1.0, 2);
        i = 0;
        while (i < 8) {
            P = 1.0 / (1.0 + exp(0.0 - X @ w));
            G = t(X) @ P;
            w = w - G * 0.00001;
            s = sum(sqrt(P * P + 0.5));
            X = X * 0.999 + s * 0.0000001;
            i = i + 1;
        }
        total = sum(X);
        """;

    /// <summary>The bits of all results.</summary>
    public static long[] Bits(DaphneRun run) => [.. Bits(run.Get<double[,]>("X")), .. Bits(run.Get<double[,]>("w")), BitConverter.DoubleToInt64Bits(run.Get<double>("total"))];

    static ReadOnlySpan<long> Bits(double[,] cells) => MemoryMarshal.Cast<double, long>(MemoryMarshal.CreateSpan(ref cells[0, 0], cells.Length));

    /// <summary>What workers in this process give, as many as there are.</summary>
    public static async Task<long[]> ExpectedAsync(int workers, DispatchMode mode = DispatchMode.Synchronous)
    {
        await using var cluster = await DaphneCluster.InProcess(workers).Deploy();
        await using var run = await cluster.RunAsync(Rounds, options: new() { Dispatch = mode });
        return Bits(run);
    }
}

/// <summary>Acts at the nth pipeline that has ended, once, on the script's thread.</summary>
sealed class AtPipeline(int number, Action act) : IProgress<PipelineReport>
{
    int seen;

    public bool Fired { get; private set; }

    public void Report(PipelineReport value)
    {
        if (++seen != number) return;
        act();
        Fired = true;
    }
}
