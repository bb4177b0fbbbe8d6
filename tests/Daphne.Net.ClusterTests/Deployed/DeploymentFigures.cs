using System.Diagnostics;
using Daphne.Net.ClusterTests.Real;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>
/// How long <c>Deploy()</c> of three workers takes beside a job of three sleeping tasks in the same Slurm, in pairs, and what goes over the wire. Printed for
/// <c>benchmarks/deployment.sh</c>; not part of a test run.
/// </summary>
[Collection(OnRealCluster.Name)]
public sealed class DeploymentFigures(ITestOutputHelper log)
{
    const int Rounds = 9;

    // On the login node itself: from sbatch until each of the three tasks has written its line.
    const string Plain = """
        cd $(mktemp -d ~/figures.XXXX); b=$(date +%s%N)
        j=$(printf '#!/bin/sh\nsrun --output=task-%%t.log sh -c "echo Started; exec sleep 60"\n' | sbatch --parsable --ntasks=3 --ntasks-per-node=1 --time=5 --output=/dev/null)
        while [ "$(cat task-*.log 2>/dev/null | grep -c Started)" != 3 ]; do sleep 0.02; done
        e=$(date +%s%N); scancel $j; while [ -n "$(squeue -h -t pd,r,cg)" ]; do sleep 0.05; done; rm -rf "$PWD"; echo $(( (e - b) / 1000000 ))
        """;

    static string Interface => $"/sys/class/net/{Environment.GetEnvironmentVariable("CF_PREFIX") ?? "cf"}-ws/statistics/tx_bytes";

    [Fact(Explicit = true)]
    public async Task Deploy_beside_the_same_job_without_us()
    {
        string folder = $"/home/hpc/.daphne-figures-{Guid.NewGuid():n}"[..30];
        try
        {
            long bundle = new FileInfo(TestBundle.Path).Length;
            var (first, sent) = await DeployAsync(folder);
            List<double> ours = [], plain = [], overhead = [];
            List<long> bytes = [];
            for (int round = 0; round < Rounds; round++)
            {
                double own = 0, other = 0;
                foreach (bool deploys in (bool[])[round % 2 == 0, round % 2 != 0])
                    if (!deploys) other = double.Parse(RealCluster.On("login", Plain)) / 1000;
                    else
                    {
                        (own, long moved) = await DeployAsync(folder);
                        bytes.Add(moved);
                    }
                ours.Add(own);
                plain.Add(other);
                overhead.Add(own - other);
            }
            log.WriteLine($"FIGURE first deployment, with the bundle        {first,7:0.00} s   {sent,12:N0} bytes sent (the bundle has {bundle:N0})");
            log.WriteLine($"FIGURE Deploy() of 3 workers, median of {Rounds}       {Median(ours),7:0.00} s   {bytes.Order().ElementAt(Rounds / 2),12:N0} bytes sent, at most {bytes.Max():N0}");
            log.WriteLine($"FIGURE the same job with sleeping tasks, median {Median(plain),7:0.00} s");
            log.WriteLine($"FIGURE overhead, median of the pairs            {Median(overhead),7:0.00} s   from {overhead.Min():0.00} to {overhead.Max():0.00}");
            Assert.True(bytes.Max() < bundle / 100, "the bundle was sent again");
        }
        finally
        {
            RealCluster.On("login", $"rm -rf {folder}");
        }
    }

    static async Task<(double Seconds, long Bytes)> DeployAsync(string folder)
    {
        long before = Sent();
        var clock = Stopwatch.StartNew();
        await using var cluster = await DaphneCluster.FromSlurm("login", o =>
        {
            o.Ssh.ConfigFile = RealCluster.SshConfig;
            o.Bundle = TestBundle.Path;
            (o.Workers, o.WorkersPerNode, o.WallTime, o.RemoteFolder) = (3, 1, TimeSpan.FromMinutes(5), folder);
        }).Deploy(ct: TestContext.Current.CancellationToken);
        double seconds = clock.Elapsed.TotalSeconds;
        return (seconds, Sent() - before);
    }

    static long Sent() => long.Parse(File.ReadAllText(Interface));

    static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
