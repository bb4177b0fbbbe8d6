using System.Diagnostics;

namespace Daphne.Net.Deployment;

/// <summary>
/// Where the jobs of a deployment stand, asked again and again: a job that Slurm does not know may be one it has just taken, a login node that does not answer may be
/// starting again. Neither counts as the end before it has lasted.
/// </summary>
sealed class JobWatch(SlurmClient slurm)
{
    const int MostForgotten = 5;
    static readonly TimeSpan longestLoss = TimeSpan.FromMinutes(2);

    readonly Dictionary<SlurmJob, int> forgotten = [];
    readonly Stopwatch silence = Stopwatch.StartNew();

    /// <summary>Where they stand, in their order.</summary>
    /// <exception cref="DeploymentException">The login node has not answered for long.</exception>
    public async Task<IReadOnlyList<JobState>> AskAsync(IReadOnlyList<SlurmJob> jobs, CancellationToken ct)
    {
        try
        {
            var states = await slurm.StatesAsync(jobs, ct).ConfigureAwait(false);
            silence.Restart();
            return [.. jobs.Zip(states, Judge)];
        }
        catch (DeploymentException e) when (e.Reason is DeploymentFailure.Unreachable or DeploymentFailure.TimedOut && silence.Elapsed < longestLoss)
        {
            var unknown = new JobState(JobPhase.Unknown, "UNKNOWN", e.Message.Split('\n')[0]);
            return [.. jobs.Select(_ => unknown)];
        }
    }

    JobState Judge(SlurmJob job, JobState state)
    {
        int times = forgotten[job] = state.Phase == JobPhase.Forgotten ? forgotten.GetValueOrDefault(job) + 1 : 0;
        return times < MostForgotten ? state : new(JobPhase.Ended, "UNKNOWN", $"Slurm knows nothing of it any more: {state.Reason}");
    }
}
