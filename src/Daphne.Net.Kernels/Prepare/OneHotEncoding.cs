using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Columns of codes as columns of zeros and ones.</summary>
public static class OneHotEncoding
{
    /// <summary>
    /// Each column by its entry of <paramref name="info"/>: n &gt; 0 makes n columns with a one at the code, 0 leaves it out, -1 keeps it. Fractions of codes are cut off.
    /// </summary>
    /// <exception cref="RaisedException">Info does not fit, or a cell is no code that info allows.</exception>
    public static DenseMatrix<T> Apply<T>(DenseMatrix<T> x, DenseMatrix<long> info) where T : unmanaged
    {
        if (info.Rows != 1 || info.Cols != x.Cols) throw Diag.OneHotInfoShape.Raise(x.Cols, info.Words());
        var counts = info.Row(0);
        long cols = 0;
        for (int c = 0; c < counts.Length; c++)
            cols += counts[c] is >= -1 and <= int.MaxValue ? Math.Abs(counts[c]) : throw Diag.OneHotInfo.Raise(c, counts[c]);
        if (cols == 0) throw Diag.OneHotNothing.Raise();
        var result = DenseMatrix<T>.Allocate(x.Rows, cols, zeroed: true);
        try
        {
            for (long r = 0; r < x.Rows; r++) Encode(x.Row(r), counts, result.WritableRow(r), r);
        }
        catch
        {
            result.Release();
            throw;
        }
        return result;
    }

    /// <summary>The same for strings: per column they have the codes 0, 1, … in order of first appearance. A column that is kept is kept as codes.</summary>
    /// <exception cref="RaisedException">Info does not fit.</exception>
    public static DenseMatrix<long> Apply(StringMatrix x, DenseMatrix<long> info)
    {
        var codes = Recoding.Columns(x);
        try
        {
            return Apply(codes, info);
        }
        finally
        {
            codes.Release();
        }
    }

    static void Encode<T>(ReadOnlySpan<T> cells, ReadOnlySpan<long> counts, Span<T> target, long row) where T : unmanaged
    {
        int at = 0;
        for (int c = 0; c < cells.Length; c++)
        {
            int count = (int)counts[c];
            if (count < 0) target[at++] = cells[c];
            else if (count > 0)
            {
                long code = CastCell.Convert<T, long>(cells[c]);
                // nan, and what no 64 bits hold, became the smallest number.
                if ((ulong)code >= (ulong)count) throw Diag.OneHotCode.Raise(row, c, cells[c], count - 1);
                target[at + (int)code] = CastCell.Convert<long, T>(1);
                at += count;
            }
        }
    }
}
