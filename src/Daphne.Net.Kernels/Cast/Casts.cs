using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>Casts of cells from one type to another, by the rules of <see cref="CastCell"/>.</summary>
public static class Casts
{
    /// <summary>dst[i] = x[i] as <typeparamref name="TTo"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TFrom, TTo>(ReadOnlySpan<TFrom> x, Span<TTo> dst) where TFrom : unmanaged where TTo : unmanaged
    {
        KernelGuard.SameLength(x.Length, dst.Length);
        int i = 0;
        if (Wide.Use512 && typeof(TFrom) == typeof(double) && typeof(TTo) == typeof(long)) i = Truncate512(MemoryMarshal.Cast<TFrom, double>(x), MemoryMarshal.Cast<TTo, long>(dst));
        for (; i < x.Length; i++) dst[i] = CastCell.Convert<TFrom, TTo>(x[i]);
    }

    // Only 512-bit machines have the instruction, and only in range do all processors agree on what it yields.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Truncate512(ReadOnlySpan<double> x, Span<long> dst)
    {
        ref double xs = ref MemoryMarshal.GetReference(x);
        ref long ds = ref MemoryMarshal.GetReference(dst);
        int i = 0;
        for (; i <= x.Length - Vector512<double>.Count; i += Vector512<double>.Count)
        {
            var cells = Vector512.LoadUnsafe(ref xs, (nuint)i);
            if (Vector512.LessThanAll(Vector512.Abs(cells), Vector512.Create(9223372036854775808.0))) Vector512.ConvertToInt64Native(cells).StoreUnsafe(ref ds, (nuint)i);
            else
                for (int k = i; k < i + Vector512<double>.Count; k++) dst[k] = CastCell.Convert<double, long>(x[k]);
        }
        return i;
    }

    /// <summary>dst = x as <typeparamref name="TTo"/>, cell by cell.</summary>
    public static void Apply<TFrom, TTo>(DenseMatrix<TFrom> x, DenseMatrix<TTo> dst) where TFrom : unmanaged where TTo : unmanaged
    {
        Elementwise.CheckDestination(x, dst);
        foreach (var (start, length) in x.Chunks()) Apply(x.Span(start, length), dst.WritableSpan(start, length));
    }
}
