using System.Globalization;
using System.Text;

namespace Daphne.Net.Deployment;

/// <summary>
/// A script that runs on another machine beside its workers, in a session of its own: it goes on when we are gone, and what it wrote is collected by whoever
/// asks. Its folder is <c>run-NAME</c> in the cluster's.
/// </summary>
public sealed class RemoteRun
{
    const int MostBytes = 1 << 20;
    static readonly TimeSpan firstPause = TimeSpan.FromMilliseconds(100), longestPause = TimeSpan.FromSeconds(5);

    readonly ClusterFolder cluster;

    RemoteRun(ClusterFolder cluster, string name) => (this.cluster, Name) = (cluster, name);

    /// <summary>What the run is called.</summary>
    public string Name { get; }

    string Folder => $"{cluster.Path}/run-{Name}";

    /// <summary>Starts a script.</summary>
    /// <param name="cluster">The cluster's folder on the machine.</param>
    /// <param name="record">The cluster.</param>
    /// <param name="script">The text of the script.</param>
    /// <param name="words">Options of the tool, before the script, and the script's arguments, behind it.</param>
    /// <param name="step">Words before the tool: the <c>srun</c> that makes it a step of the job; none on the login node.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<RemoteRun> StartAsync(ClusterFolder cluster, DeploymentRecord record, byte[] script, (IReadOnlyList<string> Options, IReadOnlyList<string> Arguments) words, IReadOnlyList<string> step, CancellationToken ct)
    {
        string key = ShellQuote.Word(cluster.Path + "/coordinator.pem");
        // The identity goes over the encrypted connection into a file that only its owner can read, never into a command line.
        (await cluster.Shell.RunAsync(new($"umask 077; cat > {key}.$$ && mv -f {key}.$$ {key}") { Input = new MemoryStream(Encoding.ASCII.GetBytes(record.Identity)) }, ct).ConfigureAwait(false)).Demand("writing the coordinator's identity", cluster.Shell.Name);
        return await StartAsync(cluster, script, $"DISTRIBUTED_WORKERS={ShellQuote.Word(string.Join(',', record.Addresses))}; export DISTRIBUTED_WORKERS",
            run => [.. step, .. record.Launch, "--distributed", "--dist_backend=sync-gRPC", "--identity-file=" + cluster.Path + "/coordinator.pem", .. words.Options, run.Folder + "/script.daphne", .. words.Arguments], ct).ConfigureAwait(false);
    }

    /// <summary>Starts a script on ranks of MPI. Each is the task itself, not the child of a shell: Slurm is not sure to end what such a child does when it ends the task.</summary>
    internal static Task<RemoteRun> StartMpiAsync(ClusterFolder cluster, DeploymentRecord record, byte[] script, (IReadOnlyList<string> Options, IReadOnlyList<string> Arguments) words, IReadOnlyList<string> step, CancellationToken ct) =>
        StartAsync(cluster, script, "unset DISTRIBUTED_WORKERS DAPHNE_CLUSTER",
            run => [.. step, .. record.Launch, "--distributed", "--dist_backend=MPI", .. words.Options, run.Folder + "/script.daphne", .. words.Arguments], ct);

    static async Task<RemoteRun> StartAsync(ClusterFolder cluster, byte[] script, string before, Func<RemoteRun, IReadOnlyList<string>> words, CancellationToken ct)
    {
        var run = new RemoteRun(cluster, Guid.NewGuid().ToString("n")[..8]);
        var shell = cluster.Shell;
        string folder = ShellQuote.Word(run.Folder);
        (await shell.RunAsync(new($"umask 077; mkdir {folder} && cat > {folder}/script.daphne") { Input = new MemoryStream(script) }, ct).ConfigureAwait(false)).Demand("writing the script", shell.Name);
        string text = $"""
            cd; {before}
            {string.Join(' ', words(run).Select(ShellQuote.Word))} >{folder}/out 2>{folder}/err </dev/null
            echo $? > {folder}/status.part; mv {folder}/status.part {folder}/status
            """;
        var started = (await DetachedProcess.StartAsync(shell, run.Folder, [(["sh", "-c", text], "log")], ct).ConfigureAwait(false))[0];
        string line = string.Create(CultureInfo.InvariantCulture, $"{started.ProcessId} {started.StartTicks} {started.BootId}");
        (await shell.RunAsync(new($"umask 077; echo {line} \"$(uname -n)\" > {folder}/process"), ct).ConfigureAwait(false)).Demand("writing down the process", shell.Name);
        return run;
    }

