using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary><c>daphne ssh</c> on the real machines: the published examples of the original's script.</summary>
[Collection(OnRealCluster.Name)]
public sealed class SshCommandTests(ITestOutputHelper log) : IDisposable
{
    readonly string root = $"/home/hpc/.daphne-ssh-{Guid.NewGuid():n}"[..30];
    readonly Scratch folder = new();

    public void Dispose()
    {
        RealCluster.On("login", $"rm -rf {root}");
        folder.Dispose();
    }

    [Fact]
    public async Task The_published_examples_work()
    {
        Assert.Contains("--pathToBuild", (await Tool.RunAsync(folder, "ssh", "--help")).Output);
        string[] peers = ["--peers", "login:52001,login:52002,node1"];
        string deployed = await Good([.. peers, "--deploy"]);
        Assert.Contains($"login: {root}/bundles/daphne-", deployed);
        Assert.Contains($"node1: {root}/bundles/daphne-", deployed);

        string id = (await Good([.. peers, "-r"])).Trim();
        string status = await Good(["-s"]);
        Assert.StartsWith($"cluster {id}\n", status);
        Assert.Contains("127.0.0.1:52001", status);
        Assert.Contains("127.0.0.1:52002", status);
        Assert.Equal(3, status.Split('\n').Count(l => l.Contains(": runs, process")));

        folder.Write("x.daphne", "X = rand(100, 3, 1.0, 1.0, 1.0, 1); print(sum(X * 2.0));");
        var run = await SlurmCommandTests.RunAsync(folder, log, ["--cluster=" + id, "x.daphne"], null, []);
        Assert.Equal((0, "600\n"), (run.Status, run.Output));

        Assert.Contains("is gone", await Good([.. peers, "--kill"]));
        Assert.Equal("", RealCluster.On("login", $"ls {root}/clusters"));
        Assert.Equal(1, (await Run(["--kill"])).Status);
        Assert.Equal(1, (await SlurmCommandTests.RunAsync(folder, log, ["--cluster=" + id, "x.daphne"], null, [])).Status);
    }

    [Fact]
    public async Task Every_machine_that_fails_is_named_and_the_others_are_served()
    {
        var half = await Run(["--deploy", "--peers", "node2,nosuch-host,also-none"]);
        Assert.Equal(3, half.Status);
        Assert.Contains("node2: ", half.Output);
        Assert.Contains("nosuch-host", half.Error);
        Assert.Contains("also-none", half.Error);
    }

    Task<ToolResult> Run(string[] words) =>
        SlurmCommandTests.RunAsync(folder, log, ["ssh", "--ssh-config", RealCluster.SshConfig, "--pathToBuild", root, .. words], null, new() { ["DAPHNE_BUNDLE"] = TestBundle.Path });

    async Task<string> Good(string[] words)
    {
        var result = await Run(words);
        Assert.True(result.Status == 0, $"{string.Join(' ', words)} ended with {result.Status}: {result.Error}");
        return result.Output;
    }
}
