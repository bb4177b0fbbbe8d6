using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Tests.Distributed;

namespace Daphne.Net.ClusterTests.Interop;

/// <summary>Our client against a worker on grpcio that, like the original's, knows nothing of Control.</summary>
public sealed class GrpcioWorkerTests : IAsyncLifetime
{
    const string Doubling = "func.func @dist(%arg0: !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64> { %0 = \"daphne.ewAdd\"(%arg0, %arg0) … }";

    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));

    Process peer = null!;
    GrpcWorkerClient client = null!;

    public async ValueTask InitializeAsync()
    {
        peer = GrpcioPeer.Start("server");
        string port = await peer.StandardOutput.ReadLineAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token) ?? throw new InvalidOperationException(await peer.StandardError.ReadToEndAsync());
        client = new GrpcWorkerClient("127.0.0.1:" + port, new() { AllowInsecure = true, ChunkBytes = 100_003 });
        await client.HelloAsync(budget, default);
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        peer.Kill();
        peer.Dispose();
    }

    [Fact]
    public async Task It_is_foreign_and_needs_consent()
    {
        Assert.True(client.Identity.Foreign);
        Assert.Null(client.Identity.Version);
        await using var careful = new GrpcWorkerClient(client.Identity.Address, new() { Token = TokenFile.NewToken() });
        var e = await Assert.ThrowsAsync<WorkerException>(async () => await careful.HelloAsync(budget, default));
        Assert.Equal(WorkerFailure.Unauthenticated, e.Reason);
        Assert.Contains("--allow-insecure", e.Detail);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0, 3)]
    [InlineData(1000, 100)]
    [InlineData(5000, 1000)]   // 40 MB in one message back
    public async Task Values_go_there_and_back(long rows, long cols)
    {
        var value = TestValues.Matrix(ValueTypeCode.F64, rows, cols, seed: 7);
        var handle = await client.StoreAsync(value, budget, default);
        Assert.Equal((rows, cols), (handle.Rows, handle.Cols));
        var back = await client.TransferAsync(handle, budget, default);
        Assert.True(TestValues.Bytes(value).AsSpan().SequenceEqual(TestValues.Bytes(back)));
    }

    [Fact]
    public async Task It_computes_and_frees()
    {
        var x = await client.StoreAsync(Datum.Of(DenseMatrix<double>.Copy([1, 2, 3], 1, 3)), budget, default);
        var result = Assert.Single(await client.ComputeAsync(new(Doubling, 1), [x], budget, default));
        double[] cells = TestValues.Doubles(await client.TransferAsync(result, budget, default));
        Assert.Equal([2, 4, 6], cells);
        await client.FreeAsync([x, result], budget, default);
        Assert.Equal(default, await client.StatsAsync(budget, default));
    }

    [Fact]
    public async Task Its_errors_arrive_with_their_words()
    {
        var failed = await Assert.ThrowsAsync<WorkerException>(async () => await client.ComputeAsync(new("nonsense", 1), [], budget, default));
        Assert.Equal((WorkerFailure.ComputeFailed, "Fehler: 100% «kaputt»\nzweite Zeile"), (failed.Reason, failed.Detail));
        Assert.Equal(WorkerFailure.UnknownHandle, (await Assert.ThrowsAsync<WorkerException>(async () => await client.TransferAsync(new("nobody", 1, 1), budget, default))).Reason);
        var late = await Assert.ThrowsAsync<WorkerException>(async () => await client.ComputeAsync(new("sleep", 1), [], new(TimeSpan.FromMilliseconds(300)), default));
        Assert.Equal(WorkerFailure.TimedOut, late.Reason);
        Assert.Equal(WorkerFailure.BadRequest, (await Assert.ThrowsAsync<WorkerException>(async () => await client.StoreAsync(TestValues.Matrix(ValueTypeCode.Bool, 2, 2, 1), budget, default))).Reason);
    }

    [Fact]
    public async Task Its_death_under_a_call_is_noticed_at_once()
    {
        var computing = client.ComputeAsync(new("sleep", 1), [], budget, default).AsTask();
        await client.StatsAsync(budget, default);
        peer.Kill();
        Assert.Equal(WorkerFailure.Unreachable, (await Assert.ThrowsAsync<WorkerException>(() => computing.WaitAsync(TimeSpan.FromSeconds(30)))).Reason);
        Assert.Equal(WorkerFailure.Unreachable, (await Assert.ThrowsAsync<WorkerException>(async () => await client.StatsAsync(budget, default))).Reason);
    }
}
