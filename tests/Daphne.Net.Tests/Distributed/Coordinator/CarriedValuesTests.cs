using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>Small values that go with computations and come with their answers, as the coordinator uses them.</summary>
public sealed class CarriedValuesTests
{
    // In each round a small matrix goes out, and two that are added up come back.
    const string Rounds = """
        X = reshape(seq(1.0, 300.0, 1.0), 100, 3); C = fill(1.0, 3, 2); i = 0;
        while (i < 4) { D = X @ C; C = (t(X) @ D) / sum(D); i = i + 1; }
        print(C);
        """;

    [Fact]
    public async Task A_round_over_placed_rows_is_one_call_per_worker()
    {
        var (stored, calls) = (await RunAsync(0), await RunAsync(CallValue.Most));
        Assert.Equal(stored.Printed, calls.Printed);
        Assert.Equal(Printed(null), calls.Printed);
        Assert.NotEmpty(calls.Messages);
        // The rows go out once; then every pipeline is one call to each.
        Assert.All(calls.Messages.Skip(1), messages => Assert.Equal(2, messages));
        Assert.Contains(stored.Messages.Skip(1), messages => messages > 2);
        Assert.Equal(stored.Received, calls.Received);
        Assert.True(calls.Values <= 2, $"{calls.Values} values stay while the script runs");
    }

    [Fact]
    public async Task A_worker_that_brings_something_else_is_named()
    {
        foreach (var lie in (byte[][])[[1, 2, 3], CallValue.TryCarry(Datum.Of(2.0), 100)!.Value.Carried.ToArray()])
        {
            var liar = new Liar(new InProcessWorker("liar") { Carries = CallValue.Most }, lie);
            await using var set = new WorkerSet([liar]);
            var e = Assert.Throws<ScriptException>(() => Printed(set));
            Assert.Contains("liar", e.Message);
            Assert.Contains("sent another value than the", e.Message);
            Assert.Equal(0, (await liar.StatsAsync(CallBudget.Control, default)).Values);
        }
    }

    [Fact]
    public async Task What_does_not_carry_says_so()
    {
        IWorkerClient worker = new ScriptedWorker("plain", inputs => []);
        var two = CallValue.TryCarry(Datum.Of(2.0), CallValue.Most)!.Value;
        await Assert.ThrowsAsync<NotSupportedException>(async () => await worker.ComputeAsync(new("", 0), [two], [], CallBudget.Control, default));
    }

    [Fact]
    public void Values_are_carried_up_to_a_number_of_bytes()
    {
        var value = TestValues.Matrix(ValueTypeCode.F64, 4, 5, 1);
        int length = TestValues.Bytes(value).Length;
        Assert.Equal((4L, 5L), CallValue.TryCarry(value, length) is { Handle: var h } ? (h.Rows, h.Cols) : default);
        Assert.Null(CallValue.TryCarry(value, length - 1));
        TestValues.Release(value);
    }

    static async Task<(string Printed, List<int> Messages, long Received, long Values)> RunAsync(int carries)
    {
        InProcessWorker[] workers = [.. Enumerable.Range(0, 2).Select(i => new InProcessWorker($"in-process {i}") { Carries = carries })];
        await using var set = new WorkerSet(workers);
        List<PipelineRun> runs = [];
        string printed = Printed(set, runs);
        return (printed, [.. runs.Select(r => r.Figures.Messages)], runs.Sum(r => r.Traffic.Received), (await workers[0].StatsAsync(CallBudget.Control, default)).Values);
    }

    static string Printed(WorkerSet? set, List<PipelineRun>? runs = null) => OnWorkers.Printed(Rounds, set is null ? new() : new()
    {
        Vectorize = true, Distributed = true,
        Backend = (engine, statistics) =>
        {
            statistics.Ended += run =>
            {
                if (run.Where != "local") runs?.Add(run);
            };
            return new DistributedBackend(set, new LocalPipelineBackend(engine, statistics), statistics);
        },
    });

    sealed class Liar(IWorkerClient inner, byte[] lie) : IWorkerClient
    {
        public WorkerIdentity Identity => inner.Identity;
        public int Carries => inner.Carries;
        public ValueTask<WorkerIdentity> HelloAsync(CallBudget budget, CancellationToken ct) => inner.HelloAsync(budget, ct);
        public ValueTask<Handle> StoreAsync(Datum value, CallBudget budget, CancellationToken ct) => inner.StoreAsync(value, budget, ct);
        public ValueTask<IReadOnlyList<Handle>> ComputeAsync(Fragment fragment, IReadOnlyList<Handle> inputs, CallBudget budget, CancellationToken ct) => inner.ComputeAsync(fragment, inputs, budget, ct);
        public ValueTask<Datum> TransferAsync(Handle handle, CallBudget budget, CancellationToken ct) => inner.TransferAsync(handle, budget, ct);
        public ValueTask FreeAsync(IReadOnlyList<Handle> handles, CallBudget budget, CancellationToken ct) => inner.FreeAsync(handles, budget, ct);
        public ValueTask<WorkerStats> StatsAsync(CallBudget budget, CancellationToken ct) => inner.StatsAsync(budget, ct);
        public ValueTask DisposeAsync() => inner.DisposeAsync();

        public async ValueTask<IReadOnlyList<CallValue>> ComputeAsync(Fragment fragment, IReadOnlyList<CallValue> inputs, IReadOnlyCollection<int> bring, CallBudget budget, CancellationToken ct) =>
            [.. (await inner.ComputeAsync(fragment, inputs, bring, budget, ct)).Select(made => made.IsCarried ? new(made.Handle, lie) : made)];
    }
}
