using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Language;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>
/// Law: whatever happens to some workers, a script prints, to the last digit, what it prints where nothing happens to the same number of them; and nothing stays on those that live.
/// </summary>
public sealed class FaultLawTests
{
    static readonly WorkerSetOptions options = new() { Grace = TimeSpan.FromSeconds(20), LostAfter = TimeSpan.FromSeconds(2), AskTime = TimeSpan.FromMilliseconds(500), AskAgain = TimeSpan.FromMilliseconds(50) };

    [Theory, InlineData(DispatchMode.Synchronous, 1000), InlineData(DispatchMode.Asynchronous, 2000)]
    public async Task Random_programs_under_random_faults_print_what_they_print_without(DispatchMode mode, int first)
    {
        var fired = new Dictionary<Fault, int>();
        int retries = 0;
        for (int seed = first; seed < first + 40; seed++)
        {
            var random = new Random(seed);
            int workers = random.Next(2, 5);
            string text = new RandomPrograms(seed).Text();
            var (expected, none) = await PrintedAsync(text, [.. Enumerable.Range(0, workers).Select(i => new FaultyWorkerClient($"worker {i}"))], mode, seed);
            Assert.Equal(0, none);
            // The last worker stays well.
            FaultyWorkerClient[] faulty =
            [
                .. Enumerable.Range(0, workers).Select(i => new FaultyWorkerClient($"worker {i}", i == workers - 1 ? Fault.None : (Fault)random.Next(9), random.Next(1, 25), carries: random.Next(2) == 0)),
            ];
            var (printed, again) = await PrintedAsync(text, faulty, mode, seed);
            string faults = string.Join(", ", faulty.Select(w => $"{w.Fault} at {w.At}{(w.Fired ? "" : " (did not happen)")}"));
            Assert.True(expected == printed, $"seed {seed}, {mode}, {faults}\n{text}\nwithout faults:\n{expected}\nwith:\n{printed}");
            retries += again;
            foreach (var worker in faulty)
                if (worker.Fired) fired[worker.Fault] = fired.GetValueOrDefault(worker.Fault) + 1;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{retries} retries; {string.Join(", ", fired.Select(f => $"{f.Key} {f.Value}"))}");
        foreach (var fault in Enum.GetValues<Fault>()) Assert.True(fault == Fault.None || fired.ContainsKey(fault), $"{fault} never happened");
        Assert.True(retries > 0);
    }

    static async Task<(string Printed, int Retries)> PrintedAsync(string text, FaultyWorkerClient[] workers, DispatchMode mode, int seed)
    {
        DistributedBackend? backend = null;
        string printed;
        await using var set = new WorkerSet(workers, options: options);
        try
        {
            printed = OnWorkers.Printed(text, new()
            {
                Vectorize = true, Distributed = true,
                Backend = (engine, statistics) => backend = new(set, new LocalPipelineBackend(engine, statistics), statistics) { Mode = mode },
            });
        }
        catch (ScriptException e)
        {
            throw new InvalidOperationException($"seed {seed}, {mode}, {string.Join(", ", workers.Select(w => $"{w.Fault} at {w.At}"))}: {e.Message}\n{text}", e);
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        foreach (var worker in workers)
            while (!worker.IsDead && await worker.HoldsAsync() is { Values: > 0 } left)
            {
                Assert.False(patience.IsCancellationRequested, $"seed {seed}, {mode}: {worker.Identity.Address} ({worker.Fault} at {worker.At}) still holds {left.Values} values, {left.LiveBytes} bytes");
                await Task.Delay(5);
            }
        return (printed, backend!.Retries);
    }
}
