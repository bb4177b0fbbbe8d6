using System.Text.Json;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>
/// <c>daphne slurm</c> on the real machines, each call a process of its own as a person makes them: the published examples of the original's script with our
/// name in its place.
/// </summary>
[Collection(OnRealCluster.Name)]
public sealed class SlurmCommandTests(ITestOutputHelper log) : IDisposable
{
    // What the original ships as example-time.daphne: it times one addition of a matrix and a row.
    const string ExampleTime = "t0 = now(); m = rand(5120, 512, 100.0, 200.0, 1.0, 42); m2 = rand(1, 512, 100.0, 200.0, 1.0, 42); t1 = now(); Z = m + m2; t2 = now();\nprint(\"done\"); print(sum(Z) > 0.0); print(t2 >= t1);\n";
    const string Distributed = "X = rand(1000, 10, 1.0, 1.0, 1.0, 1); print(sum(X + 1.0)); print($a);\n";

    // A folder of our own there, so that 'clean' concerns nobody else.
    readonly string root = $"/home/hpc/.daphne-slurm-{Guid.NewGuid():n}"[..30];
    readonly Scratch folder = new();

    public void Dispose()
    {
        RealCluster.On("login", $"rm -rf {root}");
        folder.Dispose();
    }

    [Fact]
    public async Task The_published_examples_work()
    {
        folder.Write("example-time.daphne", ExampleTime);
        folder.Write("x.daphne", Distributed);
        string[] hpc = ["--login", "login", "--user", "hpc", "-i", Path.Combine(RealCluster.Folder, "keys", "client.pub")];

        Assert.EndsWith(".tar.gz\n", await Good(["package"]));
        Assert.Contains($"{root}/bundles/daphne-", await Good([.. hpc, "transfer"]));
        Assert.Contains("was there", (await Run([.. hpc, "transfer"])).Error);
        Assert.Equal(1, (await Run(["-l", "login", "status"])).Status);          // nothing was started yet

        string job = (await Good([.. hpc, "-n", "3", "start", "-R=-t 10 --ntasks-per-node=1"])).Trim();
        Assert.True(int.TryParse(job, out _), job);
        Assert.Equal("3 of 3 workers listen\n", await Good(["-l", "login", "wait", "--timeout", "60"]));
        using (var status = JsonDocument.Parse(await Good(["-l", "login", "status", "--json"])))
        {
            Assert.Equal(("running", long.Parse(job), 3), (status.RootElement.GetProperty("phase").GetString(), status.RootElement.GetProperty("job").GetInt64(), status.RootElement.GetProperty("addresses").GetArrayLength()));
        }
        Assert.Equal("done\n1\n1\n", await Good(["-l", "login", "-n", "1024", "run", "example-time.daphne"]));
        Assert.Equal("20000\n7\n", await Good(["-l", "login", "run", "x.daphne", "a=7"]));
        Assert.Equal("20000\n8\n", await Good(["-l", "login", "--args", "a=8", "run", "x.daphne"]));
        Assert.Equal("Hello World!\n", await Good(["-l", "login", "run"], "print(\"Hello World!\");"));
        Assert.Equal("20000\n9\n", await Good(["-l", "login", "run", "-", "a=9"], Distributed));
        Assert.Equal("20000\n6\n", await Good(["-l", "login", "run", "-R=--time=30 --cpu-bind=cores --nodes=1 --ntasks-per-node=1 --cpus-per-task=1", "x.daphne", "a=6"]));
        Assert.Equal("20000\n5\n", await Good(["-l", "login", "--coordinator=login", "run", "x.daphne", "a=5"]));

        // The script's own exit statuses, wherever it runs; and a run nobody waits for.
        var wrong = await Run(["-l", "login", "run"], "print(1");
        Assert.Equal(1, wrong.Status);
        Assert.Contains("DPH1012", wrong.Error);
        string name = (await Good(["-l", "login", "--coordinator=job", "--detach", "run"], "print(1); stop(\"enough\");")).Trim();
        var ended = await Run(["-l", "login", "output", name]);
        Assert.Equal((3, "1\n[error]: Execution error: system stopped: enough\n"), (ended.Status, ended.Output));

        string id = await Environment_of_another_shell();
        Assert.Contains("is stopped", await Good([.. hpc, "stop"]));
        Assert.Equal("", RealCluster.On("login", $"squeue -h -j {job} -t R,PD 2>/dev/null || true"));
        Assert.Contains("login is clean", await Good([.. hpc, "clean"]));
        Assert.Equal("", RealCluster.On("login", $"ls {root}/clusters; ls {root}/bundles | grep -v tar.gz || true"));
        Assert.Empty(Directory.GetFiles(folder.State, id + "*", SearchOption.AllDirectories));
    }

