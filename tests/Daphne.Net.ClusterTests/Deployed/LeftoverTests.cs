using System.Diagnostics;
using System.Globalization;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>Processes that are killed or interrupted while they have a cluster on the real Slurm, and what is left of it.</summary>
[Collection(OnRealCluster.Name)]
public sealed class LeftoverTests(ITestOutputHelper log) : IDisposable
{
    readonly Scratch folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task While_its_process_lives_nobody_sweeps_a_cluster_and_afterwards_nothing_is_left()
    {
        Assert.Equal("", Jobs());
        string other = RealCluster.On("login", "sbatch --parsable --exclusive -N 3 --wrap 'sleep 300'").Trim();
        try
        {
            await Patience.Until(() => RealCluster.On("login", $"squeue -h -j {other} -o %T").Trim() == "RUNNING", "the other job has the nodes");
            using var host = Host(deadMan: 60);
            while (!(await host.LineAsync()).Contains("PENDING (Resources)", StringComparison.Ordinal)) { }
            Assert.Contains("job ", await Tools("clusters", "list"));
            Assert.Equal("", await Tools("clusters", "sweep"));                     // it has no workers, and is somebody's
            Assert.Contains("PD", Jobs());

            Signal.Send(host.Id, Signal.Kill);
            await Patience.Until(() => !Signal.Lives(host.Id), "the process is gone");
            Assert.Contains("PD", Jobs());                                          // nobody could cancel it
            Assert.EndsWith("  swept\n", await Tools("clusters", "sweep"));
            Assert.Equal("", Jobs());
            Assert.Equal("", await Tools("clusters", "list"));

            // Somebody who waits at a terminal sees why, and takes the job with him.
            using var tool = Tool.Start(folder, new Dictionary<string, string> { ["DAPHNE_BUNDLE"] = TestBundle.Path }, Tool.Program, "slurm", "--ssh-config", RealCluster.SshConfig, "-l", "login", "deploy", "-n", "1");
            string line;
            while (!(line = await tool.ErrorLineAsync()).Contains("PENDING (", StringComparison.Ordinal)) log.WriteLine(line);
            log.WriteLine(line);
            Signal.Send(tool.Id, Signal.Int);
            Assert.Equal(130, (await tool.EndAsync()).Status);
            await Patience.Until(() => Jobs().Length == 0, "the job is cancelled");
            Assert.Equal("", await Tools("clusters", "list"));
        }
        finally
        {
            RealCluster.On("login", $"scancel {other}");
        }
        await Patience.Until(() => RealCluster.On("login", "squeue -h -t pd,r,cg").Length == 0, "the other job is gone");
        Assert.Equal("", RealCluster.On("login", "ls -A ~/.daphne/clusters"));
    }

    [Fact]
    public async Task Killed_a_process_leaves_workers_that_end_by_themselves()
    {
        const int deadMan = 12;      // longer than it takes to greet them
        using var host = Host(deadMan);
        string line;
        while (!(line = await host.LineAsync()).StartsWith("deployed ", StringComparison.Ordinal)) { }
        string id = line["deployed ".Length..];
        Assert.Contains("R", Jobs());
        var clock = Stopwatch.StartNew();
        Signal.Send(host.Id, Signal.Kill);
        await Patience.Until(() => Jobs().Length == 0, "the workers have ended by themselves");
        log.WriteLine($"nothing in the queue after {clock.Elapsed.TotalSeconds:0.0} s, the dead-man time being {deadMan} s");
        Assert.InRange(clock.Elapsed.TotalSeconds, deadMan - 1, double.MaxValue);      // not because of the kill itself
        Assert.Contains(id, await Tools("clusters", "list"));
        Assert.Equal($"{id}  swept\n", await Tools("clusters", "sweep"));
        Assert.Equal("", RealCluster.On("login", "ls -A ~/.daphne/clusters"));
        Assert.Equal("", await Tools("clusters", "list"));
    }

    RunningTool Host(int deadMan)
    {
        var host = Tool.Start(folder, [], Environment.ProcessPath!, SlurmHost.Name, TestBundle.Path, deadMan.ToString(CultureInfo.InvariantCulture));
        host.Allow(TimeSpan.FromMinutes(2));
        return host;
    }

    static string Jobs() => RealCluster.On("login", "squeue -h -t pd,r,cg -o '%j %t' | grep daphne- || true");

    async Task<string> Tools(params string[] words)
    {
        var result = await Tool.RunAsync(folder, words);
        Assert.True(result.Status == 0, result.Error);
        return result.Output;
    }
}
