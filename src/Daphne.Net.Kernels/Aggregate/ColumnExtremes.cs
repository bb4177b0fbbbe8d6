using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>The extremes of each column, pushed in pieces of whole rows.</summary>
sealed class ColumnExtremes<T, TOp> where T : unmanaged, INumber<T> where TOp : struct, IExtreme<T>
{
    readonly T[] best;
    bool keepsNan;

    /// <summary>With <paramref name="first"/> the first row pushed is the first of the matrix, and a nan in it stays.</summary>
    public ColumnExtremes(int cols, bool first)
    {
        best = new T[cols];
        Array.Fill(best, TOp.Identity);
        keepsNan = first;
    }

    public ReadOnlySpan<T> Best => best;

    public void PushRows(ReadOnlySpan<T> cells)
    {
        int cols = best.Length;
        if (cols == 0 || cells.IsEmpty) return;
        if (keepsNan)
        {
            cells[..cols].CopyTo(best);
            cells = cells[cols..];
            keepsNan = false;
        }
        if (cols == 1) best[0] = TOp.Invoke(best[0], Extreme.Of<T, TOp>(cells));
        else
            for (int at = 0; at < cells.Length; at += cols) EwBinary.Apply<T, TOp>(best, cells.Slice(at, cols), best);
    }
}
