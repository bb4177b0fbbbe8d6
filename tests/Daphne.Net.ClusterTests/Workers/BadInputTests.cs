using Daphne.Net.ClusterTests.Chaos;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Distributed.Grpc;
using Daphne.Net.Distributed.Protocol.V1;
using Daphne.Net.Tests.Distributed;
using Grpc.Core;

namespace Daphne.Net.ClusterTests.Workers;

/// <summary>What no worker should have been sent, sent to a real one: each ends in an error with a reason, and the process serves on and keeps nothing of it.</summary>
public sealed class BadInputTests(ITestOutputHelper output)
{
    static readonly string token = TokenFile.NewToken();
    static readonly CallBudget budget = new(Patience.Most);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Frames_that_are_cut_or_mutated_leave_nothing_and_the_worker_up()
    {
        const int seed = 23, callers = 16;
        await using var worker = await WorkerProcess.StartAsync(token);
        await using var member = await worker.ConnectAsync(token);
        var kept = await member.StoreAsync(Datum.Of(2.5), budget, Ct);
        int turned = 0, cut = 0, failed = 0;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(CallAsync));
        output.WriteLine($"{turned} bytes turned over, {cut} connections cut, {failed} calls failed");
        Assert.True(turned + cut >= callers / 2, $"seed {seed}: only {turned} bytes were turned over and {cut} connections cut");
        Assert.False(worker.Process.HasExited);
        await Patience.Until(async () => (await member.StatsAsync(budget, Ct)).Values == 1, "nothing is left of them");
        Assert.Equal(2.5, (await member.TransferAsync(kept, budget, Ct)).As<double>());

        async Task CallAsync(int number)
        {
            var random = new Random(seed + number);
            using var network = new SpoiledNetwork();
            // A call that waits for the rest of a frame whose length was turned over ends by its deadline.
            var soon = new CallBudget(TimeSpan.FromSeconds(2));
            await using var client = new GrpcWorkerClient(worker.Address, new() { Token = token, Connect = network.ConnectAsync, Lease = TimeSpan.FromSeconds(20), KeepAlive = TimeSpan.FromSeconds(4) });
            var value = TestValues.Matrix(ValueTypeCode.F64, 40, 10, number);
            try
            {
                // The first bytes of all, and those behind.
                if (number % 2 == 1) await client.HelloAsync(soon, Ct);
                for (int i = 0; i < 3; i++)
                {
                    var way = random.Next(3) == 0 ? Way.FromWorker : Way.ToWorker;
                    if (random.Next(4) == 0) network.CutAfter(way, random.Next(3000));
                    else network.CorruptAfter(way, random.Next(600));
                }
                await client.HelloAsync(soon, Ct);
                var handle = await client.StoreAsync(value, soon, Ct);
                await client.ComputeAsync(new("func.func @dist() -> () { }", 0), [handle], soon, Ct);
                TestValues.Release(await client.TransferAsync(handle, soon, Ct));
            }
            catch (WorkerException)
            {
                // As intended: whatever it is, it has a reason.
                Interlocked.Increment(ref failed);
            }
            finally
            {
                network.Disarm();
                TestValues.Release(value);
                Interlocked.Add(ref turned, network.Corrupted);
                Interlocked.Add(ref cut, network.Cuts);
            }
        }
    }

    [Fact]
    public async Task Each_bad_request_has_its_reason_and_the_worker_serves_on()
    {
        await using var worker = await WorkerProcess.StartAsync(token, "--max-bytes=1000000");
        await using var member = await worker.ConnectAsync(token);
        await using var neighbour = await worker.ConnectAsync(token);
        var kept = await member.StoreAsync(Datum.Of(2.5), budget, Ct);
        using (var channel = GrpcChannel.ForAddress(worker.Address, new() { BearerToken = token }))
        {
            var e = await Assert.ThrowsAsync<RpcException>(async () => await new Control.ControlClient(channel).HelloAsync(new() { ProtocolMajor = 7, ProtocolMinor = 3, ProductVersion = "9.9.9" }));
            Assert.Equal(StatusCode.FailedPrecondition, e.StatusCode);
            Assert.Contains("7.3 (product 9.9.9)", e.Status.Detail);
        }
        await using (var guess = new GrpcWorkerClient(worker.Address, new() { Token = TokenFile.NewToken() }))
            await RefusedAsync(WorkerFailure.Unauthenticated, async () => await guess.HelloAsync(budget, Ct));
        await RefusedAsync(WorkerFailure.UnknownHandle, async () => await member.TransferAsync(new(new string('0', 32), 1, 1), budget, Ct));
        await RefusedAsync(WorkerFailure.UnknownHandle, async () => await neighbour.TransferAsync(kept, budget, Ct));
        await RefusedAsync(WorkerFailure.BadRequest, async () => await member.ComputeAsync(new("what is no fragment", 1), [kept], budget, Ct));
        var large = TestValues.Matrix(ValueTypeCode.UI8, 1_000_001, 1, seed: 1);
        await RefusedAsync(WorkerFailure.TooLarge, async () => await member.StoreAsync(large, budget, Ct));
        TestValues.Release(large);
        await RefusedAsync(WorkerFailure.TooLarge, async () => await member.ComputeAsync(new(new string(' ', 100 << 20), 1), [kept], budget, Ct));
        Assert.Equal(2.5, (await member.TransferAsync(kept, budget, Ct)).As<double>());
        Assert.Equal(new WorkerStats(8, 1), await member.StatsAsync(budget, Ct));
        Assert.False(worker.Process.HasExited);
    }

    static async Task RefusedAsync(WorkerFailure reason, Func<Task> call) => Assert.Equal(reason, (await Assert.ThrowsAsync<WorkerException>(call)).Reason);
}
