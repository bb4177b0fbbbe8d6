using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>Every row of one table beside every row of another one.</summary>
public static unsafe class Cartesian
{
    /// <summary>The pairs of rows, left-major.</summary>
    /// <exception cref="Dialect.RaisedException">There is no memory for them.</exception>
    public static JoinedRows Rows(long leftRows, long rightRows, CancellationToken ct = default)
    {
        var left = DenseMatrix<long>.Allocate(Product(leftRows, rightRows), 1);
        var right = DenseMatrix<long>.Allocate(left.Rows, 1);
        long to = 0;
        for (long l = 0; l < leftRows; l++)
        {
            ct.ThrowIfCancellationRequested();
            for (long r = 0; r < rightRows; r++, to++) (left.Cell0[to], right.Cell0[to]) = (l, r);
        }
        return new(left, right);
    }

    // What is too much for 64 bits is too much for the memory, which says so.
    static long Product(long a, long b) => (long)Int128.Min((Int128)a * b, long.MaxValue);
}
