using System.Globalization;

namespace Daphne.Net.Deployment;

/// <summary>
/// Workers on machines reached over SSH: the bundle is sent where it is missing, the workers run on without us, and are reached through the one
/// connection to their machine.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SshDeployment : IDeployment
{
    readonly SshDeploymentOptions options;
    readonly IReadOnlyList<SshWorkers> hosts;
    readonly SemaphoreSlim gate = new(1);
    bool owns, ending, disposed;

    SshDeployment(SshDeploymentOptions options, IReadOnlyList<SshWorkers> hosts, DeploymentRecord record) => (this.options, this.hosts, Record) = (options, hosts, record);

    /// <inheritdoc/>
    public DeploymentRecord Record { get; private set; }

    /// <inheritdoc/>
    /// <remarks>Two machines may use the same port of loopback, so the machine's number stands in for its name: <c>host-0:41231</c>.</remarks>
    public IReadOnlyList<string> Addresses => [.. hosts.SelectMany((host, h) => host.Addresses.Select(a => string.Create(CultureInfo.InvariantCulture, $"host-{h}:{PortOf(a)}")))];

    /// <inheritdoc/>
    public Func<string, int, CancellationToken, ValueTask<Stream>>? Connect => (name, port, ct) => hosts[int.Parse(name.AsSpan("host-".Length), CultureInfo.InvariantCulture)].ConnectAsync(port, ct);

    /// <summary>Starts the workers of all machines at once. On failure or cancellation none is left.</summary>
    /// <exception cref="DeploymentException">A machine cannot be reached or does not do as it should.</exception>
    public static async Task<SshDeployment> StartAsync(SshDeploymentOptions options, ClusterSecrets secrets, IProgress<DeployProgress>? progress = null, CancellationToken ct = default)
    {
        if (options.Hosts.Count == 0) throw new ArgumentException("a deployment needs at least one machine", nameof(options));
        var hosts = options.Hosts.Select((host, n) => new SshWorkers(host, n, options, progress)).ToArray();
        var record = new DeploymentRecord
        {
            ClusterId = secrets.ClusterId, Kind = "ssh", Created = options.Time.GetUtcNow(), Version = secrets.Version, Identity = secrets.CoordinatorPem,
            Hosts = [.. options.Hosts.Select(h => RecordedHost.Of(h, options.Ssh) with { Root = options.RemoteFolder ?? "" })], Owner = OwnerProcess.Current,
        };
        var deployment = new SshDeployment(options, hosts, record) { owns = true };
        using var logins = new SemaphoreSlim(options.MostLogins);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(ct);
        // Before anything is created there, so that whatever happens to us it can be found.
        options.Records.Save(record);
        Task[] starting = [.. hosts.Select(StartAsync)];
        try
        {
            await foreach (var one in Task.WhenEach(starting).ConfigureAwait(false)) await one.ConfigureAwait(false);
            deployment.Save();
            return deployment;
        }
        catch
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await deployment.GiveUpAsync().ConfigureAwait(false);
            throw;
        }

        async Task StartAsync(SshWorkers host)
        {
            await logins.WaitAsync(giveUp.Token).ConfigureAwait(false);
            try
            {
                await host.StartAsync(secrets, giveUp.Token).ConfigureAwait(false);
            }
            finally
            {
                logins.Release();
            }
        }
    }

    /// <summary>Finds the workers of a deployment whose first process is gone.</summary>
    public static SshDeployment Attach(DeploymentRecord record, SshOptions? ssh = null, DeploymentRecords? records = null)
    {
        var options = new SshDeploymentOptions { Hosts = [.. record.Hosts.Select(h => h.Host)], Ssh = ssh ?? record.Hosts[0].Ssh(), Bundle = new("", ""), Records = records ?? new(), Ports = [.. record.Hosts.Select(h => new int[h.Processes.Count])] };
        int at = 0;
        var hosts = record.Hosts.Select((host, n) =>
        {
            string[] addresses = [.. record.Addresses.Skip(at).Take(host.Processes.Count)];
            at += host.Processes.Count;
            return SshWorkers.Known(host, n, record.ClusterId, addresses, options);
        }).ToArray();
        return new(options, hosts, record);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> StatusAsync(CancellationToken ct = default) => [.. (await Task.WhenAll(hosts.Select(h => h.StatusAsync(ct))).ConfigureAwait(false)).SelectMany(lines => lines)];

    /// <inheritdoc/>
    public async Task<bool> RunsAsync(CancellationToken ct = default) => (await Task.WhenAll(hosts.Select(h => h.LivesAsync(ct))).ConfigureAwait(false)).Any(lives => lives);

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken ct = default)
    {
        ending = true;
        await gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (Record.Stopped) return;
            await Task.WhenAll(hosts.Select(h => h.StopAsync(ct))).ConfigureAwait(false);
            Record = Record with { Stopped = true };
            options.Records.Save(Record);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public async Task CleanAsync(CancellationToken ct = default)
    {
        ending = true;
        await gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            // Each for itself: a machine that is gone keeps nobody from cleaning the others.
            await Task.WhenAll(hosts.Select(h => h.CleanAsync(ct))).ConfigureAwait(false);
            Record = Record with { Stopped = true };
            options.Records.Remove(Record.ClusterId);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public Task LogsAsync(Action<string> onLine, bool follow = false, CancellationToken ct = default) => Task.WhenAll(hosts.Select(h => h.LogsAsync(onLine, follow, ct)));

    /// <summary>Closes the connections. The workers stay; without a coordinator they end by themselves after the dead-man time.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        if (owns && !ending) options.Records.Save(Record = Record with { Owner = null });
        await Task.WhenAll(hosts.Select(h => h.DisposeAsync().AsTask())).ConfigureAwait(false);
        gate.Dispose();
    }

    static string PortOf(string address) => address[(address.LastIndexOf(':') + 1)..];

    void Save()
    {
        Record = Record with { Hosts = [.. hosts.Select(h => h.Recorded)], Addresses = [.. hosts.SelectMany(h => h.Addresses)] };
        options.Records.Save(Record);
    }

    // What could not be removed stays in the record, for a later sweep.
    async Task GiveUpAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), options.Time);
        ending = true;
        Save();
        var removals = Task.WhenAll(hosts.Select(h => h.CleanAsync(patience.Token)));
        await ((Task)removals).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (removals.IsCompletedSuccessfully) options.Records.Remove(Record.ClusterId);
        await DisposeAsync().ConfigureAwait(false);
    }
}
