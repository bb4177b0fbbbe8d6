using System.Collections.Immutable;
using Daphne.Net.Deployment;
using Daphne.Net.Deployment.Elastic;

namespace Daphne.Net.Tests.Deployment.Elastic;

/// <summary>A cluster whose jobs wait, run, and end in simulated seconds, with the machine that looks after them, and what must hold whatever happens.</summary>
sealed class SimulatedSlurm
{
    const int DrainTakes = 3, ListenTakes = 2, EndTakes = 4;

    sealed class Job
    {
        public required int Workers { get; init; }
        public required double Starts { get; set; }
        public double Begun { get; set; } = -1;
        public double Ends { get; set; } = double.MaxValue;
        public int Generation { get; set; }
        public bool Broken { get; set; }
        public bool Obeys { get; init; }
        public string? End { get; set; }
        public string Blamed { get; set; } = "";
        public double EndsAt { get; set; }
        public HashSet<string> Excluded { get; init; } = [];
    }

    readonly Random random;
    readonly int wall;
    readonly SortedDictionary<int, Job> jobs = [], live = [];
    readonly List<ElasticEvent> news = [];
    double now;
    bool requeued, newsSinceCancel = true, newsSinceSubmit = true;

    public SimulatedSlurm(int seed, int workers, int most = 0, int perJob = 1, int wall = 1_000_000, int mostJobs = 100_000, int avoid = 1800)
    {
        (random, this.wall) = (new Random(seed), wall);
        State = new(new(Math.Min(workers, 2), Math.Max(most, workers), perJob, TimeSpan.FromSeconds(Math.Min(600, wall / 2)), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(avoid), mostJobs)) { Wanted = workers };
        for (int n = 1, left = workers; left > 0; n++, left -= perJob)
        {
            jobs[n] = live[n] = new() { Workers = Math.Min(perJob, left), Starts = 0, Obeys = true };
            State = State with { Submitted = n, Jobs = State.Jobs.Add(n, new(Math.Min(perJob, left), TimeSpan.Zero)) };
        }
        Initial = jobs.Count;
    }

    public ElasticState State { get; private set; }
    public (int Least, int Most) Wait { get; init; }
    public int Step { get; init; } = 1;
    public bool Obeys { get; set; } = true;
    public bool Broken { get; set; }
    /// <summary>Slurm does not answer.</summary>
    public bool Silent { get; set; }
    /// <summary>Slurm does not change what jobs exclude.</summary>
    public bool Stubborn { get; set; }
    /// <summary>Only on this node there is room; null: everywhere.</summary>
    public string? OnlyFree { get; set; }
    public int Asked { get; private set; }
    public int Initial { get; }
    public int Submissions { get; private set; }
    public int Cancels { get; private set; }
    public int HardCancels { get; private set; }
    public int Ended => jobs.Values.Count(j => j.End is not null);
    public int Running => live.Values.Where(j => j.End is null && j.Begun >= 0).Sum(j => j.Workers);
    public List<string> Told { get; } = [];
    public IReadOnlyList<string> LastExcluded { get; private set; } = [];

    public void Work(bool runs) => news.Add(new ElasticEvent.Worked(runs));
    public void Scale(int workers) => news.Add(new ElasticEvent.Scaled(workers));
    public void Lose(int job, string node) => news.Add(new ElasticEvent.Lost(job, node, Certain: true));
    public string NodeOf(int job) => $"n{job}";

    public void End(int job, string how, string blamed = "") => (jobs[job].End, jobs[job].Blamed) = (how, blamed);

    public void Requeue(int job)
    {
        var j = jobs[job];
        (j.Begun, j.Ends, j.Starts) = (-1, double.MaxValue, now + random.Next(Wait.Least, Wait.Most + 1));
        j.Generation++;
        j.EndsAt = now + EndTakes;
        requeued = true;
    }

    public void EndOne(Random chance, string how)
    {
        if (Alive() is { Length: > 0 } alive && alive[chance.Next(alive.Length)] is var n) End(n, how, how == "NODE_FAIL" ? $"n{n % 7}" : "");
    }

    public void RequeueOne(Random chance)
    {
        if (Alive() is { Length: > 0 } alive) Requeue(alive[chance.Next(alive.Length)]);
    }

    int[] Alive() => [.. live.Where(j => j.Value.End is null && j.Value.Begun >= 0).Select(j => j.Key)];

    public void Run(int seconds)
    {
        for (double until = now + seconds; now < until;)
        {
            now += Step;
            foreach (var (_, job) in live) Advance(job);
            Turn();
        }
    }

    void Advance(Job job)
    {
        if (job.End is not null) return;
        if (job.Begun < 0 && now >= job.Starts && (OnlyFree is null || !job.Excluded.Contains(OnlyFree))) (job.Begun, job.Ends) = (now, now + wall);
        if (job.Begun >= 0 && job.Broken && now > job.Begun) job.End = "FAILED";
        if (now >= job.Ends) job.End = "TIMEOUT";
    }

