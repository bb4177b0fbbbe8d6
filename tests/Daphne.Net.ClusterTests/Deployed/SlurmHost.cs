using Daphne.Net.ClusterTests.Real;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>An application with a Slurm cluster, as a process of its own so that a test can kill it: prints the steps, then the cluster's id, and waits.</summary>
static class SlurmHost
{
    public const string Name = "slurm-host";

    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var cluster = await DaphneCluster.FromSlurm("login", o =>
        {
            o.Ssh.ConfigFile = RealCluster.SshConfig;
            o.Bundle = arguments[0];
            o.Workers = 1;
            o.WallTime = TimeSpan.FromMinutes(10);
            o.DeadMan = TimeSpan.FromSeconds(int.Parse(arguments[1]));
        }).Deploy(new Printed());
        Console.WriteLine($"deployed {cluster.Id}");
        await Console.In.ReadLineAsync();
        return 0;
    }

    sealed class Printed : IProgress<Deployment.DeployProgress>
    {
        public void Report(Deployment.DeployProgress value)
        {
            lock (Console.Out) Console.WriteLine(value);
        }
    }
}
