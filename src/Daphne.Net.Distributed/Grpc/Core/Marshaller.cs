using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a message is written.</summary>
abstract class SerializationContext
{
    public abstract void Complete(byte[] payload);
    public abstract IBufferWriter<byte> GetBufferWriter();
    public abstract void SetPayloadLength(int payloadLength);
    public abstract void Complete();
}

/// <summary>Where a message is read.</summary>
abstract class DeserializationContext
{
    public abstract int PayloadLength { get; }
    public abstract byte[] PayloadAsNewBuffer();
    public abstract ReadOnlySequence<byte> PayloadAsReadOnlySequence();
}

/// <summary>How one type of message is written and read.</summary>
class Marshaller<T>(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer)
{
    public Action<T, SerializationContext> ContextualSerializer { get; } = serializer;
    public Func<DeserializationContext, T> ContextualDeserializer { get; } = deserializer;
}

/// <summary>Makes marshallers; the name is what generated code calls.</summary>
static class Marshallers
{
    public static Marshaller<T> Create<T>(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer) => new(serializer, deserializer);
}
