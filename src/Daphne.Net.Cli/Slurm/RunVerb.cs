using Daphne.Net.Deployment;
using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary><c>run [SCRIPT [ARGS]]</c>: a script on the recorded workers, really on them: coordinated here, on the login node or in the job.</summary>
sealed class RunVerb() : SlurmVerb("run", "Runs a script (default: standard input) on the workers; its exit status is the script's.")
{
    public override string Words => "[SCRIPT [name=value ...]]";

    public override async Task<int> RunAsync(SlurmSession session, CancellationToken ct)
    {
        string script = session.Words is [var first, ..] && first != "-" ? first : "/dev/stdin";
        string[] arguments = [.. session.Words.Skip(1)], options = session.Settings.ScriptArguments is { } more ? ["--args", more] : [];
        if (session.Settings.Mpi) return await RunMpiAsync(session, Read(script), options, arguments, ct).ConfigureAwait(false);
        // Options of srun mean a step of the job: there is nothing else they could be for.
        var where = session.Settings.Coordinator ?? (session.Settings.Srun.Count > 0 ? Coordinator.Job : Coordinator.Here);
        if (where == Coordinator.Here)
        {
            var record = session.Record();
            return Ended(session.Report, RunCommand.Run(["--distributed", "--dist_backend=sync-gRPC", "--cluster=" + record.ClusterId, .. options, script, .. arguments], session.Report.Output, session.Report.Error, given: new(Login: session.LoginOf(record))), record.ClusterId, null);
        }
        var deployment = session.Deployment();
        await using (deployment.ConfigureAwait(false))
        {
            var record = deployment.Record;
            if (record.Addresses.Count == 0) await deployment.WaitAsync(ct).ConfigureAwait(false);
            string[] step = where == Coordinator.Login ? [] : ["srun", $"--jobid={record.Jobs[0].Id}", "--overlap", "--nodes=1", "--ntasks=1", "--quiet", .. StepOptions(session.Settings.Srun)];
            var run = await RemoteRun.StartAsync(deployment.Folder!, deployment.Record, Read(script), (options, arguments), step, ct).ConfigureAwait(false);
            session.Report.Say($"run {run.Name} of cluster {record.ClusterId} on {(where == Coordinator.Login ? session.LoginName : $"a node of job {record.Jobs[0]}")}");
            if (session.Settings.Detach)
            {
                session.Report.Result(run.Name, ("cluster", record.ClusterId), ("run", run.Name));
                return 0;
            }
            return Ended(session.Report, await CollectAsync(run, session.Report, ct).ConfigureAwait(false), record.ClusterId, run.Name);
        }
    }

    /// <summary>The script of the command line, here, on a cluster that this process has.</summary>
    public static int OnCluster(SlurmSession session, DaphneCluster cluster)
    {
        string script = session.Words is [var first, ..] && first != "-" ? first : "/dev/stdin";
        string[] options = session.Settings.ScriptArguments is { } more ? ["--args", more] : [];
        using (cluster.Working())
            return Ended(session.Report, RunCommand.Run(["--distributed", "--dist_backend=sync-gRPC", .. options, script, .. session.Words.Skip(1)], session.Report.Output, session.Report.Error, given: new(Workers: cluster.DeployedWorkers)), cluster.Id!, null);
    }

    static async Task<int> RunMpiAsync(SlurmSession session, byte[] script, string[] options, string[] arguments, CancellationToken ct)
    {
        if (session.Settings.Coordinator is Coordinator.Here or Coordinator.Login) throw new DeploymentException(DeploymentFailure.BadOption, "with --dist_backend=MPI rank 0 coordinates, in the job; --coordinator=here and login are for sync-gRPC");
        var deployment = session.Deployment();
        await using (deployment.ConfigureAwait(false))
        {
            var step = await MpiStep.FindAsync(deployment, [.. StepOptions(session.Settings.Srun)], ct).ConfigureAwait(false);
            var run = await step.StartAsync(script, options, arguments, ct).ConfigureAwait(false);
            session.Report.Say($"run {run.Name} of cluster {deployment.Record.ClusterId}: {deployment.Record.Workers} ranks over {step.Library} (srun --mpi={step.Plugin}) in job {deployment.Record.Jobs[0]}");
            if (session.Settings.Detach)
            {
                session.Report.Result(run.Name, ("cluster", deployment.Record.ClusterId), ("run", run.Name));
                return 0;
            }
            return Ended(session.Report, await CollectAsync(run, session.Report, ct).ConfigureAwait(false), deployment.Record.ClusterId, run.Name);
        }
    }

    /// <summary>How a run ended, for programs; people see what it wrote.</summary>
    public static int Ended(DeployReport report, int status, string cluster, string? run)
    {
        report.Output.Flush();
        report.Error.Flush();
        report.Result("", ("cluster", cluster), ("run", run), ("status", status));
        return status;
    }

    /// <summary>Writes what a run writes, until it ends.</summary>
    public static Task<int> FollowAsync(RemoteRun run, DeployReport report, CancellationToken ct) => MpiStep.FollowAsync(run, text => Write(report.Output, text), text => Write(report.Error, text), ct);

    static void Write(TextWriter to, string text)
    {
        to.Write(text);
        to.Flush();
    }

    // It is stopped where we are: whoever wants it to go on detaches it.
    static async Task<int> CollectAsync(RemoteRun run, DeployReport report, CancellationToken ct)
    {
        try
        {
            return await FollowAsync(run, report, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await run.StopAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    // One task of one worker's size, unless they say otherwise: our own count of nodes and tasks stands before them and would be doubled.
    static IEnumerable<string> StepOptions(IEnumerable<string> words) => words.Where(w => !w.StartsWith("--nodes", StringComparison.Ordinal) && !w.StartsWith("--ntasks", StringComparison.Ordinal));

    static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScriptException(Diag.CannotReadDeployed.At(default, path, e.Message), e);
        }
    }
}

/// <summary><c>output [RUN]</c>: what a detached run wrote.</summary>
sealed class OutputVerb() : SlurmVerb("output", "Collects the output of a detached run, waits for its end; its exit status is the script's.")
{
    public override string Words => "[RUN]";

    public override async Task<int> RunAsync(SlurmSession session, CancellationToken ct)
    {
        session.AtMost(1, Name);
        var deployment = session.Deployment();
        await using (deployment.ConfigureAwait(false))
        {
            if (deployment.Folder is not { } folder) throw new DeploymentException(DeploymentFailure.NoSuchCluster, $"cluster {deployment.Record.ClusterId} has no folder");
            var run = await RemoteRun.FindAsync(folder, session.Words is [var name] ? name : null, ct).ConfigureAwait(false);
            // Whoever only looks does not stop it.
            return RunVerb.Ended(session.Report, await RunVerb.FollowAsync(run, session.Report, ct).ConfigureAwait(false), deployment.Record.ClusterId, run.Name);
        }
    }
}
