using System.Runtime.CompilerServices;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>A stable sort of (key, position) pairs, digit by digit from the last one; digits that are equal in all keys cost nothing but their count.</summary>
static unsafe class RadixSort
{
    const int DigitBits = 11, Buckets = 1 << DigitBits, Digits = (64 + DigitBits - 1) / DigitBits;

    // Below this many pairs clearing and adding up the counts costs more than inserting.
    const long FewPairs = 64;

    /// <summary>Sorts both arrays by key; <paramref name="scratch"/> has room for 2 * count numbers.</summary>
    public static void Sort(ulong* keys, ulong* positions, long count, ulong* scratch)
    {
        if (count <= FewPairs) InsertionSort(keys, positions, count);
        else SortDigits(keys, positions, count, scratch);
    }

    static void InsertionSort(ulong* keys, ulong* positions, long count)
    {
        for (long i = 1; i < count; i++)
        {
            ulong key = keys[i], position = positions[i];
            long at = i;
            for (; at > 0 && keys[at - 1] > key; at--) (keys[at], positions[at]) = (keys[at - 1], positions[at - 1]);
            (keys[at], positions[at]) = (key, position);
        }
    }

    static void SortDigits(ulong* keys, ulong* positions, long count, ulong* scratch)
    {
        using var counts = new Scratch<long>(Digits * Buckets, zeroed: true);
        for (long i = 0; i < count; i++)
            for (int d = 0; d < Digits; d++) counts.Cell0[d * Buckets + Digit(keys[i], d)]++;

        ulong* fromKeys = keys, fromPositions = positions, toKeys = scratch, toPositions = scratch + count;
        for (int d = 0; d < Digits; d++)
        {
            long* starts = counts.Cell0 + d * Buckets;
            if (starts[Digit(keys[0], d)] == count) continue;
            long next = 0;
            for (int b = 0; b < Buckets; b++) (starts[b], next) = (next, next + starts[b]);
            for (long i = 0; i < count; i++)
            {
                long at = starts[Digit(fromKeys[i], d)]++;
                toKeys[at] = fromKeys[i];
                toPositions[at] = fromPositions[i];
            }
            ulong* k = fromKeys, p = fromPositions;
            fromKeys = toKeys;
            fromPositions = toPositions;
            toKeys = k;
            toPositions = p;
        }
        if (fromKeys == keys) return;
        Cells.Copy(fromKeys, keys, count);
        Cells.Copy(fromPositions, positions, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Digit(ulong key, int digit) => (int)(key >> (digit * DigitBits)) & (Buckets - 1);
}
