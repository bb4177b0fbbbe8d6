using System.Buffers;
using System.Text;
using Daphne.Net.Distributed.Grpc;
using Google.Protobuf;
using Grpc.Core;
using Original = Daphne.Net.Distributed.Protocol.Original;

namespace Daphne.Net.Tests.Distributed.Grpc;

public sealed class MessageReaderTests
{
    static readonly Marshaller<Original.Task> tasks = Marshallers.Create<Original.Task>(
        (value, to) => to.Complete(value.ToByteArray()), from => Original.Task.Parser.ParseFrom(from.PayloadAsReadOnlySequence()));

    static readonly Marshaller<IncomingBytes> bulk = new IncomingBytesMarshaller(1);

    [Theory]
    [InlineData("00", "the stream ended inside a message")]
    [InlineData("00000000", "the stream ended inside a message")]
    [InlineData("0000000005 0a0378", "the stream ended inside a message")]
    [InlineData("0100000000", "a message with compression flag 1, but no compression was agreed")]
    [InlineData("ff00000000", "a message with compression flag 255, but no compression was agreed")]
    [InlineData("0000000001 0a", "the message does not parse")]
    [InlineData("0000000003 0a7f78", "the message does not parse")]
    [InlineData("0000000002 0d0c", "the message does not parse")]
    public async Task A_malformed_parsed_message_is_an_internal_error(string hex, string text)
    {
        var e = await Assert.ThrowsAsync<RpcException>(() => ReadAllAsync(hex, tasks, MessageLimits.Default, _ => ""));
        Assert.Equal((StatusCode.Internal, text), (e.StatusCode, e.Status.Detail));
    }

    [Theory]
    [InlineData("0000000001 0a", "a cut varint")]
    [InlineData("0000000002 0a80", "a cut varint")]
    [InlineData("0000000003 0a0578", "a field longer than the message")]
    [InlineData("0000000007 0a80808080080000", "a field longer than the message")]
    [InlineData("000000000c 0affffffffffffffffff0200", "a varint of more than 64 bits")]
    [InlineData("000000000c 0affffffffffffffffffff01", "a varint of more than 64 bits")]
    [InlineData("0000000002 0200", "a bad tag")]
    [InlineData("0000000001 0b", "a group or an unknown wire type")]
    [InlineData("0000000001 0c", "a group or an unknown wire type")]
    [InlineData("0000000001 0e", "a group or an unknown wire type")]
    [InlineData("0000000003 110102", "a field longer than the message")]
    [InlineData("0000000006 0a01780a0179", "a bytes field twice")]
    public async Task A_malformed_bulk_message_is_an_internal_error(string hex, string what)
    {
        var e = await Assert.ThrowsAsync<RpcException>(() => ReadAllAsync(hex, bulk, MessageLimits.Default, _ => ""));
        Assert.Equal((StatusCode.Internal, "the message holds " + what), (e.StatusCode, e.Status.Detail));
    }

    [Theory]
    [InlineData("0000000000", "0:")]
    [InlineData("0000000002 0a00", "0:")]
    [InlineData("0000000005 0a03616263", "3:abc")]
    [InlineData("0000000007 10070a03616263", "3:abc")]                      // an unknown varint before
    [InlineData("000000000e 190102030405060708 0a03616263", "3:abc")]       // an unknown fixed64 before
    [InlineData("000000000c 0a03616263 1203787878 1005", "3:abc")]          // unknown fields behind
    [InlineData("0000000008 0d01020304 0a0161", "1:a")]                    // number 1, but not bytes
    public async Task Bulk_messages_are_read_whatever_surrounds_the_field(string hex, string expected) =>
        Assert.Equal([expected], await ReadAllAsync(hex, bulk, MessageLimits.Default, ReadBulk));

    [Fact]
    public async Task What_a_receiver_leaves_unread_is_passed_over()
    {
        string two = "0000000005 0a03616263" + "0000000003 0a0178";
        Assert.Equal(["3:", "1:"], await ReadAllAsync(two, bulk, MessageLimits.Default, bytes => $"{bytes.Length}:"));
    }

