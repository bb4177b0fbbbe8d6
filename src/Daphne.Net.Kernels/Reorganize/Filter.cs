using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Rows and columns where a column of 0 and 1 has 1.</summary>
public static unsafe class Filter
{
    /// <summary>The rows where <paramref name="keep"/> has 1.</summary>
    /// <exception cref="RaisedException">The filter is no column of 0 and 1, or not as long as the matrix has rows.</exception>
    public static DenseMatrix<T> Rows<T>(DenseMatrix<T> x, Matrix keep) where T : unmanaged
    {
        var kept = Kept(keep, x.Rows, "row", x, out long count);
        var result = Extract.Gather(x, kept.Cell0, count);
        kept.Release();
        return result;
    }

    /// <summary>The columns where <paramref name="keep"/> has 1.</summary>
    /// <exception cref="RaisedException">The filter is no column of 0 and 1, or not as long as the matrix has columns.</exception>
    public static DenseMatrix<T> Cols<T>(DenseMatrix<T> x, Matrix keep) where T : unmanaged
    {
        var kept = Kept(keep, x.Cols, "column", x, out long count);
        var result = DenseMatrix<T>.Allocate(x.Rows, count);
        for (long r = 0; r < x.Rows; r++)
        {
            T* from = x.Cell0 + r * x.Cols, to = result.Cell0 + r * count;
            for (long c = 0; c < count; c++) to[c] = from[kept.Cell0[c]];
        }
        kept.Release();
        GC.KeepAlive(x);
        return result;
    }

    /// <summary>The positions of the ones, in a column that may be longer; <paramref name="of"/> is what is filtered.</summary>
    internal static DenseMatrix<long> Kept(Matrix keep, long extent, string axis, DataObject of, out long count)
    {
        var flags = Positions.Read(keep, "a filter");
        try
        {
            if (flags.Rows != extent) throw Diag.FilterLength.Raise(axis, flags.Rows, of.Words());
            CheckWholeValues(keep, flags);
            var kept = DenseMatrix<long>.Allocate(extent, 1);
            count = 0;
            for (long i = 0; i < extent; i++)
            {
                kept.Cell0[count] = i;
                count += flags.Cell0[i];
            }
            return kept;
        }
        finally
        {
            flags.Release();
        }
    }

    // 0.5 would be cut to 0; a filter of such values is a mistake, not a filter.
    static void CheckWholeValues(Matrix keep, DenseMatrix<long> flags)
    {
        for (long i = 0; i < flags.Rows; i++)
        {
            bool fraction = keep.Here() switch { DenseMatrix<double> d => d.Cell0[i] != flags.Cell0[i], DenseMatrix<float> f => f.Cell0[i] != flags.Cell0[i], _ => false };
            if ((ulong)flags.Cell0[i] > 1 || fraction) throw Diag.FilterValue.Raise(i, fraction ? Positions.CellText(keep, i) : flags.Cell0[i]);
        }
    }
}
