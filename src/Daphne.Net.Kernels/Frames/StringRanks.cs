using System.Runtime.CompilerServices;

namespace Daphne.Net.Kernels;

/// <summary>
/// Strings as numbers of the same order: equal strings have equal ranks. The order is that of their bytes in UTF-8, which is the order of code
/// points. Some characters at a time are packed into a key and sorted as numbers; runs of equal keys go on with the next characters.
/// </summary>
static unsafe class StringRanks
{
    const int CharsPerKey = 3, CharBits = 17;

    /// <summary>ranks[i] = the number of strings that come before string i.</summary>
    public static void Fill(ReadOnlySpan<string> strings, ulong* ranks)
    {
        long n = strings.Length;
        using var memory = new Scratch<ulong>(4 * n);
        ulong* keys = memory.Cell0, order = keys + n, scratch = order + n;
        for (long i = 0; i < n; i++) order[i] = (ulong)i;
        // Runs of strings that are equal so far: where they begin, how many they are, how many characters were looked at.
        var open = new Stack<(long First, long Count, int Depth)>();
        if (n > 0) open.Push((0, n, 0));
        while (open.TryPop(out var run))
        {
            ulong* mine = order + run.First;
            for (long i = 0; i < run.Count; i++) keys[i] = Key(strings[(int)mine[i]], run.Depth);
            RadixSort.Sort(keys, mine, run.Count, scratch);
            for (long first = 0; first < run.Count;)
            {
                ulong key = keys[first];
                long end = first + 1;
                while (end < run.Count && keys[end] == key) end++;
                for (long i = first; i < end; i++) ranks[mine[i]] = (ulong)(run.First + first);
                if (end - first > 1 && !Ended(key)) open.Push((run.First + first, end - first, run.Depth + CharsPerKey));
                first = end;
            }
        }
    }

    // 0 stands behind the end, so that what ends is before what goes on.
    static ulong Key(string text, int from)
    {
        ulong key = 0;
        for (int i = from; i < from + CharsPerKey; i++) key = key << CharBits | (i < text.Length ? Weight(text[i]) + 1UL : 0);
        return key;
    }

    static bool Ended(ulong key) => (key & ((1 << CharBits) - 1)) == 0;

    // Surrogates stand for code points above everything else; the units 0xE000 … 0xFFFF are below them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Weight(char c) => c < 0xD800 ? c : c < 0xE000 ? c + 0x2000u : c - 0x800u;
}
