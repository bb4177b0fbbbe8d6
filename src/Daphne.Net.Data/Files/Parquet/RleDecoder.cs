using System.Buffers.Binary;

namespace Daphne.Net.Data;

/// <summary>Reads small numbers that are stored in runs: one number and how often it comes, or groups of eight numbers of so many bits each.</summary>
ref struct RleDecoder(ReadOnlySpan<byte> bytes, int width)
{
    readonly ReadOnlySpan<byte> bytes = bytes;
    readonly ulong mask = (1UL << width) - 1;
    int at = 0;
    ulong left = 0;
    uint repeated = 0;
    bool isPacked = false;
    ulong bit = 0;

    /// <summary>Fills the span; false if there are not so many numbers.</summary>
    public bool TryRead(Span<int> values)
    {
        while (!values.IsEmpty)
        {
            if (left == 0)
            {
                if (!TryRun()) return false;
                continue;
            }
            int count = (int)Math.Min(left, (ulong)values.Length);
            if (!isPacked) values[..count].Fill((int)repeated);
            else if (!TryUnpack(values[..count])) return false;
            left -= (ulong)count;
            values = values[count..];
            if (left == 0 && isPacked) at = (int)Math.Min((ulong)bytes.Length, bit >> 3);
        }
        return true;
    }

    bool TryRun()
    {
        ulong head = 0;
        for (int shift = 0; ; shift += 7)
        {
            if (at >= bytes.Length || shift > 28) return false;
            byte b = bytes[at++];
            head |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) break;
        }
        isPacked = (head & 1) == 1;
        left = isPacked ? (head >> 1) * 8 : head >> 1;
        bit = (ulong)at * 8;
        if (isPacked) return true;
        int length = (width + 7) / 8;
        if (length > bytes.Length - at) return false;
        repeated = 0;
        for (int i = 0; i < length; i++) repeated |= (uint)bytes[at++] << (8 * i);
        return true;
    }

    bool TryUnpack(Span<int> values)
    {
        foreach (ref int value in values)
        {
            if (bit + (ulong)width > (ulong)bytes.Length * 8) return false;
            int from = (int)(bit >> 3);
            ulong word;
            if (bytes.Length - from >= 8) word = BinaryPrimitives.ReadUInt64LittleEndian(bytes[from..]);
            else
            {
                word = 0;
                for (int i = from; i < bytes.Length; i++) word |= (ulong)bytes[i] << (8 * (i - from));
            }
            value = (int)(word >> (int)(bit & 7) & mask);
            bit += (ulong)width;
        }
        return true;
    }
}
