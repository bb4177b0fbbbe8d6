using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>
/// Panels: copies of a few rows (of the left operand) or columns (of the right one) in the order in which register tiles read them,
/// panel[k * width + lane], filled up with zeros to the full width.
/// </summary>
static unsafe class Panels
{
    /// <summary>
    /// Packs <paramref name="lanes"/> rows of <paramref name="x"/> from column 0 on, <paramref name="depth"/> columns deep, in panels of
    /// <paramref name="width"/> lanes; the last panel is as wide as <paramref name="lastWidth"/> says. For columns pass the operand turned.
    /// </summary>
    public static void Pack<T>(Operand<T> x, long lanes, long depth, int width, int lastWidth, T* to) where T : unmanaged
    {
        for (long lane = 0; lane < lanes; lane += width)
        {
            long count = Math.Min(width, lanes - lane);
            Pack(x.From(lane, 0), count, depth, lane + width >= lanes ? lastWidth : width, to);
            to += width * depth;
        }
    }

    static void Pack<T>(Operand<T> x, long lanes, long depth, int width, T* to) where T : unmanaged
    {
        if (x.RowStride == 1)
        {
            nint used = (nint)lanes * sizeof(T), whole = width * sizeof(T);
            for (long k = 0; k < depth; k++)
            {
                byte* row = (byte*)(to + k * width);
                Copy((byte*)(x.Cell0 + k * x.ColStride), row, used);
                Clear(row + used, whole - used);
            }
            return;
        }
        Transpose.Block(x.Cell0, x.RowStride, to, width, lanes, depth);
        if (lanes < width)
            for (long k = 0; k < depth; k++) Clear((byte*)(to + k * width + lanes), (nint)(width - lanes) * sizeof(T));
    }

    // There is a call for each row of a narrow matrix: memmove takes longer than a few registers do. The last one overlaps the one before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Copy(byte* from, byte* to, nint bytes)
    {
        if (bytes >= Vector256<byte>.Count)
        {
            nint last = bytes - Vector256<byte>.Count;
            for (nint at = 0; at < last; at += Vector256<byte>.Count) Vector256.Load(from + at).Store(to + at);
            Vector256.Load(from + last).Store(to + last);
        }
        else if (bytes >= Vector128<byte>.Count)
        {
            Vector128.Load(from).Store(to);
            nint last = bytes - Vector128<byte>.Count;
            Vector128.Load(from + last).Store(to + last);
        }
        else if (bytes >= sizeof(ulong))
        {
            Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<ulong>(from));
            nint last = bytes - sizeof(ulong);
            Unsafe.WriteUnaligned(to + last, Unsafe.ReadUnaligned<ulong>(from + last));
        }
        else for (nint at = 0; at < bytes; at++) to[at] = from[at];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Clear(byte* to, nint bytes)
    {
        if (bytes >= Vector256<byte>.Count)
        {
            nint last = bytes - Vector256<byte>.Count;
            for (nint at = 0; at < last; at += Vector256<byte>.Count) Vector256<byte>.Zero.Store(to + at);
            Vector256<byte>.Zero.Store(to + last);
        }
        else if (bytes >= Vector128<byte>.Count)
        {
            Vector128<byte>.Zero.Store(to);
            Vector128<byte>.Zero.Store(to + bytes - Vector128<byte>.Count);
        }
        else if (bytes >= sizeof(ulong))
        {
            Unsafe.WriteUnaligned(to, 0ul);
            Unsafe.WriteUnaligned(to + bytes - sizeof(ulong), 0ul);
        }
        else for (nint at = 0; at < bytes; at++) to[at] = 0;
    }
}
