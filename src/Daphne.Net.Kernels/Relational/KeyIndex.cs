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

    // Tables below 2^14 places grow fourfold, larger ones twofold: 16 bytes a place, and the next cache is slower.
    const int SmallBits = 14;

    // From 2^16 places on a table is beyond the second cache where others use it too; its places are fetched this many rows ahead.
    const int FarBits = 16, Ahead = 16;

    // A table of a range may have this many places for each row: four bytes each, read once or twice.
    const long PlacesPerRow = 4, SmallRange = 1 << 12;

    // Ranges: numbers + 1, 0 is free. Hashing: pairs of code and number + 1.
    DenseMatrix<int>? range;
    DenseMatrix<ulong>? slots;
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
        ulong* table = slots!.Cell0;
        int shift = this.shift;
        ulong mask = (1UL << 64 - shift) - 1;
        bool far = 64 - shift >= FarBits;
        for (long i = first; i < end; i++)
        {
            if (far && i + Ahead < end) Fetch(table, codes[i + Ahead], shift);
            ulong code = codes[i], at = Place(code, shift);
            while (table[2 * at + 1] != 0 && table[2 * at] != code) at = at + 1 & mask;
            numbers[i] = (int)table[2 * at + 1] - 1;
        }
    }

    // A table beyond the cache: what is needed a few rows later is asked for now.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Fetch(ulong* table, ulong code, int shift)
    {
        if (Sse.IsSupported) Sse.Prefetch0(table + 2 * Place(code, shift));
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
        ulong* table = slots!.Cell0;
        int count = Count, shift = this.shift;
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
            ulong code = codes[i], at = Place(code, shift), number;
            while ((number = table[2 * at + 1]) != 0 && table[2 * at] != code) at = at + 1 & mask;
            if (number == 0)
            {
                table[2 * at] = code;
                table[2 * at + 1] = number = (ulong)++count;
            }
            numbers[i] = (int)number - 1;
        }
        Count = count;
        return i;
    }

    void Resize(int bits)
    {
        var old = slots;
        slots = DenseMatrix<ulong>.Allocate(2L << bits, 1, zeroed: true);
        shift = 64 - bits;
        if (old is null) return;
        ulong mask = (1UL << bits) - 1;
        ulong* from = old.Cell0, to = slots.Cell0;
        for (long i = 0; i < old.Rows; i += 2)
        {
            if (from[i + 1] == 0) continue;
            ulong at = Place(from[i], shift);
            while (to[2 * at + 1] != 0) at = at + 1 & mask;
            (to[2 * at], to[2 * at + 1]) = (from[i], from[i + 1]);
        }
        old.Release();
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
    }
}
