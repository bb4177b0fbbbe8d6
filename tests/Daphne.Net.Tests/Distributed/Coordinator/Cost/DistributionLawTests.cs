using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Language;

namespace Daphne.Net.Tests.Distributed.Coordinator.Cost;

/// <summary>
/// Law: where pipelines run never shows. Scripts print to the last bit what they print when every pipeline goes to the workers. The workers are in this process, but their
/// names say that they are on other machines, so that it may pay to go there.
/// </summary>
public sealed class DistributionLawTests
{
    // Products that are worth the way, sums that are split, small steps between that are not; numbers whose sums depend on their order.
    const string Mixed = """
        X = rand(400, 300, -1.0, 1.0, 1.0, $A);
        w = rand(300, 400, -1.0, 1.0, 1.0, $B);
        i = 0;
        while (i < 3) {
            P = X @ w;
            print(sum(exp(P) / 3.0));
            G = t(P) @ X;
            s = sum(G[0:3, 0:3] * 0.1 + 0.3);
            print(s);
            print(sum(G, 0)[0:2, ]);
            w = w * 0.9 + t(rand(400, 300, 0.0, 0.1, 1.0, $C));
            y = rand(7, 3, 0.0, 1.0, 1.0, 5) * s;
            print(sum(y + 0.1));
            i = i + 1;
        }
        print(mean(w));
        """;

    [Theory, InlineData(2), InlineData(3)]
    public async Task Wherever_pipelines_run_scripts_have_the_bits_they_have_when_all_goes(int workers)
    {
        int here = 0, there = 0;
        for (int seed = 0; seed < 5; seed++)
        {
            string text = Mixed.Replace("$A", $"{seed + 1}", StringComparison.Ordinal).Replace("$B", $"{seed + 11}", StringComparison.Ordinal).Replace("$C", $"{seed + 21}", StringComparison.Ordinal);
            string all = await Printed(text, workers, new());
            string some = await Printed(text, workers, new() { Coin = new(seed) }, d => _ = d.Distributed ? there++ : here++);
            Assert.True(all == some, $"seed {seed}, {workers} workers\nall on workers:\n{all}\ntossed for:\n{some}");
        }
        Assert.True(here > 15 && there > 15, $"{here} pipelines stayed here, {there} went");
    }

    [Fact]
    public async Task Random_programs_print_the_same_wherever_their_pipelines_run()
    {
        int here = 0, there = 0;
        for (int seed = 100; seed < 130; seed++)
        {
            string text = new RandomPrograms(seed).Text();
            string all = await Printed(text, 3, new());
            string some = await Printed(text, 3, new() { Coin = new(seed) }, d => _ = d.Distributed ? there++ : here++);
            Assert.True(all == some, $"seed {seed}\n{text}\nall on workers:\n{all}\ntossed for:\n{some}");
        }
        Assert.True(here > 15 && there > 15, $"{here} pipelines stayed here, {there} went");
    }

    [Fact]
    public async Task What_is_small_stays_here_what_is_much_work_goes_and_what_lies_there_is_not_fetched()
    {
        const string script = """
            s = sum(rand(7, 3, 0.0, 1.0, 1.0, 5) * 2.0);
            X = rand(2000, 500, -1.0, 1.0, 1.0, 1);
            Y = sin(exp(sin(exp(sin(exp(sin(exp(sin(exp(sin(exp(X))))))))))));
            i = 0;
            while (i < 2) {
                print(sum(Y + i) + s);
                i = i + 1;
            }
            """;
        List<PipelineDecision> decisions = [];
        string some = await Printed(script, 4, new() { Rule = DistributionRule.WhenItPays }, decisions.Add);
        Assert.Equal(await Printed(script, 4, new()), some);
        Assert.False(decisions.First(d => d.Operations.Contains("ewMul", StringComparison.Ordinal)).Distributed);
        var much = decisions.First(d => d.Operations.Contains("ewSin", StringComparison.Ordinal));
        Assert.True(much.Distributed, much.Why);
        var light = decisions.Where(d => d.Operations.Contains("ewAdd", StringComparison.Ordinal)).ToArray();
        Assert.All(light, d => Assert.True(d.Distributed && d.Why.Contains("here (fetching 8 MB", StringComparison.Ordinal) && d.Why.Contains("on 4 workers (sending 32 B ", StringComparison.Ordinal), d.Why));
        Assert.Equal(2, light.Length);
    }

    [Fact]
    public async Task Data_that_is_used_again_and_again_is_sent_once_that_has_been_worth_it()
    {
        // 8 MB, and rounds that read them once: no round pays for the way, many do.
        const string loop = """
            X = rand(2000, 500, 0.0, 1.0, 1.0, 1);
            i = 0;
            while (i < 30) {
                v = rand(1, 500, 0.0, 1.0, 1.0, i);
                print(sum(exp(X * v) + (X + v) * 2.0));
                i = i + 1;
            }
            """;
        List<PipelineDecision> decisions = [];
        string some = await Printed(loop, 8, new() { Rule = DistributionRule.WhenItPays }, decisions.Add);
        Assert.Equal(await Printed(loop, 8, new()), some);
        var rounds = decisions.Where(d => d.Operations.Contains("sumAll", StringComparison.Ordinal)).ToList();
        Assert.Equal(30, rounds.Count);
        int first = rounds.FindIndex(r => r.Distributed);
        Assert.InRange(first, 1, 25);
        Assert.Contains("that earlier pipelines would have saved", rounds[first].Why, StringComparison.Ordinal);
        Assert.All(rounds.Skip(first), r => Assert.True(r.Distributed, r.Why));
    }

    static async Task<string> Printed(string text, int workers, Deciding deciding, Action<PipelineDecision>? heard = null)
    {
        // Time that stands still: nothing is learnt, so that what is decided does not depend on what else this machine does.
        await using var set = new WorkerSet(Enumerable.Range(1, workers).Select(i => new InProcessWorker($"far-{i}:1")), options: new() { Time = new ManualTime() });
        var output = new StringWriter();
        try
        {
            ScriptEngine.Run(new SourceText(text), options: new()
            {
                Vectorize = true, Distributed = true, Output = output,
                Backend = (engine, statistics) =>
                {
                    if (heard is not null) statistics.Decided += heard;
                    return new DistributedBackend(set, new LocalPipelineBackend(engine, statistics), statistics)
                    {
                        Rule = deciding.Rule, LocalThreads = 1, Choice = deciding.Coin is { } coin ? new Tossed(coin) : null,
                    };
                },
            });
        }
        catch (ScriptException e)
        {
            output.Write($"{e.Stage}\n");
        }
        return output.ToString();
    }

    sealed record Deciding
    {
        public DistributionRule Rule { get; init; } = DistributionRule.Always;

        public Coin? Coin { get; init; }
    }

    sealed class Coin(int seed)
    {
        readonly Random random = new(seed);

        public bool Toss() => random.Next(2) == 0;
    }

    sealed class Tossed(Coin coin) : PipelineChoice
    {
        public override PipelineDecision Decide(Pipeline pipeline, ReadOnlySpan<Datum> inputs, SplitPlan plan, RunDriver? run, ImmutableArray<WorkerIdentity> workers) =>
            new(pipeline.Span, pipeline.Describe(), coin.Toss(), "tossed for");
    }
}
