using System.Collections.Immutable;
using System.Globalization;

namespace Daphne.Net.Deployment.Elastic;

/// <summary>
/// How many jobs an elastic cluster has, as a function: no Slurm, clocks or threads. Jobs are submitted because workers are missing while a script runs or somebody asked for
/// them, and cancelled only because there are to be fewer: never both without news in between. One that waits may run on a node again that is avoided no longer.
/// </summary>
static class ElasticMachine
{
    /// <summary>The state at a time, after what was heard by then, and what is to be done about it.</summary>
    public static (ElasticState State, ImmutableArray<ElasticEffect> Effects) Next(ElasticState state, TimeSpan now, params IEnumerable<ElasticEvent> heard)
    {
        List<ElasticEffect> effects = [];
        state = state with { Now = now };
        foreach (var one in heard) state = Take(state, one, effects);
        state = Want(state, effects);
        state = Submit(state, effects);
        state = Cancel(state, effects);
        state = Allow(state, effects);
        return (state, [.. effects]);
    }

    static ElasticState Take(ElasticState state, ElasticEvent heard, List<ElasticEffect> effects)
    {
        switch (heard)
        {
            case ElasticEvent.Worked worked:
                return worked.Running == state.Working ? state : state with { Working = worked.Running, Since = state.Now };
            case ElasticEvent.Scaled scaled:
                // Somebody looked: what was given up may go now.
                return state with { Wanted = scaled.Workers, Told = true, Shrinking = scaled.Workers < state.Coming, GivenUp = null, Failures = 0, NotBefore = state.Now, Since = state.Now };
            case ElasticEvent.Refused refused:
                state = Failed(state with { Jobs = state.Jobs.Remove(refused.Job) }, effects, $"Slurm does not take a job: {refused.Why}");
                return refused.Again ? state : state with { GivenUp = refused.Why };
            case ElasticEvent.Listening listening when state.Jobs.TryGetValue(listening.Job, out var job) && listening.Generation >= job.Generation:
                // A job that was started again begins anew, with all its workers.
                job = listening.Generation == job.Generation ? job : job with { Generation = listening.Generation, Listening = 0 };
                return state with { Jobs = state.Jobs.SetItem(listening.Job, job with { Listening = Math.Max(job.Listening, listening.Workers) }), Failures = job.Listening == 0 ? 0 : state.Failures };
            // Of a job that waits to be started again, or is being ended, it is no news.
            case ElasticEvent.Lost lost when state.Jobs.TryGetValue(lost.Job, out var job) && job is { Workers: > 0, Phase: JobPhase.Running }:
                if (job.Cancelled is null && !(job.Ends - state.Now <= state.Limits.ReplaceLead)) state = Avoid(state, [lost.Node], lost.Certain ? state.Limits.AvoidFor : state.Limits.SuspectFor);
                return state with { Jobs = state.Jobs.SetItem(lost.Job, job with { Workers = job.Workers - 1, Listening = Math.Max(0, job.Listening - 1) }) };
            case ElasticEvent.Allowed allowed when state.Jobs.TryGetValue(allowed.Job, out var job):
                return state with { Jobs = state.Jobs.SetItem(allowed.Job, job with { Excluded = job.Excluded.RemoveRange(allowed.Nodes), Allowing = false, Kept = 0 }) };
            case ElasticEvent.Kept kept when state.Jobs.TryGetValue(kept.Job, out var job):
                if (kept.Why is not null && job.Kept == 0) effects.Add(new ElasticEffect.Tell($"is still not to run on {string.Join(' ', job.Excluded)}: {kept.Why}", kept.Job));
                return state with { Jobs = state.Jobs.SetItem(kept.Job, job with { Allowing = false, Kept = job.Kept + 1, AllowFrom = state.Now + state.Limits.Pause(job.Kept + 1) }) };
            case ElasticEvent.Seen seen when state.Jobs.TryGetValue(seen.Job, out var job):
                return Seen(state, seen, job, effects);
            default:
                return state;       // of a job that has ended
        }
    }

    static ElasticState Seen(ElasticState state, ElasticEvent.Seen seen, ElasticJob job, List<ElasticEffect> effects)
    {
        switch (seen.Phase)
        {
            case JobPhase.Ended:
                state = Avoid(state with { Jobs = state.Jobs.Remove(seen.Job) }, seen.Blamed, state.Limits.AvoidFor);
                if (job.Cancelled is not null) return state;
                effects.Add(new ElasticEffect.Tell($"ended: {seen.State}", seen.Job));
                return job.Listening > 0 || job.Generation > 0 ? state : Failed(state, effects, $"a job ended before a worker listened: {seen.State}");
            case JobPhase.Pending or JobPhase.Running or JobPhase.Ending:
                bool again = job.Phase is JobPhase.Running or JobPhase.Ending && seen.Phase == JobPhase.Pending;
                if (again) effects.Add(new ElasticEffect.Tell($"waits again: {seen.State}", seen.Job));
                return state with
                {
                    Jobs = state.Jobs.SetItem(seen.Job, job with { Phase = seen.Phase, Ending = seen.Phase == JobPhase.Ending ? job.Ending ?? state.Now : null, State = seen.State, Ends = seen.Phase == JobPhase.Running ? state.Now + seen.Left : null, Listening = again ? 0 : job.Listening, Workers = again ? job.Full : job.Workers }),
                };
            default:
                return state;
        }
    }

