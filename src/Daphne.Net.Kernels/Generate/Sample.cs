using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Random samples. The same seed gives the values that the original gives.</summary>
public static class Sample
{
    /// <summary>
    /// A column of <paramref name="size"/> values drawn from 0 … <paramref name="range"/> - 1 (floats: from [0, range)), with or without replacement.
    /// Of the seed the low 32 bits count; for "any" ask <see cref="SeedSource"/> first.
    /// </summary>
    /// <exception cref="RaisedException">The arguments make no sample, or there is no memory for it.</exception>
    public static DenseMatrix<T> Column<T>(T range, long size, bool withReplacement, long seed) where T : unmanaged
    {
        if (size <= 0) throw Diag.SampleSize.Raise(size);
        if (Comparer<T>.Default.Compare(range, default) <= 0) throw Diag.SampleRange.Raise(Printer.ToText(Datum.Of(range)));
        var g = new MersenneTwister(seed);
        if (typeof(T) == typeof(double)) return (DenseMatrix<T>)(object)Reals(size, withReplacement, () => UniformReals.Double(g.Next(), g.Next()) * Math.BitDecrement((double)(object)range));
        // The bound below is a double there, which rounds back to the range itself.
        if (typeof(T) == typeof(float)) return (DenseMatrix<T>)(object)Reals(size, withReplacement, () => UniformReals.Single(g.Next()) * (float)(object)range);

        ulong count = Datum.ToBits(range);
        if (!withReplacement && count < (ulong)size) throw Diag.SampleTooLarge.Raise(size, count);
        var result = DenseMatrix<T>.Allocate(size, 1);
        if (withReplacement)
            foreach (var (start, length) in result.Chunks())
                foreach (ref T value in result.WritableSpan(start, length)) value = Datum.FromBits<T>(UniformIntegers.UpTo(g, count - 1));
        else Choose(result, g, count);
        return result;
    }

    static DenseMatrix<T> Reals<T>(long size, bool withReplacement, Func<T> draw) where T : unmanaged
    {
        var result = DenseMatrix<T>.Allocate(size, 1);
        HashSet<T>? seen = withReplacement ? null : [];
        foreach (var (start, length) in result.Chunks())
            foreach (ref T value in result.WritableSpan(start, length))
                do value = draw(); while (seen is not null && !seen.Add(value));
        return result;
    }

    static void Choose<T>(DenseMatrix<T> result, MersenneTwister g, ulong count) where T : unmanaged
    {
        var choice = new CellChoice(g, count, (ulong)result.Rows);
        for (long i = 0; choice.TryNext(out ulong value); i++) result.WritableSpan(i, 1)[0] = Datum.FromBits<T>(value);
        unsafe
        {
            Shuffle(result.Cell0, (ulong)result.Rows, g);
        }
    }

    // std::shuffle of libstdc++: below 2^16 values one draw places two of them.
    static unsafe void Shuffle<T>(T* values, ulong size, MersenneTwister g) where T : unmanaged
    {
        ulong i = 1;
        if (uint.MaxValue / size >= size)
        {
            if (size % 2 == 0) Swap(values, i++, UniformIntegers.UpTo(g, 1));
            while (i < size)
            {
                ulong places = i + 1, both = UniformIntegers.UpTo(g, places * (places + 1) - 1);
                Swap(values, i++, both / (places + 1));
                Swap(values, i++, both % (places + 1));
            }
        }
        for (; i < size; i++) Swap(values, i, UniformIntegers.UpTo(g, i));
    }

    static unsafe void Swap<T>(T* values, ulong a, ulong b) where T : unmanaged => (values[a], values[b]) = (values[b], values[a]);
}
