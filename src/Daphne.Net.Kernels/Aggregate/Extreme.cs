using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>
/// The smallest or largest of a run of cells, as if they were taken one by one: nan never wins, and of 0.0 and -0.0 the first one does. So any cut into
/// runs, joined by the operator from left to right, gives the same bits.
/// </summary>
static class Extreme
{
    /// <summary>The extreme of these cells; the identity if there is none but nan.</summary>
    public static T Of<T, TOp>(ReadOnlySpan<T> cells) where T : unmanaged, INumber<T> where TOp : struct, IExtreme<T>
    {
        T best = TOp.Identity;
        int i = 0;
        if (Wide.Use512 && cells.Length >= 2 * Vector512<T>.Count) i = Loop512<T, TOp>(cells, out best);
        else if (Vector256.IsHardwareAccelerated && cells.Length >= 2 * Vector256<T>.Count) i = Loop256<T, TOp>(cells, out best);
        if (i < cells.Length) LoopScalar<T, TOp>(cells, i, ref best);
        return FirstZero(cells, best);
    }

    /// <summary>The extreme of a row or column from its first cell on: a nan in front stays, later ones are passed over.</summary>
    public static T FromFirst<T, TOp>(ReadOnlySpan<T> cells) where T : unmanaged, INumber<T> where TOp : struct, IExtreme<T> =>
        !cells.IsEmpty && T.IsNaN(cells[0]) ? cells[0] : Of<T, TOp>(cells);

    /// <summary>The position of the first cell that is as good as any; 0 if a nan stands in front, as nothing beats it.</summary>
    public static int Position<T, TOp>(ReadOnlySpan<T> cells) where T : unmanaged, INumber<T> where TOp : struct, IExtreme<T>
    {
        if (cells.Length > 32)   // twice in vectors beats once by branches
            return T.IsNaN(cells[0]) ? 0 : FirstEqual(cells, Of<T, TOp>(cells));
        int at = 0;
        for (int i = 1; i < cells.Length; i++)
            if (TOp.Beats(cells[i], cells[at])) at = i;
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Loop512<T, TOp>(ReadOnlySpan<T> cells, out T best) where T : unmanaged, INumber<T> where TOp : struct, IExtreme<T>
    {
        int i = 0, count = Vector512<T>.Count;
        ref T x = ref MemoryMarshal.GetReference(cells);
        Vector512<T> a = Vector512.Create(TOp.Identity), b = a, c = a, d = a;
        for (; i <= cells.Length - 4 * count; i += 4 * count)
        {
            a = TOp.Invoke(a, Vector512.LoadUnsafe(ref x, (nuint)i));
            b = TOp.Invoke(b, Vector512.LoadUnsafe(ref x, (nuint)(i + count)));
            c = TOp.Invoke(c, Vector512.LoadUnsafe(ref x, (nuint)(i + 2 * count)));
            d = TOp.Invoke(d, Vector512.LoadUnsafe(ref x, (nuint)(i + 3 * count)));
        }
        for (; i <= cells.Length - count; i += count) a = TOp.Invoke(a, Vector512.LoadUnsafe(ref x, (nuint)i));
        a = TOp.Invoke(TOp.Invoke(a, b), TOp.Invoke(c, d));
        best = Across<T, TOp>(TOp.Invoke(a.GetLower(), a.GetUpper()));
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Loop256<T, TOp>(ReadOnlySpan<T> cells, out T best) where T : unmanaged, INumber<T> where TOp : struct, IExtreme<T>
    {
        int i = 0, count = Vector256<T>.Count;
        ref T x = ref MemoryMarshal.GetReference(cells);
        Vector256<T> a = Vector256.Create(TOp.Identity), b = a, c = a, d = a;
        for (; i <= cells.Length - 4 * count; i += 4 * count)
        {
            a = TOp.Invoke(a, Vector256.LoadUnsafe(ref x, (nuint)i));
            b = TOp.Invoke(b, Vector256.LoadUnsafe(ref x, (nuint)(i + count)));
            c = TOp.Invoke(c, Vector256.LoadUnsafe(ref x, (nuint)(i + 2 * count)));
            d = TOp.Invoke(d, Vector256.LoadUnsafe(ref x, (nuint)(i + 3 * count)));
        }
        for (; i <= cells.Length - count; i += count) a = TOp.Invoke(a, Vector256.LoadUnsafe(ref x, (nuint)i));
        best = Across<T, TOp>(TOp.Invoke(TOp.Invoke(a, b), TOp.Invoke(c, d)));
        return i;
    }

    static T Across<T, TOp>(Vector256<T> lanes) where T : unmanaged, INumber<T> where TOp : struct, IExtreme<T>
    {
        Span<T> cells = stackalloc T[Vector256<T>.Count];
        lanes.CopyTo(cells);
        T best = cells[0];
        for (int k = 1; k < cells.Length; k++) best = TOp.Invoke(best, cells[k]);
        return best;
    }

    static int FirstEqual<T>(ReadOnlySpan<T> cells, T wanted) where T : unmanaged, INumber<T>
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref T x = ref MemoryMarshal.GetReference(cells);
            var all = Vector256.Create(wanted);
            while (i <= cells.Length - Vector256<T>.Count && !Vector256.EqualsAny(Vector256.LoadUnsafe(ref x, (nuint)i), all)) i += Vector256<T>.Count;
        }
        while (cells[i] != wanted) i++;   // it is there: wanted is the extreme of these cells, the first of which is no nan
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void LoopScalar<T, TOp>(ReadOnlySpan<T> cells, int i, ref T best) where T : unmanaged, INumber<T> where TOp : struct, IExtreme<T>
    {
        for (; i < cells.Length; i++) best = TOp.Invoke(best, cells[i]);
    }

    // Lanes do not know which of them saw its zero first; the cells do.
    internal static T FirstZero<T>(ReadOnlySpan<T> cells, T best) where T : unmanaged, INumber<T>
    {
        if ((typeof(T) != typeof(double) && typeof(T) != typeof(float)) || !T.IsZero(best)) return best;
        foreach (T cell in cells)
            if (T.IsZero(cell)) return cell;
        return best;
    }
}
