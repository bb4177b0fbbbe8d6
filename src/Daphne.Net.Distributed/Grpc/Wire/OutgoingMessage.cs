using System.Buffers;
using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>One message ready to go: a pooled block that begins with the frame head, and for bulk messages the payload by reference.</summary>
sealed class OutgoingMessage : SerializationContext, IBufferWriter<byte>, IDisposable
{
    byte[] block = ArrayPool<byte>.Shared.Rent(256);
    int used = FrameHead.Size;

    OutgoingMessage() { }

    /// <summary>Frame head and whatever is not sent by reference.</summary>
    public ReadOnlyMemory<byte> Head => block.AsMemory(0, used);

    /// <summary>What follows, by reference.</summary>
    public ReadOnlySequence<byte> Tail { get; private set; }

    /// <exception cref="RpcException">The message is larger than the limit.</exception>
    public static OutgoingMessage Create<T>(Marshaller<T> marshaller, T value, MessageLimits limits)
    {
        var message = new OutgoingMessage();
        if (marshaller is OutgoingBytesMarshaller bulk)
        {
            var bytes = ((OutgoingBytes)(object)value!).Bytes;
            if (bytes.Length > limits.Bulk) throw TooLarge(bytes.Length, limits.Bulk);
            message.used += ProtoField.WriteBytesHead(message.block.AsSpan(message.used), bulk.Number, (int)bytes.Length);
            message.Tail = bytes;
            message.Seal(bytes.Length, limits.Bulk);
        }
        else
        {
            marshaller.ContextualSerializer(value, message);
            message.Seal(0, limits.Parsed);
        }
        return message;
    }

    public override void SetPayloadLength(int payloadLength) => Reserve(payloadLength);
    public override IBufferWriter<byte> GetBufferWriter() => this;
    public override void Complete() { }
    public override void Complete(byte[] payload) => this.Write(payload.AsSpan());
    public void Advance(int count) => used += count;
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return block.AsMemory(used);
    }

    public void Dispose()
    {
        if (block.Length > 0) ArrayPool<byte>.Shared.Return(block);
        (block, Tail) = ([], default);
    }

    void Seal(long tailBytes, int limit)
    {
        long length = used - FrameHead.Size + tailBytes;
        if (length > limit) throw TooLarge(length, limit);
        FrameHead.Write(block, (int)length);
    }

    static RpcException TooLarge(long length, int limit) => new(StatusCode.ResourceExhausted, $"a message of {length} bytes is over the sending limit of {limit} bytes");

    void Reserve(int more)
    {
        if (block.Length - used >= more) return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(used + more, block.Length * 2)));
        block.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(block);
        block = larger;
    }
}
