using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Language;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>Law: a script prints the same on workers as here. Whole numbers, so that sums are exact in any order; workers inside this process.</summary>
public sealed class DistributedLawTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Random_programs_print_on_workers_what_they_print_here(int workers)
    {
        int pipelines = 0;
        await using var set = new WorkerSet(Enumerable.Range(0, workers).Select(i => new InProcessWorker($"in-process {i}") { Carries = i % 2 * CallValue.Most }));
        for (int seed = 0; seed < 60; seed++)
        {
            string text = new RandomPrograms(seed, wholeNumbers: true).Text();
            string here = Printed(text, seed, new());
            string there = Printed(text, seed, new()
            {
                Vectorize = true, Distributed = true,
                Backend = (engine, statistics) =>
                {
                    statistics.Ended += run => pipelines += run.Where.StartsWith("in-process", StringComparison.Ordinal) ? 1 : 0;
                    return new DistributedBackend(set, new LocalPipelineBackend(engine, statistics), statistics);
                },
            });
            Assert.True(here == there, $"seed {seed}, {workers} workers\n{text}\nhere:\n{here}\non workers:\n{there}");
        }
        Assert.True(pipelines > 100, $"only {pipelines} pipelines ran on workers");
    }

    [Fact]
    public async Task Nothing_stays_on_workers_when_scripts_have_ended()
    {
        await using var set = new WorkerSet(Enumerable.Range(0, 2).Select(i => new InProcessWorker($"in-process {i}") { Carries = i % 2 * CallValue.Most }));
        for (int seed = 0; seed < 20; seed++)
            Printed(new RandomPrograms(seed, wholeNumbers: true).Text(), seed, new()
            {
                Vectorize = true, Distributed = true,
                Backend = (engine, statistics) => new DistributedBackend(set, new LocalPipelineBackend(engine, statistics), statistics),
            });
        // What the last run gave up is freed in the background.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        foreach (var client in set.Clients)
            while (await client.StatsAsync(CallBudget.Control, patience.Token) is { Values: > 0 } left)
            {
                Assert.False(patience.IsCancellationRequested, $"{client.Identity.Address} still holds {left.Values} values, {left.LiveBytes} bytes");
                await Task.Yield();
            }
    }

    static string Printed(string text, int seed, ScriptOptions options)
    {
        var output = new StringWriter();
        try
        {
            ScriptEngine.Run(new SourceText(text), options: options with { Output = output });
            return output.ToString();
        }
        catch (ScriptException e)
        {
            throw new InvalidOperationException($"seed {seed}: {e.Message}\n{text}", e);
        }
    }
}
