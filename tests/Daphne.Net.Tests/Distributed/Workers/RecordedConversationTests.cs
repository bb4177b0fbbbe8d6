using Daphne.Net.Data;
using Daphne.Net.Distributed;
using Daphne.Net.Distributed.Grpc;
using Grpc.Core;
using Original = Daphne.Net.Distributed.Protocol.Original;

namespace Daphne.Net.Tests.Distributed.Workers;

/// <summary>
/// Our worker in place of the original's: it gets the messages that the original's coordinator sent (<c>golden/wire</c>), and answers with the bytes the
/// original's worker answered with, sums to within 1e-12.
/// </summary>
public sealed class RecordedConversationTests
{
    [Theory]
    [InlineData("d1", 0)]
    [InlineData("d1_chunk100", 0)]
    [InlineData("d1_async-gRPC_asyncworker", 0)]
    [InlineData("d3", 0)]
    [InlineData("d4", 1e-12)]
    [InlineData("x1_affine", 0)]
    [InlineData("x2_scalararg", 0)]
    [InlineData("x3_colsum", 1e-12)]
    [InlineData("x4_rowsum", 1e-12)]
    [InlineData("x5_fullsum", 1e-12)]
    [InlineData("x7_syrk", 1e-12)]
    [InlineData("x8_fill2x2", 0)]
    [InlineData("x9_si64", 0)]
    public async Task Our_worker_answers_as_the_original_did(string conversation, double tolerance)
    {
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", AllowInsecure = true });
        using var channel = GrpcChannel.ForAddress(host.Address, new());
        foreach (string worker in (string[])["worker1", "worker2"])
        {
            var recorded = new Recording(conversation, worker);
            var client = new Original.Worker.WorkerClient(channel);
            List<Original.StoredData> stored = [];
            foreach (var messages in recorded.Stores) stored.Add(await StoreAsync(client, messages));
            // The recorded coordinator calls its stored values tmp_0, tmp_1, … in the order in which it stored them.
            var task = new Original.Task { MlirCode = recorded.Fragment, Inputs = { recorded.Inputs.Select(i => new Original.WorkData { Stored = stored[i] }) } };
            var result = await client.ComputeAsync(task);
            byte[][] answers = [.. recorded.Answers];
            Assert.Equal(answers.Length, result.Outputs.Count);
            for (int i = 0; i < answers.Length; i++)
            {
                var back = await client.TransferAsync(result.Outputs[i].Stored);
                Compare(answers[i], back.Bytes.ToByteArray(), tolerance, $"{conversation}/{worker}");
            }
        }
    }

    static async Task<Original.StoredData> StoreAsync(Original.Worker.WorkerClient client, IEnumerable<byte[]> messages)
    {
        using var call = client.Store();
        foreach (byte[] message in messages) await call.RequestStream.WriteAsync(new() { Bytes = Google.Protobuf.ByteString.CopyFrom(message) });
        await call.RequestStream.CompleteAsync();
        return await call;
    }

    static void Compare(byte[] expected, byte[] actual, double tolerance, string what)
    {
        if (tolerance == 0)
        {
            Assert.True(expected.AsSpan().SequenceEqual(actual), $"{what}: expected {Convert.ToHexString(expected)}, found {Convert.ToHexString(actual)}");
            return;
        }
        Assert.Equal(expected.AsSpan(0, WireFormat.DenseHeader), actual.AsSpan(0, WireFormat.DenseHeader));
        for (int at = WireFormat.DenseHeader; at < expected.Length; at += 8)
        {
            double e = BitConverter.ToDouble(expected, at), a = BitConverter.ToDouble(actual, at);
            Assert.True(Math.Abs(e - a) <= tolerance * Math.Abs(e), $"{what}, cell {(at - WireFormat.DenseHeader) / 8}: expected {e:R}, found {a:R}");
        }
        Assert.Equal(expected.Length, actual.Length);
    }
}
