using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>The only cell-by-cell unary loops of the product; see <see cref="EwBinary"/>.</summary>
public static partial class EwUnary
{
    /// <summary>dst[i] = op(x[i]). dst may be x itself but must not partly overlap it.</summary>
    internal static void Apply<T, TOp>(ReadOnlySpan<T> x, Span<T> dst) where T : unmanaged where TOp : struct, IUnaryOp<T>
    {
        KernelGuard.SameLength(x.Length, dst.Length);
        int i = 0;
        if (TOp.IsVectorized && Wide.Use512 && dst.Length >= Vector512<T>.Count) i = Loop512<T, TOp>(x, dst, i);
        if (TOp.IsVectorized && Vector256.IsHardwareAccelerated && dst.Length - i >= Vector256<T>.Count) i = Loop256<T, TOp>(x, dst, i);
        if (i < dst.Length) LoopScalar<T, TOp>(x, dst, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void LoopScalar<T, TOp>(ReadOnlySpan<T> x, Span<T> dst, int i) where T : unmanaged where TOp : struct, IUnaryOp<T>
    {
        for (; i < dst.Length; i++) dst[i] = TOp.Invoke(x[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Loop256<T, TOp>(ReadOnlySpan<T> x, Span<T> dst, int i) where T : unmanaged where TOp : struct, IUnaryOp<T>
    {
        ref T xs = ref MemoryMarshal.GetReference(x), ds = ref MemoryMarshal.GetReference(dst);
        for (; i <= dst.Length - Vector256<T>.Count; i += Vector256<T>.Count)
            TOp.Invoke(Vector256.LoadUnsafe(ref xs, (nuint)i)).StoreUnsafe(ref ds, (nuint)i);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Loop512<T, TOp>(ReadOnlySpan<T> x, Span<T> dst, int i) where T : unmanaged where TOp : struct, IUnaryOp<T>
    {
        ref T xs = ref MemoryMarshal.GetReference(x), ds = ref MemoryMarshal.GetReference(dst);
        for (; i <= dst.Length - Vector512<T>.Count; i += Vector512<T>.Count)
            TOp.Invoke(Vector512.LoadUnsafe(ref xs, (nuint)i)).StoreUnsafe(ref ds, (nuint)i);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Check<T, TOp>(ReadOnlySpan<T> x, CellPlace place) where T : unmanaged where TOp : struct, IUnaryOp<T>
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated && Vector256<T>.IsSupported)
        {
            ref T xs = ref MemoryMarshal.GetReference(x);
            while (i <= x.Length - Vector256<T>.Count && TOp.AreDefined(Vector256.LoadUnsafe(ref xs, (nuint)i))) i += Vector256<T>.Count;
        }
        for (; i < x.Length; i++)
            if (!TOp.IsDefined(x[i])) throw TOp.Undefined(x[i], place.Of(i));
    }
}