    static ElasticState Failed(ElasticState state, List<ElasticEffect> effects, string why)
    {
        int failures = state.Failures + 1;
        if (failures < state.Limits.Failures)
            return state with { Failures = failures, NotBefore = state.Now + state.Limits.Pause(failures) };
        if (state.GivenUp is null) effects.Add(new ElasticEffect.Tell($"no more jobs are submitted after {Text(failures)} that failed; the last one: {why}"));
        return state with { Failures = failures, GivenUp = state.GivenUp ?? why };
    }

    static ElasticState Avoid(ElasticState state, ImmutableArray<string> nodes, TimeSpan time) => nodes.IsDefaultOrEmpty ? state : state with
    {
        Avoided = state.Avoided.SetItems(nodes.Where(n => state.Avoided.GetValueOrDefault(n) < state.Now + time).Select(n => KeyValuePair.Create(n, state.Now + time))),
    };

    // More after long work, and no more before those are there; fewer after long rest. Each step is a new reason to wait.
    static ElasticState Want(ElasticState state, List<ElasticEffect> effects)
    {
        var limits = state.Limits;
        var lasted = state.Now - state.Since;
        if (state.Working && lasted >= limits.GrowAfter && state.Wanted < limits.Most && state.Listening >= state.Wanted && state.GivenUp is null)
        {
            int wanted = Math.Min(limits.Most, Math.Max(1, state.Wanted) * 2);
            effects.Add(new ElasticEffect.Tell($"a script has been running for {lasted.TotalSeconds:0} s: {Text(wanted)} workers instead of {Text(state.Wanted)}"));
            return state with { Wanted = wanted, Since = state.Now, Shrinking = false };
        }
        if (!state.Working && lasted >= limits.ShrinkAfter && state.Wanted > limits.Least)
        {
            effects.Add(new ElasticEffect.Tell($"no script has been running for {lasted.TotalSeconds:0} s: {Text(limits.Least)} workers instead of {Text(state.Wanted)}"));
            return state with { Wanted = limits.Least, Since = state.Now, Shrinking = true, Told = false };
        }
        return state;
    }

    // Idle, what is lost stays lost until somebody needs it.
    static ElasticState Submit(ElasticState state, List<ElasticEffect> effects)
    {
        int missing = state.Wanted - state.Coming;
        if (missing <= 0) return state with { Told = false };
        if (!(state.Working || state.Told) || state.GivenUp is not null || state.Now < state.NotBefore) return state;
        state = state with { Avoided = state.Avoided.RemoveRange(state.Avoided.Where(a => a.Value <= state.Now).Select(a => a.Key)) };
        ImmutableArray<string> exclude = [.. state.Avoided.Keys];
        for (int burst = 0; missing > 0 && burst < state.Limits.Burst; burst++)
        {
            if (state.Submitted == state.Limits.MostJobs)
            {
                string why = $"{Text(state.Submitted)} jobs were submitted, and {nameof(ElasticOptions.MostJobs)} allows no more";
                effects.Add(new ElasticEffect.Tell(why));
                return state with { GivenUp = why };
            }
            int number = state.Submitted + 1, workers = Math.Min(missing, state.Limits.PerJob);
            missing -= workers;
            state = state with { Submitted = number, Jobs = state.Jobs.Add(number, new(workers, state.Now) { Excluded = exclude }) };
            effects.Add(new ElasticEffect.Submit(number, workers, exclude));
        }
        return state;
    }

    // Those that wait first, the latest of them; then those whose time ends soonest.
    static ElasticState Cancel(ElasticState state, List<ElasticEffect> effects)
    {
        foreach (var (number, job) in state.Jobs)
        {
            if (job is not { Cancelled: { } since, Pressed: false } || state.Now - since < state.Limits.DrainFor) continue;
            state = state with { Jobs = state.Jobs.SetItem(number, job with { Pressed = true }) };
            effects.Add(new ElasticEffect.Cancel(number, Hard: true));
        }
        // More than the most there can be only because of others: a job that was replaced was given more time, or was started again.
        if (!state.Shrinking && state.Coming <= state.Limits.Most) return state;
        int surplus = state.Coming - (state.Shrinking ? state.Wanted : state.Limits.Most);
        foreach (var (number, job) in state.Jobs.Where(j => state.IsStaying(j.Value))
            .OrderBy(j => j.Value.Phase == JobPhase.Running).ThenBy(j => j.Value.Ends ?? TimeSpan.Zero).ThenByDescending(j => j.Key).ToArray())
        {
            if (job.Workers > surplus) continue;
            surplus -= job.Workers;
            bool waits = job.Phase != JobPhase.Running;
            state = state with { Jobs = state.Jobs.SetItem(number, job with { Cancelled = state.Now, Pressed = waits }) };
            effects.Add(new ElasticEffect.Cancel(number, Hard: waits));
        }
        return state with { Shrinking = false };
    }

    // What a job was not to get when it was submitted may be all there is when it is its turn.
    static ElasticState Allow(ElasticState state, List<ElasticEffect> effects)
    {
        int burst = 0;
        foreach (var (number, job) in state.Jobs)
        {
            if (job is not { Phase: JobPhase.Pending, Cancelled: null, Allowing: false, Excluded.IsEmpty: false } || state.Now < job.AllowFrom) continue;
            ImmutableArray<string> nodes = [.. job.Excluded.Where(n => state.Avoided.GetValueOrDefault(n) <= state.Now)];
            if (nodes.IsEmpty) continue;
            if (burst++ == state.Limits.Burst) break;
            state = state with { Jobs = state.Jobs.SetItem(number, job with { Allowing = true }) };
            effects.Add(new ElasticEffect.Allow(number, nodes));
        }
        return state;
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
