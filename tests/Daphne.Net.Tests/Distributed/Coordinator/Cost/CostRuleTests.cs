using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Coordinator.Cost;

/// <summary>The rule as a function of sizes, places and speeds.</summary>
public sealed class CostRuleTests
{
    // One core here, four on workers; 1 GB/s; 1 ms for a call.
    static readonly CostSpeeds speeds = new(Local: 1e9, Workers: 4e9, SendRate: 1e9, ReceiveRate: 1e9, RoundTrip: 1e-3);
    static readonly CostInput splitHere = new(100e6, 1, There: false, Here: true);

    [Fact]
    public void Work_that_takes_longer_than_sending_goes_to_the_workers()
    {
        var answer = Decide(1e9, splitHere);
        Assert.True(answer.Distributed);
        Assert.Equal((1.0, 0.352), (Math.Round(answer.Here, 3), Math.Round(answer.There, 3)));
        Assert.Equal("1.0 s here (computing 1.0 s), 352 ms on 4 workers (sending 100 MB 101 ms, computing 251 ms)", answer.Why);
    }

    [Fact]
    public void Light_work_on_large_data_stays_here_and_says_what_the_workers_would_have_saved()
    {
        var answer = Decide(0.1e9, splitHere);
        Assert.False(answer.Distributed);
        Assert.Equal("100 ms here (computing 100 ms), 127 ms on 4 workers (sending 100 MB 101 ms, computing 26 ms)", answer.Why);
        Assert.Equal(0.1 - 0.025 - 0.001 - 4 * 50e-6, answer.Saved, 9);
    }

    [Fact]
    public void What_lies_there_is_free_there_and_a_fetch_here()
    {
        var answer = Decide(0.01e9, splitHere with { There = true, Here = false });
        Assert.True(answer.Distributed);
        Assert.Equal("111 ms here (fetching 100 MB 101 ms, computing 10 ms), 3.7 ms on 4 workers (nothing to send, computing 3.7 ms)", answer.Why);
        // On both sides: only the work counts.
        Assert.True(Decide(0.01e9, splitHere with { There = true }).Distributed);
        Assert.False(Decide(0.001e9, splitHere with { There = true }).Distributed);
    }

    [Fact]
    public void What_lies_elsewhere_than_it_is_needed_comes_here_first_on_both_ways()
    {
        var answer = Decide(1e9, splitHere with { Here = false });
        Assert.Contains("1.1 s here (fetching 100 MB 101 ms, computing 1.0 s)", answer.Why, StringComparison.Ordinal);
        Assert.Contains("(fetching 100 MB 101 ms, sending 100 MB 101 ms, computing 251 ms)", answer.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broadcast_counts_once_per_worker()
    {
        double split = Decide(1e9, splitHere).There, whole = Decide(1e9, splitHere with { Copies = 4 }).There;
        Assert.Equal(0.3, whole - split, 9);
    }

    [Fact]
    public void Parts_that_are_added_are_collected_from_every_worker()
    {
        var answer = CostRule.Decide(new(1e9, 4, [splitHere], 40e6, speeds));
        Assert.EndsWith(", collecting 40 MB 41 ms)", answer.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_small_messages_are_what_they_cost()
    {
        // Nothing to move to speak of, and work worth 2 ms: for 2 workers a call each, for 100 the calls alone take longer.
        Assert.True(CostRule.Decide(new(4e6, 2, [], 0, speeds)).Distributed);
        Assert.False(CostRule.Decide(new(4e6, 100, [], 0, speeds with { Workers = 100e9 })).Distributed);
    }

    [Fact]
    public void The_same_question_has_the_same_answer_and_more_work_never_brings_a_pipeline_back()
    {
        var random = new Random(13);
        for (int n = 0; n < 2_000; n++)
        {
            var question = new CostQuestion(Math.Pow(10, random.NextDouble() * 10), random.Next(1, 50),
                [.. Enumerable.Range(0, random.Next(4)).Select(_ => new CostInput(Math.Pow(10, random.NextDouble() * 9), random.Next(1, 5), random.Next(2) == 0, random.Next(2) == 0, random.NextDouble()))],
                random.Next(2) * Math.Pow(10, random.NextDouble() * 8), new(1e9, 1.1e9 + 1e10 * random.NextDouble(), 1e9, 1e9, 1e-3));
            var answer = CostRule.Decide(question);
            Assert.Equal(answer, CostRule.Decide(question));
            Assert.True(answer.Here >= 0 && answer.There >= 0 && answer.Saved >= 0, $"{question}: {answer}");
            Assert.Equal(answer.There < answer.Here, answer.Distributed);
            if (answer.Distributed) Assert.True(CostRule.Decide(question with { Work = question.Work * 2 }).Distributed, $"{question}");
        }
    }

    // Law: of a loop of any length, the rule takes at most twice the time of the better of "never" and "at once", and a round.
    [Theory, InlineData(0.05e9), InlineData(0.1e9), InlineData(0.3e9)]
    public void A_loop_over_data_that_is_not_there_takes_at_most_twice_the_best(double work)
    {
        double here = Decide(work, splitHere).Here, there = Decide(work, splitHere with { There = true }).There, send = Decide(work, splitHere).There - there;
        double spent = 0, credit = 0;
        bool sent = false;
        for (int rounds = 1; rounds <= 200; rounds++)
        {
            var answer = Decide(work, splitHere with { There = sent, Credit = credit });
            if (!answer.Distributed) credit += answer.Saved;
            spent += answer.Distributed ? there + (sent ? 0 : send) : here;
            sent |= answer.Distributed;
            double best = Math.Min(rounds * here, send + rounds * there);
            Assert.True(spent <= 2 * best + here, $"after {rounds} rounds {spent} s, best {best} s");
        }
        Assert.True(sent);
    }

    static CostAnswer Decide(double work, CostInput input) => CostRule.Decide(new(work, 4, [input], 0, speeds));
}
