using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Daphne.Net.Deployment;

namespace Daphne.Net.Cli;

/// <summary>
/// <c>daphne clusters attach ID [COMMAND …]</c>: the user's shell, or a command, with the variables of the cluster, whose workers hear from us as long as it runs
/// and do not take themselves for forgotten. A shell rather than a prompt of our own: whoever works there has history, editors and pipes already.
/// </summary>
static partial class AttachedShell
{
    static readonly TimeSpan endTime = TimeSpan.FromSeconds(10);

    /// <returns>The exit status of the shell or command.</returns>
    public static async Task<int> RunAsync(DeploymentRecord record, DeploymentRecords records, IReadOnlyList<string> command, DeployReport report, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows()) throw new DeploymentException(DeploymentFailure.BadOption, "'attach' needs a Unix machine");
        var variables = ClusterVariables.Of(record, records);
        var cluster = DaphneCluster.AttachTo(record.ClusterId);
        await using (cluster.ConfigureAwait(false))
        {
            await cluster.Deploy(report, ct).ConfigureAwait(false);
            string shell = Environment.GetEnvironmentVariable("SHELL") is { Length: > 0 } own ? own : "/bin/sh";
            report.Say($"attached to cluster {record.ClusterId}, {cluster.Workers.Count} workers: 'daphne --distributed script.daphne' runs on them{(command.Count == 0 ? "; 'exit' leaves them to themselves" : "")}");
            int status = await RunAsync(command.Count > 0 ? command : [shell], variables, ct).ConfigureAwait(false);
            report.Say($"left cluster {record.ClusterId}, which goes on; 'daphne clusters stop {record.ClusterId}' ends it");
            report.Result("", ("cluster", record.ClusterId), ("status", status));
            return status;
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    static async Task<int> RunAsync(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> variables, CancellationToken ct)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false };
        foreach (var (name, value) in variables)
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        // Signals are taken before the program begins: from its first word on it may be told to end.
        var told = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        // Ctrl-C reaches the whole group: what it means is for the program in front to say. Those who end us mean it too.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, PassOn);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, PassOn);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new DeploymentException(DeploymentFailure.StartFailed, $"cannot start '{command[0]}': {e.Message}", e);
        }
        using (process)
        {
            var ended = process.WaitForExitAsync(ct);
            if (await Task.WhenAny(ended, told.Task).ConfigureAwait(false) == told.Task)
            {
                _ = SendSignal(process.Id, await told.Task.ConfigureAwait(false));
                if (await Task.WhenAny(ended, Task.Delay(endTime, ct)).ConfigureAwait(false) != ended) process.Kill(entireProcessTree: true);
            }
            await ended.ConfigureAwait(false);
            return process.ExitCode;
        }

        void PassOn(PosixSignalContext context)
        {
            context.Cancel = true;
            // Once: what follows the first is the end after a while.
            told.TrySetResult(context.Signal == PosixSignal.SIGHUP ? 1 : 15);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
