using System.Globalization;
using System.Text.RegularExpressions;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;
using Daphne.Net.Deployment;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>
/// Elastic clusters on the real Slurm while jobs are cancelled, nodes fail, time runs out and others go first: scripts end with the same bytes, and what was lost is there again.
/// </summary>
[Collection(OnRealCluster.Name)]
public sealed partial class ElasticTests(ITestOutputHelper log)
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static DaphneCluster Slurm(Action<SlurmClusterOptions> more) => DaphneCluster.FromSlurm("login", o =>
    {
        o.Ssh.ConfigFile = RealCluster.SshConfig;
        o.Bundle = TestBundle.Path;
        o.WallTime = TimeSpan.FromMinutes(10);
        // Growing by itself is another test's.
        o.Elastic = new() { AskEvery = TimeSpan.FromSeconds(1), GrowAfter = TimeSpan.FromMinutes(30), ShrinkAfter = TimeSpan.FromMinutes(30) };
        more(o);
    });

    static string[] JobsOf(DaphneCluster cluster) => [.. DaphneCluster.List().Single(r => r.ClusterId == cluster.Id).Jobs.Select(j => j.Id.ToString(CultureInfo.InvariantCulture))];

    static string NodeOf(string job) => RealCluster.On("login", $"squeue -h -j {job} -o %N").Trim();

    static void Root(string command) => RealCluster.Control("exec", "login", "sh", "-c", command);

    static void Nothing(string id)
    {
        Assert.Equal("", RealCluster.On("login", $"squeue -h -t pd,r,cg -o %j | grep {id} || true"));
        Assert.DoesNotContain(id, RealCluster.On("login", "ls -A ~/.daphne/clusters"));
        Assert.DoesNotContain(DaphneCluster.List(), r => r.ClusterId == id);
    }

    [Fact]
    public async Task What_is_lost_is_replaced_and_scripts_end_with_the_same_bytes()
    {
        var seen = new Seen(log);
        string id;
        string other = RealCluster.On("login", "sbatch --parsable --exclusive -N 2 --wrap 'sleep 300'").Trim();
        await Patience.Until(() => RealCluster.On("login", $"squeue -h -j {other} -o %T").Trim() == "RUNNING", "the other job has two nodes");
        await using (var cluster = await Slurm(o =>
        {
            (o.Workers, o.MinWorkers, o.Elastic!.MaxWorkers, o.Elastic.AvoidFor) = (2, 1, 3, TimeSpan.FromSeconds(3));
            o.Directives.Add("--exclusive");
            o.Directives.Add("--no-requeue");       // else Slurm itself would start again what was on a node that fails
        }).Deploy(seen, Ct))
        {
            id = cluster.Id!;
            // One node is free: it begins with one worker, and the other one joins when there is room.
            Assert.Single(cluster.Workers);
            Assert.Contains(seen.All, s => s.Step == DeployStep.Fewer && Pending.IsMatch(s.Detail));
            RealCluster.On("login", $"scancel {other}");
            await cluster.WaitAsync(2, Ct);
            await Patience.Until(() => seen.Joined == 1, "it is said that the other one has joined");

            string first = JobsOf(cluster)[0], second = JobsOf(cluster)[1];
            int joined = seen.Joined;
            await LongScript.HarmedAsync(cluster, () => Root($"scancel {first}"), () => seen.Joined > joined, "the job that was cancelled is replaced");
            Assert.Contains(seen.All, s => s.Detail.StartsWith($"job {first} ended: CANCELLED", StringComparison.Ordinal));

            string node = NodeOf(second);
            joined = seen.Joined;
            await LongScript.HarmedAsync(cluster, () => RealCluster.Control("exec", node, "pkill", "-KILL", "-f", "[d]aphne worker"), () => seen.Joined > joined, "the worker that was killed is replaced");

            string third = JobsOf(cluster)[2], off = NodeOf(third);
            Assert.StartsWith("node", off);
            joined = seen.Joined;
            await LongScript.HarmedAsync(cluster, () => RealCluster.Control("poweroff", off), () => seen.Joined > joined, "the node that is off is replaced");
            Assert.Contains(seen.Changes, s => Regex.IsMatch(s, $"is asked for: .*, not on .*{off}"));
            RealCluster.Control("poweron", off);
            await Patience.Until(() => !RealCluster.On("login", $"sinfo -h -n {off} -o %t").Contains('*') && RealCluster.On("login", $"sinfo -h -n {off} -o %t").Trim() is not "down", "the node is back");

            // It may still be avoided: a job that was asked for then runs on it a little later.
            await cluster.ScaleAsync(3, Ct);
            await Patience.Until(() => RealCluster.On("login", $"squeue -h -t r -o %j | grep -c {id} || true").Trim() == "3", "three jobs run");
            await LongScript.RunAsync(cluster);
            await cluster.ScaleAsync(1, Ct);
            await Patience.Until(() => RealCluster.On("login", $"squeue -h -t pd,r,cg -o %j | grep -c {id} || true").Trim() == "1", "one job is left");
            Assert.Equal(2, RealCluster.On("login", $"squeue -h -t cd -o %j").Split('\n').Count(j => j.Contains(id, StringComparison.Ordinal)));       // they were asked, and ended well
            await LongScript.RunAsync(cluster);
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cluster.ScaleAsync(4, Ct));
        }
        Nothing(id);
    }

    [Fact]
    public async Task A_job_that_waits_gets_the_one_free_node_once_that_is_avoided_no_longer()
    {
        var seen = new Seen(log);
        string other = "";
        await using var cluster = await Slurm(o =>
        {
            (o.Workers, o.MinWorkers, o.Elastic!.AvoidFor) = (2, 1, TimeSpan.FromSeconds(5));
            o.Directives.Add("--exclusive");
            o.Directives.Add("--no-requeue");
        }).Deploy(seen, Ct);
        try
        {
            await cluster.WaitAsync(2, Ct);
            string[] jobs = JobsOf(cluster);
            string node = NodeOf(jobs[1]);
            other = RealCluster.On("login", "sbatch --parsable --exclusive --wrap 'sleep 300'").Trim();
            await Patience.Until(() => RealCluster.On("login", $"squeue -h -j {other} -o %T").Trim() == "RUNNING", "another job has the third node");
            int joined = seen.Joined;
            // As when a node's machine stops; it is there again at once, which this Slurm may have seen by itself.
            await LongScript.HarmedAsync(cluster, () => Root($"scontrol update NodeName={node} State=DOWN Reason=test && {{ scontrol update NodeName={node} State=RESUME || true; }}"), () => seen.Joined > joined, "the job that waits has the node");

            string again = JobsOf(cluster)[^1];
            var told = seen.Changes;
            int asked = told.FindIndex(t => t == $"job {again} is asked for: 1 more of 2 workers, not on {node}"), allowed = told.FindIndex(t => t == $"job {again} may run on {node} again"), joins = told.FindIndex(t => t.StartsWith($"worker 0 of job {again} joins at {node}:", StringComparison.Ordinal));
            Assert.True(0 <= asked && asked < allowed && allowed < joins, string.Join('\n', told));
            Assert.Single(told, t => t.Contains(" again", StringComparison.Ordinal));
            Assert.Contains("ExcNodeList=(null)", RealCluster.On("login", $"scontrol show job {again}"));
        }
        finally
        {
            RealCluster.On("login", $"scancel {other}");
        }
    }

    [Fact]
    public async Task Time_that_is_over_and_others_that_go_first_are_survived()
    {
        var (warned, cut, moved) = (new Seen(log, "warned"), new Seen(log, "cut"), new Seen(log, "moved"));
        await using var one = Slurm(o => (o.Workers, o.DrainLead) = (1, TimeSpan.FromSeconds(30)));
        await using var two = Slurm(o =>
        {
            (o.Workers, o.WallTime) = (1, TimeSpan.FromMinutes(1));
            o.Directives.Add("--signal=B:URG@1");       // nobody listens to that: its time is over without a warning
        });
        await using var three = Slurm(o =>
        {
            (o.Workers, o.Partition) = (1, "low");
            o.Directives.Add("--exclusive");
        });
        await Task.WhenAll(one.Deploy(warned, Ct), two.Deploy(cut, Ct), three.Deploy(moved, Ct));
        string node = NodeOf(JobsOf(three)[0]), high = "";
        try
        {
            await Task.WhenAll(
                // Less than a minute is left then, and Slurm warns up to a minute early.
                LongScript.HarmedAsync(one, () => Root($"scontrol update JobId={JobsOf(one)[0]} TimeLimit=1"), () => warned.Joined >= 1 && warned.Has("ended: COMPLETED"), "the job that was warned has ended well and is replaced"),
                LongScript.HarmedAsync(two, () => { }, () => cut.Joined >= 1 && cut.Has("ended: TIMEOUT"), "the job whose time was over is replaced"),
                GivesWayAsync());
            // Before its time was over, not after.
            var told = cut.Changes;
            Assert.True(told.FindIndex(t => t.Contains("is asked for", StringComparison.Ordinal)) < told.FindIndex(t => t.Contains("ended: TIMEOUT", StringComparison.Ordinal)), string.Join('\n', told));
        }
        finally
        {
            RealCluster.On("login", $"scancel {high}");
        }

        async Task GivesWayAsync()
        {
            // The worker ends well in the time Slurm leaves it, and another job takes its place; one that is started again comes back with nothing.
            await LongScript.HarmedAsync(three, () => high = RealCluster.On("login", $"sbatch --parsable -p high --exclusive -w {node} --wrap 'sleep 60'").Trim(), () => moved.Joined >= 1, "the job that had to give way is replaced");
            Assert.DoesNotContain(RealCluster.On("login", "squeue -h -t r -p low -o '%j %N'").Split('\n'), l => l.Contains(three.Id!, StringComparison.Ordinal) && l.Contains(node, StringComparison.Ordinal));
            string again = JobsOf(three)[^1];
            await LongScript.HarmedAsync(three, () => Root($"scontrol requeue {again}"), () => moved.Has("started again"), "the job is started again");
            Assert.True(moved.Has($"job {again} waits again: PENDING"));
        }
    }

    [Fact]
    public async Task A_node_whose_daemon_is_gone_is_given_up_by_Slurm_and_its_worker_replaced()
    {
        var seen = new Seen(log);
        string id;
        await using (var cluster = await Slurm(o => o.Directives.Add("--exclusive")).Deploy(seen, Ct))
        {
            id = cluster.Id!;
            string job = JobsOf(cluster)[0], node = NodeOf(job);
            int joined = seen.Joined;
            RealCluster.Control("service", node, "slurmd", "kill");
            try
            {
                // The worker itself goes on: nobody is there to end it, and nothing is lost.
                await LongScript.HarmedAsync(cluster, () => { }, () => seen.Joined > joined, "the node is down and the job on it is replaced, or started again on another one");
                Assert.StartsWith("down", RealCluster.On("login", $"sinfo -h -N -n {node} -p debug -o %t"), StringComparison.Ordinal);
            }
            finally
            {
                RealCluster.Control("service", node, "slurmd", "start");
            }
            await LongScript.RunAsync(cluster);
        }
        await Patience.Until(() => RealCluster.On("login", "sinfo -h -t idle -o %D -p debug").Trim() == "3", "the node is back");
        Nothing(id);
    }

    [GeneratedRegex(@"^1 of 2 workers listen; .*job \d+: PENDING \((Resources|Priority)\)")]
    private static partial Regex Pending { get; }

    sealed class Seen(ITestOutputHelper log, string name = "") : IProgress<DeployProgress>
    {
        readonly Lock gate = new();
        readonly List<DeployProgress> all = [];

        public List<DeployProgress> All
        {
            get { lock (gate) return [.. all]; }
        }

        public List<string> Changes => [.. All.Where(s => s.Step == DeployStep.Changed).Select(s => s.Detail)];

        public int Joined => Changes.Count(c => c.Contains(" joins at ", StringComparison.Ordinal));

        public bool Has(string words) => Changes.Any(c => c.Contains(words, StringComparison.Ordinal));

        public void Report(DeployProgress value)
        {
            lock (gate) all.Add(value);
            log.WriteLine($"{DateTime.UtcNow:mm:ss.fff} {name} {value}");
        }
    }
}
