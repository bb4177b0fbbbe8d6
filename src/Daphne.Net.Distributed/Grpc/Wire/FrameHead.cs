using System.Buffers.Binary;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>The 5 bytes before each message: a compression flag and the length, big endian.</summary>
static class FrameHead
{
    public const int Size = 5;

    public static void Write(Span<byte> to, int length)
    {
        to[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(to[1..], (uint)length);
    }

    public static (byte Flag, uint Length) Read(ReadOnlySpan<byte> from) => (from[0], BinaryPrimitives.ReadUInt32BigEndian(from[1..]));
}
