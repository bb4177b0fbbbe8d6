using Daphne.Net.Deployment;

namespace Daphne.Net.Cli;

/// <summary><c>start</c>, and <c>workers</c> on the login node itself: submits the workers' job and prints its number.</summary>
sealed class StartVerb(string name, string help) : SlurmVerb(name, help)
{
    public override async Task<int> RunAsync(SlurmSession session, CancellationToken ct)
    {
        session.AtMost(0, Name);
        var settings = session.Settings;
        var slurm = session.Slurm();
        var bundle = session.Bundle();
        bool byHand = settings.ShowScript || settings.JobFolder is not null;
        string? root = settings.InContainer || byHand ? await ClusterFolder.RootAsync(session.Login, settings.Root, ct).ConfigureAwait(false) : null;
        var prefix = await session.LaunchPrefixAsync(root ?? "", ct).ConfigureAwait(false);
        var (secrets, _) = DaphneCluster.NewSecrets(slurm.StartTimeout + slurm.WallTime);
        if (byHand)
        {
            ByHand(session, slurm, secrets, root!, [.. prefix, $"{root}/bundles/{bundle.Name}/{Bundle.Program}"]);
            return 0;
        }
        var deployment = await SlurmDeployment.SubmitAsync(session.Options(session.NewLogin(), slurm, prefix, bundle), secrets, session.Report, ct).ConfigureAwait(false);
        await using (deployment.ConfigureAwait(false))
        {
            var record = deployment.Record;
            session.Made = record.ClusterId;
            session.Report.Result($"{record.Jobs[0]}", ("cluster", record.ClusterId), ("job", record.Jobs[0].Id), ("workers", record.Workers));
            return 0;
        }
    }

    static void ByHand(SlurmSession session, SlurmOptions slurm, ClusterSecrets secrets, string root, IReadOnlyList<string> launch)
    {
        if (session.Settings.JobFolder is not { } folder)
        {
            string script = JobScript.Render(slurm, secrets.ClusterId, $"{root}/clusters/{secrets.ClusterId}", launch);
            session.Report.Result(script.TrimEnd('\n'), ("script", script));
            return;
        }
        string there = session.Settings.Login is null ? Path.GetFullPath(folder) : $"{root}/clusters/{secrets.ClusterId}";
        JobFolder.Write(folder, there, JobScript.Render(slurm, secrets.ClusterId, there, launch), secrets, session.Settings.Login);
        session.Report.Result(Path.GetFullPath(folder), ("folder", Path.GetFullPath(folder)), ("cluster", secrets.ClusterId));
    }
}
