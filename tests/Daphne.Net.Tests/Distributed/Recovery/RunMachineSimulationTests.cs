using System.Collections.Concurrent;
using System.Globalization;
using Daphne.Net.Distributed.Recovery;

namespace Daphne.Net.Tests.Distributed.Recovery;

/// <summary>
/// Random schedules of faults from seeds. DAPHNE_SIMULATIONS says how many (default 10,000), DAPHNE_SIMULATION_SEED the first seed, and
/// DAPHNE_SIMULATION repeats one schedule by the text that a failure prints.
/// </summary>
public sealed class RunMachineSimulationTests(ITestOutputHelper output)
{
    static int Count => int.Parse(Environment.GetEnvironmentVariable("DAPHNE_SIMULATIONS") ?? "10000", CultureInfo.InvariantCulture);

    static int FirstSeed => int.Parse(Environment.GetEnvironmentVariable("DAPHNE_SIMULATION_SEED") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public void Invariants_hold_under_random_faults()
    {
        var fired = new ConcurrentDictionary<string, int>();
        long steps = 0, twins = 0;
        int broken = int.MaxValue;
        Parallel.For(FirstSeed, FirstSeed + Count, (seed, loop) =>
        {
            var run = new Simulation(Nemesis.Of(seed));
            if (Broken(run) is not null)
            {
                int known;
                while (seed < (known = Volatile.Read(ref broken))) Interlocked.CompareExchange(ref broken, seed, known);
                loop.Break();
                return;
            }
            foreach (var (fault, times) in run.Fired) fired.AddOrUpdate(fault, times, (_, sum) => sum + times);
            Interlocked.Add(ref steps, run.Steps);
            Interlocked.Add(ref twins, run.State.Twins);
            if (run.Failure is { } failure) fired.AddOrUpdate($"failed: {failure.Reason}", 1, (_, sum) => sum + 1);
        });
        Console.WriteLine($"simulation: seeds {FirstSeed} to {FirstSeed + Count - 1}, {steps} steps");
        output.WriteLine($"seeds {FirstSeed} to {FirstSeed + Count - 1}: {steps} steps, {twins} twins; {string.Join(", ", fired.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key} {f.Value}"))}");
        if (broken < int.MaxValue) Explain(Nemesis.Of(broken));
        if (Count < 1000) return;
        Assert.Superset(
            new HashSet<string>
            {
                "kill", "hang", "slow", "join", "restart", "lease over", "duplicate answer", "lost answer", "overtaken answer", "back from the dead", "poison",
                "drain", "left", "failed: Poison", "failed: NoWorkers", "suspect", "pause", "forget", "stale", "end",
            },
            fired.Keys.ToHashSet());
        Assert.True(twins > 0);
    }

    [Fact]
    public void A_schedule_is_repeated_by_its_text()
    {
        string text = Environment.GetEnvironmentVariable("DAPHNE_SIMULATION") ?? Nemesis.Of(FirstSeed).ToString();
        var nemesis = Nemesis.Parse(text);
        Assert.Equal(text, nemesis.ToString());
        output.WriteLine(text);
        Assert.Equal(Simulate(nemesis).Digest, Simulate(nemesis).Digest);
    }

    [Fact]
    public void Hundreds_of_workers_survive_forty_strikes() =>
        Simulate(new(FirstSeed, 200, 2, 3, (1UL << 40) - 1, Nemesis.Strike | Fault.Duplicate | Fault.Reorder));

    [Fact]
    public void Without_faults_nothing_is_asked_again_and_nobody_is_suspected()
    {
        for (int seed = 1; seed <= 60; seed++)
        {
            var run = Simulate(new(seed, 1 + seed % 20, 1 + seed % 3, 3, Strikes: 0, seed % 2 == 0 ? Fault.Heartbeats : Fault.None));
            Assert.Empty(run.Fired);
            Assert.Null(run.Failure);
            Assert.Equal((0, 0), (run.State.Retries, run.State.Twins));
        }
    }

    [Fact]
    public void A_coordinator_that_stands_still_evicts_nobody_and_asks_nothing_again()
    {
        for (int seed = 1; seed <= 60; seed++)
        {
            var run = Simulate(new(seed, 1 + seed % 20, 1 + seed % 3, 3, Strikes: 3, Fault.Pause | (seed % 2 == 0 ? Fault.Heartbeats : Fault.None)));
            Assert.Equal(2, run.Fired["pause"]);
            Assert.Null(run.Failure);
            Assert.Equal((0, 0), (run.State.Retries, run.State.Twins));
        }
    }

    [Fact]
    public void Only_differences_of_time_matter()
    {
        for (int seed = 1; seed <= 100; seed++)
        {
            var moved = new Simulation(Nemesis.Of(seed), epoch: TimeSpan.FromDays(seed - 50));
            moved.Run();
            Assert.Equal(Simulate(Nemesis.Of(seed)).Digest, moved.Digest);
        }
    }

    [Fact]
    public void Slow_workers_get_twins_and_the_result_is_the_same()
    {
        int twins = 0;
        for (int seed = 1; seed <= 60; seed++)
        {
            var run = Simulate(new(seed, 4 + seed % 6, 1, 3, Strikes: 7, Fault.Slow));
            Assert.Null(run.Failure);
            twins += run.State.Twins;
        }
        Assert.True(twins > 20, $"only {twins} twins");
    }

    [Fact]
    public void A_fragment_that_kills_three_workers_is_poison_and_the_rest_survive()
    {
        for (int seed = 1; seed <= 60; seed++)
        {
            var run = Simulate(new(seed, 5 + seed % 4, 1, 2, Strikes: 0, Fault.Poison));
            Assert.Equal(RunFailure.Poison, run.Failure?.Reason);
            Assert.Equal(3, run.Fired["poison"]);
        }
    }

    static Simulation Simulate(Nemesis nemesis)
    {
        var run = new Simulation(nemesis);
        if (Broken(run) is not null) Explain(nemesis);
        return run;
    }

    static void Explain(Nemesis nemesis)
    {
        var (smallest, why) = Shrink(nemesis);
        Assert.Fail($"{why}\nschedule {nemesis}, smallest {smallest} ({smallest.Faults}); repeat: DAPHNE_SIMULATION={smallest} Daphne.Net.Tests -method '*{nameof(A_schedule_is_repeated_by_its_text)}'");
    }

    // Whatever breaks a run is a finding, not only a broken law.
    static Exception? Broken(Simulation run)
    {
        try
        {
            run.Run();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    static (Nemesis Smallest, Exception Why) Shrink(Nemesis nemesis)
    {
        var why = Broken(new(nemesis)) ?? throw new InvalidOperationException($"{nemesis} broke once and holds now: a run depends on more than its schedule");
        for (int tries = 0; tries < 500;)
        {
            var smaller = nemesis.Smaller().Take(500 - tries).Select(n => (Nemesis: n, Why: Broken(new(n)), Tries: ++tries)).FirstOrDefault(n => n.Why is not null);
            if (smaller.Why is null) break;
            (nemesis, why) = (smaller.Nemesis, smaller.Why);
        }
        return (nemesis, why);
    }
}
