using System.Threading.Channels;

namespace Daphne.Net.Deployment;

/// <summary>What became of workers that do not answer.</summary>
/// <param name="Text">In words.</param>
/// <param name="Patience">How long it makes sense to wait for them, since nobody answers: zero where they have ended; null where that is as it was.</param>
public readonly record struct MissedNews(string Text, TimeSpan? Patience = null);

/// <summary>
/// Finds out what became of workers that do not answer, in a Slurm cluster whose number of workers is fixed: their job was started again and they listen elsewhere, it waits to be,
/// or it has ended. Slurm is asked only while somebody is missed. Begins with <see cref="Begin"/>; ends with the deployment.
/// </summary>
public sealed class MissedWorkers : IAsyncDisposable
{
    static readonly TimeSpan stopTime = TimeSpan.FromSeconds(30);

    readonly SlurmDeployment deployment;
    readonly SlurmDeploymentOptions options;
    readonly SlurmClient slurm;
    readonly Channel<bool> woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    readonly CancellationTokenSource closing = new();
    readonly HashSet<string> known = new(StringComparer.Ordinal);
    Func<bool> isMissed = static () => false;
    Func<ListeningWorker, CancellationToken, Task> joined = static (_, _) => Task.CompletedTask;
    Action<MissedNews> tell = static _ => { };
    Task running = Task.CompletedTask;
    string told = "";
    bool waited;

    internal MissedWorkers(SlurmDeployment deployment, SlurmDeploymentOptions options, SlurmClient slurm) => (this.deployment, this.options, this.slurm) = (deployment, options, slurm);

    /// <summary>Begins to listen for <see cref="Look"/>.</summary>
    /// <param name="greeted">Where workers that answered listen.</param>
    /// <param name="missed">True while fewer workers answer than there should be.</param>
    /// <param name="onJoined">Is given workers that listen somewhere else; one that it throws for is tried again later.</param>
    /// <param name="onNews">Is told what happened to the jobs.</param>
    public void Begin(IEnumerable<string> greeted, Func<bool> missed, Func<ListeningWorker, CancellationToken, Task> onJoined, Action<MissedNews> onNews)
    {
        (isMissed, joined, tell) = (missed, onJoined, onNews);
        known.UnionWith(greeted);
        running = Task.Run(RunAsync);
    }

    /// <summary>Somebody may be missed.</summary>
    public void Look() => woken.Writer.TryWrite(true);

    async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await woken.Reader.ReadAsync(closing.Token).ConfigureAwait(false);
                var watch = new JobWatch(slurm);
                long since = options.Time.GetTimestamp();
                for (var pause = options.AskEvery / 8; isMissed(); pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 3 / 2, options.AskEvery.Ticks * 10)))
                {
                    if (await LookAsync(watch, since).ConfigureAwait(false)) return;
                    await Task.Delay(pause, options.Time, closing.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // The cluster is let go.
        }
    }

    // True once all jobs have ended.
    async Task<bool> LookAsync(JobWatch watch, long since)
    {
        try
        {
            var jobs = deployment.Record.Jobs;
            var states = await watch.AskAsync(jobs, closing.Token).ConfigureAwait(false);
            if (states.All(s => s.Phase == JobPhase.Ended))
            {
                List<string> how = [];
                foreach (var (job, state) in jobs.Zip(states)) how.Add($"job {job} ended: {await deployment.HowAsync(job, state, closing.Token).ConfigureAwait(false)}");
                Tell(string.Join("; ", how), TimeSpan.Zero);
                return true;
            }
            bool runs = states.Any(s => s.Phase == JobPhase.Running);
            if (!runs && states.Any(s => s.Phase == JobPhase.Pending))
            {
                waited = true;
                Tell(string.Join("; ", jobs.Zip(states, (job, state) => $"job {job} waits again: {state}")), options.Slurm.StartTimeout);
            }
            else if (runs && waited)
            {
                waited = false;
                Tell(string.Join("; ", jobs.Zip(states, (job, state) => $"job {job}: {state}")), options.Time.GetElapsedTime(since) + options.WorkerTimeout);
            }
            if (runs) await MeetAsync(states).ConfigureAwait(false);
        }
        catch (DeploymentException e)
        {
            // The login node does not answer: nothing is known, and it is asked again.
            Tell(e.Message.Split('\n')[0]);
        }
        return false;
    }

    async Task MeetAsync(IReadOnlyList<JobState> states)
    {
        var there = await deployment.ListeningAsync(states, closing.Token).ConfigureAwait(false);
        foreach (var worker in there)
        {
            if (known.Contains(worker.Address)) continue;
            try
            {
                await joined(worker, closing.Token).ConfigureAwait(false);
                known.Add(worker.Address);
                deployment.Joined(there);
                Tell($"worker {worker.Number} of job {worker.Job} joins at {worker.Address}");
            }
            catch (Exception e) when (e is IOException or DeploymentException)
            {
                Tell($"worker {worker.Number} of job {worker.Job} cannot be greeted yet: {e.Message.Split('\n')[0]}");
            }
        }
    }

    // The same is not said twice.
    void Tell(string text, TimeSpan? patience = null)
    {
        if (told == text) return;
        told = text;
        tell(new(text, patience));
    }

    /// <summary>Looks after them no longer.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        try
        {
            await running.WaitAsync(stopTime).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A command over a connection that is lost: it has a time limit of its own, and nobody waits for what it says.
        }
    }
}
