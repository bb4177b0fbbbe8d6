using Daphne.Net.Deployment;
using Daphne.Net.Distributed;

namespace Daphne.Net;

/// <summary>The workers of a deployed cluster, and the processes behind them where we started these.</summary>
sealed class ClusterMembers : IAsyncDisposable
{
    readonly IAsyncDisposable? processes;

    ClusterMembers(WorkerSet workers, IAsyncDisposable? processes) => (Workers, this.processes) = (workers, processes);

    public WorkerSet Workers { get; }

    /// <summary>What was deployed on other machines; null where nothing was.</summary>
    public IDeployment? Deployment { get; private init; }

    /// <summary>Greets the workers of a deployment, through its tunnel where it has one.</summary>
    /// <param name="deployment">It is taken over: stopped with the cluster if <paramref name="owns"/>, else only let go.</param>
    /// <param name="identity">Who we are in the cluster.</param>
    /// <param name="owns">The cluster ends with us.</param>
    /// <param name="progress">Is told who answered.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<ClusterMembers> OfAsync(IDeployment deployment, PeerIdentity identity, bool owns, IProgress<DeployProgress>? progress, CancellationToken ct)
    {
        var ending = new Ending(deployment, owns);
        try
        {
            // Who deploys a cluster owns it; who attaches to it is a guest.
            GrpcWorkerClientOptions client = new() { Claim = owns ? CoordinatorClaim.Of(generation: 1) : null, Identity = identity, ClusterId = identity.ClusterId, Connect = deployment.Connect, PeersMeet = deployment is SlurmDeployment };
            int asked = deployment.Addresses.Count, least = deployment.Record.MinWorkers > 0 ? Math.Min(deployment.Record.MinWorkers, asked) : asked;
            var (clients, silent) = await GreetAsync([.. deployment.Addresses], _ => client, helloTime, least, progress, ct).ConfigureAwait(false);
            // Where others are coming, a script that has no worker left waits for them as long as for the first ones.
            var others = deployment is SlurmDeployment { Elastic: { } coming } ? new WorkerSetOptions { Grace = coming.StartTimeout } : null;
            var members = new ClusterMembers(new WorkerSet(clients, options: others), ending) { Deployment = deployment };
            if (members.Elastic is { } elastic) members.Follow(elastic, silent, client, progress);
            else if (members.Missed is { } missed) members.Follow(missed, asked, client, progress);
            return members;
        }
        catch
        {
            await ending.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    static readonly TimeSpan helloTime = TimeSpan.FromSeconds(30);

    /// <summary>What keeps the number of workers as it should be; null where it stays as it is.</summary>
    public ElasticWorkers? Elastic => (Deployment as SlurmDeployment)?.Elastic;

    MissedWorkers? Missed => (Deployment as SlurmDeployment)?.Missed;

    // New workers join the running cluster, and those that runs find lost are told to whoever replaces them.
    void Follow(ElasticWorkers elastic, IEnumerable<string> silent, GrpcWorkerClientOptions options, IProgress<DeployProgress>? progress)
    {
        Workers.Changed += change =>
        {
            if (change.State == WorkerState.Lost) elastic.Lost(change.Worker.Address);
        };
        elastic.Begin((worker, ct) => JoinAsync(worker.Address, elastic.Wanted, options, progress, ct), said => progress?.Report(new(DeployStep.Changed, 0, elastic.Wanted, said)));
        foreach (string address in silent) elastic.Lost(address);
    }

    // Nobody replaces them: what became of them is found out, and a run that waits for them hears of it.
    void Follow(MissedWorkers missed, int wanted, GrpcWorkerClientOptions options, IProgress<DeployProgress>? progress)
    {
        Workers.Changed += change =>
        {
            if (change.State != WorkerState.Up) missed.Look();
        };
        missed.Begin(Workers.Clients.Select(c => c.Identity.Address), () => Workers.Answering < wanted, (worker, ct) => JoinAsync(worker.Address, wanted, options, progress, ct), news =>
        {
            if (news.Patience is { } patience) Workers.Grace = new(patience, news.Text);
            progress?.Report(new(DeployStep.Changed, 0, wanted, news.Text));
        });
        if (Workers.Answering < wanted) missed.Look();
    }

    async Task JoinAsync(string address, int wanted, GrpcWorkerClientOptions options, IProgress<DeployProgress>? progress, CancellationToken ct)
    {
        var client = new GrpcWorkerClient(address, options);
        try
        {
            await client.HelloAsync(new(helloTime), ct).ConfigureAwait(false);
            Workers.Add(client);
        }
        catch (Exception e)
        {
            await client.DisposeAsync().ConfigureAwait(false);
            if (e is WorkerException) throw new DeploymentException(DeploymentFailure.Unreachable, e.Message, e);
            throw;
        }
        progress?.Report(new(DeployStep.Ready, Workers.Answering - 1, wanted, client.Identity.Address));
    }

    sealed class Ending(IDeployment deployment, bool owns) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                if (owns) await deployment.CleanAsync().ConfigureAwait(false);
            }
            catch (DeploymentException)
            {
                // The machine is gone or does not obey. The record stays, so that a sweep finds what is left; and the workers end by themselves.
            }
            finally
            {
                await deployment.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    public static async Task<ClusterMembers> StartAsync(LocalClusterOptions options, IProgress<DeployProgress>? progress, CancellationToken ct)
    {
        int count = options.Workers > 0 ? options.Workers : Math.Max(2, Environment.ProcessorCount / 2);
        string token = TokenFile.NewToken();
        string[] roots = [.. (options.FilesRoots ?? [Environment.CurrentDirectory]).Select(folder => $"--files-root={Path.GetFullPath(folder)}")];
        var processes = await LocalDeployment.StartAsync(new()
        {
            Workers = count, Command = WorkerProgram.Command(options.WorkerProgram), StartTimeout = options.StartTimeout, Secret = token,
            Arguments = _ => ["127.0.0.1:0", "--token-stdin", "--until-stdin-ends", .. options.WorkerBytes > 0 ? [$"--max-bytes={options.WorkerBytes}"] : Array.Empty<string>(),
                .. options.WorkerThreads > 0 ? [$"--threads={options.WorkerThreads}"] : Array.Empty<string>(), .. roots],
        }, progress, ct).ConfigureAwait(false);
        try
        {
            var (clients, _) = await GreetAsync([.. processes.Workers.Select(w => w.Address)], _ => new() { Token = token }, options.StartTimeout, count, progress, ct).ConfigureAwait(false);
            return new(new WorkerSet(clients, options: new() { Grace = options.WorkerGrace }), processes);
        }
        catch
        {
            await processes.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public static async Task<ClusterMembers> AttachAsync(string[] addresses, AttachOptions options, IProgress<DeployProgress>? progress, CancellationToken ct)
    {
        var identity = options.IdentityFile is { } path ? PeerIdentity.Read(path) : null;
        string? token = options.Token ?? (options.TokenFile is { } file ? TokenFile.Read(file) : options.AllowInsecure || identity is not null ? null : TokenFile.ReadOrCreate());
        var client = new GrpcWorkerClientOptions { Token = token, Identity = identity, AllowInsecure = options.AllowInsecure, ChunkBytes = options.ChunkBytes };
        var (clients, _) = await GreetAsync(addresses, address => options.Adjust?.Invoke(address, client) ?? client, options.HelloTimeout, addresses.Length, progress, ct).ConfigureAwait(false);
        return new(new WorkerSet(clients, options: new() { Grace = options.WorkerGrace }), null);
    }

    public static ClusterMembers InProcess(int workers) => Of(new(Enumerable.Range(1, workers).Select(n => new InProcessWorker($"in-process {n}"))));

    public static ClusterMembers Of(WorkerSet workers) => new(workers, null);

    // With too few left it ends: nobody waits for the others then.
    static async Task<(IWorkerClient[] Clients, string[] Silent)> GreetAsync(string[] addresses, Func<string, GrpcWorkerClientOptions> options, TimeSpan timeout, int least, IProgress<DeployProgress>? progress, CancellationToken ct)
    {
        IWorkerClient[] clients = [.. addresses.Select(a => new GrpcWorkerClient(a, options(a)))];
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task[] greetings = [.. clients.Select(HelloAsync)];
        List<WorkerException> failures = [];
        try
        {
            await foreach (var one in Task.WhenEach(greetings).ConfigureAwait(false))
            {
                try
                {
                    await one.ConfigureAwait(false);
                }
                catch (WorkerException e) when (clients.Length - failures.Count > least)
                {
                    failures.Add(e);
                }
            }
        }
        catch
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(greetings).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.WhenAll(clients.Select(c => c.DisposeAsync().AsTask())).ConfigureAwait(false);
            throw;
        }
        if (failures.Count == 0) return (clients, []);
        IWorkerClient[] silent = [.. clients.Where((_, n) => greetings[n].IsFaulted)];
        await Task.WhenAll(silent.Select(c => c.DisposeAsync().AsTask())).ConfigureAwait(false);
        progress?.Report(new(DeployStep.Fewer, 0, clients.Length, $"{clients.Length - silent.Length} of {clients.Length} workers answer; {string.Join("; ", failures.Select(f => f.Message.Split('\n')[0]))}"));
        return ([.. clients.Except(silent)], [.. silent.Select(c => c.Identity.Address)]);

        async Task HelloAsync(IWorkerClient client, int n)
        {
            await client.HelloAsync(new(timeout), giveUp.Token).ConfigureAwait(false);
            progress?.Report(new(DeployStep.Ready, n, clients.Length, client.Identity.Address));
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Nobody joins who is let go at once.
        if (Elastic is { } elastic) await elastic.DisposeAsync().ConfigureAwait(false);
        if (Missed is { } missed) await missed.DisposeAsync().ConfigureAwait(false);
        await Workers.DisposeAsync().ConfigureAwait(false);
        if (processes is not null) await processes.DisposeAsync().ConfigureAwait(false);
    }
}
