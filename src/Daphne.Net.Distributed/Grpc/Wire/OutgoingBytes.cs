using System.Buffers;
using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>A message whose bulk is one <c>bytes</c> field, sent without copying: the bytes must stay unchanged until the write has ended.</summary>
sealed class OutgoingBytes(ReadOnlySequence<byte> bytes)
{
    /// <summary>What the field holds.</summary>
    public ReadOnlySequence<byte> Bytes => bytes;
}

/// <summary>Says that the messages of a method are sent as <see cref="OutgoingBytes"/>.</summary>
sealed class OutgoingBytesMarshaller(int number) : Marshaller<OutgoingBytes>(
    static (_, _) => throw new InvalidOperationException("outgoing bytes are written through OutgoingMessage"),
    static _ => throw new InvalidOperationException("outgoing bytes cannot be received"))
{
    /// <summary>The number of the field.</summary>
    public int Number => number;
}
