using System.Diagnostics;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Tests.Distributed;

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
    public async Task A_byte_turned_over_on_an_encrypted_connection_is_noticed_and_costs_another_try()
    {
        const int seed = 21;
        var random = new Random(seed);
        using var scratch = new Scratch();
        using var authority = new ClusterAuthority("spoiled", TimeSpan.FromHours(1));
        string file = Path.Combine(scratch.Root, "identity.pem");
        using (var issued = authority.Issue("worker")) issued.Write(file);
        await using var worker = await Workers.WorkerProcess.StartAsync(SpoiledCluster.Token, $"--identity-file={file}");
        using var network = new SpoiledNetwork();
        await using var client = new GrpcWorkerClient(worker.Address, new() { Token = SpoiledCluster.Token, Identity = authority.Issue("coordinator"), Connect = network.ConnectAsync });
        var budget = new CallBudget(Patience.Most);
        await client.HelloAsync(budget, Ct);
        var value = TestValues.Matrix(ValueTypeCode.F64, 200, 100, seed);
        byte[] bytes = TestValues.Bytes(value);
        for (int round = 0; round < 16; round++)
        {
            var way = (Way)(round % 2);
            int after = round < 4 ? random.Next(300) : random.Next(bytes.Length);
            network.CorruptAfter(way, after);
            var handle = await client.StoreAsync(value, budget, Ct);
            var back = await client.TransferAsync(handle, budget, Ct);
            Assert.True(bytes.AsSpan().SequenceEqual(TestValues.Bytes(back)), $"seed {seed}, round {round}: other cells after a byte was turned over {way}, {after} bytes on");
            TestValues.Release(back);
            await client.FreeAsync([handle], budget, Ct);
            network.Disarm();
        }
        TestValues.Release(value);
        Assert.True(network.Corrupted >= 12, $"seed {seed}: only {network.Corrupted} of 16 bytes were turned over");
        Assert.True(client.Retries > 0);
        await Patience.Until(async () => await client.StatsAsync(budget, Ct) == default, "nothing is left of the attempts that failed");
        Assert.False(worker.Process.HasExited);
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
