using System.Buffers.Binary;

namespace Daphne.Net.Data;

/// <summary>The Snappy block format: literals, and copies of what came before. Own code because it is a page of it.</summary>
static class Snappy
{
    const int Block = 1 << 16, HashBits = 14, LeastMatch = 4;

    /// <summary>No input expands to more than this many bytes for each of its own: a copy of 64 bytes takes 3.</summary>
    public const int MostExpansion = 22;

    /// <summary>Fills the output exactly; false if the input is malformed or of another length.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int at = 0, to = 0;
        ulong length = 0;
        for (int shift = 0; ; shift += 7)
        {
            if (at >= input.Length || shift > 28) return false;
            byte b = input[at++];
            length |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) break;
        }
        if (length != (ulong)output.Length) return false;
        while (at < input.Length)
        {
            byte tag = input[at++];
            int kind = tag & 3, extra = kind switch { 0 => tag >> 2 is var n and >= 60 ? n - 59 : 0, 1 => 1, 2 => 2, _ => 4 };
            if (extra > input.Length - at) return false;
            uint number = 0;
            for (int i = 0; i < extra; i++) number |= (uint)input[at++] << (8 * i);
            if (kind == 0)
            {
                ulong count = (extra == 0 ? (uint)tag >> 2 : number) + 1UL;
                if (count > (ulong)(input.Length - at) || count > (ulong)(output.Length - to)) return false;
                input.Slice(at, (int)count).CopyTo(output[to..]);
                (at, to) = (at + (int)count, to + (int)count);
                continue;
            }
            int copied = kind == 1 ? (tag >> 2 & 7) + 4 : (tag >> 2) + 1;
            ulong offset = kind == 1 ? (ulong)(tag >> 5) << 8 | number : number;
            if (offset == 0 || offset > (ulong)to || copied > output.Length - to) return false;
            if ((ulong)copied <= offset) output.Slice(to - (int)offset, copied).CopyTo(output[to..]);
            else for (int i = 0; i < copied; i++) output[to + i] = output[to + i - (int)offset];       // what is copied begins with what it produces
            to += copied;
        }
        return to == output.Length;
    }

    /// <summary>The largest result for so many bytes.</summary>
    public static int MostCompressed(int length) => checked(length + length / 6 + 32);

    /// <summary>Compresses into the output, which holds <see cref="MostCompressed"/>; returns the number of bytes.</summary>
    public static int Compress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int to = 0;
        for (uint length = (uint)input.Length; ; length >>= 7)
        {
            output[to++] = (byte)(length >= 0x80 ? length | 0x80 : length);
            if (length < 0x80) break;
        }
        var table = new ushort[1 << HashBits];
        for (int first = 0; first < input.Length; first += Block)
        {
            table.AsSpan().Clear();
            to += CompressBlock(input.Slice(first, Math.Min(Block, input.Length - first)), table, output[to..]);
        }
        return to;
    }

    // Positions in the table are within the block; 0 stands for the first byte and for nothing, which the comparison of four bytes tells apart.
    static int CompressBlock(ReadOnlySpan<byte> input, Span<ushort> table, Span<byte> output)
    {
        int to = 0, literal = 0, at = 1, misses = 32;
        while (at + LeastMatch <= input.Length)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(input[at..]);
            ref ushort slot = ref table[(int)(word * 0x1E35A7BD >> (32 - HashBits))];
            int candidate = slot;
            slot = (ushort)at;
            if (BinaryPrimitives.ReadUInt32LittleEndian(input[candidate..]) != word || candidate >= at)
            {
                at += misses++ >> 5;        // what does not compress is passed over in growing steps
                continue;
            }
            to += Literal(input[literal..at], output[to..]);
            int length = LeastMatch + input[(at + LeastMatch)..].CommonPrefixLength(input[(candidate + LeastMatch)..]);
            to += Copy(at - candidate, length, output[to..]);
            at += length;
            (literal, misses) = (at, 32);
        }
        return to + Literal(input[literal..], output[to..]);
    }

    static int Literal(ReadOnlySpan<byte> bytes, Span<byte> output)
    {
        if (bytes.IsEmpty) return 0;
        int n = bytes.Length - 1, to = 0;
        if (n < 60) output[to++] = (byte)(n << 2);
        else if (n < 256) (output[to++], output[to++]) = (60 << 2, (byte)n);
        else (output[to++], output[to++], output[to++]) = (61 << 2, (byte)n, (byte)(n >> 8));
        bytes.CopyTo(output[to..]);
        return to + bytes.Length;
    }

    static int Copy(int offset, int length, Span<byte> output)
    {
        int to = 0;
        while (length > 0)
        {
            int part = length > 64 ? Math.Min(60, length) : length;
            output[to++] = (byte)(part - 1 << 2 | 2);
            output[to++] = (byte)offset;
            output[to++] = (byte)(offset >> 8);
            length -= part;
        }
        return to;
    }
}