    [Fact]
    public async Task Messages_over_their_limit_are_refused_before_they_are_read()
    {
        var limits = new MessageLimits(Parsed: 4, Bulk: 6);
        var parsed = await Assert.ThrowsAsync<RpcException>(() => ReadAllAsync("0000000005 0a03616263", tasks, limits, _ => ""));
        Assert.Equal((StatusCode.ResourceExhausted, "a message of 5 bytes is over the limit of 4 bytes"), (parsed.StatusCode, parsed.Status.Detail));
        var large = await Assert.ThrowsAsync<RpcException>(() => ReadAllAsync("0000000007", bulk, limits, _ => ""));
        Assert.Equal((StatusCode.ResourceExhausted, "a message of 7 bytes is over the limit of 6 bytes"), (large.StatusCode, large.Status.Detail));
        var huge = await Assert.ThrowsAsync<RpcException>(() => ReadAllAsync("0080000000", bulk, limits, _ => ""));
        Assert.Equal(StatusCode.ResourceExhausted, huge.StatusCode);
    }

    [Fact]
    public void Messages_over_the_sending_limit_are_not_begun()
    {
        var e = Assert.Throws<RpcException>(() => OutgoingMessage.Create(new OutgoingBytesMarshaller(1), new OutgoingBytes(new(new byte[10])), new(100, 11)));
        Assert.Equal((StatusCode.ResourceExhausted, "a message of 12 bytes is over the sending limit of 11 bytes"), (e.StatusCode, e.Status.Detail));
    }

    [Fact]
    public async Task Bulk_and_generated_code_write_and_read_the_same_bytes()
    {
        foreach (int length in (int[])[0, 1, 127, 128, 16384, 70_000])
        {
            byte[] payload = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];
            byte[] sent = Frame(new OutgoingBytesMarshaller(1), new OutgoingBytes(new(payload)));
            Assert.Equal(new Original.Data { Bytes = ByteString.CopyFrom(payload) }.ToByteArray(), sent[5..]);
            Assert.Equal([$"{length}:{Encoding.Latin1.GetString(payload)}"], await ReadAllAsync(Convert.ToHexString(sent), bulk, MessageLimits.Default, ReadBulk));
        }
    }

    [Fact]
    public async Task Random_bytes_end_in_a_status_and_nothing_else()
    {
        const int seed = 31_415;
        var random = new Random(seed);
        byte[] valid = [.. Frame(new OutgoingBytesMarshaller(1), new OutgoingBytes(new(new byte[40]))), .. Frame(tasks, new Original.Task { MlirCode = "func", Inputs = { new Original.WorkData { F64 = 1 } } })];
        for (int round = 0; round < 3000; round++)
        {
            byte[] bytes = round % 2 == 0 ? new byte[random.Next(64)] : [.. valid.AsSpan(0, random.Next(valid.Length + 1))];
            if (round % 2 == 0) random.NextBytes(bytes);
            for (int flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            string hex = Convert.ToHexString(bytes);
            try
            {
                await ReadAllAsync(hex, bulk, new(1 << 16, 1 << 16), ReadBulk);
                await ReadAllAsync(hex, tasks, new(1 << 16, 1 << 16), t => t.ToString());
            }
            catch (RpcException e)
            {
                Assert.True(e.StatusCode is StatusCode.Internal or StatusCode.ResourceExhausted, $"{e.Status} for {hex} (seed {seed}, round {round})");
            }
            catch (Exception e)
            {
                Assert.Fail($"{e} for {hex} (seed {seed}, round {round})");
            }
        }
    }

    static byte[] Frame<T>(Marshaller<T> marshaller, T value)
    {
        using var message = OutgoingMessage.Create(marshaller, value, MessageLimits.Default);
        return [.. message.Head.ToArray(), .. message.Tail.ToArray()];
    }

    static string ReadBulk(IncomingBytes bytes)
    {
        var to = new byte[bytes.Length];
        int half = to.Length / 2;
        bytes.ReadExactlyAsync(to.AsMemory(0, half)).AsTask().GetAwaiter().GetResult();
        bytes.ReadExactlyAsync(to.AsMemory(half)).AsTask().GetAwaiter().GetResult();
        return $"{bytes.Length}:{Encoding.Latin1.GetString(to)}";
    }

    static async Task<List<string>> ReadAllAsync<T>(string hex, Marshaller<T> marshaller, MessageLimits limits, Func<T, string> show)
    {
        // A stream that hands out three bytes at a time: heads and fields are cut everywhere.
        using var reader = new MessageReader(new TrickleStream(Convert.FromHexString(hex.Replace(" ", "")), 3), limits);
        List<string> messages = [];
        while (await reader.NextAsync(default)) messages.Add(show(await reader.ReadAsync(marshaller, default)));
        return messages;
    }
}
