using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>
/// Numbers the different codes of a column 0, 1, 2 … in order of first appearance. Whole numbers that lie close together index a table of their
/// range; all others go through open addressing with linear steps in a table that is at most half full.
/// </summary>
sealed unsafe class KeyIndex : IDisposable
{
    /// <summary>The number of a row without code, and of a code that is not there.</summary>
    public const int None = -1;

    const int FirstBits = 10, RowsBetweenChecks = 1 << 20;

    // Tables below 2^16 places grow fourfold, larger ones twofold: the next cache is slower.
    const int SmallBits = 16;

    // From 2^18 places on a table is beyond the second cache where others use it too; its places are fetched this many rows ahead.
    const int FarBits = 18, Ahead = 16;

    // A table of a range may have this many places for each row: four bytes each, read once or twice.
    const long PlacesPerRow = 4, SmallRange = 1 << 12;

    // Both tables hold numbers + 1; 0 is free. Which code has a number stands in a list of its own: four bytes a place are fetched soonest.
    DenseMatrix<int>? range, slots;
    DenseMatrix<ulong>? known;
    ulong least, extent;
    int shift;

    KeyIndex() { }

    /// <summary>How many different codes there are.</summary>
    public int Count { get; private set; }

    /// <summary>Numbers the codes.</summary>
    /// <param name="codes">One per row.</param>
    /// <param name="absent">Which rows have no code; null if all have one.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="numbers">Takes the number of each row, <see cref="None"/> where it has no code.</param>
    /// <param name="ct">Stops it.</param>
    public static KeyIndex Of(ulong* codes, bool* absent, long rows, int* numbers, CancellationToken ct)
    {
        var index = new KeyIndex();
        if (absent is null && index.TryRange(codes, rows)) index.NumberInRange(codes, rows, numbers);
        else index.NumberByHash(codes, absent, rows, numbers, ct);
        return index;
    }

    /// <summary>The numbers of the codes of some rows; <see cref="None"/> for a code that is not there and for a row without code. Several threads may ask.</summary>
    public void Find(ulong* codes, bool* absent, long first, long end, int* numbers)
    {
        if (range is not null) FindInRange(codes, first, end, numbers);
        else FindByHash(codes, first, end, numbers);
        if (absent is null) return;
        for (long i = first; i < end; i++)
            if (absent[i]) numbers[i] = None;
    }

    void FindInRange(ulong* codes, long first, long end, int* numbers)
    {
        int* places = range!.Cell0;
        for (long i = first; i < end; i++) numbers[i] = codes[i] - least < extent ? places[codes[i] - least] - 1 : None;
    }

    void FindByHash(ulong* codes, long first, long end, int* numbers)
    {
        int* table = slots!.Cell0;
        ulong* codeOf = known!.Cell0;
        int shift = this.shift, number;
        ulong mask = (1UL << 64 - shift) - 1;
        bool far = 64 - shift >= FarBits;
        for (long i = first; i < end; i++)
        {
            if (far && i + Ahead < end) Fetch(table, codes[i + Ahead], shift);
            ulong code = codes[i], at = Place(code, shift);
            while ((number = table[at]) != 0 && codeOf[number - 1] != code) at = at + 1 & mask;
            numbers[i] = number - 1;
        }
    }

    // A table beyond the cache: what is needed a few rows later is asked for now.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Fetch(int* table, ulong code, int shift)
    {
        if (Sse.IsSupported) Sse.Prefetch0(table + Place(code, shift));
    }

    bool TryRange(ulong* codes, long rows)
    {
        if (rows == 0) return false;
        long low = long.MaxValue, high = long.MinValue;
        for (long start = 0; start < rows; start += RowsBetweenChecks)
        {
            var cells = new ReadOnlySpan<long>(codes + start, (int)Math.Min(RowsBetweenChecks, rows - start));
            low = Math.Min(low, Extreme.Of<long, Smallest<long>>(cells));
            high = Math.Max(high, Extreme.Of<long, Largest<long>>(cells));
        }
        ulong span = (ulong)(high - low);
        if (span >= (ulong)Math.Max(PlacesPerRow * rows, SmallRange)) return false;
        (least, extent) = ((ulong)low, span + 1);
        range = DenseMatrix<int>.Allocate((long)extent, 1, zeroed: true);
        return true;
    }

    void NumberInRange(ulong* codes, long rows, int* numbers)
    {
        int* places = range!.Cell0;
        int count = 0;
        for (long i = 0; i < rows; i++)
        {
            int* place = places + (codes[i] - least);
            if (*place == 0) *place = ++count;
            numbers[i] = *place - 1;
        }
        Count = count;
    }

    void NumberByHash(ulong* codes, bool* absent, long rows, int* numbers, CancellationToken ct)
    {
        int bits = FirstBits;
        Resize(bits);
        for (long i = 0; i < rows;)
        {
            ct.ThrowIfCancellationRequested();
            i = NumberSome(codes, absent, i, Math.Min(rows, i + RowsBetweenChecks), rows, numbers);
            if (Count >= 1L << bits - 1) Resize(bits += bits < SmallBits ? 2 : 1);
        }
    }

    // Numbers rows until the end or until the table is half full, and says how far it came. What the loop uses is local: stores through pointers make
    // the compiler read fields again.
    long NumberSome(ulong* codes, bool* absent, long i, long end, long rows, int* numbers)
    {
        int* table = slots!.Cell0;
        ulong* codeOf = known!.Cell0;
        int count = Count, shift = this.shift, number;
        ulong mask = (1UL << 64 - shift) - 1;
        bool far = 64 - shift >= FarBits;
        for (; i < end && (ulong)count <= mask / 2; i++)
        {
            if (far && i + Ahead < rows) Fetch(table, codes[i + Ahead], shift);
            if (absent is not null && absent[i])
            {
                numbers[i] = None;
                continue;
            }
            ulong code = codes[i], at = Place(code, shift);
            while ((number = table[at]) != 0 && codeOf[number - 1] != code) at = at + 1 & mask;
            if (number == 0)
            {
                codeOf[count] = code;
                table[at] = number = ++count;
            }
            numbers[i] = number - 1;
        }
        Count = count;
        return i;
    }

    void Resize(int bits)
    {
        var more = DenseMatrix<ulong>.Allocate(1L << bits - 1, 1);
        if (known is not null)
        {
            Cells.Copy(known.Cell0, more.Cell0, Count);
            known.Release();
            slots!.Release();
        }
        known = more;
        slots = DenseMatrix<int>.Allocate(1L << bits, 1, zeroed: true);
        shift = 64 - bits;
        ulong mask = (1UL << bits) - 1;
        for (int n = 0; n < Count; n++)
        {
            ulong at = Place(known.Cell0[n], shift);
            while (slots.Cell0[at] != 0) at = at + 1 & mask;
            slots.Cell0[at] = n + 1;
        }
    }

    // Two rounds of multiply and fold: the bits of f64 keys, and multiples of a power of two, spread over all places.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Place(ulong code, int shift)
    {
        code *= 0x9E3779B97F4A7C15;
        code ^= code >> 32;
        return code * 0xD6E8FEB86659FD93 >> shift;
    }

    public void Dispose()
    {
        range?.Release();
        slots?.Release();
        known?.Release();
    }
}
