using System.Buffers;

namespace Daphne.Net.Data;

/// <summary>Writes small numbers as <see cref="RleDecoder"/> reads them: eight or more equal ones as a run, everything else packed.</summary>
static class RleEncoder
{
    const int Group = 8;

    public static void Write(ReadOnlySpan<int> values, int width, IBufferWriter<byte> bytes)
    {
        int packed = 0;                 // values before "at" that still have to be packed, a multiple of eight
        for (int at = 0; at < values.Length;)
        {
            int run = values[at..].IndexOfAnyExcept(values[at]) is var other and >= 0 ? other : values.Length - at;
            if (run < Group)
            {
                int step = Math.Min(Group, values.Length - at);
                (packed, at) = (packed + step, at + step);
                continue;
            }
            Pack(values.Slice(at - packed, packed), width, bytes);
            packed = 0;
            Varint((uint)run << 1, bytes);
            for (int i = 0; i < (width + 7) / 8; i++) Printer.Put((byte)(values[at] >> (8 * i)), bytes);
            at += run;
        }
        Pack(values[^packed..], width, bytes);
    }

    static void Pack(ReadOnlySpan<int> values, int width, IBufferWriter<byte> bytes)
    {
        if (values.IsEmpty) return;
        int groups = (values.Length + Group - 1) / Group;
        Varint((uint)groups << 1 | 1, bytes);
        ulong word = 0;
        int bits = 0;
        for (int i = 0; i < groups * Group; i++)
        {
            word |= (ulong)(i < values.Length ? values[i] : 0) << bits;
            for (bits += width; bits >= 8; bits -= 8, word >>= 8) Printer.Put((byte)word, bytes);
        }
    }

    static void Varint(uint value, IBufferWriter<byte> bytes)
    {
        for (; value >= 0x80; value >>= 7) Printer.Put((byte)(value | 0x80), bytes);
        Printer.Put((byte)value, bytes);
    }
}
