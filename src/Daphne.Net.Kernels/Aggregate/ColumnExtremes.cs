using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>The extremes of each column, pushed in pieces of whole rows.</summary>
sealed class ColumnExtremes<T, TOp> where T : unmanaged, INumber<T> where TOp : struct, IExtreme<T>
{
    // Narrower rows are taken several at a time, side by side.
    const int Abreast = 32;

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
        else if (cols < Abreast) PushNarrow(cells, cols);
        else
            for (int at = 0; at < cells.Length; at += cols) EwBinary.Apply<T, TOp>(best, cells.Slice(at, cols), best);
    }

    void PushNarrow(ReadOnlySpan<T> cells, int cols)
    {
        int width = Abreast / cols * cols, whole = cells.Length - cells.Length % width;
        Span<T> wide = stackalloc T[width];
        wide.Fill(TOp.Identity);
        for (int at = 0; at < whole; at += width) EwBinary.Apply<T, TOp>(wide, cells.Slice(at, width), wide);
        for (int i = whole; i < cells.Length; i++) wide[i - whole] = TOp.Invoke(wide[i - whole], cells[i]);
        for (int i = cols; i < width; i++) wide[i % cols] = TOp.Invoke(wide[i % cols], wide[i]);
        for (int j = 0; j < cols; j++) best[j] = TOp.Invoke(best[j], FirstZero(cells, j, wide[j]));
    }

    // As Extreme.FirstZero, down a column.
    T FirstZero(ReadOnlySpan<T> cells, int column, T extreme)
    {
        if ((typeof(T) != typeof(double) && typeof(T) != typeof(float)) || !T.IsZero(extreme)) return extreme;
        int i = column;
        while (!T.IsZero(cells[i])) i += best.Length;   // it is there: extreme is one of these cells
        return cells[i];
    }
}
