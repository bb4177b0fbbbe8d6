using System.Collections.Immutable;
using Daphne.Net.Deployment;
using Daphne.Net.Deployment.Elastic;

namespace Daphne.Net.Tests.Deployment.Elastic;

/// <summary>When jobs are submitted and cancelled, in simulated time against a simulated Slurm.</summary>
public sealed class ElasticMachineTests(ITestOutputHelper log)
{
    [Fact]
    public void A_job_that_ends_is_replaced_while_a_script_runs_and_not_before()
    {
        var sim = new SimulatedSlurm(Seed(1), workers: 4) { Wait = (5, 10) };
        sim.Run(60);
        sim.End(2, "FAILED");
        sim.Run(200);
        Assert.Equal(3, sim.Running);          // nobody needs it
        sim.Work(true);
        sim.Run(60);
        Assert.Equal(4, sim.Running);
        Assert.Equal(1, sim.Submissions);
        sim.Check();
    }

    [Fact]
    public void A_job_is_replaced_before_its_time_is_over()
    {
        var sim = new SimulatedSlurm(Seed(2), workers: 3, wall: 3600) { Wait = (100, 500) };
        sim.Work(true);
        int least = int.MaxValue;
        for (int s = 0; s < 5 * 3600; s += 5)
        {
            sim.Run(5);
            if (s > 600) least = Math.Min(least, sim.Running);
        }
        Assert.Equal(3, least);                 // all the time, over five lives of a job
        Assert.InRange(sim.Submissions, 12, 24);
        sim.Check();
    }

    [Fact]
    public void A_node_that_failed_is_not_asked_for_again_for_a_while()
    {
        var sim = new SimulatedSlurm(Seed(3), workers: 2);
        sim.Work(true);
        sim.Run(30);
        string node = sim.NodeOf(1);
        sim.End(1, "NODE_FAIL", node);
        sim.Run(60);
        Assert.Equal([node], sim.LastExcluded);
        sim.Run(3600);
        sim.End(2, "FAILED");
        sim.Run(60);
        Assert.Empty(sim.LastExcluded);
        sim.Check();
    }

    [Fact]
    public void A_job_that_waits_may_run_on_a_node_again_that_is_avoided_no_longer()
    {
        var sim = new SimulatedSlurm(Seed(13), workers: 3, avoid: 600) { Wait = (1, 5) };
        sim.Work(true);
        sim.Run(30);
        sim.OnlyFree = "n1";
        sim.End(1, "NODE_FAIL", "n1");
        sim.Run(300);
        sim.End(2, "NODE_FAIL", "n2");
        sim.Run(200);
        Assert.Equal((1, 2, 0), (sim.Running, sim.Submissions, sim.Asked));
        Assert.Equal(["n1", "n2"], sim.LastExcluded);
        sim.Run(150);
        // Both jobs that wait are told of the node that is avoided no longer, and one of them not yet of the other.
        Assert.Equal((3, 2), (sim.Running, sim.Asked));
        Assert.Equal(["", "n2"], sim.State.Jobs.Where(j => j.Key > 3).Select(j => string.Join(' ', j.Value.Excluded)));
        sim.Run(3600);
        Assert.Equal(2, sim.Asked);             // what runs is left alone
        // Started again it waits with what it still excludes.
        sim.OnlyFree = "n2";
        sim.Requeue(5);
        sim.Run(60);
        Assert.Equal((3, 3), (sim.Running, sim.Asked));
        Assert.All(sim.State.Jobs.Values, j => Assert.Empty(j.Excluded));
        sim.Check();
    }

    [Fact]
    public void What_Slurm_does_not_change_is_asked_for_again_and_said_once()
    {
        var sim = new SimulatedSlurm(Seed(14), workers: 2, avoid: 60) { Wait = (1, 5), Stubborn = true };
        sim.Work(true);
        sim.Run(30);
        sim.OnlyFree = "n1";
        sim.End(1, "NODE_FAIL", "n1");
        sim.Run(10_000);
        Assert.InRange(sim.Asked, 10, 30);      // 5 s after the first time, ten minutes later on
        Assert.Equal("is still not to run on n1: Slurm is stubborn", Assert.Single(sim.Told, t => t.Contains("n1", StringComparison.Ordinal)));
        sim.Stubborn = false;
        sim.Run(620);
        Assert.Equal((2, 1), (sim.Running, sim.Submissions));
        sim.Check();
    }

