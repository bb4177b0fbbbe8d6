using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Language;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>Law: a script over frames prints the same as it stands, optimised and on workers, whatever happens to some of them, and wherever its pipelines run.</summary>
public sealed class FrameLawTests
{
    static readonly WorkerSetOptions options = new() { Grace = TimeSpan.FromSeconds(60), LostAfter = TimeSpan.FromSeconds(2), AskTime = TimeSpan.FromMilliseconds(500), AskAgain = TimeSpan.FromMilliseconds(50) };

    [Theory]
    [InlineData(1, DispatchMode.Synchronous)]
    [InlineData(2, DispatchMode.Synchronous)]
    [InlineData(3, DispatchMode.Asynchronous)]
    [InlineData(5, DispatchMode.Synchronous)]
    public async Task On_workers_as_here(int workers, DispatchMode mode)
    {
        List<string> ran = [];
        for (int seed = 100 * workers; seed < 100 * workers + 40; seed++)
        {
            string text = new RandomFrameScripts(seed).Text(), plain = Printed(text, seed, new() { Optimize = false });
            Same(plain, Printed(text, seed, new()), seed, "optimised", text);
            await using var set = new WorkerSet(Enumerable.Range(0, workers).Select(i => new InProcessWorker($"in-process {i}") { Carries = i % 2 * CallValue.Most }));
            Same(plain, Printed(text, seed, On(set, mode, ran)), seed, $"{workers} workers, {mode}", text);
        }
        // A law about frames and filters says nothing where there were none.
        foreach (string operation in (string[])["filterRow", "sql", "innerJoin", "antiJoin", "leftOuterJoin", "createFrame", "colBind", "extractCol", "setColLabels", "cast"])
            Assert.Contains(ran, p => p.Split(", ").Contains(operation));
    }

    [Fact]
    public async Task Behind_sockets_as_here()
    {
        string token = TokenFile.NewToken();
        var hosts = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, DrainTimeout = TimeSpan.FromSeconds(1) })));
        try
        {
            GrpcWorkerClient[] clients = [.. hosts.Select(h => new GrpcWorkerClient(h.Address, new() { Token = token }))];
            await using var set = new WorkerSet(clients);
            foreach (var client in clients) await client.HelloAsync(CallBudget.Control, default);
            List<string> ran = [];
            for (int seed = 4000; seed < 4012; seed++)
            {
                string text = new RandomFrameScripts(seed).Text();
                Same(Printed(text, seed, new()), Printed(text, seed, On(set, DispatchMode.Synchronous, ran)), seed, "behind sockets", text);
            }
            Assert.Contains(ran, p => p.Split(", ").Contains("filterRow"));
        }
        finally
        {
            foreach (var host in hosts) await host.DisposeAsync();
        }
    }

    [Theory, InlineData(2), InlineData(3)]
    public async Task Wherever_pipelines_run_to_the_last_bit(int workers)
    {
        for (int seed = 2000; seed < 2030; seed++)
        {
            string text = new RandomFrameScripts(seed, fractions: true).Text();
            string? all = null;
            foreach (PipelineChoice? choice in (PipelineChoice?[])[null, new Tossed(seed), new Tossed(seed + 1), new Tossed(null)])
            {
                await using var set = new WorkerSet(Enumerable.Range(0, workers).Select(i => new InProcessWorker($"in-process {i}") { Carries = i % 2 * CallValue.Most }));
                string printed = Printed(text, seed, On(set, DispatchMode.Synchronous, [], choice));
                Same(all ??= printed, printed, seed, $"{workers} workers, some pipelines here", text);
            }
        }
    }

    [Fact]
    public async Task Under_faults_as_without()
    {
        int fired = 0;
        for (int seed = 3000; seed < 3030; seed++)
        {
            var random = new Random(seed);
            int workers = random.Next(2, 4);
            string text = new RandomFrameScripts(seed).Text(), plain = Printed(text, seed, new());
            // The last worker stays well. Hanging ones take their time and have a law of their own.
            Fault[] faults = [Fault.DiesBefore, Fault.DiesAfter, Fault.Breaks, Fault.Forgets, Fault.SessionLost];
            FaultyWorkerClient[] faulty =
            [
                .. Enumerable.Range(0, workers).Select(i => new FaultyWorkerClient($"worker {i}", i == workers - 1 ? Fault.None : faults[random.Next(faults.Length)], random.Next(1, 25), carries: random.Next(2) == 0)),
            ];
            await using var set = new WorkerSet(faulty, options: options);
            Same(plain, Printed(text, seed, On(set, DispatchMode.Synchronous, [])), seed, string.Join(", ", faulty.Select(w => $"{w.Fault} at {w.At}")), text);
            fired += faulty.Count(w => w.Fired);
        }
        Assert.True(fired >= 8, $"only {fired} faults happened");
    }

    static ScriptOptions On(WorkerSet set, DispatchMode mode, List<string> ran, PipelineChoice? choice = null) => new()
    {
        Vectorize = true, Distributed = true,
        Backend = (engine, statistics) =>
        {
            statistics.Ended += run =>
            {
                if (run.Where != "local") ran.Add(run.Operations);
            };
            return new DistributedBackend(set, new LocalPipelineBackend(engine, statistics), statistics) { Mode = mode, Choice = choice };
        },
    };

    static void Same(string expected, string actual, int seed, string how, string text) => Assert.True(expected == actual, $"seed {seed}, {how}\n{text}\nexpected:\n{expected}\nbut:\n{actual}");

    static string Printed(string text, int seed, ScriptOptions options)
    {
        try
        {
            return OnWorkers.Printed(text, options);
        }
        catch (ScriptException e)
        {
            throw new InvalidOperationException($"seed {seed}: {e.Message}\n{text}", e);
        }
    }

    /// <summary>Pipelines run here or there by chance; without a seed all of them here.</summary>
    sealed class Tossed(int? seed) : PipelineChoice
    {
        readonly Random? random = seed is { } s ? new(s) : null;

        public override PipelineDecision Decide(Pipeline pipeline, ReadOnlySpan<Datum> inputs, SplitPlan plan, RunDriver? run, ImmutableArray<WorkerIdentity> workers) =>
            new(pipeline.Span, pipeline.Describe(), random is not null && random.Next(2) == 0, "tossed for");
    }
}
