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
        foreach (string host in RealCluster.Hosts)
            Assert.Equal("0\n", RealCluster.Control("exec", host, "sh", "-c", "pgrep -c -f '[d]aphne worker' || true"));
    }

    static string JobOf(DaphneCluster cluster) => DaphneCluster.List().Single(r => r.ClusterId == cluster.Id).Jobs[0].Id.ToString(CultureInfo.InvariantCulture);

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
            await Patience.Until(() => RealCluster.On("login", $"squeue -h -j {other} -o %T").Trim() == "RUNNING", "the other job has the nodes");
            var steps = new Steps(log);
            var late = await Assert.ThrowsAsync<DeploymentException>(() => Slurm(o => o.StartTimeout = TimeSpan.FromSeconds(10)).Deploy(steps, Ct));
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
        RealCluster.On("login", $"scancel --batch --signal=USR1 {JobOf(cluster)}");      // what --signal=B:USR1@… makes Slurm do before the walltime
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
    public async Task A_bundle_with_a_hostile_path_and_a_job_written_for_later_are_used_as_any_other()
    {
        using var scratch = new Scratch();
        string folder = Directory.CreateDirectory(Path.Combine(scratch.Root, $"it's a \"folder\" $(touch x) #1 {new string('d', 150)}")).FullName, bundle = Path.Combine(folder, "b \"un'dle.tar.gz");
        File.Copy(TestBundle.Path, bundle);
        string job = Path.Combine(RealCluster.Home, "by hand"), there = "/home/hpc/by hand";
        var cluster = Slurm(o => (o.Workers, o.Bundle, o.DeadMan) = (1, bundle, TimeSpan.FromMinutes(5)));
        cluster.WriteJob(job);
        try
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(job, "coordinator.pem")));
            RealCluster.Control("exec", "login", "chown", "-R", "hpc:", there);
            // What the README in it says, in its folder.
            string[] steps = [.. File.ReadAllLines(Path.Combine(job, "README")).Where(l => l.StartsWith("    mkdir ", StringComparison.Ordinal) || l.StartsWith("    sbatch ", StringComparison.Ordinal))];
            Assert.Equal(2, steps.Length);
            string id = RealCluster.On("login", $"cd '{there}' && {string.Join(" && ", steps)}").Trim().Split(' ')[^1];
            string started = "";
            await Patience.Until(() => (started = RealCluster.On("login", $"cd '{there}' && grep -h Started worker-*.log 2>/dev/null || true")).Length > 0, "the worker listens");
            File.Copy(Path.Combine(job, "coordinator.pem"), Path.Combine(scratch.Root, "coordinator.pem"));
            RealCluster.On("login", $"cp '{there}/coordinator.pem' /tmp/c.pem");
            string tool = $"'{there}'/daphne-*/daphne";
            Assert.Equal("6\n", RealCluster.On("login", $"echo 'print(sum(fill(1.0, 3, 2)));' > /tmp/x.daphne; DISTRIBUTED_WORKERS={started.Trim().Split(' ')[^1]} {tool} --distributed --identity-file=/tmp/c.pem /tmp/x.daphne"));
            RealCluster.On("login", $"scancel {id}; rm -f /tmp/c.pem /tmp/x.daphne");
            await Patience.Until(() => RealCluster.On("login", "squeue -h -t pd,r,cg").Length == 0, "the job is gone");
        }
        finally
        {
            RealCluster.On("login", $"rm -rf '{there}'");
        }
        await using var deployed = await cluster.Deploy(ct: Ct);
        Assert.Single(deployed.Workers);
        await deployed.WaitAsync(1, Ct);
        await deployed.StopAsync(Ct);
        Assert.Contains("CANCELLED", Assert.Single(await deployed.WaitForEndAsync(Ct)));
    }

    [Fact]
    public async Task A_worker_that_cannot_begin_is_done_without_where_fewer_will_do()
    {
        string[] before = Recorded();
        string bundle = $"/home/hpc/.daphne/bundles/{Bundle.Of(TestBundle.Path).Name}";
        await using (await Slurm(o => o.Workers = 1).Deploy(ct: Ct)) { }            // the bundle is there
        RealCluster.Control("exec", "node3", "mount", "-t", "tmpfs", "-o", "size=1m", "empty", bundle);
        try
        {
            var few = await Assert.ThrowsAsync<DeploymentException>(() => Slurm(o => (o.Workers, o.WorkerTimeout) = (3, TimeSpan.FromSeconds(6))).Deploy(new Steps(log), Ct));
            Assert.Equal(DeploymentFailure.TimedOut, few.Reason);
            Assert.Matches("[0-2] of 3 workers listen", few.Message);
            Assert.Contains(": RUNNING", few.Message);
            Assert.Contains("daphne: not found", few.Message);                      // what the third one said
            Nothing(before);

            var steps = new Steps(log);
            await using var two = await Slurm(o => (o.Workers, o.MinWorkers, o.WorkerTimeout) = (3, 2, TimeSpan.FromSeconds(20))).Deploy(steps, Ct);
            Assert.Equal(["node1", "node2"], two.Workers.Select(w => w.Address.Split(':')[0]).Order());
            Assert.Contains(steps.All, s => s.Step == DeployStep.Fewer && s.Detail.StartsWith("2 of 3 workers listen", StringComparison.Ordinal));
            await using var run = await two.RunAsync("print(1 + 1);", ct: Ct);
            Assert.Equal("2\n", run.Output);
        }
        finally
        {
            RealCluster.Control("exec", "node3", "umount", bundle);
        }
        Nothing(before);
    }

    [Fact]
    public async Task Workers_run_from_the_nodes_own_disk_where_it_holds_them()
    {
        string[] before = Recorded();
        // node1 has no room, node2 has; what is written there is gone with the worker.
        RealCluster.Control("exec", "node1", "sh", "-c", "mkdir -p /tmp/own && mount -t tmpfs -o size=1m,mode=1777 own /tmp/own");
        RealCluster.Control("exec", "node2", "install", "-d", "-m", "1777", "/tmp/own");
        try
        {
            await using (var cluster = await Slurm(o => o.NodeScratch = "/tmp/own").Deploy(new Steps(log), Ct))
            {
                var lines = new System.Collections.Concurrent.ConcurrentBag<string>();
                await cluster.LogsAsync(lines.Add, ct: Ct);
                Assert.Single(lines, l => l.StartsWith("the bundle is not copied to this node: /tmp/own/daphne-", StringComparison.Ordinal));
                Assert.Equal("0\n", RealCluster.Control("exec", "node1", "sh", "-c", "ls /tmp/own | wc -l"));
                Assert.Contains("/daphne\n", RealCluster.Control("exec", "node2", "sh", "-c", "readlink /proc/$(pgrep -o -f '^/tmp/own/[d]aphne-.*worker')/exe"));
                await using var run = await cluster.RunAsync("print(sum($X));", new { X = new double[,] { { 1 }, { 2 } } }, ct: Ct);
                Assert.Equal("3\n", run.Output);
            }
            Assert.Equal("0\n", RealCluster.Control("exec", "node2", "sh", "-c", "ls /tmp/own | wc -l"));
            // A disk that is no disk of the node: the folder is on the one that all share.
            await using (var shared = await Slurm(o => (o.Workers, o.NodeScratch) = (1, "$HOME")).Deploy(ct: Ct))
            {
                var lines = new System.Collections.Concurrent.ConcurrentBag<string>();
                await shared.LogsAsync(lines.Add, ct: Ct);
                Assert.Contains(lines, l => l.EndsWith("is on the disk it comes from", StringComparison.Ordinal));
            }
        }
        finally
        {
            RealCluster.Control("exec", "node1", "sh", "-c", "umount /tmp/own; rmdir /tmp/own");
            RealCluster.Control("exec", "node2", "rm", "-rf", "/tmp/own");
        }
        Nothing(before);
        Assert.Equal("", RealCluster.On("login", "ls -d ~/daphne-* 2>/dev/null || true"));
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

    [Fact]
    public async Task The_login_node_starts_again_while_a_script_runs()
    {
        string[] before = Recorded();
        await using (var cluster = await Slurm().Deploy(new Steps(log), Ct))
        {
            await RealCluster.SavedAsync(JobOf(cluster));
            // All connections are cut without a word, Slurm's controller is gone for a moment; jobs go on.
            await LongScript.HarmedAsync(cluster, () =>
            {
                RealCluster.Control("poweroff", "login");
                RealCluster.Control("poweron", "login");
            }, () => true, "");
            await LongScript.RunAsync(cluster);
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
            }, "Slurm answers again");
        }
        await Patience.Until(() => RealCluster.On("login", "sinfo -h -t idle -o %D").Trim() == "3", "all nodes are back");
        Nothing(before);
    }

    [Fact]
    public async Task A_job_that_is_started_again_is_found_again_and_the_script_goes_on()
    {
        var steps = new Steps(log);
        await using var cluster = await Slurm(o => o.Directives.Add("--requeue")).Deploy(steps, Ct);
        string[] before = [.. cluster.Workers.Select(w => w.Address)];
        await LongScript.HarmedAsync(cluster, () => RealCluster.Control("exec", "login", "scontrol", "requeue", JobOf(cluster)), () => cluster.DeployedWorkers.Answering == 2, "both workers are there again");
        Assert.Contains(steps.All, s => s.Step == DeployStep.Changed && s.Detail.Contains("waits again: PENDING", StringComparison.Ordinal));
        Assert.Equal(2, steps.All.Count(s => s.Step == DeployStep.Changed && s.Detail.Contains(" joins at ", StringComparison.Ordinal)));
        Assert.Empty(DaphneCluster.List().Single(r => r.ClusterId == cluster.Id).Addresses.Intersect(before));
    }

    [Fact]
    public async Task A_daemon_of_Slurm_that_is_killed_on_a_node_takes_no_worker_with_it()
    {
        string[] before = Recorded();
        var steps = new Steps(log);
        await using (var cluster = await Slurm().Deploy(steps, Ct))
        {
            string node = cluster.Workers[0].Address.Split(':')[0];
            RealCluster.Control("service", node, "slurmd", "kill");
            try
            {
                await LongScript.RunAsync(cluster);
            }
            finally
            {
                RealCluster.Control("service", node, "slurmd", "start");
            }
            await LongScript.RunAsync(cluster);
            Assert.Contains("RUNNING", (await cluster.StatusAsync(Ct))[0]);
            Assert.Equal(2, cluster.DeployedWorkers.Answering);
            Assert.DoesNotContain(steps.All, s => s.Step == DeployStep.Changed);
        }
        await Patience.Until(() => RealCluster.On("login", "sinfo -h -t idle -o %D").Trim() == "3", "all nodes are idle");
        Nothing(before);
    }

    [Fact(Explicit = true)]     // takes a database: tests/cluster/install.sh db, and CF_DB=1 in the environment
    public async Task An_accounting_that_is_gone_ends_nothing_and_hides_no_end()
    {
        string[] before = Recorded();
        RealCluster.Control("service", "login", "slurmdbd", "kill");
        try
        {
            await using var cluster = await Slurm().Deploy(new Steps(log), Ct);
            string job = JobOf(cluster);
            await LongScript.RunAsync(cluster);
            var lost = await Assert.ThrowsAsync<Dialect.ScriptException>(() => LongScript.HarmedAsync(cluster, () => RealCluster.On("login", "scancel " + job), () => false, "the script fails"));
            Assert.Contains($"job {job} ended: CANCELLED", lost.Message, StringComparison.Ordinal);
            await cluster.CleanAsync(Ct);
        }
        finally
        {
            RealCluster.Control("service", "login", "slurmdbd", "start");
        }
        Nothing(before);
    }

    [Fact]
    public async Task A_script_whose_job_somebody_cancels_fails_with_what_became_of_it()
    {
        var steps = new Steps(log);
        await using var cluster = await Slurm().Deploy(steps, Ct);
        string job = JobOf(cluster);
        var lost = await Assert.ThrowsAsync<Dialect.ScriptException>(() => LongScript.HarmedAsync(cluster, () => RealCluster.On("login", "scancel " + job), () => false, "the script fails"));
        Assert.Contains("no worker is left", lost.Message, StringComparison.Ordinal);
        Assert.Contains($"job {job} ended: CANCELLED", lost.Message, StringComparison.Ordinal);
        // And the next one at once.
        Assert.Contains($"job {job} ended: CANCELLED", (await Assert.ThrowsAsync<Dialect.ScriptException>(() => LongScript.RunAsync(cluster))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_is_lost_before_it_is_greeted_is_done_without_where_fewer_will_do()
    {
        string[] before = Recorded();
        var steps = new Steps(log) { On = s => { if (s is { Step: DeployStep.Listening, Worker: 1 }) Kill(s.Detail); } };
        await using (var cluster = await Slurm(o => o.MinWorkers = 1).Deploy(steps, Ct))
        {
            Assert.Single(cluster.Workers);
            Assert.Contains(steps.All, s => s.Step == DeployStep.Fewer && s.Detail.StartsWith("1 of 2 workers answer; ", StringComparison.Ordinal));
            await using var run = await cluster.RunAsync("print(sum(rand(100, 3, 1.0, 1.0, 1.0, 1) * 2.0));", ct: Ct);
            Assert.Equal("600\n", run.Output);
        }
        // Where all are wanted it is an error, and nothing is left.
        await Assert.ThrowsAsync<Distributed.WorkerException>(() => Slurm().Deploy(new Steps(log) { On = steps.On }, Ct));
        Nothing(before);

        static void Kill(string address) => RealCluster.Control("exec", address.Split(':')[0], "pkill", "-KILL", "-f", "[d]aphne worker");
    }

    sealed class Steps(ITestOutputHelper log, int cancelAfter = 0, CancellationTokenSource? cancel = null) : IProgress<DeployProgress>
    {
        readonly Lock gate = new();

        public List<DeployProgress> All { get; } = [];

        public Action<DeployProgress>? On { get; init; }

        public void Report(DeployProgress value)
        {
            lock (gate)
            {
                log.WriteLine($"{DateTime.UtcNow:mm:ss.fff} {value}");
                All.Add(value);
                if (All.Count == cancelAfter) cancel!.Cancel();
            }
            On?.Invoke(value);
        }
    }
}