    [Fact]
    public void Many_jobs_that_wait_are_told_a_few_at_a_time()
    {
        var sim = new SimulatedSlurm(Seed(15), workers: 101, avoid: 600) { Wait = (1, 5) };
        sim.Work(true);
        sim.Run(60);
        sim.OnlyFree = "n1";
        for (int n = 1; n <= 100; n++) sim.End(n, "NODE_FAIL", "n1");
        sim.Run(600);
        Assert.Equal((1, 100), (sim.Running, sim.Submissions));
        sim.Run(2);
        Assert.InRange(sim.Asked, 1, 3 * sim.State.Limits.Burst);
        sim.Run(60);
        Assert.Equal((101, 100, 100), (sim.Running, sim.Submissions, sim.Asked));
        sim.Check();
    }

    [Fact]
    public void A_worker_lost_under_a_job_that_goes_on_is_replaced_and_may_come_back()
    {
        var sim = new SimulatedSlurm(Seed(4), workers: 4, perJob: 4);
        sim.Work(true);
        sim.Run(30);
        sim.Lose(1, "n9");
        sim.Run(60);
        Assert.Equal((1, 0), (sim.Submissions, sim.Cancels));
        Assert.Equal(["n9"], sim.LastExcluded);
        sim.Run(3600);
        Assert.Equal((1, 0), (sim.Submissions, sim.Cancels));
        sim.Check();
    }

    [Fact]
    public void A_job_that_is_started_again_is_not_replaced_as_well()
    {
        var sim = new SimulatedSlurm(Seed(5), workers: 3) { Wait = (20, 60) };
        sim.Work(true);
        sim.Run(120);
        sim.Requeue(2);
        sim.Run(10);
        Assert.Equal(2, sim.Running);
        sim.Run(200);
        Assert.Equal((3, 0), (sim.Running, sim.Submissions));
        sim.Check();
    }

    [Fact]
    public void It_grows_while_a_script_runs_for_long_and_shrinks_when_none_does()
    {
        var sim = new SimulatedSlurm(Seed(6), workers: 2, most: 16) { Wait = (1, 10) };
        for (int s = 0; s < 50; s++)
        {
            sim.Work(true);
            sim.Run(20);        // each shorter than what growing takes
            sim.Work(false);
            sim.Run(100);
        }
        Assert.Equal((0, 0), (sim.Submissions, sim.Cancels));
        sim.Work(true);
        sim.Run(400);
        Assert.Equal(16, sim.Running);
        sim.Work(false);
        sim.Run(250);
        Assert.Equal(16, sim.Running);
        sim.Run(200);
        Assert.Equal(2, sim.Running);
        Assert.Equal((14, 14), (sim.Submissions, sim.Ended));
        sim.Check();
    }

    [Fact]
    public void More_jobs_wait_until_those_asked_for_are_there()
    {
        var sim = new SimulatedSlurm(Seed(7), workers: 2, most: 64) { Wait = (100_000, 100_000) };
        sim.Work(true);
        sim.Run(20_000);
        Assert.Equal((2, 0), (sim.Submissions, sim.Cancels));
        sim.Check();
    }

    [Fact]
    public void Somebody_who_asks_for_more_or_fewer_gets_them_at_once()
    {
        var sim = new SimulatedSlurm(Seed(8), workers: 4, most: 20) { Wait = (1, 5) };
        sim.Run(30);
        sim.Scale(12);
        sim.Run(60);
        Assert.Equal(12, sim.Running);
        sim.Scale(4);
        sim.Run(60);
        Assert.Equal((4, 8, 8), (sim.Running, sim.Submissions, sim.Ended));
        Assert.Equal(0, sim.HardCancels);           // they were asked first, and obeyed
        sim.Check();
    }

    [Fact]
    public void A_job_that_does_not_obey_is_cancelled()
    {
        var sim = new SimulatedSlurm(Seed(9), workers: 4) { Obeys = false };
        sim.Run(30);
        sim.Scale(2);
        sim.Run(120);
        Assert.Equal((2, 2), (sim.Running, sim.HardCancels));
        sim.Check();
    }

