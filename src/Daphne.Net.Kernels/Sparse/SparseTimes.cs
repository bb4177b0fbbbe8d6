using System.Numerics;
using System.Runtime.Intrinsics.X86;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>
/// Products cell by cell with a sparse matrix. Null where the result would not be sparse, because zero meets infinity or nan: then the dense kernel
/// decides.
/// </summary>
public static unsafe class SparseTimes
{
    /// <summary>x * y for sparse matrices of one shape: the cells that both store.</summary>
    public static CsrMatrix<T>? Both<T>(CsrMatrix<T> x, CsrMatrix<T> y) where T : unmanaged, INumber<T>
    {
        if (!Finite.All(x) || !Finite.All(y)) return null;
        var result = CsrMatrix<T>.Allocate(x.Rows, x.Cols, Math.Min(x.Stored, y.Stored));
        long to = 0;
        result.Offsets[0] = 0;
        for (long r = 0; r < x.Rows; r++)
        {
            long a = x.Offsets[r], endA = x.Offsets[r + 1], b = y.Offsets[r], endB = y.Offsets[r + 1];
            while (a < endA && b < endB)
            {
                int left = x.Columns[a], right = y.Columns[b];
                if (left == right)
                {
                    result.Columns[to] = left;
                    result.Values[to++] = x.Values[a] * y.Values[b];
                }
                a += left <= right ? 1 : 0;
                b += right <= left ? 1 : 0;
            }
            result.Offsets[r + 1] = to;
        }
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        return result;
    }

    /// <summary>x * y; y has the shape of x, or is one row of as many columns, or one column of as many rows.</summary>
    public static CsrMatrix<T>? Dense<T>(CsrMatrix<T> x, DenseMatrix<T> y, TaskRunner? run = null) where T : unmanaged, INumber<T>
    {
        if (!Finite.All(y)) return null;
        var result = x.WithNewValues<T>();
        // How far it is to the next row and to the next column of y.
        long down = y.Rows == x.Rows ? y.Cols : 0, right = y.Cols == x.Cols ? 1 : 0;
        SparseRows.Run(x, run, (first, end) =>
        {
            for (long r = first; r < end; r++)
            {
                T* factors = y.Cell0 + r * down;
                for (long at = x.Offsets[r]; at < x.Offsets[r + 1]; at++) result.Values[at] = x.Values[at] * factors[x.Columns[at] * right];
            }
        });
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        return result;
    }

    /// <summary>The largest cell of each row of x * y for a row y, zeros included; the product is never stored.</summary>
    public static DenseMatrix<T>? LargestOfRows<T>(CsrMatrix<T> x, DenseMatrix<T> y, TaskRunner? run = null) where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        if (!Finite.All(y)) return null;
        var result = DenseMatrix<T>.Allocate(x.Rows, 1);
        SparseRows.Run(x, run, (first, end) =>
        {
            for (long r = first; r < end; r++) result.Cell0[r] = LargestOfRow(x, r, y.Cell0);
        });
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        return result;
    }

    // Four chains, so that a comparison does not wait for the one before it. A nan in front stays, others are passed over.
    static T LargestOfRow<T>(CsrMatrix<T> x, long row, T* factors) where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        long at = x.Offsets[row], end = x.Offsets[row + 1];
        T a = end - at < x.Cols ? T.Zero : Largest<T>.Identity, b = a, c = a, d = a;
        int* columns = x.Columns;
        T* values = x.Values;
        if (at < end && columns[at] == 0 && T.IsNaN(values[at] * factors[0])) return values[at] * factors[0];
        for (; at <= end - 4; at += 4)
        {
            a = Larger(a, values[at] * factors[columns[at]]);
            b = Larger(b, values[at + 1] * factors[columns[at + 1]]);
            c = Larger(c, values[at + 2] * factors[columns[at + 2]]);
            d = Larger(d, values[at + 3] * factors[columns[at + 3]]);
        }
        for (; at < end; at++) a = Larger(a, values[at] * factors[columns[at]]);
        return Larger(Larger(a, b), Larger(c, d));
    }

    // The native maximum of x86 gives its second operand where one of them is nan; elsewhere that is another one.
    static T Larger<T>(T best, T x) where T : unmanaged, INumber<T> =>
        X86Base.IsSupported && typeof(T) == typeof(double) ? (T)(object)double.MaxNative((double)(object)x, (double)(object)best)
        : X86Base.IsSupported && typeof(T) == typeof(float) ? (T)(object)float.MaxNative((float)(object)x, (float)(object)best)
        : x > best ? x : best;
}
