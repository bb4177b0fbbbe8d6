using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Daphne.Net.Deployment.Elastic;

namespace Daphne.Net.Deployment;

/// <summary>
/// Keeps the workers of an elastic Slurm cluster as many as there should be: asks Slurm, lets <see cref="ElasticMachine"/> decide, submits and cancels. Begins with <see cref="Begin"/>;
/// ends with the deployment.
/// </summary>
public sealed class ElasticWorkers : IAsyncDisposable
{
    static readonly TimeSpan stopTime = TimeSpan.FromSeconds(30), longestSuspicion = TimeSpan.FromMinutes(1);

    readonly SlurmDeployment deployment;
    readonly SlurmDeploymentOptions options;
    readonly SlurmClient slurm;
    readonly JobWatch watch;
    readonly ConcurrentQueue<string> lostAddresses = [];
    readonly ConcurrentQueue<(int Workers, TaskCompletionSource Done)> wishes = [];
    readonly Channel<ElasticEvent?> heard = Channel.CreateUnbounded<ElasticEvent?>(new() { SingleReader = true });
    readonly CancellationTokenSource closing = new();
    readonly Dictionary<int, SlurmJob> jobs = [];
    readonly Dictionary<(long Job, int Number), ListeningWorker> known = [];
    readonly HashSet<(long Job, int Generation, int Number)> lost = [];
    readonly long begun;
    Func<ListeningWorker, CancellationToken, Task> joined = static (_, _) => Task.CompletedTask;
    Action<string> tell = static _ => { };
    Task running = Task.CompletedTask;
    ElasticState state;

    internal ElasticWorkers(SlurmDeployment deployment, SlurmDeploymentOptions options, SlurmClient slurm, IReadOnlyList<ListeningWorker> there)
    {
        (this.deployment, this.options, this.slurm) = (deployment, options, slurm);
        (watch, begun) = (new(slurm), options.Time.GetTimestamp());
        var (workers, elastic) = (options.Slurm.Workers, options.Slurm.Elastic!);
        for (int n = 0; n < deployment.Record.Jobs.Count; n++) jobs[n + 1] = deployment.Record.Jobs[n];
        foreach (var worker in there) known[(worker.Job, worker.Number)] = worker;
        var limits = new ElasticLimits(options.Slurm.Least, elastic.MaxWorkers > 0 ? elastic.MaxWorkers : workers, elastic.WorkersPerJob,
            elastic.ReplaceLead < options.Slurm.WallTime / 2 ? elastic.ReplaceLead : options.Slurm.WallTime / 2, elastic.GrowAfter, elastic.ShrinkAfter, elastic.AvoidFor, elastic.MostJobs)
        { SuspectFor = elastic.AvoidFor < longestSuspicion ? elastic.AvoidFor : longestSuspicion };
        state = new(limits)
        {
            Wanted = workers, Submitted = jobs.Count,
            Jobs = jobs.ToImmutableSortedDictionary(j => j.Key, j => new ElasticJob(Math.Min(limits.PerJob, workers - (j.Key - 1) * limits.PerJob), TimeSpan.Zero) { Listening = there.Count(w => w.Job == j.Value.Id) }),
        };
    }

    /// <summary>How many workers there should be.</summary>
    public int Wanted => state.Wanted;

    /// <summary>How long a job may wait in the queue.</summary>
    public TimeSpan StartTimeout => options.Slurm.StartTimeout;

    /// <summary>Why no more jobs are submitted; null while they are.</summary>
    public string? GivenUp => state.GivenUp;

    /// <summary>Begins to look after the workers.</summary>
    /// <param name="onJoined">Is given workers that are new, or came back with nothing; one that it throws for is tried again later.</param>
    /// <param name="onChange">Is told in words what happens.</param>
    public void Begin(Func<ListeningWorker, CancellationToken, Task> onJoined, Action<string> onChange)
    {
        (joined, tell) = (onJoined, onChange);
        running = Task.Run(RunAsync);
    }

    /// <summary>Scripts run from now on, or none does any more.</summary>
    public void Work(bool runs) => heard.Writer.TryWrite(new ElasticEvent.Worked(runs));

