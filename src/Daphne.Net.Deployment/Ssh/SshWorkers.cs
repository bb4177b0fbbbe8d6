using System.Diagnostics;
using System.Globalization;

namespace Daphne.Net.Deployment;

/// <summary>The workers of one machine.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
sealed class SshWorkers : IAsyncDisposable
{
    static readonly TimeSpan lookAgain = TimeSpan.FromMilliseconds(100);

    readonly string host;
    readonly int number;
    readonly SshDeploymentOptions options;
    readonly IProgress<DeployProgress>? progress;
    readonly IShell shell;
    ClusterFolder? folder;
    string name, clusterId = "";
    DetachedProcess[] processes = [];
    bool begun, stopped;

    public SshWorkers(string host, int number, SshDeploymentOptions options, IProgress<DeployProgress>? progress)
    {
        (this.host, this.number, this.options, this.progress) = (host, number, options, progress);
        (shell, name) = (options.ShellOf?.Invoke(host) ?? new SshShell(host, options.Ssh), host);
    }

    /// <summary>Where they listen, as their machine sees it.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    public RecordedHost Recorded => RecordedHost.Of(host, options.Ssh) with { Name = name, Root = folder?.Root ?? options.RemoteFolder ?? "", Processes = processes };

    public static SshWorkers Known(RecordedHost recorded, int number, string clusterId, IReadOnlyList<string> addresses, SshDeploymentOptions options)
    {
        var workers = new SshWorkers(recorded.Host, number, options, null) { Addresses = addresses, processes = [.. recorded.Processes], name = recorded.Name, clusterId = clusterId, begun = true };
        // Processes were started by a machine that had told its name.
        if (workers.shell is SshShell ssh && recorded.Processes.Count > 0) ssh.Machine = recorded.Name;
        if (recorded.Root.Length > 0) workers.folder = ClusterFolder.Known(workers.shell, recorded.Root, workers.FolderName(clusterId), clusterId);
        return workers;
    }

    public async Task StartAsync(ClusterSecrets secrets, CancellationToken ct)
    {
        Report(DeployStep.LoggingIn, host);
        if (shell is SshShell ssh) await ssh.LoginAsync(ct).ConfigureAwait(false);
        name = (await shell.RunAsync(new("uname -n; uname -sm"), ct).ConfigureAwait(false)).Demand("asking for its name", host) is var said && said.Split('\n') is [var own, "Linux x86_64"] ? own
            : throw new DeploymentException(DeploymentFailure.WrongMachine, $"{host} is no Linux x86_64 machine, for which the bundle is made ({said.ReplaceLineEndings(" ")})");
        // A connection made again must not lead to another machine.
        if (shell is SshShell again) again.Machine = name;
        ct.ThrowIfCancellationRequested();
        clusterId = secrets.ClusterId;
        begun = true;
        // Short, and not cancelled in the middle: what is made must be known, so that it can be removed.
        folder = await ClusterFolder.MakeAsync(shell, options.RemoteFolder, FolderName(secrets.ClusterId), secrets.ClusterId, secrets.WorkerPem, CancellationToken.None).ConfigureAwait(false);
        Report(DeployStep.Sending, options.Bundle.Name);
        var (program, sent) = await BundleInstall.RunAsync(shell, options.Bundle, folder.Root, null, ct).ConfigureAwait(false);
        Report(DeployStep.Sent, sent ? options.Bundle.Name : $"{options.Bundle.Name} was there");

        string deadMan = ((long)options.DeadMan.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        processes = await DetachedProcess.StartAsync(shell, folder.Path, [.. Listens().Select((listen, n) =>
            ((IReadOnlyList<string>)[program, "worker", listen, "--identity-file=identity.pem", "--dead-man=" + deadMan, .. options.FilesRoots.Select(root => "--files-root=" + root)], WorkerLogs.NameOf(n)))], ct).ConfigureAwait(false);
        for (int n = 0; n < processes.Length; n++) Report(DeployStep.Starting, $"{host}, process {processes[n].ProcessId}", n);
        await ListenAsync(ct).ConfigureAwait(false);
    }

    async Task ListenAsync(CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            string?[] addresses = await WorkerLogs.AddressesAsync(folder!, processes.Length, ct).ConfigureAwait(false);
            if (Array.IndexOf(addresses, null) is var missing && missing < 0)
            {
                Addresses = addresses!;
                for (int n = 0; n < addresses.Length; n++) Report(DeployStep.Listening, $"{addresses[n]} on {name}", n);
                return;
            }
            bool lives = await processes[missing].LivesAsync(shell, ct).ConfigureAwait(false);
            if (!lives || clock.Elapsed > options.StartTimeout)
            {
                string words = await WorkerLogs.TailAsync(folder!, WorkerLogs.NameOf(missing), ct).ConfigureAwait(false);
                throw new DeploymentException(lives ? DeploymentFailure.TimedOut : DeploymentFailure.WorkerEnded,
                    $"a worker on {host} {(lives ? $"did not listen within {options.StartTimeout.TotalSeconds:0} s" : "ended before it listened")}{(words.Length > 0 ? "; it said:\n" + words : " and said nothing")}");
            }
            await Task.Delay(lookAgain, options.Time, ct).ConfigureAwait(false);
        }
    }

