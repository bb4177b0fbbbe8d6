using System.Buffers;
using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>A message whose bulk is one <c>bytes</c> field, sent without copying: the pieces must stay unchanged until the write has ended.</summary>
sealed class OutgoingBytes(params ReadOnlyMemory<byte>[] pieces)
{
    /// <summary>What the field holds, in order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces => pieces;

    /// <summary>Length of the field.</summary>
    /// <exception cref="OverflowException">It does not fit one message.</exception>
    public int Length { get; } = checked((int)pieces.Sum(p => (long)p.Length));
}

/// <summary>Says that the messages of a method are sent as <see cref="OutgoingBytes"/>.</summary>
sealed class OutgoingBytesMarshaller(int number) : Marshaller<OutgoingBytes>(
    (value, context) => Write(number, value, context),
    static _ => throw new InvalidOperationException("outgoing bytes cannot be received"))
{
    /// <summary>The number of the field.</summary>
    public int Number => number;

    // The copying form, for whoever writes a message without knowing of pieces.
    static void Write(int number, OutgoingBytes value, SerializationContext context)
    {
        Span<byte> head = stackalloc byte[ProtoField.MostHeadBytes];
        int headBytes = ProtoField.WriteBytesHead(head, number, value.Length);
        context.SetPayloadLength(headBytes + value.Length);
        var to = context.GetBufferWriter();
        to.Write(head[..headBytes]);
        foreach (var piece in value.Pieces) to.Write(piece.Span);
        context.Complete();
    }
}
