using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Broadcasts;

/// <summary>One value for many workers, most of which get it from each other.</summary>
public sealed class BroadcastTests
{
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));

    [Theory]
    [InlineData("local", 1)]
    [InlineData("tcp", 2)]
    [InlineData("tls", 2)]
    public async Task Eight_workers_get_a_value_that_goes_out_once_or_twice(string kind, int fromHere)
    {
        await using var cluster = await PeerCluster.StartAsync(8, kind);
        var value = TestValues.Matrix(ValueTypeCode.F64, 600, 700, seed: 5);
        var broadcast = new Broadcast(fromHere);
        var placed = await Task.WhenAll(cluster.Clients.Select(c => broadcast.PlaceAsync(value, c, budget, default)));
        Assert.InRange(broadcast.Sent, 1, fromHere);
        Assert.Equal(8, broadcast.Sent + broadcast.HandedOn);
        Assert.Equal(broadcast.Sent, placed.Count(p => p.FromHere));
        for (int w = 0; w < 8; w++)
        {
            Assert.Equal(new WorkerStats(600 * 700 * 8, 1), cluster.Hosts[w].Stats);
            var back = await cluster.Clients[w].TransferAsync(placed[w].Handle, budget, default);
            Assert.True(TestValues.Bytes(value).AsSpan().SequenceEqual(TestValues.Bytes(back)));
            await cluster.Clients[w].FreeAsync([placed[w].Handle], budget, default);
            Assert.Equal(default, cluster.Hosts[w].Stats);
        }
    }

    [Fact]
    public async Task Strings_scalars_and_sparse_matrices_are_handed_on()
    {
        await using var cluster = await PeerCluster.StartAsync(3, "tcp");
        string[] words = [.. Enumerable.Range(0, 5000).Select(i => new string('ü', i % 7) + i)];
        foreach (var value in new[] { Datum.Of(2.5), Datum.Of("text"), Datum.Of(new StringMatrix(words, 1000, 5)), Datum.Of(CsrMatrix<sbyte>.Copy([0, 2, 2, 3], [1, 4, 0], [1, -2, 3], 3, 5)) })
        {
            var broadcast = new Broadcast();
            var placed = await Task.WhenAll(cluster.Clients.Select(c => broadcast.PlaceAsync(value, c, budget, default)));
            Assert.Equal((1, 2), (broadcast.Sent, broadcast.HandedOn));
            for (int w = 0; w < 3; w++) Assert.Equal(TestValues.Bytes(value), TestValues.Bytes(await cluster.Clients[w].TransferAsync(placed[w].Handle, budget, default)));
        }
    }

    [Fact]
    public async Task When_the_holder_is_lost_the_value_goes_out_again()
    {
        await using var cluster = await PeerCluster.StartAsync(3, "tcp");
        var value = TestValues.Matrix(ValueTypeCode.F64, 100, 100, seed: 5);
        var broadcast = new Broadcast();
        Assert.True((await broadcast.PlaceAsync(value, cluster.Clients[0], budget, default)).FromHere);
        await cluster.Hosts[0].DisposeAsync();
        Assert.True((await broadcast.PlaceAsync(value, cluster.Clients[1], budget, default)).FromHere);
        Assert.False((await broadcast.PlaceAsync(value, cluster.Clients[2], budget, default)).FromHere);
        Assert.Equal((2, 1), (broadcast.Sent, broadcast.HandedOn));
    }

    [Fact]
    public async Task When_the_holder_has_freed_it_the_value_goes_out_again()
    {
        await using var cluster = await PeerCluster.StartAsync(2, "tcp");
        var value = Datum.Of(1.5);
        var broadcast = new Broadcast();
        var first = await broadcast.PlaceAsync(value, cluster.Clients[0], budget, default);
        await cluster.Clients[0].FreeAsync([first.Handle], budget, default);
        Assert.True((await broadcast.PlaceAsync(value, cluster.Clients[1], budget, default)).FromHere);
    }

    [Fact]
    public async Task A_connection_cut_half_way_leaves_nothing_and_the_value_is_sent_from_here()
    {
        await using var cluster = await PeerCluster.StartAsync(2, "tcp");
        await using var relay = new CuttingRelay(bytes: 100_000);
        var value = TestValues.Matrix(ValueTypeCode.F64, 300, 300, seed: 6);
        var broadcast = new Broadcast();
        var through = new OfferThrough(cluster.Clients[0], offer => offer with { Port = relay.For(offer.Port), LocalName = "" });
        Assert.True((await broadcast.PlaceAsync(value, through, budget, default)).FromHere);
        var second = await broadcast.PlaceAsync(value, cluster.Clients[1], budget, default);
        Assert.True(second.FromHere);
        Assert.Equal(1, relay.Cut);
        Assert.Equal(new WorkerStats(300 * 300 * 8, 1), cluster.Hosts[1].Stats);
        Assert.Equal(TestValues.Bytes(value), TestValues.Bytes(await cluster.Clients[1].TransferAsync(second.Handle, budget, default)));
    }

    [Fact]
    public async Task Where_workers_do_not_reach_each_other_one_attempt_shows_it_to_all()
    {
        await using var cluster = await PeerCluster.StartAsync(6, "tcp");
        var value = TestValues.Matrix(ValueTypeCode.F64, 100, 100, seed: 5);
        var broadcast = new Broadcast();
        int tried = 0;
        var clients = cluster.Clients.Select(c => new OfferThrough(c, offer =>
        {
            Interlocked.Increment(ref tried);
            return offer with { Host = "10.255.255.1" };   // refused there: not this machine
        })).ToArray();
        var placed = await Task.WhenAll(clients.Select(c => broadcast.PlaceAsync(value, c, budget, default)));
        Assert.All(placed, p => Assert.True(p.FromHere));
        Assert.True(broadcast.Apart);
        Assert.Equal(1, tried);
        Assert.All(cluster.Hosts, h => Assert.Equal(1, h.Stats.Values));
    }

    [Fact]
    public async Task Workers_that_do_not_talk_to_others_are_sent_it()
    {
        await using var one = new InProcessWorker("1");
        await using var two = new InProcessWorker("2");
        var value = Datum.Of(1.5);
        var broadcast = new Broadcast();
        foreach (var worker in new[] { one, two }) Assert.True((await broadcast.PlaceAsync(value, worker, budget, default)).FromHere);
        await using var cluster = await PeerCluster.StartAsync(1, "tunnel");
        Assert.False(cluster.Clients[0].HandsOn);
    }

    [Fact]
    public async Task Without_room_the_worker_refuses_and_the_others_get_it()
    {
        await using var cluster = await PeerCluster.StartAsync(3, "tcp", byteLimits: [0, 1000, 0]);
        var value = TestValues.Matrix(ValueTypeCode.F64, 100, 100, seed: 5);
        var broadcast = new Broadcast();
        Assert.True((await broadcast.PlaceAsync(value, cluster.Clients[0], budget, default)).FromHere);
        Assert.Equal(WorkerFailure.TooLarge, (await Assert.ThrowsAsync<WorkerException>(async () => await broadcast.PlaceAsync(value, cluster.Clients[1], budget, default))).Reason);
        Assert.Equal(default, cluster.Hosts[1].Stats);
        Assert.False((await broadcast.PlaceAsync(value, cluster.Clients[2], budget, default)).FromHere);
    }

    [Fact]
    public async Task Whatever_fails_every_worker_that_answers_gets_it()
    {
        int failures = 0;
        for (int seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var workers = Enumerable.Range(0, random.Next(1, 20)).Select(n => new MoodyWorker(n, new(random.Next()), random.Next(4) == 0 ? 0.5 : 0.1)).ToArray();
            var broadcast = new Broadcast(random.Next(1, 3));
            var placing = workers.Select(w => Task.Run(async () =>
            {
                try
                {
                    return (await broadcast.PlaceAsync(Datum.Of(1.0), w, budget, default)).Handle.Id == $"on {w.Number}";
                }
                catch (WorkerException e)
                {
                    return e.Worker == w.Identity;   // only its own failure ends an attempt
                }
            })).ToArray();
            bool[] right = await Task.WhenAll(placing).WaitAsync(TimeSpan.FromSeconds(60));
            Assert.True(right.All(r => r), $"seed {seed}");
            failures += workers.Sum(w => w.Failures);
        }
        Assert.True(failures > 500, $"{failures} failures");
    }

    /// <summary>Answers at random, and fails at random.</summary>
    sealed class MoodyWorker(int number, Random random, double failing) : IWorkerClient
    {
        int failures;

        public int Number => number;
        public int Failures => failures;
        public WorkerIdentity Identity { get; } = new($"moody {number}");
        public bool HandsOn => true;

        public ValueTask<Handle> StoreAsync(Datum value, CallBudget budget, CancellationToken ct) => AnswerAsync(new Handle($"on {number}", 1, 1), WorkerFailure.Unreachable);
        public ValueTask<PeerOffer> OfferAsync(Handle handle, CallBudget budget, CancellationToken ct) => AnswerAsync(new PeerOffer("", 0, "", "", "", handle.Id), WorkerFailure.UnknownHandle);
        public ValueTask<Handle> PullAsync(PeerOffer offer, CallBudget budget, CancellationToken ct) => AnswerAsync(new Handle($"on {number}", 1, 1), number % 2 == 0 ? WorkerFailure.PeerUnreachable : WorkerFailure.TimedOut);

        async ValueTask<T> AnswerAsync<T>(T answer, WorkerFailure failure)
        {
            await Task.Yield();
            bool fails;
            lock (random) fails = random.NextDouble() < failing;
            if (!fails) return answer;
            Interlocked.Increment(ref failures);
            throw new WorkerException(Identity, failure, "it is in no mood");
        }

        public ValueTask<WorkerIdentity> HelloAsync(CallBudget budget, CancellationToken ct) => throw new NotSupportedException();
        public ValueTask<IReadOnlyList<Handle>> ComputeAsync(Fragment fragment, IReadOnlyList<Handle> inputs, CallBudget budget, CancellationToken ct) => throw new NotSupportedException();
        public ValueTask<Datum> TransferAsync(Handle handle, CallBudget budget, CancellationToken ct) => throw new NotSupportedException();
        public ValueTask FreeAsync(IReadOnlyList<Handle> handles, CallBudget budget, CancellationToken ct) => throw new NotSupportedException();
        public ValueTask<WorkerStats> StatsAsync(CallBudget budget, CancellationToken ct) => throw new NotSupportedException();
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
