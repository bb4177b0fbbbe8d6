using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>Casts of cells from one type to another, by the rules of <see cref="CastCell"/>.</summary>
public static class Casts
{
    /// <summary>dst[i] = x[i] as <typeparamref name="TTo"/>.</summary>
    public static void Apply<TFrom, TTo>(ReadOnlySpan<TFrom> x, Span<TTo> dst) where TFrom : unmanaged where TTo : unmanaged
    {
        KernelGuard.SameLength(x.Length, dst.Length);
        for (int i = 0; i < x.Length; i++) dst[i] = CastCell.Convert<TFrom, TTo>(x[i]);
    }

    /// <summary>dst = x as <typeparamref name="TTo"/>, cell by cell.</summary>
    public static void Apply<TFrom, TTo>(DenseMatrix<TFrom> x, DenseMatrix<TTo> dst) where TFrom : unmanaged where TTo : unmanaged
    {
        Elementwise.CheckDestination(x, dst);
        foreach (var (start, length) in x.Chunks()) Apply(x.Span(start, length), dst.WritableSpan(start, length));
    }
}
