using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>
/// Aggregates of rows too short to fill registers: a tile of rows is turned, so that loops run down the rows. Every row still sees its cells in the order,
/// and by the tree, of one long row; the bits are the same. (3 columns: 4 to 7 ns a cell row by row, 1 to 1.6 ns so.)
/// </summary>
static class NarrowRows
{
    /// <summary>The most columns worth it: beyond, a row fills registers itself.</summary>
    public const int MostCols = 16;

    const int Tile = 64;

    /// <summary>The sums of the terms of each row; <paramref name="centers"/> has one center per row, or is empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Sum<T, TAcc, TTerm>(ReadOnlySpan<T> cells, int cols, ReadOnlySpan<TAcc> centers, Span<TAcc> sums)
        where T : unmanaged where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<T, TAcc>
    {
        Span<TAcc> columns = stackalloc TAcc[Tile * MostCols];
        for (int row = 0; row < sums.Length; row += Tile)
        {
            int rows = Math.Min(Tile, sums.Length - row);
            var tile = cells.Slice(row * cols, rows * cols);
            for (int r = 0, i = 0; r < rows; r++)
            {
                TAcc center = centers.IsEmpty ? default : centers[row + r];
                for (int j = 0; j < cols; j++, i++) columns[j * Tile + r] = TAcc.Zero + TTerm.Of(tile[i], center);   // 0 + -0.0 is 0.0, as in a lane
            }
            LaneSum.Fold(columns, MostCols, cols);
            columns[..rows].CopyTo(sums[row..]);
        }
    }

    /// <summary>The extreme of each row, from its first cell on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Extremes<T, TOp>(ReadOnlySpan<T> cells, int cols, Span<T> extremes) where T : unmanaged where TOp : struct, IExtreme<T>
    {
        Span<T> columns = stackalloc T[Tile * MostCols];
        for (int row = 0; row < extremes.Length; row += Tile)
        {
            int rows = Math.Min(Tile, extremes.Length - row);
            Turn(cells.Slice(row * cols, rows * cols), cols, columns);
            var best = extremes.Slice(row, rows);
            columns[..rows].CopyTo(best);
            for (int j = 1; j < cols; j++) EwBinary.Apply<T, TOp>(best, columns.Slice(j * Tile, rows), best);
        }
    }

    /// <summary>The position of the first extreme of each row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Positions<T, TOp>(ReadOnlySpan<T> cells, int cols, Span<ulong> positions) where T : unmanaged where TOp : struct, IExtreme<T>
    {
        Span<T> columns = stackalloc T[Tile * MostCols];
        for (int row = 0; row < positions.Length; row += Tile)
        {
            int rows = Math.Min(Tile, positions.Length - row);
            Turn(cells.Slice(row * cols, rows * cols), cols, columns);
            Span<T> best = columns[..rows];
            var at = positions.Slice(row, rows);
            at.Clear();
            for (int j = 1; j < cols; j++) Challenge<T, TOp>(columns.Slice(j * Tile, rows), (ulong)j, best, at);
        }
    }

    /// <summary>Where a challenger beats the best, it becomes the best, and its number the position.</summary>
    public static void Challenge<T, TOp>(ReadOnlySpan<T> challengers, ulong number, Span<T> best, Span<ulong> at) where T : unmanaged where TOp : struct, IExtreme<T>
    {
        KernelGuard.SameLength(challengers.Length, best.Length, at.Length);
        int i = 0;
        if (Vector256.IsHardwareAccelerated && Vector256<T>.IsSupported && Unsafe.SizeOf<T>() == sizeof(ulong)) i = Challenge256<T, TOp>(challengers, number, best, at);
        for (; i < best.Length; i++)
            if (TOp.Beats(challengers[i], best[i])) (best[i], at[i]) = (challengers[i], number);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Challenge256<T, TOp>(ReadOnlySpan<T> challengers, ulong number, Span<T> best, Span<ulong> at) where T : unmanaged where TOp : struct, IExtreme<T>
    {
        ref T xs = ref MemoryMarshal.GetReference(challengers), bs = ref MemoryMarshal.GetReference(best);
        ref ulong ps = ref MemoryMarshal.GetReference(at);
        var numbers = Vector256.Create(number);
        int i = 0;
        for (; i <= best.Length - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            Vector256<T> x = Vector256.LoadUnsafe(ref xs, (nuint)i), b = Vector256.LoadUnsafe(ref bs, (nuint)i), wins = TOp.Beats(x, b);
            Vector256.ConditionalSelect(wins, x, b).StoreUnsafe(ref bs, (nuint)i);
            Vector256.ConditionalSelect(wins.AsUInt64(), numbers, Vector256.LoadUnsafe(ref ps, (nuint)i)).StoreUnsafe(ref ps, (nuint)i);
        }
        return i;
    }

    static void Turn<T>(ReadOnlySpan<T> rows, int cols, Span<T> columns) where T : unmanaged
    {
        for (int r = 0, i = 0; i < rows.Length; r++)
            for (int j = 0; j < cols; j++, i++) columns[j * Tile + r] = rows[i];
    }
}
