using System.Diagnostics;
using System.Text;

namespace Daphne.Net.Deployment;

/// <summary>
/// The one authenticated connection to a machine: an ssh process that keeps a control socket, over which everything else goes. It runs <c>cat</c> there
/// and hangs on our end of a pipe, so that it ends with us, even if we are killed.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
sealed class SshMaster : IAsyncDisposable
{
    static readonly TimeSpan stopTime = TimeSpan.FromSeconds(3), lookAgain = TimeSpan.FromMilliseconds(20);

    readonly Process process;
    readonly StringBuilder words = new();

    SshMaster(Process process)
    {
        this.process = process;
        process.OutputDataReceived += static (_, _) => { };      // a banner: read, so that nobody waits for us to read it
        process.ErrorDataReceived += (_, e) =>
        {
            lock (words)
                if (words.Length < 1 << 16) words.Append(e.Data).Append('\n');
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public bool IsAlive => !process.HasExited;

    /// <summary>Logs in.</summary>
    /// <exception cref="DeploymentException">It did not work; the message holds ssh's own words.</exception>
    public static async Task<SshMaster> StartAsync(string host, SshOptions options, string socket, CancellationToken ct)
    {
        using var asked = options.Prompt is null ? null : new AskPass(host, options.Prompt, Path.GetDirectoryName(socket)!);
        File.Delete(socket);
        var master = new SshMaster(ChildProcess.Start(options.Program,
            [.. SshCommandLine.Login(options), "-M", "-S", socket, "-o", "ControlPersist=no", "-T", "--", host, "exec cat >/dev/null"], asked?.Environment));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.LoginTimeout);
        try
        {
            // The socket appears once ssh has logged in.
            while (!File.Exists(socket))
            {
                if (!master.IsAlive) throw await master.FailureAsync(host, options).ConfigureAwait(false);
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
        try
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(stopTime).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            ChildProcess.Kill(process);
        }
        process.Dispose();
    }

    async Task<DeploymentException> FailureAsync(string host, SshOptions options)
    {
        await process.WaitForExitAsync().ConfigureAwait(false);     // its last words have been read then
        string said = Words;
        var reason = DeploymentFailures.OfSsh(said);
        bool nobodyAsked = options.Prompt is null && !options.UseTerminal;
        if (reason == DeploymentFailure.AuthenticationFailed && nobodyAsked && (said.Contains("password", StringComparison.Ordinal) || said.Contains("keyboard-interactive", StringComparison.Ordinal)))
            return new(DeploymentFailure.AuthenticationRequired, $"{host} wants a password or a code, and there is nobody to ask; set SshOptions.Prompt or UseTerminal, or load a key into the agent{Said(said)}");
        return new(reason, $"cannot log in to {host}{Said(said)}");
    }

    static string Said(string words) => words.Length == 0 ? "" : "; ssh said:\n" + words;
}
