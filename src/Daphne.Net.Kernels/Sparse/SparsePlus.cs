using System.Numerics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>Sums cell by cell of sparse matrices of one shape: the cells that one of them stores.</summary>
public static unsafe class SparsePlus
{
    /// <summary>x + y.</summary>
    public static CsrMatrix<T> Add<T>(CsrMatrix<T> x, CsrMatrix<T> y) where T : unmanaged, INumber<T> => Merge<T, Add<T>>(x, y);

    /// <summary>x - y.</summary>
    public static CsrMatrix<T> Subtract<T>(CsrMatrix<T> x, CsrMatrix<T> y) where T : unmanaged, INumber<T> => Merge<T, Subtract<T>>(x, y);

    static CsrMatrix<T> Merge<T, TOp>(CsrMatrix<T> x, CsrMatrix<T> y) where T : unmanaged, INumber<T> where TOp : struct, IBinaryOp<T>
    {
        var result = CsrMatrix<T>.Allocate(x.Rows, x.Cols, x.Stored + y.Stored);
        long to = 0;
        result.Offsets[0] = 0;
        for (long r = 0; r < x.Rows; r++)
        {
            long a = x.Offsets[r], endA = x.Offsets[r + 1], b = y.Offsets[r], endB = y.Offsets[r + 1];
            while (a < endA || b < endB)
            {
                int left = a < endA ? x.Columns[a] : int.MaxValue, right = b < endB ? y.Columns[b] : int.MaxValue;
                result.Columns[to] = Math.Min(left, right);
                result.Values[to++] = TOp.Invoke(left <= right ? x.Values[a] : T.Zero, right <= left ? y.Values[b] : T.Zero);
                a += left <= right ? 1 : 0;
                b += right <= left ? 1 : 0;
            }
            result.Offsets[r + 1] = to;
        }
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        return result;
    }
}
