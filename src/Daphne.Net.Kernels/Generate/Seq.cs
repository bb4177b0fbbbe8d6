using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Columns of values at equal distances.</summary>
public static class Seq
{
    // How far a float sequence may end beyond its bound, so that ten steps of 0.1 reach 1.
    const double Tolerance = 1e-13;

    /// <summary>
    /// The column <paramref name="from"/>, from + inc, … up to and with <paramref name="to"/>; no rows where the step leads away from it. Floats are
    /// made by repeated addition, and the last one may lie up to 1e-13 beyond the bound.
    /// </summary>
    /// <exception cref="RaisedException">The step is zero, an argument is not finite, or there is no memory for it.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public static DenseMatrix<T> Between<T>(T from, T to, T inc, CancellationToken ct = default) where T : unmanaged
    {
        if (typeof(T) == typeof(double)) return (DenseMatrix<T>)(object)Floats((double)(object)from, (double)(object)to, (double)(object)inc, ct);
        if (typeof(T) == typeof(float)) return (DenseMatrix<T>)(object)Floats((float)(object)from, (float)(object)to, (float)(object)inc, ct);
        int order = Comparer<T>.Default.Compare(from, to), direction = Comparer<T>.Default.Compare(inc, default);
        if (direction == 0) throw Diag.SeqNoStep.Raise();
        if (order * direction > 0) return DenseMatrix<T>.Allocate(0, 1);
        return Integers<T>(Datum.ToBits(from), Datum.ToBits(to), Datum.ToBits(inc), order > 0, direction < 0, ct);
    }

    static DenseMatrix<T> Integers<T>(ulong from, ulong to, ulong inc, bool downwards, bool negative, CancellationToken ct) where T : unmanaged
    {
        // Differences of two's complement numbers are right as unsigned numbers, whatever the sign.
        ulong distance = downwards ? from - to : to - from, step = negative ? 0 - inc : inc;
        ulong count = Math.Min(distance / step, long.MaxValue - 1) + 1;
        return Filled(DenseMatrix<T>.Allocate((long)count, 1), values =>
        {
            for (int i = 0; i < values.Length; i++, from += inc) values[i] = Datum.FromBits<T>(from);
        }, ct);
    }

    static DenseMatrix<T> Filled<T>(DenseMatrix<T> result, SpanAction<T> fill, CancellationToken ct) where T : unmanaged
    {
        try
        {
            foreach (var (start, length) in Rand.Pieces(result, ct)) fill(result.WritableSpan(start, length));
            return result;
        }
        catch (OperationCanceledException)
        {
            result.Release();
            throw;
        }
    }

    delegate void SpanAction<T>(Span<T> values);

    static DenseMatrix<T> Floats<T>(T from, T to, T inc, CancellationToken ct) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (inc == T.Zero) throw Diag.SeqNoStep.Raise();
        T first = from, last = from, steps = T.Ceiling(T.Abs(to - from) / T.Abs(inc));
        if (!T.IsFinite(from) || !T.IsFinite(to) || !T.IsFinite(inc) || !T.IsFinite(steps)) throw Diag.SeqNotFinite.Raise(Text(from), Text(to), Text(inc));
        if ((from > to && inc > T.Zero) || (from < to && inc < T.Zero)) return DenseMatrix<T>.Allocate(0, 1);
        // The memory first: whoever asks for more than there is must not wait for the additions.
        long count = Math.Min(long.CreateSaturating(steps), long.MaxValue - 1);
        var result = Filled(DenseMatrix<T>.Allocate(count + 1, 1), values =>
        {
            // In locals, not in the closure: each addition waits for the one before it.
            T next = from, before = last;
            foreach (ref T value in values) (value, next, before) = (next, next + inc, next);
            (from, last) = (next, before);
        }, ct);
        if (!Beyond()) return result;
        var shorter = result.RowRange(0, count);
        result.Release();
        return shorter;

        bool Beyond() => first < to ? last - to > T.CreateTruncating(Tolerance) : first > to && to - last > T.CreateTruncating(Tolerance);
    }

    static string Text<T>(T value) where T : unmanaged => Printer.ToText(Datum.Of(value));
}
