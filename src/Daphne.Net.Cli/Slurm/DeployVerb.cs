namespace Daphne.Net.Cli;

/// <summary><c>deploy [SCRIPT [ARGS]]</c>: everything in one sweep. What was started is taken down whatever the script does.</summary>
sealed class DeployVerb() : SlurmVerb("deploy", "All in one sweep: build, package, transfer, start, wait, status, run, stop, clean.")
{
    static readonly TimeSpan endTime = TimeSpan.FromMinutes(3);

    public override string Words => "[SCRIPT [name=value ...]]";

    public override async Task<int> RunAsync(SlurmSession session, CancellationToken ct)
    {
        SlurmSession quiet = new(session.Settings, [], session.Report);   // the words are those of 'run'
        await using (quiet.ConfigureAwait(false))
        {
            List<SlurmVerb> first = session.Settings is { InContainer: true, Image: null } ? [new SingularityVerb()] : [];
            SlurmVerb[] steps = [.. first, new BuildVerb(), new PackageVerb(), new TransferVerb(), SlurmCommand.Start];
            foreach (var step in steps) await StepAsync(step, quiet, ct).ConfigureAwait(false);
            session.Made = quiet.Made;
            try
            {
                await StepAsync(new WaitVerb(), quiet, ct).ConfigureAwait(false);
                await StepAsync(new StatusVerb(), quiet, ct).ConfigureAwait(false);
                session.Report.Say("== run");
                session.Report.Command = "slurm run";
                return await new RunVerb().RunAsync(session, ct).ConfigureAwait(false);
            }
            finally
            {
                using var patience = new CancellationTokenSource(endTime);
                await StepAsync(new StopVerb(), quiet, patience.Token).ConfigureAwait(false);
                await StepAsync(new CleanVerb(), quiet, patience.Token).ConfigureAwait(false);
            }
        }
    }

    static async Task StepAsync(SlurmVerb verb, SlurmSession session, CancellationToken ct)
    {
        session.Report.Say("== " + verb.Name);
        session.Report.Command = "slurm " + verb.Name;      // each says its own results
        await verb.RunAsync(session, ct).ConfigureAwait(false);
    }
}
