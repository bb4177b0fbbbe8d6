using System.Globalization;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.Distributed;

namespace Daphne.Net.ClusterTests.Chaos;

/// <summary>
/// Random faults at random moments on real workers: whatever happens to all but one of them, the bits are those of a run without faults, and what lay on
/// workers is freed. <c>DAPHNE_CHAOS</c> is how many runs, <c>DAPHNE_CHAOS_FROM</c> the first seed; <c>DAPHNE_CHAOS_SEED</c> repeats one.
/// </summary>
public sealed class ChaosRunTests(ITestOutputHelper output)
{
    const int Workers = 3;

    static readonly int runs = Number("DAPHNE_CHAOS") ?? 6;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_faults_give_the_same_bits()
    {
        int first = Number("DAPHNE_CHAOS_FROM") ?? Number("DAPHNE_CHAOS_SEED") ?? 1;
        int count = Number("DAPHNE_CHAOS_SEED") is null ? runs : 1;
        long[][] bits = [await ChaosWork.ExpectedAsync(Workers), await ChaosWork.ExpectedAsync(Workers, DispatchMode.Asynchronous)];
        // In the log of a run that passes, too.
        Console.WriteLine($"chaos: seeds {first} to {first + count - 1}");
        int fired = 0;
        for (int seed = first; seed < first + count; seed++)
        {
            var nemesis = new Nemesis(seed);
            var mode = (DispatchMode)(seed % 2);
            var expected = bits[(int)mode];
            output.WriteLine($"DAPHNE_CHAOS_SEED={seed}: {mode}, {nemesis}");
            await using var spoiled = await SpoiledCluster.StartAsync(Workers, o => o with { KeepAlive = TimeSpan.FromSeconds(2), Lease = TimeSpan.FromSeconds(6) });
            nemesis.Arm(spoiled);
            try
            {
                await using var run = await spoiled.Cluster.RunAsync(ChaosWork.Rounds, options: new() { Dispatch = mode }, ct: Ct).WaitAsync(TimeSpan.FromMinutes(2), Ct);
                Assert.True(expected.AsSpan().SequenceEqual(ChaosWork.Bits(run)), $"seed {seed}: other bits, with {nemesis}");
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}: {e.GetType().Name}: {e.Message}, with {nemesis}");
            }
            finally
            {
                nemesis.Rest(spoiled);
            }
            fired += nemesis.Fired;
            // The session goes on: what the run left goes with the run.
            for (int w = 0; w < Workers; w++)
            {
                int worker = w;
                await Patience.Until(() => spoiled.IsEmptyAsync(worker), $"seed {seed}: worker {w} gives back what it held, after {nemesis}");
            }
        }
        Assert.True(count == 1 || fired > 0, "no fault fired");
    }

    static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : null;

    enum Fault { Kill, Stop, Cut, Silence, Slow }

    /// <summary>What goes wrong, decided beforehand by a seed.</summary>
    sealed class Nemesis
    {
        readonly List<(Fault Fault, int Worker, Way Way, long After, int Milliseconds)> plan = [];
        int fired;

        public Nemesis(int seed)
        {
            var random = new Random(seed);
            int spared = random.Next(Workers);
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                int worker = random.Next(Workers);
                if (worker == spared) continue;
                // From the greeting to beyond the end; what comes late does not fire.
                plan.Add((random.GetItems(Enum.GetValues<Fault>(), 1)[0], worker, random.Next(2) == 0 ? Way.ToWorker : Way.FromWorker,
                    (long)Math.Exp(random.NextDouble() * 15), random.Next(100, 4000)));
            }
        }

        public int Fired => fired;

        public void Arm(SpoiledCluster spoiled)
        {
            foreach (var (fault, worker, way, after, milliseconds) in plan)
                spoiled.Networks[worker].After(way, after, () =>
                {
                    Interlocked.Increment(ref fired);
                    Act(spoiled, fault, worker, milliseconds);
                });
        }

        static void Act(SpoiledCluster spoiled, Fault fault, int worker, int milliseconds)
        {
            var network = spoiled.Networks[worker];
            switch (fault)
            {
                case Fault.Kill: spoiled.Workers[worker].Process.Kill(); break;
                case Fault.Cut: network.Cut(); break;
                case Fault.Slow: network.Delay = TimeSpan.FromMilliseconds(milliseconds / 100); break;
                case Fault.Silence:
                    network.Silence();
                    Later(milliseconds, network.Speak);
                    break;
                default:
                    Send(spoiled, worker, Signal.Stop);
                    Later(milliseconds * 2, () => Send(spoiled, worker, Signal.Continue));
                    break;
            }
        }

        /// <summary>Nothing more happens; whatever sleeps wakes, whatever is silent speaks.</summary>
        public void Rest(SpoiledCluster spoiled)
        {
            foreach (var network in spoiled.Networks) network.Disarm();
            for (int w = 0; w < Workers; w++)
            {
                spoiled.Networks[w].Speak();
                Send(spoiled, w, Signal.Continue);
            }
        }

        static void Later(int milliseconds, Action act) => _ = Task.Delay(milliseconds).ContinueWith(_ => act(), TaskScheduler.Default);

        // Killed ones get no signal.
        static void Send(SpoiledCluster spoiled, int worker, int signal)
        {
            int id = spoiled.Ids[worker];
            if (Signal.Lives(id)) Signal.Send(id, signal);
        }

        public override string ToString() => plan.Count == 0 ? "nothing" : string.Join("; ", plan.Select(p => $"worker {p.Worker} {p.Fault} {p.Milliseconds} ms {p.Way} after {p.After} bytes"));
    }
}
