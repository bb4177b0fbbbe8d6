using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.ClusterTests.Chaos;

/// <summary>What happens to real coordinators: stopped for longer than their lease, and superseded by another one.</summary>
public sealed class LostCoordinatorTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stopped_for_longer_than_its_lease_in_the_middle_of_a_run_it_gives_the_same_bits()
    {
        string expected = CoordinatorProgram.Digest(await ChaosWork.ExpectedAsync(2));
        await using var spoiled = await SpoiledCluster.StartAsync(2);
        using var scratch = new Scratch();
        using var coordinator = Tool.Start(scratch, [], Environment.ProcessPath!, [CoordinatorProgram.Name, .. spoiled.Workers.Select(w => w.Address)]);
        coordinator.Allow(2 * Patience.Most);
        await coordinator.SayAsync(SpoiledCluster.Token);
        Assert.Equal(CoordinatorProgram.Middle, await coordinator.LineAsync());
        Assert.True((await spoiled.HoldsAsync(0)).Values > 0 && (await spoiled.HoldsAsync(1)).Values > 0, "nothing lies on the workers in the middle of the run");
        Signal.Send(coordinator.Id, Signal.Stop);
        try
        {
            await coordinator.SayAsync("go on");
            // They have not heard from it for longer than it promised.
            for (int w = 0; w < 2; w++)
            {
                int worker = w;
                await Patience.Until(() => spoiled.IsEmptyAsync(worker), $"worker {w} drops what the stopped coordinator had there");
            }
        }
        finally
        {
            Signal.Send(coordinator.Id, Signal.Continue);
        }
        Assert.Equal(expected, await coordinator.LineAsync());
        Assert.Equal(0, (await coordinator.EndAsync()).Status);
        for (int w = 0; w < 2; w++) Assert.True(await spoiled.IsEmptyAsync(w));
    }

    [Fact]
    public async Task Superseded_in_the_middle_of_a_run_it_says_so_and_leaves_what_is_the_new_owners()
    {
        var claim = CoordinatorClaim.Of(1);
        await using var spoiled = await SpoiledCluster.StartAsync(2, o => o with { Claim = claim });
        string[] addresses = [.. spoiled.Workers.Select(w => w.Address)];
        var newer = CoordinatorClaim.Of(2);
        await using var next = DaphneCluster.Attach(addresses, attach =>
        {
            attach.Token = SpoiledCluster.Token;
            attach.HelloTimeout = Patience.Most;
            attach.Adjust = (_, options) => options with { Claim = newer };
        });
        DaphneRun? kept = null;
        WorkerStats[] held = [];
        var fault = new AtPipeline(9, () =>
        {
            next.Deploy().GetAwaiter().GetResult();
            kept = next.RunAsync("Y = rand(6000, 8, -0.5, 0.5, 1.0, 1) * 2.0 + 1.0;").GetAwaiter().GetResult();
            held = [spoiled.HoldsAsync(0).GetAwaiter().GetResult(), spoiled.HoldsAsync(1).GetAwaiter().GetResult()];
        });
        var e = await Assert.ThrowsAsync<ScriptException>(() => spoiled.Cluster.RunAsync(ChaosWork.Rounds, options: new() { Progress = fault }, ct: Ct).WaitAsync(Patience.Most, Ct));
        Assert.True(fault.Fired);
        Assert.Equal(Diag.ClusterTakenOver, Assert.Single(e.Diagnostics).Def);
        Assert.StartsWith("<script>:", Assert.Single(e.Diagnostics).Headline, StringComparison.Ordinal);
        Assert.All(held, h => Assert.True(h.LiveBytes > 0));
        // It stays so, and nothing of the new owner's goes with the old one.
        e = await Assert.ThrowsAsync<ScriptException>(() => spoiled.Cluster.RunAsync(ChaosWork.Rounds, ct: Ct).WaitAsync(Patience.Most, Ct));
        Assert.Equal(Diag.ClusterTakenOver, Assert.Single(e.Diagnostics).Def);
        await spoiled.Cluster.DisposeAsync();
        for (int w = 0; w < 2; w++) Assert.Equal(held[w], await spoiled.HoldsAsync(w));
        double[,] y = kept!.Get<double[,]>("Y");
        Assert.All(y.Cast<double>(), cell => Assert.InRange(cell, 0.0, 2.0));
        await kept.DisposeAsync();
        for (int w = 0; w < 2; w++)
        {
            int worker = w;
            await Patience.Until(() => spoiled.IsEmptyAsync(worker), $"worker {w} is empty");
        }
    }
}