    [Fact]
    public void Jobs_that_end_at_once_are_given_up_and_tried_again_when_somebody_asks()
    {
        var sim = new SimulatedSlurm(Seed(10), workers: 2, most: 4) { Broken = true };
        sim.Work(true);
        sim.Run(10_000);
        Assert.InRange(sim.Submissions, 3, 8);
        Assert.NotNull(sim.State.GivenUp);
        Assert.Contains(sim.Told, t => t.StartsWith("no more jobs are submitted", StringComparison.Ordinal));
        int before = sim.Submissions;
        sim.Broken = false;
        sim.Run(10_000);
        Assert.Equal(before, sim.Submissions);
        sim.Scale(3);
        sim.Run(200);
        Assert.InRange(sim.Running, 3, 4);
        sim.Check();
    }

    [Fact]
    public void There_is_an_end_to_the_jobs_of_a_cluster()
    {
        var sim = new SimulatedSlurm(Seed(11), workers: 3, wall: 1300, mostJobs: 20);
        sim.Work(true);
        sim.Run(100_000);
        Assert.Equal(20, sim.State.Submitted);
        Assert.Contains("MostJobs", sim.State.GivenUp);
        sim.Check();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Whatever_happens_nothing_is_submitted_and_cancelled_without_news(int seed)
    {
        var random = new Random(Seed(seed));
        var sim = new SimulatedSlurm(random.Next(), workers: random.Next(2, 20), most: random.Next(20, 40), perJob: random.Next(1, 4), wall: random.Next(1500, 6000), avoid: random.Next(60, 1800)) { Wait = (0, random.Next(1, 900)), Obeys = random.Next(4) > 0 };
        for (int step = 0; step < 250; step++)
        {
            switch (random.Next(12))
            {
                case < 3: sim.Work(random.Next(2) == 0); break;
                case 3: sim.Scale(random.Next(sim.State.Limits.Least, sim.State.Limits.Most + 1)); break;
                case 4: sim.EndOne(random, random.Next(2) == 0 ? "FAILED" : "NODE_FAIL"); break;
                case 5: sim.RequeueOne(random); break;
                case 6: sim.Broken = random.Next(3) == 0; break;
                case 7: sim.Silent = random.Next(3) == 0; break;
                case 8: sim.OnlyFree = random.Next(2) == 0 ? $"n{random.Next(7)}" : null; break;
                case 9: sim.Stubborn = random.Next(3) == 0; break;
            }
            sim.Run(random.Next(1, 200));
            sim.Check();
        }
        sim.Silent = sim.Broken = sim.Stubborn = false;
        sim.Obeys = true;
        sim.Work(false);
        sim.Run(3000);
        int quiet = sim.Submissions + sim.Cancels + sim.Asked;
        Assert.All(sim.State.Jobs.Values, j => Assert.False(j.Phase == JobPhase.Pending && j.Excluded.Length > 0, "a job excludes nodes for ever"));
        sim.Run(3000);
        Assert.Equal(quiet, sim.Submissions + sim.Cancels + sim.Asked);       // at rest nothing is done for ever
    }

    [Fact]
    public void A_thousand_workers_come_go_and_come_again()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var sim = new SimulatedSlurm(Seed(12), workers: 1000, wall: 7200, mostJobs: 10_000) { Wait = (0, 300), Step = 20 };
        sim.Work(true);
        sim.Run(900);
        Assert.Equal(1000, sim.Running);
        for (int n = 1; n <= 300; n++) sim.End(n, "NODE_FAIL", $"n{n}");
        sim.Run(900);
        Assert.Equal(1000, sim.Running);
        Assert.Equal(300, sim.Submissions);
        sim.Run(7200);
        Assert.InRange(sim.Running, 1000, 2000);
        sim.Check();
        log.WriteLine($"FIGURE 1,000 elastic workers, two and a half hours, {sim.Submissions:N0} jobs submitted: {clock.Elapsed.TotalSeconds:0.0} s, {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1024.0 / 1024:0.0} MiB kept");
    }

    int Seed(int seed)
    {
        log.WriteLine($"seed {seed}");
        return seed;
    }
}
