using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;
using Daphne.Net.Deployment;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>The README's deployment is the code below, and it does what the README says: on a machine whose ssh knows a login node of that name.</summary>
[Collection(OnRealCluster.Name)]
public sealed class ReadmeSlurmTests
{
    [Fact]
    public async Task The_deployment_of_the_readme_runs()
    {
        using var scratch = new Scratch();
        string config = File.ReadAllText(RealCluster.SshConfig).Replace("Host login node*", "Host login node* hpc-login", StringComparison.Ordinal).Replace("Host login\n", "Host login hpc-login\n", StringComparison.Ordinal);
        string path = Path.Combine(scratch.Root, scratch.Write("config", config)), ssh = Path.Combine(scratch.Root, scratch.Write("ssh", $"#!/bin/sh\nexec /usr/bin/ssh -F {path} \"$@\"\n"));
        File.SetUnixFileMode(ssh, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var (before, here) = (Environment.GetEnvironmentVariable("PATH"), Environment.CurrentDirectory);
        var printed = new StringWriter();
        Environment.SetEnvironmentVariable("PATH", $"{scratch.Root}:{before}");
        Environment.SetEnvironmentVariable("DAPHNE_BUNDLE", TestBundle.Path);
        Environment.CurrentDirectory = Repository.Root;
        try
        {
            // README
            await using var cluster = await DaphneCluster
                .FromSlurm("hpc-login", slurm => { slurm.Workers = 4; slurm.Partition = "debug"; slurm.WallTime = TimeSpan.FromMinutes(30); })
                .Deploy(new Progress<DeployProgress>(step => Console.Error.WriteLine(step)));
            await using var run = await cluster.RunFileAsync("samples/kmeans.daphne", new { data = "samples/data/wine.csv", k = 3, maxIter = 100, seed = 7 });
            printed.Write(run.Output);
            // end of README
            await using var local = await new DaphneSession().RunFileAsync("samples/kmeans.daphne", new { data = "samples/data/wine.csv", k = 3, maxIter = 100, seed = 7 });
            Assert.Equal(local.Output, printed.ToString());
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", before);
            Environment.SetEnvironmentVariable("DAPHNE_BUNDLE", null);
            Environment.CurrentDirectory = here;
        }
    }
}
