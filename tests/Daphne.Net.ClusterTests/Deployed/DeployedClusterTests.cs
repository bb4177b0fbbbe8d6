using System.Collections.Concurrent;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;
using Daphne.Net.Deployment;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>Clusters on the real machines: deployed, used, looked at, stopped, and nothing is left.</summary>
[Collection(OnRealCluster.Name)]
public sealed class DeployedClusterTests(ITestOutputHelper log)
{
    const string Script = "X = $X; print(sum(X)); S = t(X) @ X; print(S[0, 0]);";
    static readonly double[,] x = Counting(400, 30);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static double[,] Counting(int rows, int cols)
    {
        var m = new double[rows, cols];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < cols; c++) m[r, c] = r * cols + c;
        return m;
    }

    static async Task<string> PlainAsync()
    {
        await using var run = await new DaphneSession().RunAsync(Script, new { X = x }, ct: Ct);
        return run.Output;
    }

    [Fact]
    public async Task Machines_behind_ssh_run_a_script_and_nothing_is_left()
    {
        var seen = new Seen(log);
        string id;
        await using (var cluster = await DaphneCluster.FromSsh(["login", "node1", "node2"], o =>
        {
            o.Ssh.ConfigFile = RealCluster.SshConfig;
            o.Bundle = TestBundle.Path;
        }).Deploy(seen, Ct))
        {
            id = cluster.Id!;
            Assert.Equal(3, cluster.Workers.Count);
            await using (var run = await cluster.RunAsync(Script, new { X = x }, ct: Ct)) Assert.Equal(await PlainAsync(), run.Output);
            var status = await cluster.StatusAsync(Ct);
            Assert.Equal(3, status.Count);
            Assert.All(status, line => Assert.Contains("runs, process", line));
            var logs = new ConcurrentBag<string>();
            await cluster.LogsAsync(logs.Add, ct: Ct);
            Assert.Equal(3, logs.Count(l => l.StartsWith("Started Distributed Worker on 127.0.0.1:", StringComparison.Ordinal)));
            Assert.Contains(DaphneCluster.List(), r => r.ClusterId == id);
        }
        Assert.DoesNotContain(DaphneCluster.List(), r => r.ClusterId == id);
        Nothing(id);
        Assert.Equal(3, seen.Steps.Count(s => s.Step == DeployStep.Ready));
    }

    [Fact]
    public async Task A_slurm_job_runs_a_script_and_nothing_is_left()
    {
        var seen = new Seen(log);
        string id;
        await using (var cluster = await DaphneCluster.FromSlurm("login", o =>
        {
            o.Ssh.ConfigFile = RealCluster.SshConfig;
            o.Bundle = TestBundle.Path;
            o.Workers = 3;
            o.WorkersPerNode = 1;
            o.WallTime = TimeSpan.FromMinutes(10);
        }).Deploy(seen, Ct))
        {
            id = cluster.Id!;
            Assert.Equal(["node1", "node2", "node3"], cluster.Workers.Select(w => w.Address.Split(':')[0]).Order());
            await using (var run = await cluster.RunAsync(Script, new { X = x }, ct: Ct)) Assert.Equal(await PlainAsync(), run.Output);
            Assert.StartsWith("job ", (await cluster.StatusAsync(Ct))[0]);
            // Workers write their logs, and nothing else into the home that all nodes share.
            string[] files = RealCluster.On("login", $"cd ~/.daphne/clusters/{id}; find . -type f; find ~ -type f -newer identity.pem -not -path '*/clusters/{id}/*' -not -path '*/.ssh/*' -not -path '*/bundles/*'").Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.All(files, f => Assert.Matches(@"^\./(\.daphne-cluster|identity\.pem|job-\d+\.log|worker-\d+-0-\d\.log)$", f));
            Assert.Contains("RUNNING", (await cluster.StatusAsync(Ct))[0]);
        }
        Assert.Equal("", RealCluster.On("login", $"squeue -h -n {Daphne.Net.Deployment.JobScript.NameOf(id)}"));
        Nothing(id);
    }

    [Fact]
    public async Task Slurm_refuses_a_partition_and_nothing_is_left()
    {
        var refused = await Assert.ThrowsAsync<DeploymentException>(() => DaphneCluster.FromSlurm("login", o =>
        {
            o.Ssh.ConfigFile = RealCluster.SshConfig;
            o.Bundle = TestBundle.Path;
            o.Partition = "nosuch";
        }).Deploy(ct: Ct));
        Assert.Equal(DeploymentFailure.JobRefused, refused.Reason);
        Assert.Contains("invalid partition specified: nosuch", refused.Message);
        Assert.Contains("#SBATCH --partition=nosuch", refused.Message);
        Assert.DoesNotContain("daphne worker", RealCluster.On("login", "ls -A ~/.daphne/clusters"));
        Assert.Equal("", RealCluster.On("login", "ls -A ~/.daphne/clusters"));
    }

    [Fact]
    public async Task A_second_process_takes_a_cluster_up_and_ends_it()
    {
        await using var first = await DaphneCluster.FromSsh(["node1"], o =>
        {
            o.Ssh.ConfigFile = RealCluster.SshConfig;
            o.Bundle = TestBundle.Path;
        }).Deploy(ct: Ct);
        await using (var second = await DaphneCluster.AttachTo(first.Id!).Deploy(ct: Ct))
        {
            await using var run = await second.RunAsync("print(sum($X));", new { X = x }, ct: Ct);
            Assert.Equal("7.1994e+07\n", run.Output);
        }
        Assert.Contains("runs, process", (await first.StatusAsync(Ct))[0]);     // whom it belongs to, it stays
        await using (var third = await DaphneCluster.AttachTo(first.Id!).Deploy(ct: Ct)) await third.StopAsync(Ct);
        Assert.Contains("is gone", (await first.StatusAsync(Ct))[0]);
        await Assert.ThrowsAsync<DeploymentException>(() => DaphneCluster.AttachTo(first.Id!).Deploy(ct: Ct));
    }

    [Fact]
    public async Task A_second_deployment_sends_no_bundle()
    {
        for (int round = 0; round < 2; round++)
        {
            var seen = new Seen(log);
            await using var cluster = await DaphneCluster.FromSsh(["node3"], o =>
            {
                o.Ssh.ConfigFile = RealCluster.SshConfig;
                o.Bundle = TestBundle.Path;
            }).Deploy(seen, Ct);
            if (round == 1) Assert.EndsWith("was there", seen.Steps.Single(s => s.Step == DeployStep.Sent).Detail);
        }
    }

    static void Nothing(string id)
    {
        Assert.DoesNotContain(id, RealCluster.On("login", "ls -A ~/.daphne/clusters"));
        foreach (string host in RealCluster.Hosts)
            Assert.Equal("0\n", RealCluster.Control("exec", host, "sh", "-c", "pgrep -c -f '[d]aphne worker' || true"));
    }

    sealed class Seen(ITestOutputHelper log) : IProgress<DeployProgress>
    {
        public ConcurrentQueue<DeployProgress> Steps { get; } = new();

        public void Report(DeployProgress value)
        {
            Steps.Enqueue(value);
            log.WriteLine($"{DateTime.UtcNow:mm:ss.fff} {value}");
        }
    }
}