    /// <summary>There should be so many workers from now on. Ends once Slurm was asked for what is missing, or to take away what is too much.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are fewer than the least or more than the most.</exception>
    /// <exception cref="DeploymentException">Slurm refuses, or does not answer.</exception>
    public async Task ScaleAsync(int workers, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, state.Limits.Least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(workers, state.Limits.Most);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        wishes.Enqueue((workers, done));
        heard.Writer.TryWrite(null);
        await done.Task.WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>The worker at an address does not answer any more.</summary>
    public void Lost(string address)
    {
        lostAddresses.Enqueue(address);
        heard.Writer.TryWrite(null);
    }

    async Task RunAsync()
    {
        long asked = begun;
        var every = options.Slurm.Elastic!.AskEvery;
        // Kept where Slurm does not answer, until it does.
        List<ElasticEvent> events = [];
        while (!closing.IsCancellationRequested)
        {
            List<TaskCompletionSource> wished = [];
            try
            {
                var left = every - options.Time.GetElapsedTime(asked);
                if (left > TimeSpan.Zero) await HearAsync(left).ConfigureAwait(false);
                while (heard.Reader.TryRead(out var one))
                    if (one is not null) events.Add(one);
                while (wishes.TryDequeue(out var wish))
                {
                    events.Add(new ElasticEvent.Scaled(wish.Workers));
                    wished.Add(wish.Done);
                }
                // Slurm's own word first: a worker that is lost because its job is being ended is no reason to avoid its node.
                if (!lostAddresses.IsEmpty || options.Time.GetElapsedTime(asked) >= every)
                {
                    asked = options.Time.GetTimestamp();
                    events.AddRange(await AskAsync().ConfigureAwait(false));
                }
                while (lostAddresses.TryDequeue(out string? address)) events.AddRange(LostAt(address));
                await DoAsync(events).ConfigureAwait(false);
                events.Clear();
                foreach (var done in wished)
                    if (state.GivenUp is { } why) done.TrySetException(new DeploymentException(DeploymentFailure.JobRefused, why));
                    else done.TrySetResult();
            }
            catch (Exception e) when (e is DeploymentException or IOException)
            {
                // The login node or Slurm does not answer, or the record cannot be written: what is decided stays decided, and is asked about again.
                tell(e.Message.Split('\n')[0]);
                foreach (var done in wished) done.TrySetException(e);
            }
            catch (OperationCanceledException) when (closing.IsCancellationRequested)
            {
                foreach (var done in wished) done.TrySetCanceled();
                return;
            }
        }
    }

    async Task HearAsync(TimeSpan most)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        using var timer = options.Time.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), until, most, Timeout.InfiniteTimeSpan);
        try
        {
            await heard.Reader.WaitToReadAsync(until.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!closing.IsCancellationRequested)
        {
            // Nothing was heard: time to ask.
        }
    }

    async Task<List<ElasticEvent>> AskAsync()
    {
        List<ElasticEvent> events = [];
        int[] alive = [.. state.Jobs.Keys.Where(jobs.ContainsKey)];
        if (alive.Length == 0) return events;
        var states = await watch.AskAsync([.. alive.Select(n => jobs[n])], closing.Token).ConfigureAwait(false);
        foreach (var (number, seen) in alive.Zip(states))
        {
            var end = seen.Phase == JobPhase.Ended ? await slurm.EndAsync(jobs[number], seen, closing.Token).ConfigureAwait(false) : null;
            events.Add(new ElasticEvent.Seen(number, seen.Phase, end?.Text ?? seen.ToString(), seen.Left, end?.Blamed ?? []));
            if (seen.Phase == JobPhase.Ended)
                foreach (var place in known.Keys.Where(k => k.Job == jobs[number].Id).ToArray()) known.Remove(place);
            if (seen.Phase == JobPhase.Running && seen.Nodes.Length > 0) events.AddRange(LostNodes(number, HostList.Expand(seen.Nodes)));
        }
        var running = alive.Zip(states).Where(j => j.Second.Phase == JobPhase.Running).ToDictionary(j => jobs[j.First].Id, j => j.First);
        var listening = (await WorkerLogs.OfJobsAsync(deployment.Folder!, closing.Token).ConfigureAwait(false)).Where(w => running.ContainsKey(w.Job)).ToArray();
        foreach (var job in listening.GroupBy(w => w.Job)) events.Add(new ElasticEvent.Listening(running[job.Key], job.First().Generation, job.Count()));
        foreach (var worker in listening) await MeetAsync(worker).ConfigureAwait(false);
        return events;
    }

    async Task MeetAsync(ListeningWorker worker)
    {
        var place = (worker.Job, worker.Number);
        if (known.TryGetValue(place, out var before) && before == worker) return;
        try
        {
            await joined(worker, closing.Token).ConfigureAwait(false);
            known[place] = worker;
            tell($"worker {worker.Number} of job {worker.Job} joins at {worker.Address}{(worker.Generation > 0 ? $", started again for the {worker.Generation}. time" : "")}");
            deployment.Joined(known.Values);
        }
        catch (Exception e) when (e is IOException or DeploymentException)
        {
            tell($"worker {worker.Number} of job {worker.Job} cannot be greeted yet: {e.Message.Split('\n')[0]}");
        }
    }

    // A job that goes on without one of its nodes has that node no longer.
    IEnumerable<ElasticEvent> LostNodes(int number, IReadOnlyList<string> nodes)
    {
        if (nodes.Count == 0) yield break;
        foreach (var worker in known.Values.Where(w => w.Job == jobs[number].Id).ToArray())
            if (!nodes.Contains(NodeOf(worker)) && lost.Add((worker.Job, worker.Generation, worker.Number))) yield return new ElasticEvent.Lost(number, NodeOf(worker), Certain: true);
    }

    IEnumerable<ElasticEvent> LostAt(string address) =>
        known.Values.Where(w => w.Address == address && lost.Add((w.Job, w.Generation, w.Number))).ToArray()
            .Select(w => new ElasticEvent.Lost(jobs.FirstOrDefault(j => j.Value.Id == w.Job).Key, NodeOf(w), Certain: false));

    static string NodeOf(ListeningWorker worker) => worker.Address[..worker.Address.LastIndexOf(':')];

    async Task DoAsync(List<ElasticEvent> events)
    {
        var now = options.Time.GetElapsedTime(begun);
        (state, var effects) = ElasticMachine.Next(state, now, events);
        bool silent = false;
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case ElasticEffect.Tell said:
                    tell(jobs.TryGetValue(said.Job, out var meant) ? $"job {meant} {said.Text}" : said.Text);
                    break;
                case ElasticEffect.Submit submit:
                    await SubmitAsync(submit).ConfigureAwait(false);
                    break;
                case ElasticEffect.Cancel cancel when jobs.TryGetValue(cancel.Job, out var job):
                    tell($"job {job} is {(cancel.Hard ? "cancelled" : "told to end")}: {state.Wanted} workers are wanted");
                    await CancelAsync(job, cancel.Hard).ConfigureAwait(false);
                    break;
                case ElasticEffect.Allow allow when jobs.TryGetValue(allow.Job, out var job):
                    // Each question to a Slurm that is silent takes long, and these can wait.
                    if (silent) heard.Writer.TryWrite(new ElasticEvent.Kept(allow.Job, null));
                    else silent = !await AllowAsync(allow, job).ConfigureAwait(false);
                    break;
            }
        }
    }

    async Task CancelAsync(SlurmJob job, bool hard)
    {
        try
        {
            await (hard ? slurm.CancelAsync(job, closing.Token) : slurm.DrainAsync(job, closing.Token)).ConfigureAwait(false);
        }
        catch (DeploymentException e)
        {
            // One that was to end in order is cancelled a while later; and all are when the cluster is stopped.
            tell(e.Message.Split('\n')[0]);
        }
    }

    // False where nobody answers.
    async Task<bool> AllowAsync(ElasticEffect.Allow allow, SlurmJob job)
    {
        try
        {
            bool waits = await slurm.AllowAsync(job, allow.Nodes, closing.Token).ConfigureAwait(false);
            if (waits) tell($"job {job} may run on {string.Join(' ', allow.Nodes)} again");
            heard.Writer.TryWrite(waits ? new ElasticEvent.Allowed(allow.Job, allow.Nodes) : new ElasticEvent.Kept(allow.Job, null));
            return true;
        }
        catch (Exception e) when (e is DeploymentException or IOException)
        {
            heard.Writer.TryWrite(new ElasticEvent.Kept(allow.Job, e.Message.Split('\n')[0]));
            return e is DeploymentException { Reason: not (DeploymentFailure.SchedulerSilent or DeploymentFailure.Unreachable or DeploymentFailure.TimedOut) };
        }
    }

    async Task SubmitAsync(ElasticEffect.Submit submit)
    {
        try
        {
            // Not cancelled in the middle: a job that was taken must be known, so that it can be cancelled.
            var job = jobs[submit.Job] = await SubmitAsync(submit, submit.Exclude).ConfigureAwait(false);
            tell($"job {job} is asked for: {submit.Workers} more of {state.Wanted} workers{(submit.Exclude.Length > 0 ? $", not on {string.Join(' ', submit.Exclude)}" : "")}");
        }
        catch (Exception e) when (e is DeploymentException or IOException)
        {
            bool again = e is not DeploymentException { Reason: DeploymentFailure.JobRefused or DeploymentFailure.BadOption or DeploymentFailure.ProgramMissing };
            await DoAsync([new ElasticEvent.Refused(submit.Job, again, e.Message.Split('\n')[0])]).ConfigureAwait(false);
        }
    }

    async Task<SlurmJob> SubmitAsync(ElasticEffect.Submit submit, IReadOnlyList<string> exclude)
    {
        try
        {
            return await deployment.SubmitMoreAsync(new(submit.Job, submit.Workers, exclude)).ConfigureAwait(false);
        }
        catch (DeploymentException e) when (e.Reason == DeploymentFailure.JobRefused && exclude.Count > 0)
        {
            // There may be no other nodes, and a doubtful one is better than none.
            return await deployment.SubmitMoreAsync(new(submit.Job, submit.Workers, [])).ConfigureAwait(false);
        }
    }

    /// <summary>Looks after them no longer; jobs stay as they are.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        while (wishes.TryDequeue(out var wish)) wish.Done.TrySetCanceled(CancellationToken.None);
        try
        {
            await running.WaitAsync(stopTime).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A submission that Slurm does not answer: what it took is found by its name when the cluster is stopped.
        }
    }
}
