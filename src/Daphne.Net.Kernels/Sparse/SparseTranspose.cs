using System.Runtime.InteropServices;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>Sparse matrices with rows and columns swapped.</summary>
public static unsafe class SparseTranspose
{
    /// <summary>The transpose: stored cells are counted by column, then put there in the order of the rows, so that they ascend.</summary>
    public static CsrMatrix<T> Apply<T>(CsrMatrix<T> x) where T : unmanaged
    {
        var result = CsrMatrix<T>.Allocate(x.Cols, x.Rows, x.Stored);
        // One place further than it belongs, so that filling moves every offset to where it should be.
        long* next = result.Offsets;
        NativeMemory.Clear(next, (nuint)((x.Cols + 1) * sizeof(long)));
        long begin = x.Offsets[0], end = x.Offsets[x.Rows];
        if (x.Cols > 0)
        {
            for (long at = begin; at < end; at++)
                if (x.Columns[at] + 2 <= x.Cols) next[x.Columns[at] + 2]++;
            for (long c = 2; c <= x.Cols; c++) next[c] += next[c - 1];
        }
        for (long r = 0; r < x.Rows; r++)
            for (long at = x.Offsets[r]; at < x.Offsets[r + 1]; at++)
            {
                long to = next[x.Columns[at] + 1]++;
                result.Columns[to] = (int)r;
                result.Values[to] = x.Values[at];
            }
        GC.KeepAlive(x);
        return result;
    }
}
