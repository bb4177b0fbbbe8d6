using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Coordinator.Cost;

/// <summary>What is believed of machines and links before and after measurements.</summary>
public sealed class CostMeterTests
{
    [Theory]
    [InlineData(1, "in-process 1", "in-process 2")]
    [InlineData(1, "127.0.0.1:5001", "localhost:5002", "[::1]:5003", "rank 1")]
    [InlineData(2, "127.0.0.1:5001", "node7:5002", "NODE7:5003")]
    [InlineData(2, "host-0:5001", "host-1:5001")]
    [InlineData(3, "rank 1", "rank 2 on node2", "rank 3 on node3", "rank 4 on node3")]
    public void Workers_of_one_machine_share_its_cores(int machines, params string[] addresses) =>
        Assert.Equal(machines, CostMeter.MachinesOf(addresses.Select(a => new WorkerIdentity(a))));

    [Fact]
    public void Before_anything_is_measured_machines_are_like_this_one()
    {
        var speeds = new CostMeter(8, 3).Speeds;
        Assert.Equal(new(8e9, 24e9, 1e9, 1e9, 0.5e-3), speeds);
    }

    [Fact]
    public void A_measurement_counts_as_much_as_all_before()
    {
        var meter = new CostMeter(1, 2);
        meter.RanHere(1e9, TimeSpan.FromSeconds(2));
        Assert.Equal(0.5e9, meter.Speeds.Local);
        meter.RanHere(1e9, TimeSpan.FromSeconds(1));
        Assert.Equal(0.75e9, meter.Speeds.Local);
        meter.RanThere(4e9, new(300_000_000, TimeSpan.FromSeconds(1), 50_000_000, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(3)));
        Assert.Equal(new(0.75e9, 4e9, 0.3e9, 0.1e9, 3e-3), meter.Speeds);
        Assert.Equal(new(0.75e9, 5e9, 0.3e9, 0.1e9, 3e-3), meter.On(5).Speeds);
    }

    [Fact]
    public void What_is_too_short_or_impossible_says_nothing_or_little()
    {
        var meter = new CostMeter(1, 1);
        meter.RanHere(1e9, TimeSpan.FromMilliseconds(1));
        meter.RanThere(1e9, new(1 << 20, TimeSpan.FromMilliseconds(1), 0, default, TimeSpan.FromMilliseconds(1), default));
        Assert.Equal(new CostMeter(1, 1).Speeds, meter.Speeds);
        meter.RanHere(1e15, TimeSpan.FromSeconds(1));
        Assert.Equal(30e9, meter.Speeds.Local);
    }
}
