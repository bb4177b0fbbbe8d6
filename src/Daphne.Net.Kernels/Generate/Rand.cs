using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Random matrices. The same seed gives the cells that the original gives.</summary>
public static class Rand
{
    /// <summary>
    /// A matrix whose cells lie evenly between <paramref name="min"/> and <paramref name="max"/> (integers: both included; floats: up to max), none of
    /// them zero but for the share 1 - <paramref name="sparsity"/>. Of the seed the low 32 bits count; for "any" ask <see cref="SeedSource"/> first.
    /// </summary>
    /// <exception cref="RaisedException">The arguments make no matrix, or there is no memory for it.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public static DenseMatrix<T> Dense<T>(long rows, long cols, T min, T max, double sparsity, long seed, CancellationToken ct = default) where T : unmanaged
    {
        Check(rows, cols, min, max, sparsity);
        bool startsFull = sparsity >= 0.5;
        ulong chosen = (ulong)Math.Round((startsFull ? 1 - sparsity : sparsity) * cols * rows, MidpointRounding.AwayFromZero);
        var values = new NonZeroStream<T>(new(seed), min, max);
        var choice = new CellChoice(new(seed * 3), (ulong)rows * (ulong)cols, chosen, ct);
        var result = DenseMatrix<T>.Allocate(rows, cols, zeroed: !startsFull);
        try
        {
            if (startsFull)
            {
                foreach (var (start, length) in Pieces(result, ct)) values.Next(result.WritableSpan(start, length));
                while (choice.TryNext(out ulong cell)) result.WritableSpan((long)cell, 1)[0] = default;
            }
            else Scatter(result, values, choice, chosen);
        }
        catch (OperationCanceledException)
        {
            result.Release();
            throw;
        }
        return result;
    }

    /// <summary>All cells in pieces of some milliseconds, as far as nobody cancels.</summary>
    internal static IEnumerable<(long Start, int Length)> Pieces<T>(DenseMatrix<T> matrix, CancellationToken ct) where T : unmanaged
    {
        const int most = 1 << 20;
        for (long start = 0; start < matrix.Cells; start += most)
        {
            ct.ThrowIfCancellationRequested();
            yield return (start, (int)Math.Min(most, matrix.Cells - start));
        }
    }

    static void Scatter<T>(DenseMatrix<T> result, NonZeroStream<T> values, CellChoice choice, ulong chosen) where T : unmanaged
    {
        T[] block = new T[Math.Min(chosen, 1024)];
        for (int used = block.Length; choice.TryNext(out ulong cell); used++, chosen--)
        {
            if (used == block.Length)
            {
                values.Next(block.AsSpan(0, (int)Math.Min(chosen, (ulong)block.Length)));
                used = 0;
            }
            result.WritableSpan((long)cell, 1)[0] = block[used];
        }
    }

    internal static void Check<T>(long rows, long cols, T min, T max, double sparsity) where T : unmanaged
    {
        if (rows <= 0 || cols <= 0) throw Diag.RandShape.Raise(rows, cols);
        if (Comparer<T>.Default.Compare(min, max) > 0 && !IsNaN(max)) throw Diag.RandBounds.Raise(Text(min), Text(max));
        if (IsZero(min) && IsZero(max)) throw Diag.RandZero.Raise();
        if (!(sparsity is >= 0 and <= 1)) throw Diag.RandSparsity.Raise(sparsity);
    }

    static bool IsZero<T>(T value) where T : unmanaged => EqualityComparer<T>.Default.Equals(value, default);

    static bool IsNaN<T>(T value) where T : unmanaged => value is double.NaN or float.NaN;

    static string Text<T>(T value) where T : unmanaged => Printer.ToText(Datum.Of(value));
}
