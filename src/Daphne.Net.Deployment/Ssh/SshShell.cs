using System.Globalization;

namespace Daphne.Net.Deployment;

/// <summary>
/// A machine behind SSH, over the OpenSSH client of this one. One login: commands, files and connections to ports all go over the same connection,
/// which is made on first use and, if it is lost, once more.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SshShell : IShell
{
    static readonly TimeSpan killTime = TimeSpan.FromSeconds(5);

    readonly string host;
    readonly SshOptions options;
    readonly string folder;
    readonly SemaphoreSlim sessions, login = new(1);
    SshMaster? master;
    bool disposed;

    /// <summary>Describes a machine; nothing is connected yet.</summary>
    /// <param name="host">A name of the user's ssh configuration, <c>host</c> or <c>user@host</c>.</param>
    /// <param name="options">How to log in; null for what the user's configuration says.</param>
    /// <exception cref="DeploymentException">That cannot be a name of a machine.</exception>
    public SshShell(string host, SshOptions? options = null)
    {
        this.host = SshDestination.Checked(host);
        this.options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThan(this.options.MostSessions, 1);
        sessions = new(this.options.MostSessions);
        // The path of a socket has 107 bytes at most, and ssh adds some of its own while it makes it.
        folder = Directory.CreateTempSubdirectory("dssh-").FullName;
    }

    /// <inheritdoc/>
    public string Name => host;

    string Socket => Path.Combine(folder, "m");

    /// <summary>Logs in, if that has not been done. Every other call does it by itself.</summary>
    /// <exception cref="DeploymentException">It did not work; the reason says why, the message holds ssh's own words.</exception>
    public async Task LoginAsync(CancellationToken ct = default) => await MasterAsync(ct).ConfigureAwait(false);

    /// <summary>What ssh makes of the name with the user's configuration: <c>hostname</c>, <c>user</c>, <c>port</c>, <c>proxyjump</c> and so on.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ResolveAsync(CancellationToken ct = default)
    {
        var result = await ChildProcess.CompleteAsync(ChildProcess.Start(options.Program, [.. SshCommandLine.Login(options), "-G", "--", host]), null, null, ct).ConfigureAwait(false);
        if (result.ExitStatus != 0) throw new DeploymentException(DeploymentFailure.BadHost, $"ssh cannot make sense of '{host}': {result.Error.Trim()}");
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (line.IndexOf(' ') is var at and > 0) settings.TryAdd(line[..at], line[(at + 1)..]);
        return settings;
    }

    /// <inheritdoc/>
    public async Task<ShellResult> RunAsync(ShellCommand command, CancellationToken ct = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(command.Timeout);
        try
        {
            await sessions.WaitAsync(deadline.Token).ConfigureAwait(false);
            try
            {
                return await RunHereAsync(command, deadline.Token).ConfigureAwait(false);
            }
            finally
            {
                sessions.Release();
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw DeploymentFailures.Late(command, host);
        }
    }

    async Task<ShellResult> RunHereAsync(ShellCommand command, CancellationToken ct)
    {
        var connection = await MasterAsync(ct).ConfigureAwait(false);
        var framed = new FramedScript(command);
        await using var input = new ChainedStream(framed.Bytes, command.Input);
        var process = ChildProcess.Start(options.Program, [.. SshCommandLine.Over(Socket, options), "--", host, framed.Launcher]);
        ShellResult raw;
        try
        {
            raw = await ChildProcess.CompleteAsync(process, input, framed.Take, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Without a terminal a command outlives its connection.
            if (framed.Group is { } group && connection.IsAlive) await EndAsync(group).ConfigureAwait(false);
            throw;
        }
        return framed.ExitStatus is { } status ? new(status, framed.Output, raw.Error)
            : throw new DeploymentException(DeploymentFailures.OfSsh(raw.Error), $"the connection to {host} was lost while a command ran{Said(raw.Error, connection)}");
    }

    /// <inheritdoc/>
    public async Task<bool> UploadAsync(UploadedFile file, IProgress<long>? sentBytes = null, CancellationToken ct = default)
    {
        await using var source = RemoteFile.OpenLocal(file.LocalPath);
        string hash = await RemoteFile.HashAsync(source, ct).ConfigureAwait(false);
        return await RemoteFile.PutAsync(this, file, source, hash, sentBytes, ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken ct = default)
    {
        var connection = await MasterAsync(ct).ConfigureAwait(false);
        string target = $"{(host.Contains(':') ? $"[{SshDestination.Checked(host)}]" : SshDestination.Checked(host))}:{port.ToString(CultureInfo.InvariantCulture)}";
        return new SshStream(ChildProcess.Start(options.Program, [.. SshCommandLine.Over(Socket, options), "-W", target, "--", this.host]), $"{target} by way of {this.host}", () => connection.Words);
    }

    /// <summary>Ends the connection, and with it all that goes over it.</summary>
    public async ValueTask DisposeAsync()
    {
        await login.WaitAsync().ConfigureAwait(false);
        try
        {
            if (disposed) return;
            disposed = true;
            if (master is not null) await master.DisposeAsync().ConfigureAwait(false);
            Directory.Delete(folder, recursive: true);
        }
        finally
        {
            login.Release();
        }
    }

    async Task<SshMaster> MasterAsync(CancellationToken ct)
    {
        await login.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (master is { IsAlive: true }) return master;
            if (master is not null) await master.DisposeAsync().ConfigureAwait(false);
            return master = await SshMaster.StartAsync(host, options, Socket, ct).ConfigureAwait(false);
        }
        finally
        {
            login.Release();
        }
    }

    async Task EndAsync(int group)
    {
        string target = group.ToString(CultureInfo.InvariantCulture);
        using var deadline = new CancellationTokenSource(killTime);
        var process = ChildProcess.Start(options.Program, [.. SshCommandLine.Over(Socket, options), "--", host, $"kill -TERM -{target}; sleep 1; kill -KILL -{target}"]);
        try
        {
            await ChildProcess.CompleteAsync(process, null, null, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The machine does not answer any more; sshd ends the command when it notices.
        }
    }

    static string Said(string error, SshMaster connection) => (error.Trim(), connection.Words) switch
    {
        ("", "") => "",
        ("", var words) => "; ssh said:\n" + words,
        (var words, _) => "; ssh said:\n" + words,
    };
}
