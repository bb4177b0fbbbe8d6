using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>
/// The only cell-by-cell binary loops of the product: one per operand form and width, compiled once per operator and cell type. Widths are internal
/// methods of their own, so that tests drive every width on every machine. They are compiled with all optimisations at once (AggressiveOptimization here
/// and in the other families): a script often calls a loop a single time, and the quick first compilation would run it ten times slower.
/// </summary>
public static partial class EwBinary
{
    /// <summary>dst[i] = op(x[i], y[i]). dst may be x or y themselves but must not partly overlap them.</summary>
    internal static void Apply<T, TOp>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> dst) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        KernelGuard.SameLength(x.Length, y.Length, dst.Length);
        int i = 0;
        if (TOp.IsVectorized && Wide.Use512 && dst.Length >= Vector512<T>.Count) i = Loop512<T, TOp>(x, y, dst, i);
        if (TOp.IsVectorized && Vector256.IsHardwareAccelerated && dst.Length - i >= Vector256<T>.Count) i = Loop256<T, TOp>(x, y, dst, i);
        if (i < dst.Length) LoopScalar<T, TOp>(x, y, dst, i);
    }

    /// <summary>dst[i] = op(x[i], y).</summary>
    internal static void ApplyRightScalar<T, TOp>(ReadOnlySpan<T> x, T y, Span<T> dst) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        KernelGuard.SameLength(x.Length, dst.Length);
        int i = 0;
        if (TOp.IsVectorized && Wide.Use512 && dst.Length >= Vector512<T>.Count) i = RightScalar512<T, TOp>(x, y, dst, i);
        if (TOp.IsVectorized && Vector256.IsHardwareAccelerated && dst.Length - i >= Vector256<T>.Count) i = RightScalar256<T, TOp>(x, y, dst, i);
        if (i < dst.Length) RightScalarLoop<T, TOp>(x, y, dst, i);
    }

    /// <summary>dst[i] = op(x, y[i]).</summary>
    internal static void ApplyLeftScalar<T, TOp>(T x, ReadOnlySpan<T> y, Span<T> dst) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        KernelGuard.SameLength(y.Length, dst.Length);
        int i = 0;
        if (TOp.IsVectorized && Wide.Use512 && dst.Length >= Vector512<T>.Count) i = LeftScalar512<T, TOp>(x, y, dst, i);
        if (TOp.IsVectorized && Vector256.IsHardwareAccelerated && dst.Length - i >= Vector256<T>.Count) i = LeftScalar256<T, TOp>(x, y, dst, i);
        if (i < dst.Length) LeftScalarLoop<T, TOp>(x, y, dst, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void LoopScalar<T, TOp>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> dst, int i) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        for (; i < dst.Length; i++) dst[i] = TOp.Invoke(x[i], y[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void RightScalarLoop<T, TOp>(ReadOnlySpan<T> x, T y, Span<T> dst, int i) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        for (; i < dst.Length; i++) dst[i] = TOp.Invoke(x[i], y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void LeftScalarLoop<T, TOp>(T x, ReadOnlySpan<T> y, Span<T> dst, int i) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        for (; i < dst.Length; i++) dst[i] = TOp.Invoke(x, y[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Loop256<T, TOp>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> dst, int i) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        ref T xs = ref MemoryMarshal.GetReference(x), ys = ref MemoryMarshal.GetReference(y), ds = ref MemoryMarshal.GetReference(dst);
        for (; i <= dst.Length - Vector256<T>.Count; i += Vector256<T>.Count)
            TOp.Invoke(Vector256.LoadUnsafe(ref xs, (nuint)i), Vector256.LoadUnsafe(ref ys, (nuint)i)).StoreUnsafe(ref ds, (nuint)i);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Loop512<T, TOp>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> dst, int i) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        ref T xs = ref MemoryMarshal.GetReference(x), ys = ref MemoryMarshal.GetReference(y), ds = ref MemoryMarshal.GetReference(dst);
        for (; i <= dst.Length - Vector512<T>.Count; i += Vector512<T>.Count)
            TOp.Invoke(Vector512.LoadUnsafe(ref xs, (nuint)i), Vector512.LoadUnsafe(ref ys, (nuint)i)).StoreUnsafe(ref ds, (nuint)i);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int RightScalar256<T, TOp>(ReadOnlySpan<T> x, T y, Span<T> dst, int i) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        ref T xs = ref MemoryMarshal.GetReference(x), ds = ref MemoryMarshal.GetReference(dst);
        var all = Vector256.Create(y);
        for (; i <= dst.Length - Vector256<T>.Count; i += Vector256<T>.Count)
            TOp.Invoke(Vector256.LoadUnsafe(ref xs, (nuint)i), all).StoreUnsafe(ref ds, (nuint)i);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int RightScalar512<T, TOp>(ReadOnlySpan<T> x, T y, Span<T> dst, int i) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        ref T xs = ref MemoryMarshal.GetReference(x), ds = ref MemoryMarshal.GetReference(dst);
        var all = Vector512.Create(y);
        for (; i <= dst.Length - Vector512<T>.Count; i += Vector512<T>.Count)
            TOp.Invoke(Vector512.LoadUnsafe(ref xs, (nuint)i), all).StoreUnsafe(ref ds, (nuint)i);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int LeftScalar256<T, TOp>(T x, ReadOnlySpan<T> y, Span<T> dst, int i) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        ref T ys = ref MemoryMarshal.GetReference(y), ds = ref MemoryMarshal.GetReference(dst);
        var all = Vector256.Create(x);
        for (; i <= dst.Length - Vector256<T>.Count; i += Vector256<T>.Count)
            TOp.Invoke(all, Vector256.LoadUnsafe(ref ys, (nuint)i)).StoreUnsafe(ref ds, (nuint)i);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int LeftScalar512<T, TOp>(T x, ReadOnlySpan<T> y, Span<T> dst, int i) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        ref T ys = ref MemoryMarshal.GetReference(y), ds = ref MemoryMarshal.GetReference(dst);
        var all = Vector512.Create(x);
        for (; i <= dst.Length - Vector512<T>.Count; i += Vector512<T>.Count)
            TOp.Invoke(all, Vector512.LoadUnsafe(ref ys, (nuint)i)).StoreUnsafe(ref ds, (nuint)i);
        return i;
    }

    // Operands without a result, for the few operators that have such: looked for before anything is computed.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Check<T, TOp>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, CellPlace place) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        KernelGuard.SameLength(x.Length, y.Length);
        for (int i = 0; i < x.Length; i++)
            if (!TOp.IsDefined(x[i], y[i])) throw TOp.Undefined(x[i], y[i], place.Of(i));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void CheckRightScalar<T, TOp>(ReadOnlySpan<T> x, T y, CellPlace place) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        for (int i = 0; i < x.Length; i++)
            if (!TOp.IsDefined(x[i], y)) throw TOp.Undefined(x[i], y, place.Of(i));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void CheckLeftScalar<T, TOp>(T x, ReadOnlySpan<T> y, CellPlace place) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        for (int i = 0; i < y.Length; i++)
            if (!TOp.IsDefined(x, y[i])) throw TOp.Undefined(x, y[i], place.Of(i));
    }
}