    void Turn()
    {
        if (!Silent)
        {
            foreach (var (number, job) in live.ToArray())
            {
                // One that is started again is being ended for a moment.
                var phase = job.End is not null ? JobPhase.Ended : now < job.EndsAt && job.Begun < 0 ? JobPhase.Ending : job.Begun < 0 ? JobPhase.Pending : JobPhase.Running;
                if (phase == JobPhase.Ended) live.Remove(number);
                news.Add(new ElasticEvent.Seen(number, phase, job.End ?? phase.ToString(), phase == JobPhase.Running ? TimeSpan.FromSeconds(job.Ends - now) : null, job.Blamed.Length > 0 ? [job.Blamed] : []));
                if (phase == JobPhase.Running && !job.Broken && now >= job.Begun + ListenTakes) news.Add(new ElasticEvent.Listening(number, job.Generation, job.Workers));
            }
        }
        var before = State;
        (State, var effects) = ElasticMachine.Next(State, TimeSpan.FromSeconds(now), [.. news]);
        // News: somebody asked, work began or ended, a job or worker was lost, or time in which that stayed so made another number right.
        bool isNews = news.Any(e => e is ElasticEvent.Worked or ElasticEvent.Scaled or ElasticEvent.Lost or ElasticEvent.Refused or ElasticEvent.Seen { Phase: JobPhase.Ended }) || State.Wanted != before.Wanted
            || State.Jobs.Values.Any(j => j.Ends - State.Now <= State.Limits.ReplaceLead) || before.Coming > before.Limits.Most || requeued;
        requeued = false;
        news.Clear();
        newsSinceCancel |= isNews;
        newsSinceSubmit |= isNews;
        Assert.False(effects.Any(e => e is ElasticEffect.Submit) && effects.Any(e => e is ElasticEffect.Cancel { Hard: false }), "submitted and cancelled in one turn");
        foreach (var effect in effects) Do(effect);
    }

    void Do(ElasticEffect effect)
    {
        switch (effect)
        {
            case ElasticEffect.Tell told:
                Told.Add(told.Text);
                break;
            case ElasticEffect.Submit submit:
                Assert.True(newsSinceCancel, $"at {now} s job {submit.Job} was submitted after a cancellation without news");
                newsSinceSubmit = false;
                Submissions++;
                LastExcluded = submit.Exclude;
                jobs.Add(submit.Job, live[submit.Job] = new() { Workers = submit.Workers, Starts = now + random.Next(Wait.Least, Wait.Most + 1), Broken = Broken, Obeys = Obeys, Excluded = [.. submit.Exclude] });
                break;
            case ElasticEffect.Allow allow:
                Allow(jobs[allow.Job], allow);
                break;
            case ElasticEffect.Cancel cancel:
                var job = jobs[cancel.Job];
                if (State.Jobs[cancel.Job].Cancelled == State.Now)
                {
                    Assert.True(newsSinceSubmit, $"at {now} s job {cancel.Job} was cancelled after a submission without news");
                    newsSinceCancel = false;
                    Cancels++;
                }
                if (cancel.Hard && job.Begun >= 0) HardCancels++;
                if (cancel.Hard) job.End ??= "CANCELLED";
                else if (job.Obeys && Obeys) job.Ends = Math.Min(job.Ends, now + DrainTakes);
                break;
        }
    }

    void Allow(Job job, ElasticEffect.Allow allow)
    {
        Asked++;
        Assert.NotEmpty(allow.Nodes);
        Assert.All(allow.Nodes, n => Assert.Contains(n, job.Excluded));
        Assert.All(allow.Nodes, n => Assert.False(State.Avoided.GetValueOrDefault(n) > State.Now, $"at {now} s {n} is avoided"));
        // Answered in the next turn, as everything is.
        bool waits = job.End is null && job.Begun < 0, done = waits && !Stubborn && !Silent;
        if (done) job.Excluded.ExceptWith(allow.Nodes);
        news.Add(done ? new ElasticEvent.Allowed(allow.Job, allow.Nodes) : new ElasticEvent.Kept(allow.Job, waits ? "Slurm is stubborn" : null));
    }

    /// <summary>What holds at any time.</summary>
    public void Check()
    {
        Assert.InRange(State.Wanted, State.Limits.Least, State.Limits.Most);
        // What is coming never exceeds the most; what was replaced early is there besides for a while.
        Assert.InRange(State.Coming, 0, State.Limits.Most + State.Limits.PerJob - 1);
        Assert.InRange(State.Submitted, Initial, State.Limits.MostJobs);
        Assert.All(State.Jobs.Keys, n => Assert.True(jobs.ContainsKey(n)));
        Assert.All(State.Jobs, j => Assert.All(jobs[j.Key].Excluded, n => Assert.Contains(n, j.Value.Excluded)));
    }
}
