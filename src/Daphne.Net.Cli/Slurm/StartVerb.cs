using Daphne.Net.Deployment;

namespace Daphne.Net.Cli;

/// <summary><c>start</c>, and <c>workers</c> on the login node itself: submits the workers' job and prints its number.</summary>
sealed class StartVerb(string name, string help) : SlurmVerb(name, help)
{
    public override async Task<int> RunAsync(SlurmSession session, CancellationToken ct)
    {
        session.AtMost(0, Name);
        var settings = session.Settings;
        if (settings.Elastic is not null) throw new DeploymentException(DeploymentFailure.BadOption, $"--max-workers and --replace need a process that looks after the workers: 'deploy' is one, '{Name}' ends; leave them out, or deploy from C# with Elastic");
        var slurm = session.Slurm();
        var bundle = session.Bundle();
        bool byHand = settings.ShowScript || settings.JobFolder is not null;
        // A folder works wherever it lies.
        string? root = settings.InContainer || settings is { ShowScript: true, JobFolder: null } ? await ClusterFolder.RootAsync(session.Login, settings.Root, ct).ConfigureAwait(false) : null;
        var prefix = await session.LaunchPrefixAsync(root ?? "", ct).ConfigureAwait(false);
        var (secrets, _) = DaphneCluster.NewSecrets(slurm.StartTimeout + slurm.WallTime);
        if (byHand)
        {
            ByHand(session, slurm, secrets, root ?? "", bundle, prefix);
            return 0;
        }
        var deployment = await SlurmDeployment.SubmitAsync(session.Options(slurm, prefix, bundle), secrets, session.Report, ct).ConfigureAwait(false);
        await using (deployment.ConfigureAwait(false))
        {
            var record = deployment.Record;
            session.Made = record.ClusterId;
            session.Report.Result($"{record.Jobs[0]}", ("cluster", record.ClusterId), ("job", record.Jobs[0].Id), ("workers", record.Workers));
            return 0;
        }
    }

    static void ByHand(SlurmSession session, SlurmOptions slurm, ClusterSecrets secrets, string root, Bundle bundle, IReadOnlyList<string> prefix)
    {
        if (session.Settings.JobFolder is not { } folder)
        {
            string script = JobScript.Render(slurm, secrets.ClusterId, $"{root}/clusters/{secrets.ClusterId}", [.. prefix, $"{root}/bundles/{bundle.Name}/{Bundle.Program}"]);
            session.Report.Result(script.TrimEnd('\n'), ("script", script));
            return;
        }
        JobFolder.Write(folder, slurm, secrets, bundle, prefix);
        session.Report.Result(Path.GetFullPath(folder), ("folder", Path.GetFullPath(folder)), ("cluster", secrets.ClusterId));
    }
}
