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
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public static DenseMatrix<T> Column<T>(T range, long size, bool withReplacement, long seed, CancellationToken ct = default) where T : unmanaged
    {
        if (size <= 0) throw Diag.SampleSize.Raise(size);
        if (Comparer<T>.Default.Compare(range, default) <= 0) throw Diag.SampleRange.Raise(Printer.ToText(Datum.Of(range)));
        ulong count = typeof(T) == typeof(double) || typeof(T) == typeof(float) ? ulong.MaxValue : Datum.ToBits(range);
        if (!withReplacement && count < (ulong)size) throw Diag.SampleTooLarge.Raise(size, count);
        var result = DenseMatrix<T>.Allocate(size, 1);
        try
        {
            Draw(result, new(seed), range, withReplacement, ct);
        }
        catch (OperationCanceledException)
        {
            result.Release();
            throw;
        }
        return result;
    }

    static void Draw<T>(DenseMatrix<T> result, MersenneTwister g, T range, bool withReplacement, CancellationToken ct) where T : unmanaged
    {
        ulong count = Datum.ToBits(range);
        if (range is double most)
        {
            double below = Math.BitDecrement(most);
            Draw(result, withReplacement, () => (T)(object)(UniformReals.Double(g.Next(), g.Next()) * below), ct);
        }
        // The bound below is a double there, which rounds back to the range itself.
        else if (range is float width) Draw(result, withReplacement, () => (T)(object)(UniformReals.Single(g.Next()) * width), ct);
        else if (withReplacement) Draw(result, true, () => Datum.FromBits<T>(UniformIntegers.UpTo(g, count - 1)), ct);
        else Choose(result, g, count, ct);
    }

    static void Draw<T>(DenseMatrix<T> result, bool withReplacement, Func<T> draw, CancellationToken ct) where T : unmanaged
    {
        HashSet<T>? seen = withReplacement ? null : [];
        foreach (var (start, length) in Rand.Pieces(result, ct))
            foreach (ref T value in result.WritableSpan(start, length))
            {
                // Of few floats the last one may take long to come, or never come.
                for (int tries = 1; ; tries++)
                {
                    value = draw();
                    if (seen is null || seen.Add(value)) break;
                    if (tries % (1 << 16) == 0) ct.ThrowIfCancellationRequested();
                }
            }
    }

    static void Choose<T>(DenseMatrix<T> result, MersenneTwister g, ulong count, CancellationToken ct) where T : unmanaged
    {
        var choice = new CellChoice(g, count, (ulong)result.Rows, ct);
        for (long i = 0; choice.TryNext(out ulong value); i++) result.WritableSpan(i, 1)[0] = Datum.FromBits<T>(value);
        unsafe
        {
            Shuffle(result.Cell0, (ulong)result.Rows, g, ct);
        }
    }

    // std::shuffle of libstdc++: below 2^16 values one draw places two of them.
    static unsafe void Shuffle<T>(T* values, ulong size, MersenneTwister g, CancellationToken ct) where T : unmanaged
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
        for (; i < size; i++)
        {
            if (i % (1 << 20) == 0) ct.ThrowIfCancellationRequested();
            Swap(values, i, UniformIntegers.UpTo(g, i));
        }
    }

    static unsafe void Swap<T>(T* values, ulong a, ulong b) where T : unmanaged => (values[a], values[b]) = (values[b], values[a]);
}
