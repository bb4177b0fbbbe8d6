using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Cells as numbers of bins of one width. A bin holds its upper border, and not its lower one; the first one holds both.</summary>
public static class Binning
{
    /// <summary>dst = the bin of each cell of <paramref name="x"/>, from 0; what lies outside of the interval is in the first or last bin, nan stays nan. <paramref name="dst"/> may be <paramref name="x"/>.</summary>
    /// <exception cref="RaisedException">There are no such bins.</exception>
    public static void Apply<T>(DenseMatrix<T> x, long bins, T min, T max, DenseMatrix<T> dst) where T : unmanaged, INumber<T>
    {
        Check(bins, min, max);
        Elementwise.CheckDestination(x, dst);
        double width = Distance(min, max) / bins;
        foreach (var (start, length) in x.Chunks())
        {
            var cells = x.Span(start, length);
            var numbers = dst.WritableSpan(start, length);
            if (min == max) numbers.Clear();
            else
                for (int i = 0; i < cells.Length; i++) numbers[i] = cells[i] <= min ? T.Zero : Number(cells[i], min, width, bins);
        }
    }

    static T Number<T>(T cell, T min, double width, long bins) where T : unmanaged, INumber<T>
    {
        double number = Math.Ceiling(Distance(min, cell) / width) - 1;
        return T.CreateTruncating(number < 0 ? 0 : number >= bins ? bins - 1 : number);
    }

    // Of whole numbers exact before it is rounded: their difference fits 64 bits without a sign.
    static double Distance<T>(T from, T to) where T : unmanaged, INumber<T> =>
        typeof(T) == typeof(double) || typeof(T) == typeof(float) ? double.CreateTruncating(to - from) : unchecked(ulong.CreateTruncating(to) - ulong.CreateTruncating(from));

    static void Check<T>(long bins, T min, T max) where T : unmanaged, INumber<T>
    {
        if (bins <= 0) throw Diag.BinCount.Raise(bins);
        if (!T.IsFinite(min) || !T.IsFinite(max) || !T.IsFinite(max - min) || (min >= max && !(min == max && bins == 1))) throw Diag.BinBounds.Raise(min, max, bins == 1 ? "1 bin" : $"{bins} bins");
        if (long.CreateSaturating(T.CreateTruncating(bins - 1)) != bins - 1) throw Diag.BinNumbers.Raise(bins, ValueTypes.Of<T>().DslName());
    }
}
