using System.Buffers;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Distributed.Grpc;
using Daphne.Net.Distributed.Protocol;
using Grpc.Core;

namespace Daphne.Net.Tests.Distributed.Workers;

/// <summary>Whatever a client stores, the worker answers with a status, keeps nothing of it, and lives on.</summary>
public sealed class MalformedValueTests
{
    static readonly byte[] valid = TestValues.Bytes(TestValues.Matrix(ValueTypeCode.F64, 3, 2, seed: 1));

    static async Task<StatusCode> StoreAsync(GrpcChannel channel, params IEnumerable<byte[]> messages)
    {
        try
        {
            using var call = channel.CreateCallInvoker().AsyncClientStreamingCall(BulkMethods.SendStore, null, new() { Timeout = TimeSpan.FromSeconds(10) });
            foreach (byte[] message in messages) await call.RequestStream.WriteAsync(new OutgoingBytes(new(message)));
            await call.RequestStream.CompleteAsync();
            await call;
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    [Fact]
    public async Task Bytes_that_are_no_value_are_refused()
    {
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", AllowInsecure = true });
        using var channel = GrpcChannel.ForAddress(host.Address, new());
        byte[] eight = new byte[8];
        Assert.Equal(StatusCode.InvalidArgument, await StoreAsync(channel));
        Assert.Equal(StatusCode.InvalidArgument, await StoreAsync(channel, eight));
        Assert.Equal(StatusCode.InvalidArgument, await StoreAsync(channel, valid[..44]));
        Assert.Equal(StatusCode.InvalidArgument, await StoreAsync(channel, valid[..^1]));
        Assert.Equal(StatusCode.InvalidArgument, await StoreAsync(channel, valid, [0]));
        Assert.Equal(StatusCode.InvalidArgument, await StoreAsync(channel, valid, eight));
        Assert.Equal(default, host.Stats);
        Assert.Equal(StatusCode.OK, await StoreAsync(channel, [], eight, valid[..45], [], valid[45..50], valid[50..]));
        Assert.Equal(new WorkerStats(48, 1), host.Stats);
    }

    [Fact]
    public async Task A_header_that_claims_more_than_there_is_costs_nothing()
    {
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", AllowInsecure = true });
        using var channel = GrpcChannel.ForAddress(host.Address, new());
        byte[] huge = valid[..45];
        foreach (int at in (int[])[2, 3, 4, 5, 10, 11, 12, 13, 35, 36, 37, 38, 39, 40, 41, 42]) huge[at] = 0xff;   // 2^32 - 1 rows and columns
        Assert.Equal(StatusCode.ResourceExhausted, await StoreAsync(channel, huge));
        Assert.Equal(default, host.Stats);
    }

    [Fact]
    public async Task Random_changes_end_in_a_status()
    {
        const int seed = 2718;
        var random = new Random(seed);
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", AllowInsecure = true, ByteLimit = 1 << 20 });
        using var channel = GrpcChannel.ForAddress(host.Address, new());
        int accepted = 0;
        for (int round = 0; round < 150; round++)
        {
            byte[] bytes = [.. valid];
            for (int flips = random.Next(1, 4); flips > 0; flips--) bytes[random.Next(45)] = (byte)random.Next(256);
            int cut = random.Next(bytes.Length + 1);
            var code = await StoreAsync(channel, bytes[..cut], bytes[cut..]);
            Assert.True(code is StatusCode.OK or StatusCode.InvalidArgument or StatusCode.ResourceExhausted or StatusCode.Aborted, $"{code} for {Convert.ToHexString(bytes)} cut at {cut} (seed {seed}, round {round})");
            if (code == StatusCode.OK) accepted++;
        }
        Assert.Equal(accepted, host.Stats.Values);
        Assert.Equal(StatusCode.OK, await StoreAsync(channel, valid));
    }
}
