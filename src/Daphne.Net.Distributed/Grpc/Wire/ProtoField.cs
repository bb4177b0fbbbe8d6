using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>The few rules of protobuf's wire format that the bulk path needs: tags, varints, what a field of an unknown number is long.</summary>
static class ProtoField
{
    /// <summary>Most bytes of a tag and a length: two varints.</summary>
    public const int MostHeadBytes = 20;

    /// <summary>Writes tag and length of a bytes field; nothing for an empty one, as proto3 has it.</summary>
    public static int WriteBytesHead(Span<byte> to, int number, int length)
    {
        if (length == 0) return 0;
        int at = WriteVarint(to, (uint)number << 3 | 2);
        return at + WriteVarint(to[at..], (uint)length);
    }

    /// <summary>Reads one field's head. <c>Bytes</c> are those of its content, which follows, unless the content was a varint and is part of the head.</summary>
    /// <exception cref="RpcException">Anything that is not the head of a field.</exception>
    public static (int Number, bool LengthDelimited, int HeadBytes, ulong Bytes) ReadHead(ReadOnlySpan<byte> from)
    {
        int at = 0;
        ulong tag = ReadVarint(from, ref at);
        if (tag >> 3 is 0 or > 0x1fff_ffff) throw Malformed("a bad tag");
        int number = (int)(tag >> 3);
        switch (tag & 7)
        {
            case 0:
                ReadVarint(from, ref at);
                return (number, false, at, 0);
            case 1:
                return (number, false, at, 8);
            case 2:
                ulong length = ReadVarint(from, ref at);
                return (number, true, at, length);
            case 5:
                return (number, false, at, 4);
            default:
                throw Malformed("a group or an unknown wire type");
        }
    }

    public static RpcException Malformed(string what) => new(StatusCode.Internal, $"the message holds {what}");

    static int WriteVarint(Span<byte> to, uint value)
    {
        int at = 0;
        for (; value > 127; value >>= 7) to[at++] = (byte)(value | 128);
        to[at++] = (byte)value;
        return at;
    }

    static ulong ReadVarint(ReadOnlySpan<byte> from, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (at >= from.Length) throw Malformed("a cut varint");
            byte b = from[at++];
            if (shift == 63 && b > 1) throw Malformed("a varint of more than 64 bits");
            value |= (ulong)(b & 127) << shift;
            if (b < 128) return value;
        }
        throw Malformed("an over-long varint");
    }
}
