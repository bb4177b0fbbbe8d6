using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>One value put where another one stands. nan stands where a cell is nan, 0.0 also where it is -0.0.</summary>
public static class Replacement
{
    /// <summary>dst = x with every <paramref name="pattern"/> replaced. <paramref name="dst"/> may be <paramref name="x"/>.</summary>
    public static void Apply<T>(DenseMatrix<T> x, T pattern, T replacement, DenseMatrix<T> dst) where T : unmanaged
    {
        Elementwise.CheckDestination(x, dst);
        foreach (var (start, length) in x.Chunks()) Apply(x.Span(start, length), pattern, replacement, dst.WritableSpan(start, length));
    }

    /// <summary>dst[i] = x[i], or <paramref name="replacement"/> where x[i] is <paramref name="pattern"/>.</summary>
    public static void Apply<T>(ReadOnlySpan<T> x, T pattern, T replacement, Span<T> dst) where T : unmanaged
    {
        KernelGuard.SameLength(x.Length, dst.Length);
        int i = 0;
        if (Vector256.IsHardwareAccelerated && Vector256<T>.IsSupported) i = Loop256(x, pattern, replacement, dst, i);
        LoopScalar(x, pattern, replacement, dst, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void LoopScalar<T>(ReadOnlySpan<T> x, T pattern, T replacement, Span<T> dst, int i) where T : unmanaged
    {
        // The default equality of floats is the one wanted: nan equals nan, -0.0 equals 0.0.
        for (; i < dst.Length; i++) dst[i] = EqualityComparer<T>.Default.Equals(x[i], pattern) ? replacement : x[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Loop256<T>(ReadOnlySpan<T> x, T pattern, T replacement, Span<T> dst, int i) where T : unmanaged
    {
        ref T xs = ref MemoryMarshal.GetReference(x), ds = ref MemoryMarshal.GetReference(dst);
        Vector256<T> wanted = Vector256.Create(pattern), put = Vector256.Create(replacement);
        bool nan = Condition.IsNan(pattern);
        for (; i <= dst.Length - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            var cell = Vector256.LoadUnsafe(ref xs, (nuint)i);
            var match = nan ? ~Vector256.Equals(cell, cell) : Vector256.Equals(cell, wanted);
            Vector256.ConditionalSelect(match, put, cell).StoreUnsafe(ref ds, (nuint)i);
        }
        return i;
    }
}
