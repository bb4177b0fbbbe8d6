using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Broadcasts;

/// <summary>Who takes part in a value that goes from worker to worker, and what becomes of those that do not wait for it.</summary>
public sealed class ChainedBroadcastTests : IAsyncDisposable
{
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));
    static readonly Datum value = Datum.Of(1.5);

    readonly InProcessWorker[] workers = [new("1"), new("2"), new("3")];
    readonly List<string> sent = [], abandoned = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers) await worker.DisposeAsync();
    }

    // What a chain of ranks would do: everybody gets it, whoever asks for the answer hears what it is called.
    IReadOnlyList<PendingStore> Send(Datum value, IReadOnlyList<IWorkerClient> along)
    {
        sent.Add(string.Join(' ', along.Select(w => Array.IndexOf(workers, w) + 1)));
        return [.. along.Select(w => new PendingStore(async (budget, ct) => await w.StoreAsync(value, budget, ct), () => abandoned.Add($"{Array.IndexOf(workers, w) + 1}")))];
    }

    [Fact]
    public async Task It_leaves_here_once_for_all_that_had_joined_when_the_first_call_began()
    {
        var chain = new ChainedBroadcast(Send);
        foreach (var worker in (InProcessWorker[])[workers[0], workers[1], workers[0]]) chain.Join(worker);
        Assert.False((await chain.PlaceAsync(value, workers[1], budget, default)).FromHere);
        Assert.True((await chain.PlaceAsync(value, workers[0], budget, default)).FromHere);
        // Too late, or again: alone.
        chain.Join(workers[2]);
        Assert.True((await chain.PlaceAsync(value, workers[2], budget, default)).FromHere);
        Assert.True((await chain.PlaceAsync(value, workers[1], budget, default)).FromHere);
        Assert.Equal(["1 2"], sent);
        Assert.Equal([1, 2, 1], await ValuesAsync());
    }

    [Fact]
    public async Task One_alone_needs_no_chain()
    {
        var chain = new ChainedBroadcast(Send);
        foreach (var worker in workers[..2]) chain.Join(worker);
        chain.Leave(workers[1]);
        Assert.True((await chain.PlaceAsync(value, workers[0], budget, default)).FromHere);
        Assert.Empty(sent);
        Assert.Empty(abandoned);
        Assert.Equal([1, 0, 0], await ValuesAsync());
    }

    [Fact]
    public async Task One_whose_call_does_not_begin_gives_up_what_was_sent_to_it()
    {
        var chain = new ChainedBroadcast(Send);
        foreach (var worker in workers) chain.Join(worker);
        await chain.PlaceAsync(value, workers[0], budget, default);
        chain.Leave(workers[2]);
        chain.Leave(workers[2]);
        await chain.PlaceAsync(value, workers[1], budget, default);
        chain.Leave(workers[1]);
        Assert.Equal(["1 2 3"], sent);
        Assert.Equal(["3"], abandoned);
    }

    async Task<List<long>> ValuesAsync()
    {
        List<long> values = [];
        foreach (var worker in workers) values.Add((await worker.StatsAsync(budget, default)).Values);
        return values;
    }
}
