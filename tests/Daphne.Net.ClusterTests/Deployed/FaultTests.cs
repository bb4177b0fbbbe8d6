using System.Globalization;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;
using Daphne.Net.Deployment;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>Deployments on the real machines while something goes wrong: a typed error or a whole cluster, and afterwards nothing is left.</summary>
[Collection(OnRealCluster.Name)]
public sealed class FaultTests(ITestOutputHelper log)
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static DaphneCluster Slurm(Action<SlurmClusterOptions>? more = null) => DaphneCluster.FromSlurm("login", o =>
    {
        o.Ssh.ConfigFile = RealCluster.SshConfig;
        o.Bundle = TestBundle.Path;
        o.Workers = 2;
        o.WorkersPerNode = 1;
        o.WallTime = TimeSpan.FromMinutes(10);
        more?.Invoke(o);
    });

    static DaphneCluster Ssh(Action<SshClusterOptions>? more, params string[] hosts) => DaphneCluster.FromSsh(hosts, o =>
    {
        o.Ssh.ConfigFile = RealCluster.SshConfig;
        o.Bundle = TestBundle.Path;
        more?.Invoke(o);
    });

    static void Nothing(string[] before)
    {
        Assert.Equal(before, DaphneCluster.List().Select(r => r.ClusterId));
        Assert.Equal("", RealCluster.On("login", "ls -A ~/.daphne/clusters"));
        Assert.Equal("", RealCluster.On("login", "squeue -h -t pd,r,cg"));
        foreach (string host in (string[])["login", "node1", "node2", "node3"])
            Assert.Equal("0\n", RealCluster.Control("exec", host, "sh", "-c", "pgrep -c -f '[d]aphne worker' || true"));
    }

    static string[] Recorded() => [.. DaphneCluster.List().Select(r => r.ClusterId)];

    [Theory]
    [InlineData("ssh")]
    [InlineData("slurm")]
    public async Task Cancelled_after_any_step_it_leaves_nothing(string kind)
    {
        string[] before = Recorded();
        for (int after = 1; ; after++)
        {
            using var stop = new CancellationTokenSource();
            var steps = new Steps(log, after, stop);
            try
            {
                await using var whole = await (kind == "ssh" ? Ssh(null, "node1") : Slurm()).Deploy(steps, stop.Token);
                Assert.True(after > 5, "fewer steps than there are");
                if (!stop.IsCancellationRequested) return;
            }
            catch (OperationCanceledException)
            {
                Nothing(before);
            }
        }
    }

    [Fact]
    public async Task A_job_that_waits_too_long_is_cancelled_and_says_why_it_waited()
    {
        string[] before = Recorded();
        string other = RealCluster.On("login", "sbatch --parsable --exclusive -N 3 --wrap 'sleep 300'").Trim();
        try
        {
            var steps = new Steps(log);
            var late = await Assert.ThrowsAsync<DeploymentException>(() => Slurm(o => o.StartTimeout = TimeSpan.FromSeconds(3)).Deploy(steps, Ct));
            Assert.Equal(DeploymentFailure.TimedOut, late.Reason);
            Assert.Contains("PENDING (Resources)", late.Message);
            Assert.Contains(steps.All, s => s.Step == DeployStep.Waiting && s.Detail.Contains("(Resources)", StringComparison.Ordinal));
        }
        finally
        {
            RealCluster.On("login", $"scancel {other}");
        }
        await Patience.Until(() => RealCluster.On("login", "squeue -h -t pd,r,cg").Length == 0, "the other job is gone");
        Nothing(before);
    }

    [Fact]
    public async Task Warned_of_its_end_the_job_drains_and_ends_well()
    {
        await using var cluster = await Slurm().Deploy(new Steps(log), Ct);
        string job = DaphneCluster.List().Single(r => r.ClusterId == cluster.Id).Jobs[0].Id.ToString(CultureInfo.InvariantCulture);
        RealCluster.On("login", $"scancel --batch --signal=USR1 {job}");      // what --signal=B:USR1@… makes Slurm do before the walltime
        await Patience.Until(async () => (await cluster.StatusAsync(Ct))[0].Contains("COMPLETED", StringComparison.Ordinal), "the job has completed");
    }

    [Fact]
    public async Task Two_clusters_of_one_account_do_not_touch_each_other()
    {
        string[] before = Recorded();
        await using (var one = await Slurm(o => o.Workers = 1).Deploy(ct: Ct))
        {
            await using (var two = await Slurm(o => o.Workers = 1).Deploy(ct: Ct)) Assert.NotEqual(one.Id, two.Id);
            Assert.Contains("RUNNING", (await one.StatusAsync(Ct))[0]);
            await using var run = await one.RunAsync("print(1 + 1);", ct: Ct);
            Assert.Equal("2\n", run.Output);
        }
        Nothing(before);
    }

    [Fact]
    public async Task A_folder_with_a_hostile_name_is_a_folder_as_any_other()
    {
        string folder = $"/home/hpc/it's a \"folder\" $(touch x) #1 {new string('d', 100)}";
        try
        {
            await using (var cluster = await Slurm(o => (o.Workers, o.RemoteFolder) = (1, folder)).Deploy(new Steps(log), Ct))
            {
                var lines = new System.Collections.Concurrent.ConcurrentBag<string>();
                await cluster.LogsAsync(lines.Add, ct: Ct);
                Assert.Contains(lines, l => l.StartsWith("Started Distributed Worker", StringComparison.Ordinal));
                Assert.Single(Directory.GetFiles(Path.Combine(RealCluster.Home, Path.GetFileName(folder), "clusters", cluster.Id!), "job-*.log"));
            }
            Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(RealCluster.Home, Path.GetFileName(folder), "clusters")));
            Assert.False(File.Exists(Path.Combine(RealCluster.Home, "x")));
        }
        finally
        {
            RealCluster.On("login", $"rm -rf {ShellQuote.Word(folder)}");
        }
    }

    [Fact]
    public async Task A_full_disk_and_a_folder_that_may_not_be_written_are_named()
    {
        string[] before = Recorded();
        RealCluster.Control("exec", "login", "sh", "-c", "mkdir -p /tmp/small /tmp/fixed && mount -t tmpfs -o size=1m,mode=777 small /tmp/small && mount -t tmpfs -o ro,mode=777 fixed /tmp/fixed");
        try
        {
            Assert.Equal(DeploymentFailure.DiskFull, (await Assert.ThrowsAsync<DeploymentException>(() => Slurm(o => o.RemoteFolder = "/tmp/small").Deploy(ct: Ct))).Reason);
            Assert.Equal("", RealCluster.Control("exec", "login", "sh", "-c", "find /tmp/small -type f"));
            Assert.Equal(DeploymentFailure.NotPermitted, (await Assert.ThrowsAsync<DeploymentException>(() => Slurm(o => o.RemoteFolder = "/tmp/fixed/daphne").Deploy(ct: Ct))).Reason);
        }
        finally
        {
            RealCluster.Control("exec", "login", "umount", "/tmp/small", "/tmp/fixed");
        }
        Nothing(before);
    }

    [Fact]
    public async Task A_lost_connection_to_the_login_node_is_made_again()
    {
        await using var cluster = await Slurm().Deploy(new Steps(log), Ct);
        RealCluster.Control("exec", "login", "pkill", "-u", "hpc", "sshd");
        await Patience.Until(async () =>
        {
            try
            {
                return (await cluster.StatusAsync(Ct))[0].Contains("RUNNING", StringComparison.Ordinal);
            }
            catch (DeploymentException e) when (e.Reason == DeploymentFailure.Unreachable)
            {
                return false;
            }
        }, "the login node answers again");
    }

    sealed class Steps(ITestOutputHelper log, int cancelAfter = 0, CancellationTokenSource? cancel = null) : IProgress<DeployProgress>
    {
        readonly Lock gate = new();

        public List<DeployProgress> All { get; } = [];

        public void Report(DeployProgress value)
        {
            lock (gate)
            {
                log.WriteLine($"{DateTime.UtcNow:mm:ss.fff} {value}");
                All.Add(value);
                if (All.Count == cancelAfter) cancel!.Cancel();
            }
        }
    }
}
