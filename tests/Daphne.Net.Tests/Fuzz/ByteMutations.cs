using System.Buffers.Binary;
using System.Text;

namespace Daphne.Net.Tests.Fuzz;

/// <summary>Bytes that are nearly a valid file: flipped, cut, doubled, spliced, with numbers that are at some edge. The same for the same seed.</summary>
sealed class ByteMutations(IReadOnlyList<byte[]> seeds, int seed)
{
    const int Longest = 1 << 20;

    static readonly long[] edges =
    [
        0, 1, -1, 2, 7, 8, 15, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256, 1000, 4095, 4096, 32767, 32768, 65535, 65536, 1 << 20, 1 << 24, int.MaxValue, int.MinValue, uint.MaxValue,
        1L << 32, 1L << 40, 1L << 53, long.MaxValue, long.MinValue, long.MaxValue - 7, 0x3FFFFFFF, 0x7FFFFFF0,
    ];

    static readonly string[] words =
    [
        ",", "\n", "\r\n", "\"", "\"\"", "nan", "-inf", "1e999", "1e-999", "-0", "0.1", "18446744073709551616", "99999999999999999999", "\0", "{", "}", "[", "]", ":", "%", "%%MatrixMarket matrix ",
        "numRows", "schema", "\\u0000", "\uFEFF", "PAR1", "null", "true", "(", ")", "<", ">", "=", " : ", "->", "daphne.", "^bb0", "!daphne.Matrix<", "x", "?", "//",
    ];

    readonly Random random = new(seed);

    /// <summary>One more input.</summary>
    public byte[] Next()
    {
        List<byte> bytes = [.. seeds[random.Next(seeds.Count)]];
        for (int n = random.Next(10) == 0 ? random.Next(2, 30) : random.Next(1, 5); n > 0; n--)
            if (bytes.Count > 0 && bytes.Count < Longest) Mutate(bytes);
        return [.. bytes];
    }

    void Mutate(List<byte> bytes)
    {
        int at = Place(bytes.Count);
        switch (random.Next(10))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[at] = (byte)random.Next(256); break;
            case 2: bytes.RemoveRange(at, Length(bytes.Count - at)); break;
            case 3: bytes.RemoveRange(at, bytes.Count - at); break;
            case 4: bytes.InsertRange(at, bytes.GetRange(at, Length(bytes.Count - at))); break;
            case 5:
                byte[] other = seeds[random.Next(seeds.Count)];
                if (other.Length == 0) break;
                int from = Place(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, Length(other.Length - from)));
                break;
            case 6: Overwrite(bytes, at, Encoding.UTF8.GetBytes(words[random.Next(words.Length)])); break;
            case 7: bytes.InsertRange(at, Encoding.UTF8.GetBytes(random.Next(2) == 0 ? words[random.Next(words.Length)] : Edge().ToString(System.Globalization.CultureInfo.InvariantCulture))); break;
            default: Overwrite(bytes, at, Number()); break;
        }
    }

    // Near one of the ends, where headers and footers are, or anywhere.
    int Place(int count) => random.Next(4) switch { 0 => random.Next(Math.Min(count, 64)), 1 => count - 1 - random.Next(Math.Min(count, 300)), _ => random.Next(count) };

    int Length(int most) => random.Next(8) == 0 ? random.Next(most + 1) : random.Next(Math.Min(most, 16) + 1);

    long Edge() => edges[random.Next(edges.Length)];

    byte[] Number()
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Edge());
        return bytes[..(1 << random.Next(4))];
    }

    static void Overwrite(List<byte> bytes, int at, byte[] with)
    {
        for (int i = 0; i < with.Length && at + i < bytes.Count; i++) bytes[at + i] = with[i];
    }
}