    /// <summary>Takes up a run that was started before.</summary>
    /// <param name="cluster">The cluster's folder.</param>
    /// <param name="name">Its name; null for the latest.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="DeploymentException">There is none.</exception>
    public static async Task<RemoteRun> FindAsync(ClusterFolder cluster, string? name, CancellationToken ct)
    {
        string pattern = name is null ? "run-*" : ShellQuote.Word("run-" + name);
        string found = (await cluster.Shell.RunAsync(new($"cd {ShellQuote.Word(cluster.Path)} && ls -dt {pattern} 2>/dev/null | head -n 1"), ct).ConfigureAwait(false)).Output.Trim();
        return found.Length > 0 ? new(cluster, found["run-".Length..])
            : throw new DeploymentException(DeploymentFailure.NoSuchCluster, name is null ? $"nothing was run on {cluster.Shell.Name} for cluster {cluster.ClusterId}" : $"cluster {cluster.ClusterId} has no run '{name}'");
    }

    /// <summary>Gives what it wrote, as it writes it, until it ends.</summary>
    /// <returns>Its exit status.</returns>
    /// <exception cref="DeploymentException">It ended without one: it was killed, or its machine was.</exception>
    public async Task<int> FollowAsync(Action<string> onOutput, Action<string> onError, CancellationToken ct)
    {
        Decoder output = Encoding.UTF8.GetDecoder(), error = Encoding.UTF8.GetDecoder();
        long read = 0, readError = 0;
        var pause = firstPause;
        for (bool gone = false; ;)
        {
            // The status first: once it is there, all output is. In base 64, because pieces need not end where characters or lines do.
            string said = (await cluster.Shell.RunAsync(new(string.Create(CultureInfo.InvariantCulture, $$"""
                cd {{ShellQuote.Word(Folder)}} || exit 1
                echo "$(cat status 2>/dev/null)"
                echo "$(tail -c +{{read + 1}} out 2>/dev/null | head -c {{MostBytes}} | base64 -w0)"
                echo "$(tail -c +{{readError + 1}} err 2>/dev/null | head -c {{MostBytes}} | base64 -w0)"
                """)), ct).ConfigureAwait(false)).Demand("collecting the output", cluster.Shell.Name);
            if (said.Split('\n') is not [var status, .. var pieces]) throw new DeploymentException(DeploymentFailure.CommandFailed, $"{cluster.Shell.Name} answered '{said}'");
            long before = read + readError;
            Give(pieces.ElementAtOrDefault(0) ?? "", output, onOutput, ref read);
            Give(pieces.ElementAtOrDefault(1) ?? "", error, onError, ref readError);
            if (read + readError > before)
            {
                pause = firstPause;
                continue;
            }
            if (int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return number;
            if (gone) throw new DeploymentException(DeploymentFailure.WorkerEnded, $"run {Name} on {cluster.Shell.Name} ended without an exit status: it was killed");
            gone = pause == longestPause && !await LivesAsync(ct).ConfigureAwait(false);
            await Task.Delay(pause, ct).ConfigureAwait(false);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 3 / 2, longestPause.Ticks));
        }
    }

    /// <summary>Ends it, if it runs.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        await WithProcessAsync(async (process, shell) =>
        {
            await process.StopAsync(shell, TimeSpan.FromSeconds(10), ct).ConfigureAwait(false);
            return true;
        }, ct).ConfigureAwait(false);
    }

    async Task<bool> LivesAsync(CancellationToken ct) => await WithProcessAsync((process, shell) => process.LivesAsync(shell, ct), ct).ConfigureAwait(false) is not false;

    // Behind one name there may be several login nodes: of a process on another one this one knows nothing, so we go on to that.
    async Task<bool?> WithProcessAsync(Func<DetachedProcess, IShell, Task<bool>> use, CancellationToken ct)
    {
        var said = await cluster.Shell.RunAsync(new($"cd {ShellQuote.Word(Folder)} && cat process && uname -n"), ct).ConfigureAwait(false);
        if (said.Output.Trim().Split('\n') is not [var line, var here] || line.Split(' ') is not [var id, var ticks, var boot, var machine]) return null;
        var process = new DetachedProcess(int.Parse(id, CultureInfo.InvariantCulture), long.Parse(ticks, CultureInfo.InvariantCulture), boot);
        if (machine == here || OperatingSystem.IsWindows() || cluster.Shell is not SshShell ssh) return await use(process, cluster.Shell).ConfigureAwait(false);
        var there = ssh.On(machine);
        await using (there.ConfigureAwait(false)) return await use(process, there).ConfigureAwait(false);
    }

    static void Give(string piece, Decoder decoder, Action<string> on, ref long read)
    {
        byte[] bytes = Convert.FromBase64String(piece);
        if (bytes.Length == 0) return;
        read += bytes.Length;
        char[] text = new char[decoder.GetCharCount(bytes, 0, bytes.Length)];
        on(new(text, 0, decoder.GetChars(bytes, 0, bytes.Length, text, 0)));
    }
}
