using System.Numerics;
using System.Runtime.CompilerServices;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>From dense to sparse and back. The sign of a zero is lost: a cell that is not stored is 0.0.</summary>
public static unsafe class Compression
{
    /// <summary>The cells that are not zero.</summary>
    public static CsrMatrix<T> ToSparse<T>(DenseMatrix<T> x, TaskRunner? run = null) where T : unmanaged, INumber<T>
    {
        using var counts = new Scratch<long>(x.Rows);
        long* count = counts.Cell0;
        ByRows(x, run, (first, end) =>
        {
            for (long r = first; r < end; r++)
            {
                T* row = x.Cell0 + r * x.Cols;
                long n = 0;
                for (long c = 0; c < x.Cols; c++) n += T.IsZero(row[c]) ? 0 : 1;
                count[r] = n;
            }
        });
        long stored = 0;
        for (long r = 0; r < x.Rows; r++) stored += count[r];
        var result = CsrMatrix<T>.Allocate(x.Rows, x.Cols, stored);
        Offsets(count, result);
        ByRows(x, run, (first, end) =>
        {
            for (long r = first; r < end; r++)
            {
                T* row = x.Cell0 + r * x.Cols;
                long at = result.Offsets[r];
                for (int c = 0; at < result.Offsets[r + 1]; c++)
                {
                    if (T.IsZero(row[c])) continue;
                    result.Columns[at] = c;
                    result.Values[at++] = row[c];
                }
            }
        });
        GC.KeepAlive(x);
        return result;
    }

    /// <summary>All cells.</summary>
    public static DenseMatrix<T> ToDense<T>(CsrMatrix<T> x, TaskRunner? run = null) where T : unmanaged
    {
        var result = DenseMatrix<T>.Allocate(x.Rows, x.Cols, zeroed: true);
        SparseRows.Run(x, run, (first, end) =>
        {
            for (long r = first; r < end; r++)
            {
                T* row = result.Cell0 + r * x.Cols;
                for (long at = x.Offsets[r]; at < x.Offsets[r + 1]; at++) row[x.Columns[at]] = x.Values[at];
            }
        });
        GC.KeepAlive(x);
        return result;
    }

    /// <summary>Offsets from the number of stored cells per row.</summary>
    internal static void Offsets<T>(long* counts, CsrMatrix<T> result) where T : unmanaged
    {
        long at = 0;
        for (long r = 0; r < result.Rows; r++)
        {
            result.Offsets[r] = at;
            at += counts[r];
        }
        result.Offsets[result.Rows] = at;
    }

    // Dense rows cost what they hold.
    static void ByRows<T>(DenseMatrix<T> x, TaskRunner? run, Action<long, long> kernel) where T : unmanaged
    {
        const long task = 1 << 18;
        if (run is null || x.Cells < 2 * task)
        {
            kernel(0, x.Rows);
            return;
        }
        long each = Math.Max(1, task / x.Cols);
        run(checked((int)((x.Rows + each - 1) / each)), i => kernel(i * each, Math.Min(x.Rows, (i + 1) * each)));
    }
}