    // Variables for another shell: no port is opened, the identity is the owner's only.
    async Task<string> Environment_of_another_shell()
    {
        string id = (await Tool.RunAsync(folder, "clusters", "list")).Output.Split(' ')[0];
        var env = await Tool.RunAsync(folder, "clusters", "env", id);
        Assert.Contains($"export DAPHNE_CLUSTER={id}\n", env.Output);
        string identity = Path.Combine(folder.State, "daphne", "clusters", id + ".pem");
        Assert.Contains(identity, env.Output);
        Assert.DoesNotContain("PRIVATE", env.Output);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(identity));
        var other = await Tool.RunAsync(folder, new Dictionary<string, string> { ["DAPHNE_CLUSTER"] = id }, "--distributed", "x.daphne", "a=4");
        Assert.Equal((0, "20000\n4\n"), (other.Status, other.Output));
        return id;
    }

    [Fact]
    public async Task One_sweep_leaves_nothing_and_has_the_status_of_the_script()
    {
        var sweep = await Run(["-l", "login", "deploy", "-n", "2", "-", "a=3"], Distributed);
        Assert.True(sweep.Status == 0, sweep.Error);
        Assert.Matches("(?s)2 of 2 workers listen\n.*20000\n3\ncluster [0-9a-f]+ is stopped\nlogin is clean\n$", sweep.Output);
        Assert.Equal(["build", "package", "transfer", "start", "wait", "status", "run", "stop", "clean"], sweep.Error.Split('\n').Where(l => l.StartsWith("== ", StringComparison.Ordinal)).Select(l => l[3..]));
        Assert.Equal("", RealCluster.On("login", $"ls {root}/clusters"));
        Assert.Equal("", (await Tool.RunAsync(folder, "clusters", "list")).Output);

        var stops = await Run(["-l", "login", "deploy", "-n", "1"], "stop(\"no\");");
        Assert.Equal(3, stops.Status);
        Assert.Equal("", RealCluster.On("login", $"ls {root}/clusters"));
    }

    [Fact]
    public async Task A_sweep_whose_workers_follow_losses_holds_them_while_the_script_runs()
    {
        // Some seconds of pipelines; the worker that is killed meanwhile is replaced.
        folder.Write("long.daphne", "X = rand(400, 30, 1.0, 1.0, 1.0, 1); t0 = now(); while (now() - t0 < 20000000000) { X = (X + 1.0) - 1.0; } print(sum(X));\n");
        using var tool = Tool.Start(folder, Bundle, Tool.Program, "slurm", "--ssh-config", RealCluster.SshConfig, "-d", root, "-l", "login", "--min-workers=1", "--max-workers=3", "deploy", "-n", "2", "-R=-t 10", $"--files-root={root}", "long.daphne");
        tool.Allow(TimeSpan.FromMinutes(4));
        List<string> said = [];
        while (said.LastOrDefault() != "== run") said.Add(await tool.ErrorLineAsync());
        string node = RealCluster.On("login", "squeue -h -t r -o %N").Split('\n')[0];
        RealCluster.Control("exec", node, "pkill", "-KILL", "-f", "[d]aphne worker");
        while (!said.Exists(l => l.Contains("is asked for: 1 more of 2 workers", StringComparison.Ordinal))) said.Add(await tool.ErrorLineAsync());
        var end = await tool.EndAsync();
        foreach (string line in said.Append(end.Error)) log.WriteLine(line);
        Assert.Equal(0, end.Status);
        Assert.Matches("(?s)[12] of 2 workers listen\n12000\ncluster [0-9a-f]+ is stopped\nlogin is clean\n$", end.Output);
        Assert.Equal(["build", "package", "transfer", "start", "run", "stop", "clean"], string.Join('\n', said.Append(end.Error)).Split('\n').Where(l => l.StartsWith("== ", StringComparison.Ordinal)).Select(l => l[3..]));
        Assert.Equal("", RealCluster.On("login", $"ls {root}/clusters; squeue -h -t pd,r,cg"));

        var ends = await Run(["-l", "login", "-n", "1", "--replace", "start"]);
        Assert.Equal(1, ends.Status);
        Assert.Contains("'deploy' is one, 'start' ends", ends.Error);
        Assert.Contains($"--files-root={root}/data", await Good(["-l", "login", "-n", "1", $"--files-root={root}/data", "--show-script", "start"]));
    }

    [Fact]
    public async Task A_job_that_must_wait_says_why_and_waiting_ends()
    {
        // The published example asks for two hours; these partitions give one.
        await Good(["-l", "login", "-n", "1", "start", "-R=-t 120 --mem-per-cpu=10M --cpu-bind=cores --cpus-per-task=2"]);
        // Slurm says one of PartitionTimeLimit and PartitionConfig, and may change its mind.
        await Patience.Until(async () => (await Good(["-l", "login", "status"])).Contains("PENDING (Partition", StringComparison.Ordinal), "Slurm says why it waits");
        var late = await Run(["-l", "login", "wait", "--timeout=2"]);
        Assert.Equal(3, late.Status);
        Assert.Contains("Partition", late.Error);
        Assert.Contains("'daphne slurm wait'", (await Run(["-l", "login", "run"], "print(1);")).Error);
        await Good(["-l", "login", "clean"]);

        var refused = await Run(["-l", "login", "start", "-R=--partition=nosuch"]);
        Assert.Equal(3, refused.Status);
        Assert.Contains("invalid partition specified: nosuch", refused.Error);
        Assert.Equal("", (await Tool.RunAsync(folder, "clusters", "list")).Output);
    }

    [Fact]
    public async Task The_job_can_be_looked_at_and_submitted_by_hand()
    {
        string script = await Good(["-l", "login", "-n", "2", "-p", "51000", "--show-script", "start"]);
        Assert.StartsWith("#!/bin/sh\n#SBATCH --job-name=daphne-", script);
        Assert.Contains($"cd {root}/clusters/", script);
        Assert.Contains(":51000-51099", script);
        Assert.Equal("", (await Tool.RunAsync(folder, "clusters", "list")).Output);

        string job = (await Good(["-l", "login", "-n", "1", "--write-job=job", "start", "-R=-t 5"])).Trim();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(job, "identity.pem")));
        string readme = await File.ReadAllTextAsync(Path.Combine(job, "README"), TestContext.Current.CancellationToken);
        Assert.Contains("sbatch job.sh", readme);
        Assert.True(File.Exists(Path.Combine(job, Path.GetFileName(TestBundle.Path))));
        Assert.Equal("0\n", RealCluster.On("login", $"printf %s '{(await File.ReadAllTextAsync(Path.Combine(job, "job.sh"), TestContext.Current.CancellationToken)).Replace("'", "'\\''")}' | sbatch --test-only >/dev/null 2>&1; echo $?"));
    }

    [Fact]
    public async Task A_node_is_looked_at_before_anything_is_started()
    {
        string found = await Good(["-l", "login", "check"]);
        foreach (string name in (string[])["node", "machine", "libc", "scratch", "bundle", "worker"]) Assert.Matches($"(?m)^ok      {name} ", found);
        Assert.DoesNotContain("MISSING", found);
        Assert.Equal("", RealCluster.On("login", $"ls {root}/clusters"));

        // A folder that nodes do not share: /tmp is each machine's own.
        string own = "/tmp/" + Path.GetFileName(root);
        var elsewhere = await Tool.RunAsync(folder, Bundle, "slurm", "--ssh-config", RealCluster.SshConfig, "-l", "login", "-d", own, "check");
        RealCluster.On("login", $"rm -rf {own}");
        Assert.Equal(3, elsewhere.Status);
        Assert.Contains("must lie on a file system that the nodes share", elsewhere.Output);
    }

    static Dictionary<string, string> Bundle => new() { ["DAPHNE_BUNDLE"] = TestBundle.Path };

    Task<ToolResult> Run(string[] words, string? input = null) => RunAsync(folder, log, ["slurm", "--ssh-config", RealCluster.SshConfig, "-d", root, .. words], input, Bundle);

    async Task<string> Good(string[] words, string? input = null)
    {
        var result = await Run(words, input);
        Assert.True(result.Status == 0, $"{string.Join(' ', words)} ended with {result.Status}: {result.Error}");
        return result.Output;
    }

    internal static async Task<ToolResult> RunAsync(Scratch folder, ITestOutputHelper log, string[] words, string? input, Dictionary<string, string> environment)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var tool = Tool.Start(folder, environment, Tool.Program, words);
        if (input is not null) await tool.WriteAsync(input);
        var result = await tool.EndAsync();
        log.WriteLine($"{clock.Elapsed.TotalSeconds:0.0} s: {string.Join(' ', words)} -> {result.Status}");
        return result;
    }
}
