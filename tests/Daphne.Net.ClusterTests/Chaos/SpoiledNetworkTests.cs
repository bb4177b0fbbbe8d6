using System.Diagnostics;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.Distributed;

namespace Daphne.Net.ClusterTests.Chaos;

/// <summary>Workers that live behind a network that does not: cut, silent, slow, or turning bytes over.</summary>
public sealed class SpoiledNetworkTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cut_after_any_number_of_bytes()
    {
        const int seed = 20;
        var random = new Random(seed);
        var expected = await ChaosWork.ExpectedAsync(2);
        await using var spoiled = await SpoiledCluster.StartAsync(2);
        var network = spoiled.Networks[1];
        long[] passed = [network.Passed(Way.ToWorker), network.Passed(Way.FromWorker)];
        await using (var quiet = await spoiled.Cluster.RunAsync(ChaosWork.Rounds, ct: Ct)) Assert.Equal(expected, ChaosWork.Bits(quiet));
        long[] all = [network.Passed(Way.ToWorker) - passed[0], network.Passed(Way.FromWorker) - passed[1]];
        int fired = 0;
        for (int round = 0; round < 10; round++)
        {
            var way = (Way)(round % 2);
            // The first bytes and any other.
            long after = round < 4 ? random.Next(1, 200) : random.NextInt64(all[(int)way] * 9 / 10);
            int before = network.Cuts;
            network.CutAfter(way, after);
            await using var run = await spoiled.Cluster.RunAsync(ChaosWork.Rounds, ct: Ct);
            // A worker that a round found cut off holds less in the next, which moves other bytes.
            if (network.Cuts > before) fired++;
            network.Disarm();
            Assert.True(expected.AsSpan().SequenceEqual(ChaosWork.Bits(run)), $"seed {seed}, round {round}: other bits, cut {way} after {after} bytes");
        }
        Assert.True(fired >= 6, $"seed {seed}: only {fired} of 10 cuts fired");
    }

    [Fact]
    public async Task Silent_without_an_end_of_the_connection()
    {
        var expected = await ChaosWork.ExpectedAsync(2);
        await using var spoiled = await SpoiledCluster.StartAsync(2, o => o with { KeepAlive = TimeSpan.FromSeconds(2), Lease = TimeSpan.FromSeconds(5) });
        var fault = new AtPipeline(5, () => spoiled.Networks[0].Silence());
        var clock = Stopwatch.StartNew();
        await using var run = await spoiled.Cluster.RunAsync(ChaosWork.Rounds, options: new() { Progress = fault }, ct: Ct);
        Assert.True(fault.Fired);
        Assert.True(spoiled.Networks[0].Swallowed > 0);
        Assert.Equal(expected, ChaosWork.Bits(run));
        Assert.True(clock.Elapsed < Patience.Most);
    }

    [Fact]
    public async Task Silent_for_less_than_the_lease_loses_nothing()
    {
        var expected = await ChaosWork.ExpectedAsync(2);
        await using var spoiled = await SpoiledCluster.StartAsync(2);
        var fault = new AtPipeline(5, () =>
        {
            spoiled.Networks[0].Silence();
            _ = Task.Delay(TimeSpan.FromSeconds(2)).ContinueWith(_ => spoiled.Networks[0].Speak(), TaskScheduler.Default);
        });
        await using var run = await spoiled.Cluster.RunAsync(ChaosWork.Rounds, options: new() { Progress = fault }, ct: Ct);
        Assert.True(fault.Fired);
        Assert.True(spoiled.Networks[0].Swallowed > 0);
        Assert.Equal(expected, ChaosWork.Bits(run));
        Assert.Equal(0, spoiled.Networks[0].Cuts);
    }

    [Fact]
    public async Task Slow()
    {
        var expected = await ChaosWork.ExpectedAsync(2);
        await using var spoiled = await SpoiledCluster.StartAsync(2);
        foreach (var network in spoiled.Networks) network.Delay = TimeSpan.FromMilliseconds(20);
        await using var run = await spoiled.Cluster.RunAsync(ChaosWork.Rounds, ct: Ct);
        Assert.Equal(expected, ChaosWork.Bits(run));
        Assert.Equal(0, run.Report.Pipelines.Sum(p => p.Retries));
    }
}
