using System.Diagnostics;
using System.Text;

namespace Daphne.Net.Deployment;

/// <summary>
/// The one authenticated connection to a machine: an ssh process that keeps a control socket, over which everything else goes. It runs nothing there (some
/// servers allow one command at a time, and that is to be ours), and hangs on our end of a pipe, so that it ends with us, even if we are killed.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
sealed class SshMaster : IAsyncDisposable
{
    // ssh -N does not look at its input. The shell becomes ssh, and leaves somebody behind who ends it when the pipe does; a line says that there is nothing left to end.
    const string EndsWithPipe = "exec 3<&0; { read -r x <&3 || kill $$; } </dev/null >/dev/null 2>&1 & exec \"$@\" </dev/null 3<&-";

    static readonly TimeSpan stopTime = TimeSpan.FromSeconds(3), lookAgain = TimeSpan.FromMilliseconds(20);

    readonly Process? process;
    readonly StringBuilder words = new();
    bool disposed;

    // The user's own.
    SshMaster(string socket) => Socket = socket;

    SshMaster(Process process, string socket)
    {
        (this.process, Socket) = (process, socket);
        process.OutputDataReceived += static (_, _) => { };      // a banner: read, so that nobody waits for us to read it
        process.ErrorDataReceived += (_, e) =>
        {
            lock (words)
                if (words.Length < 1 << 16) words.Append(e.Data).Append('\n');
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The control socket.</summary>
    public string Socket { get; }

    /// <summary>False once it cannot be used: ssh has ended, or somebody who tidies temporary folders took its socket.</summary>
    public bool IsAlive => !disposed && process is not { HasExited: true } && File.Exists(Socket);

    /// <summary>
    /// The connection that the user's own ssh keeps to the machine (<c>ControlPath</c> of the user's configuration), so that one login, and one code, serves many calls of the tool; null where there
    /// is none. It is used and left as it is.
    /// </summary>
    public static async Task<SshMaster?> BorrowAsync(string host, SshOptions options, string? socket, CancellationToken ct)
    {
        if (socket is null or "none" || !File.Exists(socket)) return null;
        var check = await ChildProcess.CompleteAsync(ChildProcess.Start(options.Program, [.. SshCommandLine.Login(options, ask: false), "-S", socket, "-O", "check", "--", host]), null, null, ct).ConfigureAwait(false);
        return check.ExitStatus == 0 ? new(socket) : null;
    }

    /// <summary>Logs in.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="options">How.</param>
    /// <param name="ask">Questions may be asked.</param>
    /// <param name="socket">The control socket to make.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="DeploymentException">It did not work; the message holds ssh's own words.</exception>
    public static async Task<SshMaster> StartAsync(string host, SshOptions options, bool ask, string socket, CancellationToken ct)
    {
        using var asked = options.Prompt is null || !ask ? null : new AskPass(host, options.Prompt, Path.GetDirectoryName(socket)!);
        File.Delete(socket);
        var environment = asked?.Environment ?? (ask && options.UseTerminal ? null : SshCommandLine.AskNobody);
        string[] ssh = [options.Program, .. SshCommandLine.Login(options, ask), "-M", "-S", socket, "-oControlPersist=no", "-T", "-N", "--", host];
        if (ChildProcess.Find(options.Program) is null) throw new DeploymentException(DeploymentFailure.StartFailed, $"cannot start '{options.Program}'; is it installed and on the PATH?");
        var master = new SshMaster(ChildProcess.Start("/bin/sh", ["-c", EndsWithPipe, "sh", .. ssh], environment), socket);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.LoginTimeout);
        try
        {
            // The socket appears once ssh has logged in.
            while (!File.Exists(socket))
            {
                if (master.process!.HasExited) throw await master.FailureAsync(host, options, ask).ConfigureAwait(false);
                await Task.Delay(lookAgain, deadline.Token).ConfigureAwait(false);
            }
            return master;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            await master.DisposeAsync().ConfigureAwait(false);
            throw new DeploymentException(DeploymentFailure.TimedOut, $"logging in to {host} took longer than {options.LoginTimeout.TotalSeconds:0} s{Said(master.Words)}");
        }
        catch
        {
            await master.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What ssh said, so far.</summary>
    public string Words
    {
        get { lock (words) return words.ToString().Trim(); }
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        if (process is null) return;
        try
        {
            if (process.HasExited) await process.StandardInput.WriteAsync('\n').ConfigureAwait(false);
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(stopTime).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            ChildProcess.Kill(process);
        }
        process.Dispose();
    }

    async Task<DeploymentException> FailureAsync(string host, SshOptions options, bool ask)
    {
        await process!.WaitForExitAsync().ConfigureAwait(false);     // its last words have been read then
        string said = Words;
        var reason = DeploymentFailures.OfSsh(said);
        if (reason == DeploymentFailure.HostKeyChanged && ChangedHostKey.Find(said) is { } keys)
            return new(reason, $"{host} shows the key {keys.Shown}, but it is known by {keys.Known} ({keys.Place}): somebody may stand in between. If its administrator vouches for the new key, remove that line{Said(said)}");
        if (reason == DeploymentFailure.AuthenticationFailed && options.CanAsk && !ask)
            return new(DeploymentFailure.AuthenticationRequired, $"the connection to {host} was lost, and it does not let us in again without a password, a code or a passphrase; nobody is asked in the middle of work. Log in again (SshShell.LoginAsync), or call the command again{Said(said)}");
        if (reason == DeploymentFailure.AuthenticationFailed && !options.CanAsk && (said.Contains("password", StringComparison.Ordinal) || said.Contains("keyboard-interactive", StringComparison.Ordinal)))
            return new(DeploymentFailure.AuthenticationRequired, $"{host} wants a password or a code, and there is nobody to ask; set SshOptions.Prompt or UseTerminal, or load a key into the agent{Said(said)}");
        return new(reason, $"cannot log in to {host}{Said(said)}");
    }

    static string Said(string words) => words.Length == 0 ? "" : "; ssh said:\n" + words;
}
