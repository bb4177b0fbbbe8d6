using Daphne.Net.Deployment;

namespace Daphne.Net.Cli;

/// <summary><c>status</c>: where the job and its workers stand.</summary>
sealed class StatusVerb() : SlurmVerb("status", "Shows the job (why it waits, when it is expected to start) and its workers.")
{
    public override async Task<int> RunAsync(SlurmSession session, CancellationToken ct)
    {
        session.AtMost(0, Name);
        var deployment = session.Deployment();
        await using (deployment.ConfigureAwait(false))
        {
            var record = deployment.Record;
            var state = record.Jobs.Count == 0 ? new JobState(JobPhase.Unknown, "NOT SUBMITTED") : await deployment.JobAsync(ct).ConfigureAwait(false);
            string[] lines = [$"cluster {record.ClusterId} on {session.LoginName}", $"job {(record.Jobs is [var job, ..] ? job : "none")}: {state}{(state.Nodes.Length > 0 ? $", on {state.Nodes}" : "")}",
                .. record.Addresses.Count > 0 ? record.Addresses.Select((a, n) => $"worker {n}: {a}") : [$"{record.Workers} workers asked for; 'wait' finds out where they listen"]];
            session.Report.Result(string.Join('\n', lines), ("cluster", record.ClusterId), ("job", record.Jobs is [var j, ..] ? j.Id : null), ("phase", state.Phase.ToString().ToLowerInvariant()), ("state", state.State),
                ("reason", state.Reason), ("start", state.Start), ("nodes", state.Nodes), ("workers", record.Workers), ("addresses", record.Addresses));
            return state.Phase is JobPhase.Ended ? (int)Dialect.Stage.Execute : 0;
        }
    }
}

/// <summary><c>wait</c>: until the workers listen, within limits.</summary>
sealed class WaitVerb() : SlurmVerb("wait", "Waits until the workers listen; at most --timeout for the job to start.")
{
    public override async Task<int> RunAsync(SlurmSession session, CancellationToken ct)
    {
        session.AtMost(0, Name);
        var deployment = session.Deployment();
        await using (deployment.ConfigureAwait(false))
        {
            await deployment.WaitAsync(ct).ConfigureAwait(false);
            var record = deployment.Record;
            session.Report.Result($"{record.Addresses.Count} of {record.Workers} workers listen", ("cluster", record.ClusterId), ("workers", record.Workers), ("addresses", record.Addresses));
            return 0;
        }
    }
}

/// <summary><c>stop</c>: cancels the recorded job and no other.</summary>
sealed class StopVerb() : SlurmVerb("stop", "Ends the workers: cancels the job of this cluster, no other.")
{
    public override async Task<int> RunAsync(SlurmSession session, CancellationToken ct)
    {
        session.AtMost(0, Name);
        var deployment = session.Deployment();
        await using (deployment.ConfigureAwait(false))
        {
            await deployment.StopAsync(ct).ConfigureAwait(false);
            session.Report.Result($"cluster {deployment.Record.ClusterId} is stopped", ("cluster", deployment.Record.ClusterId), ("stopped", true));
            return 0;
        }
    }
}

/// <summary><c>clean</c>: removes what was made on the login node: the clusters of this account and, where nobody else uses it, the bundle.</summary>
sealed class CleanVerb() : SlurmVerb("clean", "Stops and removes the clusters of this login node, and the bundle on it.")
{
    public override async Task<int> RunAsync(SlurmSession session, CancellationToken ct)
    {
        session.AtMost(0, Name);
        bool one = session.Settings.Cluster is not null || session.Made is not null;
        var meant = one ? [session.Record()] : new DeploymentRecords().List().Where(r => r.Kind == "slurm" && r.Hosts[0].Host == (session.Settings.Login ?? "")).ToArray();
        foreach (var record in meant)
        {
            session.Made = record.ClusterId;
            var deployment = session.Deployment();
            await using (deployment.ConfigureAwait(false)) await deployment.CleanAsync(ct).ConfigureAwait(false);
            session.Report.Say($"removed: cluster {record.ClusterId}");
        }
        await RemoveBundleAsync(session, meant.Select(r => r.ClusterId), ct).ConfigureAwait(false);
        return 0;
    }

    /// <summary>Removes the bundle where nobody uses it, and says what is gone.</summary>
    public static async Task RemoveBundleAsync(SlurmSession session, IEnumerable<string> clusters, CancellationToken ct)
    {
        bool removed = await SlurmDeployment.RemoveBundlesAsync(session.Login, session.Settings.Root, ct).ConfigureAwait(false);
        session.Report.Result(removed ? $"{session.LoginName} is clean" : $"the bundle stays on {session.LoginName}: other clusters are there", ("clusters", clusters), ("bundle", removed ? "removed" : "in use"));
    }
}
