using System.Diagnostics.CodeAnalysis;
using Daphne.Net.Deployment;
using Daphne.Net.Distributed;

namespace Daphne.Net;

/// <summary>
/// Worker processes that run scripts together. <see cref="Local"/>, <see cref="FromSsh(IEnumerable{string}, Action{SshClusterOptions}?)"/>, <see cref="FromSlurm"/>, <see cref="InProcess"/> and
/// <see cref="Attach(string[])"/> describe one, <see cref="Deploy"/> makes it be there, disposing takes down what was started and nothing else. Thread-safe: several scripts may run at once.
/// </summary>
public sealed partial class DaphneCluster : IAsyncDisposable
{
    readonly Func<IProgress<DeployProgress>?, CancellationToken, Task<ClusterMembers>> deploy;
    readonly CancellationTokenSource closing = new();
    readonly Lock gate = new();
    readonly HashSet<Task> running = [];
    Task<ClusterMembers>? deploying;
    ClusterMembers? members;
    bool disposed;

    internal DaphneCluster(Func<IProgress<DeployProgress>?, CancellationToken, Task<ClusterMembers>> deploy) => this.deploy = deploy;

    /// <summary>Worker processes of this machine, started by <see cref="Deploy"/>. They end with the cluster, and by themselves when this process dies.</summary>
    /// <param name="workers">How many; 0 means one per two cores, at least 2.</param>
    /// <param name="configure">Further options.</param>
    public static DaphneCluster Local(int workers = 0, Action<LocalClusterOptions>? configure = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        var options = new LocalClusterOptions { Workers = workers };
        configure?.Invoke(options);
        return new((progress, ct) => ClusterMembers.StartAsync(options, progress, ct));
    }

    /// <summary>
    /// Workers inside this process: values are copied and computed as in worker processes, without a wire. For trying out a distributed script, and for tests.
    /// </summary>
    public static DaphneCluster InProcess(int workers = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        return new((_, _) => Task.FromResult(ClusterMembers.InProcess(workers)));
    }

    /// <summary>Workers that run already, at <c>host:port</c> each. Their order decides who gets which rows.</summary>
    public static DaphneCluster Attach(params string[] addresses) => Attach(addresses, null);

    /// <summary>Workers that run already, at <c>host:port</c> each. Their order decides who gets which rows.</summary>
    /// <exception cref="ArgumentException">There is no address, one is no <c>host:port</c>, or one stands there twice.</exception>
    public static DaphneCluster Attach(IEnumerable<string> addresses, Action<AttachOptions>? configure)
    {
        string[] all = [.. addresses];
        if (all.Length == 0) throw new ArgumentException("a cluster needs the address of at least one worker", nameof(addresses));
        foreach (string address in all)
            if (WorkerAddress.Problem(address) is { } problem) throw new ArgumentException($"'{address}' is no address of a worker: {problem}", nameof(addresses));
        if (all.Distinct(StringComparer.OrdinalIgnoreCase).Count() < all.Length) throw new ArgumentException($"a worker's address stands there twice: {string.Join(", ", all)}", nameof(addresses));
        var options = new AttachOptions();
        configure?.Invoke(options);
        return new((progress, ct) => ClusterMembers.AttachAsync(all, options, progress, ct));
    }

    /// <summary>The workers, in the order of their rows. Empty before <see cref="Deploy"/>.</summary>
    public IReadOnlyList<WorkerIdentity> Workers => members is null ? [] : [.. members.Workers.Clients.Select(c => c.Identity)];