    // The number of this machine's first worker among all.
    int First => options.Ports?.Take(number).Sum(p => p.Count) ?? number * options.WorkersPerHost;

    IEnumerable<string> Listens() =>
        options.Ports?[number].Select(port => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")) ?? Enumerable.Repeat(options.Listen, options.WorkersPerHost);

    string FolderName(string clusterId) => string.Create(CultureInfo.InvariantCulture, $"{clusterId}-{number}");

    public ValueTask<Stream> ConnectAsync(int port, CancellationToken ct) => shell.ConnectAsync("127.0.0.1", port, ct);

    // A start that was cut short has left what nobody wrote down: the folder, and in it the numbers of its processes.
    async Task RecoverAsync(CancellationToken ct)
    {
        if (!begun || processes.Length > 0) return;
        folder ??= await ClusterFolder.FindAsync(shell, options.RemoteFolder, FolderName(clusterId), clusterId, ct).ConfigureAwait(false);
        if (folder is not null) processes = await DetachedProcess.FindAsync(shell, folder.Path, ct).ConfigureAwait(false);
    }

    public async Task<bool> LivesAsync(CancellationToken ct)
    {
        await RecoverAsync(ct).ConfigureAwait(false);
        return (await Task.WhenAll(processes.Select(p => p.LivesAsync(shell, ct))).ConfigureAwait(false)).Any(lives => lives);
    }

    public async Task<IEnumerable<string>> StatusAsync(CancellationToken ct)
    {
        bool[] lives = await Task.WhenAll(processes.Select(p => p.LivesAsync(shell, ct))).ConfigureAwait(false);
        return processes.Select((p, n) => $"worker {First + n} on {name}: {(lives[n] ? $"runs, process {p.ProcessId}, {Addresses.ElementAtOrDefault(n) ?? "not listening"}" : "is gone")}");
    }

    public async Task StopAsync(CancellationToken ct)
    {
        if (stopped) return;
        await RecoverAsync(ct).ConfigureAwait(false);
        await Task.WhenAll(processes.Select(async (process, n) =>
        {
            Report(DeployStep.Stopping, $"{host}, process {process.ProcessId}", n);
            await process.StopAsync(shell, options.StopTimeout, ct).ConfigureAwait(false);
            Report(DeployStep.Stopped, $"{host}, process {process.ProcessId}", n);
        })).ConfigureAwait(false);
        stopped = true;
    }

    public async Task CleanAsync(CancellationToken ct)
    {
        await StopAsync(ct).ConfigureAwait(false);
        if (folder is not null) await folder.RemoveAsync(ct).ConfigureAwait(false);
    }

    public Task LogsAsync(Action<string> onLine, bool follow, CancellationToken ct) => folder is null ? Task.CompletedTask : WorkerLogs.ReadAsync(folder, follow, onLine, ct);

    public ValueTask DisposeAsync() => shell.DisposeAsync();

    void Report(DeployStep step, string detail, int worker = 0) => progress?.Report(new(step, First + worker, options.Ports?.Sum(p => p.Count) ?? options.Hosts.Count * options.WorkersPerHost, detail) { Host = host });
}
