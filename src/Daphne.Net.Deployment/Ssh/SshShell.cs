using System.Globalization;

namespace Daphne.Net.Deployment;

/// <summary>
/// A machine behind SSH, over the OpenSSH client of this one. One login: commands, files and connections to ports all go over the same connection,
/// which is made on first use and, if it is lost, once more.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SshShell : IShell
{
    const int MostTries = 5, MostSocketBytes = 80;
    static readonly TimeSpan killTime = TimeSpan.FromSeconds(10), firstPause = TimeSpan.FromMilliseconds(50);

    readonly string host;
    readonly SshOptions options;
    readonly string folder;
    readonly SessionSlots sessions;
    readonly SemaphoreSlim login = new(1);
    SshMaster? master, front;
    bool disposed, loggedIn;

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
        // The path of a socket has 107 bytes at most (103 on some systems), and ssh adds some of its own while it makes it.
        string parent = System.Text.Encoding.UTF8.GetByteCount(Path.GetTempPath()) <= MostSocketBytes - "dssh-123456/m".Length ? Path.GetTempPath() : "/tmp";
        folder = Directory.CreateDirectory(Path.Combine(parent, "dssh-" + Guid.NewGuid().ToString("n")[..8]), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    /// <inheritdoc/>
    public string Name => host;

    /// <summary>
    /// The machine's own name (<c>uname -n</c>), where the one we were given may stand for several, as that of a login node often does: wherever it leads, we
    /// go on to this one. Null (the default): any will do.
    /// </summary>
    public string? Machine { get; set; }

    /// <summary>The same login, led on to one machine of those the name stands for.</summary>
    internal SshShell On(string machine) => new(host, options) { Machine = machine };

    /// <summary>Logs in, if that has not been done, and may ask for what that needs. Every other call does it by itself.</summary>
    /// <exception cref="DeploymentException">It did not work; the reason says why, the message holds ssh's own words.</exception>
    public async Task LoginAsync(CancellationToken ct = default) => await MasterAsync(ct, ask: true).ConfigureAwait(false);

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
            await sessions.TakeAsync(deadline.Token).ConfigureAwait(false);
            bool taken = true;
            try
            {
                long begin = command.Input is { CanSeek: true } ? command.Input.Position : -1;
                for (int tried = 1; ; tried++)
                {
                    var connection = await MasterAsync(deadline.Token).ConfigureAwait(false);
                    var (result, framed) = await RunOverAsync(connection, command, deadline.Token).ConfigureAwait(false);
                    if (framed.ExitStatus is { } status) return new(status, framed.Output, result.Error);
                    var unsent = framed.Group is null ? Unsent(result.Error) : null;
                    bool again = unsent is not null && tried < MostTries && (command.Input is null || begin >= 0);
                    if (!again) throw Lost(unsent, result.Error, connection);
                    if (begin >= 0) command.Input!.Position = begin;
                    if (unsent == NotSent.NoConnection) await DropAsync(connection).ConfigureAwait(false);
                    else if (sessions.GiveUp())
                    {
                        taken = false;
                        tried = 0;
                        await sessions.TakeAsync(deadline.Token).ConfigureAwait(false);
                        taken = true;
                    }
                    else await Task.Delay(firstPause * (1 << tried), deadline.Token).ConfigureAwait(false);     // one that has just ended may still count
                }
            }
            finally
            {
                if (taken) sessions.Return();
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw DeploymentFailures.Late(command, host);
        }
    }

    async Task<(ShellResult Raw, FramedScript Framed)> RunOverAsync(SshMaster connection, ShellCommand command, CancellationToken ct)
    {
        var framed = new FramedScript(command);
        await using var input = new ChainedStream(framed.Bytes, command.Input);
        var process = ChildProcess.Start(options.Program, [.. SshCommandLine.Over(connection.Socket, options), "--", host, framed.Launcher]);
        try
        {
            return (await ChildProcess.CompleteAsync(process, input, framed.Take, ct).ConfigureAwait(false), framed);
        }
        catch (OperationCanceledException)
        {
            // Without a terminal a command outlives its connection.
            if (framed.Group is { } group && connection.IsAlive) await EndAsync(connection, group).ConfigureAwait(false);
            throw;
        }
    }

    enum NotSent { NoConnection, NoSession }

    // What says that not a byte of a command has left this machine, so that it may be tried again.
    static NotSent? Unsent(string error) =>
        error.Contains("session request failed", StringComparison.Ordinal) ? NotSent.NoSession
        : error.Contains("UNKNOWN port 65535", StringComparison.Ordinal) ? NotSent.NoConnection
        : null;

    DeploymentException Lost(NotSent? unsent, string error, SshMaster connection) => unsent == NotSent.NoSession
        ? new(DeploymentFailure.NotPermitted, $"{host} refuses to run a command over its connection (MaxSessions of its sshd){Said(error, connection)}")
        : new(DeploymentFailures.OfSsh(error), $"the connection to {host} was lost while a command ran{Said(error, connection)}");

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
        return new SshStream(ChildProcess.Start(options.Program, [.. SshCommandLine.Over(connection.Socket, options), "-W", target, "--", this.host]), $"{target} by way of {this.host}", () => connection.Words);
    }

    /// <summary>Ends the connection, and with it all that goes over it.</summary>
    public async ValueTask DisposeAsync()
    {
        await login.WaitAsync().ConfigureAwait(false);
        try
        {
            if (disposed) return;
            disposed = true;
            await CloseAsync().ConfigureAwait(false);
            Directory.Delete(folder, recursive: true);
        }
        finally
        {
            login.Release();
        }
    }

    // Questions are for the first login, and for whoever asks for a login: in the middle of work nobody may be there.
    async Task<SshMaster> MasterAsync(CancellationToken ct, bool ask = false)
    {
        await login.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (master is { IsAlive: true } && front is null or { IsAlive: true }) return master;
            ask |= !loggedIn;
            await CloseAsync().ConfigureAwait(false);
            master = await BorrowAsync(ct).ConfigureAwait(false) ?? await SshMaster.StartAsync(host, options, ask, Path.Combine(folder, "m"), ct).ConfigureAwait(false);
            if (Machine is { } machine) await GoOnAsync(machine, ask, ct).ConfigureAwait(false);
            loggedIn = true;
            return master;
        }
        finally
        {
            login.Release();
        }
    }

    async Task<SshMaster?> BorrowAsync(CancellationToken ct)
    {
        if (ChildProcess.Find(options.Program) is null) return null;       // said when it is to log in
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.LoginTimeout);
        try
        {
            return await SshMaster.BorrowAsync(host, options, (await ResolveAsync(deadline.Token).ConfigureAwait(false)).GetValueOrDefault("controlpath"), deadline.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DeploymentException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;        // logging in will say what is wrong
        }
    }

    // Over the connection we have to the machine that answered: it knows its neighbours, and may be the only way to them.
    async Task GoOnAsync(string machine, bool ask, CancellationToken ct)
    {
        string answered = await OwnNameAsync(master!, ct).ConfigureAwait(false);
        if (answered == machine) return;
        front = master;
        master = null;
        try
        {
            var settings = await ResolveAsync(ct).ConfigureAwait(false);
            string? port = settings.GetValueOrDefault("port"), name = settings.GetValueOrDefault("hostname") ?? host;
            string knownAs = settings.GetValueOrDefault("hostkeyalias") ?? (port is null or "22" ? name : $"[{name}]:{port}");
            string[] connect = [options.Program, .. SshCommandLine.Over(front!.Socket, options), "-W"];
            string proxy = $"{string.Join(' ', connect.Select(w => ShellQuote.Word(w.Replace("%", "%%", StringComparison.Ordinal))))} '[%h]:%p' -- {ShellQuote.Word(host)}";
            master = await SshMaster.StartAsync(host, options.LedTo(SshDestination.Checked(machine), knownAs, proxy), ask, Path.Combine(folder, "n"), ct).ConfigureAwait(false);
            if (await OwnNameAsync(master, ct).ConfigureAwait(false) is var reached && reached != machine) throw new DeploymentException(DeploymentFailure.Unreachable, $"{machine} calls itself {reached}");
        }
        catch (DeploymentException e)
        {
            await CloseAsync().ConfigureAwait(false);
            throw new DeploymentException(e.Reason, $"what was started runs on {machine}; '{host}' led to {answered}, and from there {machine} is not reached: {e.Message}", e);
        }
    }

    async Task<string> OwnNameAsync(SshMaster connection, CancellationToken ct)
    {
        var (raw, framed) = await RunOverAsync(connection, new("uname -n"), ct).ConfigureAwait(false);
        return framed.ExitStatus == 0 ? framed.Output.Trim() : throw Lost(null, raw.Error, connection);
    }

    async Task DropAsync(SshMaster lost)
    {
        await login.WaitAsync().ConfigureAwait(false);
        try
        {
            // Whoever noticed first has made a new one.
            if (ReferenceEquals(master, lost)) await master.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            login.Release();
        }
    }

    async Task CloseAsync()
    {
        if (master is not null) await master.DisposeAsync().ConfigureAwait(false);
        if (front is not null) await front.DisposeAsync().ConfigureAwait(false);
        front = null;
    }

    async Task EndAsync(SshMaster connection, int group)
    {
        string target = group.ToString(CultureInfo.InvariantCulture), kill = $"kill -TERM -{target}; sleep 1; kill -KILL -{target}";
        using var deadline = new CancellationTokenSource(killTime);
        try
        {
            var raw = await RawAsync(connection).ConfigureAwait(false);
            if (Unsent(raw.Error) != NotSent.NoSession) return;
            // The command to be ended holds the only session: another connection has one of its own.
            await DropAsync(connection).ConfigureAwait(false);
            await RawAsync(await MasterAsync(deadline.Token).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or DeploymentException)
        {
            // The machine does not answer any more; sshd ends the command when it notices.
        }

        Task<ShellResult> RawAsync(SshMaster over) => ChildProcess.CompleteAsync(ChildProcess.Start(options.Program, [.. SshCommandLine.Over(over.Socket, options), "--", host, kill]), null, null, deadline.Token);
    }

    static string Said(string error, SshMaster connection) => (error.Trim(), connection.Words) switch
    {
        ("", "") => "",
        ("", var words) => "; ssh said:\n" + words,
        (var words, _) => "; ssh said:\n" + words,
    };
}
