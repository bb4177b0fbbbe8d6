using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>The only summing loops of the product: rows of cells are added to a row of lanes, each lane in the order of the rows.</summary>
static class LaneSum
{
    /// <summary>
    /// lanes[i mod n] += term(cells[i]) in order, n the number of lanes. Whole rows are taken four at a time, so that a lane is loaded and stored once for
    /// four additions; what is left at the end goes to the first lanes.
    /// </summary>
    public static void Add<T, TAcc, TTerm>(ReadOnlySpan<T> cells, ReadOnlySpan<TAcc> centers, Span<TAcc> lanes)
        where T : unmanaged where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<T, TAcc>
    {
        int width = lanes.Length;
        if (width == 0) return;
        KernelGuard.SameLength(centers.Length, width);
        int rows = cells.Length / width, lane = 0;
        if (rows > 0)
        {
            if (TTerm.IsVectorized && Wide.Use512 && width >= Vector512<TAcc>.Count) lane = Loop512<T, TAcc, TTerm>(cells, rows, centers, lanes, lane);
            if (TTerm.IsVectorized && Vector256.IsHardwareAccelerated && width - lane >= Vector256<TAcc>.Count) lane = Loop256<T, TAcc, TTerm>(cells, rows, centers, lanes, lane);
            if (lane < width) LoopScalar<T, TAcc, TTerm>(cells, rows, centers, lanes, lane);
        }
        var rest = cells[(rows * width)..];
        for (int i = 0; i < rest.Length; i++) lanes[i] += TTerm.Of(rest[i], centers[i]);
    }

    // Each loop takes the lanes from `lane` on that fill its registers, over all rows, and says where it stopped.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Loop512<T, TAcc, TTerm>(ReadOnlySpan<T> cells, int rows, ReadOnlySpan<TAcc> centers, Span<TAcc> lanes, int lane)
        where T : unmanaged where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<T, TAcc>
    {
        ref T x = ref MemoryMarshal.GetReference(cells);
        ref TAcc c = ref MemoryMarshal.GetReference(centers), sum = ref MemoryMarshal.GetReference(lanes);
        nuint width = (nuint)lanes.Length, end = (nuint)(lanes.Length - (lanes.Length - lane) % Vector512<TAcc>.Count);
        int row = 0;
        for (; row <= rows - 4; row += 4)
        {
            nuint at = (nuint)row * width;
            for (nuint j = (nuint)lane; j < end; j += (nuint)Vector512<TAcc>.Count)
            {
                var center = Vector512.LoadUnsafe(ref c, j);
                var s = Vector512.LoadUnsafe(ref sum, j);
                s += TTerm.Load512(ref x, at + j, center);
                s += TTerm.Load512(ref x, at + width + j, center);
                s += TTerm.Load512(ref x, at + 2 * width + j, center);
                s += TTerm.Load512(ref x, at + 3 * width + j, center);
                s.StoreUnsafe(ref sum, j);
            }
        }
        for (; row < rows; row++)
            for (nuint j = (nuint)lane; j < end; j += (nuint)Vector512<TAcc>.Count)
                (Vector512.LoadUnsafe(ref sum, j) + TTerm.Load512(ref x, (nuint)row * width + j, Vector512.LoadUnsafe(ref c, j))).StoreUnsafe(ref sum, j);
        return (int)end;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Loop256<T, TAcc, TTerm>(ReadOnlySpan<T> cells, int rows, ReadOnlySpan<TAcc> centers, Span<TAcc> lanes, int lane)
        where T : unmanaged where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<T, TAcc>
    {
        ref T x = ref MemoryMarshal.GetReference(cells);
        ref TAcc c = ref MemoryMarshal.GetReference(centers), sum = ref MemoryMarshal.GetReference(lanes);
        nuint width = (nuint)lanes.Length, end = (nuint)(lanes.Length - (lanes.Length - lane) % Vector256<TAcc>.Count);
        int row = 0;
        for (; row <= rows - 4; row += 4)
        {
            nuint at = (nuint)row * width;
            for (nuint j = (nuint)lane; j < end; j += (nuint)Vector256<TAcc>.Count)
            {
                var center = Vector256.LoadUnsafe(ref c, j);
                var s = Vector256.LoadUnsafe(ref sum, j);
                s += TTerm.Load256(ref x, at + j, center);
                s += TTerm.Load256(ref x, at + width + j, center);
                s += TTerm.Load256(ref x, at + 2 * width + j, center);
                s += TTerm.Load256(ref x, at + 3 * width + j, center);
                s.StoreUnsafe(ref sum, j);
            }
        }
        for (; row < rows; row++)
            for (nuint j = (nuint)lane; j < end; j += (nuint)Vector256<TAcc>.Count)
                (Vector256.LoadUnsafe(ref sum, j) + TTerm.Load256(ref x, (nuint)row * width + j, Vector256.LoadUnsafe(ref c, j))).StoreUnsafe(ref sum, j);
        return (int)end;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void LoopScalar<T, TAcc, TTerm>(ReadOnlySpan<T> cells, int rows, ReadOnlySpan<TAcc> centers, Span<TAcc> lanes, int lane)
        where T : unmanaged where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<T, TAcc>
    {
        for (int row = 0; row < rows; row++)
        {
            var x = cells.Slice(row * lanes.Length, lanes.Length);
            for (int j = lane; j < lanes.Length; j++) lanes[j] += TTerm.Of(x[j], centers[j]);
        }
    }

    /// <summary>
    /// Adds up groups of lanes: group j takes in group j + n/2, then j + n/4 …; the sum is left in group 0. <paramref name="lanes"/> are
    /// <paramref name="groups"/> (a power of two) groups of equal size, of which only the first <paramref name="used"/> hold something.
    /// </summary>
    public static void Fold<TAcc>(Span<TAcc> lanes, int groups, int used) where TAcc : unmanaged, INumber<TAcc>
    {
        int size = lanes.Length / groups;
        for (int half = groups / 2; half > 0; half /= 2)
        {
            if (used <= half) continue;   // the upper half is zero, and x + 0 is x
            var upper = lanes.Slice(half * size, (used - half) * size);
            var lower = lanes[..upper.Length];
            if (upper.Length >= 16) EwBinary.Apply<TAcc, Add<TAcc>>(lower, upper, lower);
            else
                for (int i = 0; i < lower.Length; i++) lower[i] += upper[i];
            used = half;
        }
    }

    /// <summary>The lanes for sums of <typeparamref name="TAcc"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Count<TAcc>() where TAcc : unmanaged => ReductionBlocks.LaneBytes / Unsafe.SizeOf<TAcc>();
}
