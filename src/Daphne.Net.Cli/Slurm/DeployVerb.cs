using Daphne.Net.Deployment;
using Daphne.Net.Distributed;

namespace Daphne.Net.Cli;

/// <summary><c>deploy [SCRIPT [ARGS]]</c>: everything in one sweep. What was started is taken down whatever the script does.</summary>
sealed class DeployVerb() : SlurmVerb("deploy", "All in one sweep: build, package, transfer, start, wait, status, run, stop, clean.")
{
    static readonly TimeSpan endTime = TimeSpan.FromMinutes(3);

    public override string Words => "[SCRIPT [name=value ...]]";

    public override async Task<int> RunAsync(SlurmSession session, CancellationToken ct)
    {
        var words = session.Words;
        session.Words = [];     // they are those of 'run'
        List<SlurmVerb> first = session.Settings is { InContainer: true, Image: null } ? [new SingularityVerb()] : [];
        SlurmVerb[] steps = [.. first, new BuildVerb(), new PackageVerb(), new TransferVerb()];
        foreach (var step in steps) await StepAsync(step, session, ct).ConfigureAwait(false);
        if (session.Settings.Elastic is not null) return await RunElasticAsync(session, words, ct).ConfigureAwait(false);
        await StepAsync(SlurmCommand.Start, session, ct).ConfigureAwait(false);
        try
        {
            await StepAsync(new WaitVerb(), session, ct).ConfigureAwait(false);
            await StepAsync(new StatusVerb(), session, ct).ConfigureAwait(false);
            session.Words = words;
            return await StepAsync(new RunVerb(), session, ct).ConfigureAwait(false);
        }
        finally
        {
            session.Words = [];
            using var patience = new CancellationTokenSource(endTime);
            await StepAsync(new StopVerb(), session, patience.Token).ConfigureAwait(false);
            await StepAsync(new CleanVerb(), session, patience.Token).ConfigureAwait(false);
        }
    }

    // This process has the cluster from its start to its end: somebody must look after the jobs while the script runs.
    static async Task<int> RunElasticAsync(SlurmSession session, IReadOnlyList<string> words, CancellationToken ct)
    {
        var (settings, report) = (session.Settings, session.Report);
        if (settings.Mpi || settings.Detach || settings.Coordinator is not (null or Coordinator.Here))
            throw new DeploymentException(DeploymentFailure.BadOption, "with --max-workers or --replace this process looks after the workers and runs the script: --dist_backend=MPI, --detach and --coordinator=login or job go without");
        var slurm = session.Slurm();
        var bundle = session.Bundle();
        string root = settings.InContainer ? await ClusterFolder.RootAsync(session.Login, settings.Root, ct).ConfigureAwait(false) : "";
        var prefix = await session.LaunchPrefixAsync(root, ct).ConfigureAwait(false);
        report.Say("== start");
        report.Command = "slurm start";
        var cluster = new DaphneCluster(async (progress, cancel) =>
        {
            var (secrets, identity) = DaphneCluster.NewSecrets(slurm.StartTimeout + slurm.WallTime);
            var deployment = await SlurmDeployment.StartAsync(session.Options(slurm, prefix, bundle), secrets, progress, cancel).ConfigureAwait(false);
            return await ClusterMembers.OfAsync(deployment, identity, owns: true, progress, cancel).ConfigureAwait(false);
        });
        int status;
        string id;
        await using (cluster.ConfigureAwait(false))
        {
            try
            {
                await cluster.Deploy(report, ct).ConfigureAwait(false);
            }
            catch (WorkerException e)
            {
                throw new DeploymentException(DeploymentFailure.Unreachable, e.Message, e);
            }
            id = cluster.Id!;
            report.Result($"{cluster.Workers.Count} of {slurm.Workers} workers listen", ("cluster", id), ("workers", slurm.Workers), ("addresses", cluster.Workers.Select(w => w.Address)));
            report.Say("== run");
            report.Command = "slurm run";
            session.Words = words;
            status = RunVerb.OnCluster(session, cluster);
            report.Say("== stop");
        }
        report.Command = "slurm stop";
        report.Result($"cluster {id} is stopped", ("cluster", id), ("stopped", true));
        using var patience = new CancellationTokenSource(endTime);
        report.Say("== clean");
        report.Command = "slurm clean";
        await CleanVerb.RemoveBundleAsync(session, [id], patience.Token).ConfigureAwait(false);
        return status;
    }

    static async Task<int> StepAsync(SlurmVerb verb, SlurmSession session, CancellationToken ct)
    {
        session.Report.Say("== " + verb.Name);
        session.Report.Command = "slurm " + verb.Name;      // each says its own results
        return await verb.RunAsync(session, ct).ConfigureAwait(false);
    }
}