    /// <summary>Makes the cluster be there: starts what is to be started, greets every worker. On failure nothing is left.</summary>
    /// <returns>This cluster.</returns>
    /// <exception cref="DeploymentException">A worker process could not be started.</exception>
    /// <exception cref="WorkerException">A worker does not answer, or does not accept us.</exception>
    public async Task<DaphneCluster> Deploy(IProgress<DeployProgress>? progress = null, CancellationToken ct = default)
    {
        Task<ClusterMembers> deployment;
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(ct, closing.Token);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (deploying is not null) throw new InvalidOperationException(members is null ? "the cluster is being deployed" : "the cluster is deployed already");
            deployment = deploying = deploy(progress, giveUp.Token);
        }
        try
        {
            var there = await deployment.ConfigureAwait(false);
            lock (gate)
            {
                // Who disposed it meanwhile takes down what is there now.
                ObjectDisposedException.ThrowIf(disposed, this);
                members = there;
            }
            return this;
        }
        catch (Exception e) when (e is not ObjectDisposedException)
        {
            lock (gate)
            {
                if (!disposed) deploying = null;   // it may be tried again
            }
            if (e is OperationCanceledException && !ct.IsCancellationRequested) throw new ObjectDisposedException("the cluster was disposed while it was deployed", e);
            throw;
        }
    }

    /// <summary>Runs a script on the workers.</summary>
    /// <param name="script">DaphneDSL.</param>
    /// <param name="args">What <c>$name</c> sees: a dictionary, or an object whose public properties are the arguments. Numbers, bools, strings, arrays,
    /// two-dimensional arrays, <see cref="Shaped{T}"/>, matrices, frames; memory is borrowed, not copied, and never written. What several runs need is sent once if it is placed,
    /// see <see cref="PlaceAsync"/>.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="ct">Stops the run here and on the workers.</param>
    /// <exception cref="Dialect.ScriptException">The script is wrong, an operation failed, or a worker was lost; the diagnostics name the place.</exception>
    [RequiresUnreferencedCode("The properties of args are found by reflection; under trimming pass a dictionary.")]
    public Task<DaphneRun> RunAsync(string script, object? args = null, RunOptions? options = null, CancellationToken ct = default) =>
        RunAsync(script, HostArguments.From(args?.GetType() ?? typeof(object), args, this), options ?? new(), ct);

    /// <summary>As <see cref="RunAsync(string, object?, RunOptions?, CancellationToken)"/>, for trimmed applications.</summary>
    public Task<DaphneRun> RunAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TArgs>(
        string script, TArgs args, RunOptions? options = null, CancellationToken ct = default) where TArgs : class =>
        RunAsync(script, HostArguments.From(typeof(TArgs), args, this), options ?? new(), ct);

    /// <summary>Runs the script in a file; see <see cref="RunAsync(string, object?, RunOptions?, CancellationToken)"/>.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    [RequiresUnreferencedCode("The properties of args are found by reflection; under trimming pass a dictionary.")]
    public async Task<DaphneRun> RunFileAsync(string path, object? args = null, RunOptions? options = null, CancellationToken ct = default) =>
        await RunAsync(await File.ReadAllTextAsync(path, ct).ConfigureAwait(false), HostArguments.From(args?.GetType() ?? typeof(object), args, this), Named(options, path), ct).ConfigureAwait(false);

    internal WorkerSet DeployedWorkers => (members ?? throw new InvalidOperationException("the cluster is not deployed; await Deploy() first")).Workers;

    /// <summary>A script runs on the workers, although not by us: their number may follow. Until disposed.</summary>
    internal IDisposable Working() => new WorkUnderWay(this);

    sealed class WorkUnderWay : IDisposable
    {
        readonly DaphneCluster cluster;
        readonly TaskCompletionSource ended = new();

        public WorkUnderWay(DaphneCluster cluster)
        {
            this.cluster = cluster;
            lock (cluster.gate) cluster.Began(ended.Task);
        }

        public void Dispose()
        {
            ended.TrySetResult();
            lock (cluster.gate) cluster.Ended(ended.Task);
        }
    }

    void Began(Task run)
    {
        running.Add(run);
        members?.Elastic?.Work(true);
    }

    void Ended(Task run)
    {
        running.Remove(run);
        if (running.Count == 0) members?.Elastic?.Work(false);
    }

    internal static RunOptions Named(RunOptions? options, string path) => (options ?? new()) with { ScriptName = options?.ScriptName ?? path, ScriptPath = Path.GetFullPath(path) };

    async Task<DaphneRun> RunAsync(string script, HostArguments arguments, RunOptions options, CancellationToken ct)
    {
        CancellationTokenSource stop;
        Task<DaphneRun> run;
        try
        {
            lock (gate)
            {
                ObjectDisposedException.ThrowIf(disposed, this);
                var workers = DeployedWorkers;
                stop = CancellationTokenSource.CreateLinkedTokenSource(ct, closing.Token);
                Began(run = ScriptRunner.RunAsync(script, arguments, options, workers, stop.Token));
            }
        }
        catch
        {
            arguments.Dispose();
            throw;
        }
        try
        {
            return await run.ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw ct.IsCancellationRequested ? new OperationCanceledException(ct) : new OperationCanceledException("the cluster was disposed while the script ran", e, closing.Token);
        }
        finally
        {
            lock (gate) Ended(run);
            stop.Dispose();
        }
    }

    /// <summary>Stops the runs under way, then takes down what <see cref="Deploy"/> started. Workers that were attached go on.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] ending;
        PlacedValue[] values;
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
            ending = [.. running];
            values = [.. placed];
        }
        await closing.CancelAsync().ConfigureAwait(false);
        foreach (var run in ending) await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var value in values) await value.DisposeAsync().ConfigureAwait(false);
        if (deploying is null) return;
        await ((Task)deploying).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (deploying.IsCompletedSuccessfully) await deploying.Result.DisposeAsync().ConfigureAwait(false);
    }
}
