using System.Globalization;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Language;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>
/// Law: a script over matrices of all value types, sparse ones, strings and frames prints the same however it is run: as it stands, optimised, in pipelines,
/// on workers in this process and behind sockets.
/// </summary>
public sealed class RandomTablesLaw
{
    [Fact]
    public void Optimised_and_in_pipelines_as_it_stands()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            string text = new RandomTables(seed).Text();
            string plain = Printed(text, seed, new() { Optimize = false });
            Same(plain, Printed(text, seed, new()), seed, "optimised", text);
            Same(plain, Printed(text, seed, new() { Vectorize = true, Backend = (engine, statistics) => new LocalPipelineBackend(engine, statistics, batchBytes: 1) }), seed, "vectorized", text);
            Same(plain, Printed(text, seed, new() { Vectorize = true, Optimize = false }), seed, "vectorized, not optimised", text);
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public async Task On_workers_in_this_process(int workers)
    {
        await using var set = new WorkerSet(Enumerable.Range(0, workers).Select(i => new InProcessWorker($"in-process {i}") { Carries = i % 2 * CallValue.Most }));
        List<string> ran = [];
        for (int seed = 100 * workers; seed < 100 * workers + 40; seed++) Compare(seed, set, ran, sparse: seed % 2 == 0);
        Rich(ran, 150);
    }

    [Theory, InlineData(1), InlineData(3)]
    public async Task On_workers_behind_sockets(int workers)
    {
        string token = TokenFile.NewToken();
        var hosts = await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, DrainTimeout = TimeSpan.FromSeconds(1) })));
        try
        {
            GrpcWorkerClient[] clients = [.. hosts.Select(h => new GrpcWorkerClient(h.Address, new() { Token = token }))];
            await using var set = new WorkerSet(clients);
            foreach (var client in clients) await client.HelloAsync(CallBudget.Control, default);
            List<string> ran = [];
            for (int seed = 1000 * workers; seed < 1000 * workers + 12; seed++) Compare(seed, set, ran, sparse: seed % 2 == 0);
            Rich(ran, 40);
        }
        finally
        {
            foreach (var host in hosts) await host.DisposeAsync();
        }
    }

    [Theory, InlineData(2), InlineData(5)]
    public async Task With_fractions_within_the_bound(int workers)
    {
        await using var set = new WorkerSet(Enumerable.Range(0, workers).Select(i => new InProcessWorker($"in-process {i}") { Carries = i % 2 * CallValue.Most }));
        List<string> ran = [];
        for (int seed = 5000; seed < 5025; seed++)
        {
            string text = new RandomTables(seed, fractions: true).Text();
            string[] here = Words(Printed(text, seed, new())), there = Words(Printed(text, seed, OnWorkers.On(set, ran)));
            Assert.True(here.Length == there.Length, $"seed {seed}\n{text}");
            for (int i = 0; i < here.Length; i++)
                Assert.True(here[i] == there[i] || (Number(here[i]) is { } a && Number(there[i]) is { } b && Math.Abs(a - b) <= 1e-5 * Math.Max(1, Math.Abs(a))),
                    $"seed {seed}, {workers} workers: {here[i]} here, {there[i]} there\n{text}");
        }
        Rich(ran, 100);
    }

    static void Compare(int seed, WorkerSet set, List<string> ran, bool sparse)
    {
        string text = new RandomTables(seed).Text();
        string here = Printed(text, seed, new() { SelectRepresentations = sparse });
        Same(here, Printed(text, seed, OnWorkers.On(set, ran) with { SelectRepresentations = sparse }), seed, $"{set.Clients.Length} workers", text);
    }

    // A law about column pipelines, frames and strings says nothing where there were none.
    static void Rich(List<string> ran, int least)
    {
        Assert.True(ran.Count >= least, $"only {ran.Count} pipelines ran on workers");
        foreach (string operation in (string[])["sumCum", "matMul", "sumCol", "cast", "transpose"]) Assert.Contains(ran, p => p.Split(", ").Contains(operation));
    }

    static string[] Words(string printed) => printed.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    static double? Number(string word) => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    static void Same(string expected, string actual, int seed, string how, string text) =>
        Assert.True(expected == actual, $"seed {seed}, {how}\n{text}\n{FirstDifference(expected, actual)}");

    static string FirstDifference(string expected, string actual)
    {
        string[] a = expected.Split('\n'), b = actual.Split('\n');
        int i = 0;
        while (i < a.Length && i < b.Length && a[i] == b[i]) i++;
        return $"line {i}: {string.Join('\n', a.Skip(i).Take(12))}\n----\n{string.Join('\n', b.Skip(i).Take(12))}";
    }

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
}
