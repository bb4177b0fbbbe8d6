using System.Collections.Concurrent;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;
using Daphne.Net.Deployment;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>A script as a program of MPI in a deployed job, with both makes of MPI, from the tool and from C#.</summary>
[Collection(OnRealCluster.Name)]
public sealed class MpiJobTests(ITestOutputHelper log) : IDisposable
{
    const string Sums = "X = seq(1.0, 999.0) * 0.1;\nprint(sum(X + $a));\nprint(X[998, ]);\n";

    readonly string root = $"/home/hpc/.daphne-mpi-{Guid.NewGuid():n}"[..30];
    readonly Scratch folder = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        RealCluster.On("login", $"rm -rf {root}");
        folder.Dispose();
    }

    [Fact]
    public async Task The_tool_runs_ranks_in_the_job()
    {
        folder.Write("sums.daphne", Sums);
        var here = await Tool.RunAsync(folder, "sums.daphne", "a=1.0");
        await Good("-n", "3", "start", "-R=-t 10 --ntasks-per-node=1");
        await Good("wait");
        try
        {
            // What Slurm and the node have is found; either make can be asked for.
            foreach (string mpi in (string[])["", "--mpi=pmix", "--mpi=pmi2"])
            {
                var run = await Run(["--dist_backend=MPI", .. mpi.Length > 0 ? ["-R=" + mpi] : Array.Empty<string>(), "run", "sums.daphne", "a=1.0"], null);
                Assert.True((here.Status, here.Output) == (run.Status, run.Output), run.Error);
                Assert.Matches($@"3 ranks over {(mpi.EndsWith("pmi2", StringComparison.Ordinal) ? "libmpich.so.12" : @"libmpi\.so\.40")} \(srun --mpi=pmi", run.Error);
            }
            // The script's own exit status, not the worst of all ranks.
            var stops = await Run(["--dist_backend=MPI", "run"], "print(sum(fill(1.0, 10, 1) + 1.0)); stop(\"enough\");");
            Assert.Equal((3, "20\n[error]: Execution error: system stopped: enough\n"), (stops.Status, stops.Output));
            Assert.Equal(1, (await Run(["--dist_backend=MPI", "run"], "print(1")).Status);

            // The job stays: workers over gRPC are there as before.
            Assert.Equal(here.Output, await Good("run", "sums.daphne", "a=1.0"));

            var other = await Run(["--dist_backend=MPI", "--coordinator=here", "run", "sums.daphne", "a=1.0"], null);
            Assert.Equal(1, other.Status);
            Assert.Contains("rank 0 coordinates, in the job", other.Error);
        }
        finally
        {
            await Good("clean");
        }
    }

    // Slurm here knows the processes of a step by their parents, and ends no child of a shell that it has ended.
    [Fact]
    public async Task A_rank_that_dies_ends_them_all()
    {
        await Good("-n", "3", "start", "-R=-t 10 --ntasks-per-node=1");
        await Good("wait");
        try
        {
            folder.Write("endless.daphne", "X = fill(1.0, 2000, 50);\nprint(\"ready\");\nwhile (sum(X) > 0.0) { X = exp(sqrt(X)) / exp(sqrt(X)) + X * 0.0; }\n");
            foreach (string mpi in (string[])["pmix", "pmi2"])
            {
                string name = (await Good("--dist_backend=MPI", "-R=--mpi=" + mpi, "--detach", "run", "endless.daphne")).Trim();
                await Patience.Until(() => Ranks().All(n => n == 1), "a rank runs on every node");
                RealCluster.Control("exec", "node2", "pkill", "-KILL", "-f", "^[^ ]*daphne --distributed");
                var died = await Run(["output", name], null);
                log.WriteLine(died.Error);
                Assert.Equal(3, died.Status);
                Assert.Contains("rank 1 on node2 was ended by signal 9 (Killed). A job of MPI ends as a whole", died.Error);
                Assert.Contains("--dist_backend=sync-gRPC", died.Error);
                await Patience.Until(() => Ranks().All(n => n == 0), "no rank is left");
            }
        }
        finally
        {
            await Good("clean");
        }
    }

    static int[] Ranks() => [.. ((string[])["node1", "node2", "node3"]).Select(n => int.Parse(RealCluster.Control("exec", n, "sh", "-c", "pgrep -c -f '^[^ ]*daphne --distributed' || true")))];

    [Fact]
    public async Task A_program_runs_ranks_and_hears_what_is_missing()
    {
        await using var cluster = await DaphneCluster.FromSlurm("login", o =>
        {
            (o.Ssh.ConfigFile, o.Bundle, o.Workers, o.RemoteFolder, o.WallTime) = (RealCluster.SshConfig, TestBundle.Path, 2, root, TimeSpan.FromMinutes(10));
        }).Deploy(ct: Ct);
        string script = Path.Combine(folder.Root, folder.Write("sums.daphne", Sums));
        var printed = new ConcurrentQueue<string>();
        Assert.Equal(0, await cluster.RunMpiFileAsync(script, ["a=1.0"], printed.Enqueue, log.WriteLine, Ct));
        await using (var plain = await new DaphneSession().RunFileAsync(script, new { a = 1.0 }, ct: Ct)) Assert.Equal(plain.Output, string.Concat(printed));

        // Nodes without the libraries (the list of what there is is empty there): said at the start, with what there is.
        string[] nodes = ["node1", "node2", "node3"];
        foreach (string node in nodes) RealCluster.Control("exec", node, "mount", "--bind", "/dev/null", "/etc/ld.so.cache");
        try
        {
            var missing = await Assert.ThrowsAsync<DeploymentException>(() => cluster.RunMpiFileAsync(script, ["a=1.0"], printed.Enqueue, null, Ct));
            log.WriteLine(missing.Message);
            Assert.Equal(DeploymentFailure.ProgramMissing, missing.Reason);
            Assert.Contains("Slurm offers pmix, pmi2, and the node has none of libmpi.so.40, libmpich.so.12", missing.Message);
            Assert.Contains("--dist_backend=sync-gRPC", missing.Message);
        }
        finally
        {
            foreach (string node in nodes) RealCluster.Control("exec", node, "umount", "/etc/ld.so.cache");
        }
    }

    Task<ToolResult> Run(string[] words, string? input) =>
        SlurmCommandTests.RunAsync(folder, log, ["slurm", "--ssh-config", RealCluster.SshConfig, "-d", root, "-l", "login", .. words], input, new() { ["DAPHNE_BUNDLE"] = TestBundle.Path });

    async Task<string> Good(params string[] words)
    {
        var result = await Run(words, null);
        Assert.True(result.Status == 0, $"{string.Join(' ', words)} ended with {result.Status}: {result.Error}");
        return result.Output;
    }
}
