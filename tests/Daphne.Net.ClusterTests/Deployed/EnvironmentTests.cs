using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;
using Daphne.Net.Deployment;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>A cluster that one process deployed, used by others: by variables, from a shell that holds it, from C#.</summary>
[Collection(OnRealCluster.Name)]
public sealed class EnvironmentTests(ITestOutputHelper log) : IAsyncDisposable
{
    readonly List<string> deployed = [];
    readonly Scratch folder = new();
    readonly string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        // Whatever a test came to.
        foreach (string id in deployed.Intersect(DaphneCluster.List().Select(r => r.ClusterId))) await DaphneCluster.StopAsync(id);
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", state);
        folder.Dispose();
    }

    // Nobody greets these workers: they end after the dead-man time unless somebody holds them.
    async Task<string> DeployAsync(TimeSpan deadMan)
    {
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", folder.State);
        var (secrets, _) = DaphneCluster.NewSecrets(TimeSpan.FromHours(1));
        deployed.Add(secrets.ClusterId);
        await using var deployment = await SshDeployment.StartAsync(new() { Hosts = ["login", "node1"], Ssh = new() { ConfigFile = RealCluster.SshConfig }, Bundle = Bundle.Of(TestBundle.Path), DeadMan = deadMan }, secrets, null, Ct);
        return secrets.ClusterId;
    }

    [Fact]
    public async Task Variables_in_a_file_are_enough_for_another_shell_and_for_a_program()
    {
        string id = await DeployAsync(TimeSpan.FromMinutes(5));
        folder.Write("x.daphne", "X = rand(100, 3, 1.0, 1.0, 1.0, 1); print(sum(X * 2.0));");
        var shell = await ShellAsync($"umask 077; {Tool.Program} clusters env {id} > vars; . ./vars; {Tool.Program} --distributed x.daphne; env | grep -c PRIVATE; stat -c %a vars \"$DAPHNE_IDENTITY_FILE\"");
        Assert.Equal("600\n0\n600\n600\n", shell.Output);
        Assert.DoesNotContain("PRIVATE", File.ReadAllText(Path.Combine(folder.Root, "vars")), StringComparison.Ordinal);

        // From C#: attached by id, its variables written for the tool, and taken up by them.
        string vars = Path.Combine(folder.Root, "from-program");
        await using (var attached = await DaphneCluster.AttachTo(id).Deploy(ct: Ct)) attached.WriteEnvironment(vars);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(vars));
        Assert.Equal("600\n", (await ShellAsync($". {vars}; {Tool.Program} --distributed x.daphne")).Output);
        Assert.Equal(DeploymentFailure.NoSuchCluster, Assert.Throws<DeploymentException>(DaphneCluster.FromEnvironment).Reason);
        Environment.SetEnvironmentVariable("DAPHNE_CLUSTER", id);
        try
        {
            await using var taken = await DaphneCluster.FromEnvironment().Deploy(ct: Ct);
            await using var run = await taken.RunAsync("print(sum(rand(100, 3, 1.0, 1.0, 1.0, 1) * 2.0));", ct: Ct);
            Assert.Equal("600\n", run.Output);
        }
        finally
        {
            Environment.SetEnvironmentVariable("DAPHNE_CLUSTER", null);
        }
        // Nothing of ours listens on this machine.
        Assert.Equal(0, (await Tool.RunAsync(folder, "clusters", "clean", id)).Status);
        var gone = await Tool.RunAsync(folder, "clusters", "env", id);
        Assert.Equal(1, gone.Status);
        Assert.Contains($"no cluster '{id}'", gone.Error);
    }

    [Fact]
    public async Task A_shell_holds_a_cluster_and_leaves_it_to_itself()
    {
        // Long enough for the tool to be started and to greet them on a machine that is busy.
        string id = await DeployAsync(TimeSpan.FromSeconds(15));
        folder.Write("x.daphne", "X = rand(100, 3, 1.0, 1.0, 1.0, 1); print(sum(X * 2.0));");
        // Longer than the dead-man time, during which only the shell is there.
        using var tool = Tool.Start(folder, new Dictionary<string, string> { ["SHELL"] = "/bin/sh" }, Tool.Program, "clusters", "attach", id);
        tool.Allow(TimeSpan.FromMinutes(3));
        await tool.WriteAsync($"sleep 18\n{Tool.Program} --distributed x.daphne\necho $DAPHNE_CLUSTER\nexit 7\n");
        var left = await tool.EndAsync();
        log.WriteLine(left.Error);
        Assert.Equal((7, $"600\n{id}\n"), (left.Status, left.Output));
        Assert.Contains($"attached to cluster {id}, 2 workers", left.Error);
        Assert.Contains($"left cluster {id}, which goes on", left.Error);
        // Now nobody holds them.
        await Patience.Until(async () => (await Tool.RunAsync(folder, "clusters", "status", id)).Output.Split("is gone").Length == 3, "the workers have ended by themselves");
        Assert.Equal($"{id}  swept\n", (await Tool.RunAsync(folder, "clusters", "sweep")).Output);
    }

    [Fact]
    public async Task A_command_instead_of_a_shell_gets_its_words_and_our_signals()
    {
        string id = await DeployAsync(TimeSpan.FromMinutes(5));
        var words = await Tool.RunAsync(folder, "clusters", "attach", id, "printf", "%s|", "a b", "--json", "-f");
        Assert.Equal((0, "a b|--json|-f|"), (words.Status, words.Output));
        using var tool = Tool.Start(folder, "clusters", "attach", id, "sh", "-c", "trap 'echo told; exit 9' TERM; echo ready; while :; do sleep 0.1; done");
        Assert.Equal("ready", await tool.LineAsync());
        Signal.Send(tool.Id, Signal.Int);       // of a terminal: the program's affair
        Signal.Send(tool.Id, Signal.Term);
        Assert.Equal((9, "told\n"), await tool.EndAsync() is var end ? (end.Status, end.Output) : default);
        var none = await Tool.RunAsync(folder, "clusters", "attach", id, "no-such-program");
        Assert.Equal(3, none.Status);
        Assert.Contains("cannot start 'no-such-program'", none.Error);
    }

    async Task<ToolResult> ShellAsync(string script)
    {
        using var shell = Tool.Start(folder, new Dictionary<string, string>(), "/bin/sh", "-c", script);
        var result = await shell.EndAsync();
        log.WriteLine(result.Error);
        return result;
    }
}
