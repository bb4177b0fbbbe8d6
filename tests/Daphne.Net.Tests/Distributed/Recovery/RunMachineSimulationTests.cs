using System.Globalization;
using Daphne.Net.Distributed.Recovery;

namespace Daphne.Net.Tests.Distributed.Recovery;

/// <summary>
/// Random schedules of faults from seeds. DAPHNE_SIMULATIONS says how many (default 300), DAPHNE_SIMULATION_SEED the first seed: a failure prints its own.
/// </summary>
public sealed class RunMachineSimulationTests
{
    static int Count => int.Parse(Environment.GetEnvironmentVariable("DAPHNE_SIMULATIONS") ?? "300", CultureInfo.InvariantCulture);

    static int FirstSeed => int.Parse(Environment.GetEnvironmentVariable("DAPHNE_SIMULATION_SEED") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public void Invariants_hold_under_random_faults()
    {
        var fired = new HashSet<string>();
        for (int seed = FirstSeed; seed < FirstSeed + Count; seed++)
            fired.UnionWith(Simulate(seed, new(1 + seed % 12, 1 + seed % 15, LosesAnswers: seed % 4 == 0)).Fired.Keys);
        if (Count >= 100) Assert.Superset(new HashSet<string> { "kill", "hang", "slow", "join", "restart", "lease over", "duplicate answer", "lost answer", "back from the dead" }, fired);
    }

    [Fact]
    public void Hundreds_of_workers_survive_forty_strikes() => Simulate(FirstSeed, new(200, 40));

    [Fact]
    public void Without_faults_nothing_is_asked_again()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            var run = Simulate(seed, new(seed, 0));
            Assert.Empty(run.Fired);
            Assert.Null(run.Failure);
            Assert.Equal(0, run.State.Retries);
        }
    }

    [Fact]
    public void A_fragment_that_kills_three_workers_is_poison_and_the_rest_survive()
    {
        for (int seed = 1; seed <= 30; seed++)
        {
            var run = Simulate(seed, new(5 + seed % 4, 0, Poison: true));
            Assert.Equal(RunFailure.Poison, run.Failure?.Reason);
            Assert.Equal(3, run.Fired["poison"]);
        }
    }

    static Simulation Simulate(int seed, Nemesis nemesis)
    {
        var run = new Simulation(seed, nemesis);
        try
        {
            run.Run();
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"seed {seed}, {nemesis}, step {run.Steps}: {e.Message}", e);
        }
        return run;
    }
}
