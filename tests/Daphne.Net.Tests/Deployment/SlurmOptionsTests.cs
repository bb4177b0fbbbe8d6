using Daphne.Net.Deployment;

namespace Daphne.Net.Tests.Deployment;

/// <summary>Options that cannot be are refused before anything is contacted, by their names.</summary>
public sealed class SlurmOptionsTests
{
    public static TheoryData<string, Action<SlurmOptions>> Wrong => new()
    {
        { "Workers", o => o.Workers = 0 },
        { "MinWorkers", o => (o.Workers, o.MinWorkers) = (2, 3) },
        { "CoresPerWorker", o => o.CoresPerWorker = 0 },
        { "WorkersPerNode", o => o.WorkersPerNode = -1 },
        { "WallTime", o => o.WallTime = TimeSpan.Zero },
        { "DrainLead", o => o.DrainLead = TimeSpan.FromSeconds(-1) },
        { "StartTimeout", o => o.StartTimeout = Timeout.InfiniteTimeSpan },
        { "DeadMan", o => o.DeadMan = TimeSpan.FromMilliseconds(10) },
        { "Partition", o => o.Partition = " " },
        { "MemoryPerCore", o => o.MemoryPerCore = "" },
        { "Ports", o => o.Ports = (0, 10) },
        { "Ports", o => o.Ports = (70, 60) },
        { "Ports", o => (o.Ports, o.WorkersPerNode) = ((50_000, 50_001), 3) },
        { "NodeScratch", o => o.NodeScratch = "scratch" },
        { "NodeScratch", o => o.NodeScratch = "/scratch/$(id)" },
        { "NodeScratch", o => o.NodeScratch = "/scratch\"; id; \"" },
        { "MaxWorkers", o => (o.Workers, o.Elastic) = (4, new() { MaxWorkers = 3 }) },
        { "WorkersPerJob", o => (o.Workers, o.Elastic) = (4, new() { WorkersPerJob = 5 }) },
        { "MostJobs", o => (o.Workers, o.Elastic) = (4, new() { MostJobs = 3 }) },
        { "GrowAfter", o => o.Elastic = new() { GrowAfter = TimeSpan.Zero } },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void One_that_cannot_be_is_named(string name, Action<SlurmOptions> set)
    {
        var options = new SlurmOptions();
        set(options);
        var wrong = Assert.Throws<DeploymentException>(options.Check);
        Assert.Equal(DeploymentFailure.BadOption, wrong.Reason);
        Assert.StartsWith($"option {name}: ", wrong.Message);
    }

    [Fact]
    public void What_can_be_is_taken()
    {
        new SlurmOptions().Check();
        new SlurmOptions { Workers = 4, MinWorkers = 4, Ports = (50_000, 50_003), WorkersPerNode = 4, WallTime = TimeSpan.FromMinutes(1), NodeScratch = "$TMPDIR", Elastic = new() { MaxWorkers = 4, WorkersPerJob = 3, MostJobs = 2 } }.Check();
    }

    [Theory]
    [InlineData("n1", "n1")]
    [InlineData("node[1-3,07],gpu1", "node1 node2 node3 node07 gpu1")]
    [InlineData("r[1-2]c[08-09]-ib", "r1c08-ib r1c09-ib r2c08-ib r2c09-ib")]
    [InlineData("", "")]
    [InlineData("node[1-", "")]
    [InlineData("node[a-b]", "")]
    [InlineData("node[1-99999999]", "")]
    public void Lists_of_nodes_are_read(string list, string nodes) => Assert.Equal(nodes, string.Join(' ', HostList.Expand(list)));

    [Theory]
    [InlineData("5:00", 300)]
    [InlineData("0:07", 7)]
    [InlineData("1:00:00", 3600)]
    [InlineData("2-00:00:01", 172801)]
    [InlineData("INVALID", 0)]
    [InlineData("UNLIMITED", null)]
    [InlineData("NOT_SET", null)]
    [InlineData("", null)]
    public void Times_that_are_left_are_read(string text, int? seconds) => Assert.Equal(seconds, (int?)JobState.TimeLeft(text)?.TotalSeconds);

    [Fact]
    public void What_scp_would_have_been_told_is_told_to_ssh()
    {
        Assert.Equal(["-p", "2222", "-o", "Compression=yes", "-i", "/k", "-C", "-q46"], ScpArguments.ToSsh(["-P", "2222", "-o", "Compression=yes", "-i/k", "-C", "-q46"]));
        foreach (string no in (string[])["-r", "-l", "-p", "-3", "file", "-P"])
            Assert.Equal(DeploymentFailure.BadOption, Assert.Throws<DeploymentException>(() => ScpArguments.ToSsh([no])).Reason);
    }
}
