using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Operations that look at one stored cell at a time and leave zero as it is: the result stores the same cells.</summary>
public static unsafe class SparseCells
{
    const int Piece = 1 << 16;

    /// <summary>op(x); the operator has to make zero of zero.</summary>
    /// <exception cref="RaisedException">A cell has no result.</exception>
    public static CsrMatrix<T> Unary<T>(EwUnaryKernel<T> kernel, CsrMatrix<T> x, TaskRunner? run = null) where T : unmanaged
    {
        if (!kernel.IsPartial) return Each<T, T>(x, run, (from, to) => kernel.Apply(from, to));
        // One by one, because the message names the cell.
        var result = x.WithNewValues<T>();
        for (long r = 0; r < x.Rows; r++)
            for (long at = x.Offsets[r]; at < x.Offsets[r + 1]; at++)
                kernel.Apply(new(x.Values + at, 1), new(result.Values + at, 1), new(r * x.Cols + x.Columns[at], x.Cols));
        GC.KeepAlive(x);
        return result;
    }

    /// <summary>x op y; the operator has to make zero of zero and y.</summary>
    public static CsrMatrix<T> RightScalar<T>(EwBinaryKernel<T> kernel, CsrMatrix<T> x, T y, TaskRunner? run = null) where T : unmanaged =>
        Each<T, T>(x, run, (from, to) => kernel.ApplyRightScalar(from, y, to));

    /// <summary>The cells as another type.</summary>
    public static CsrMatrix<TTo> Cast<TFrom, TTo>(CsrMatrix<TFrom> x, TaskRunner? run = null) where TFrom : unmanaged where TTo : unmanaged =>
        Each<TFrom, TTo>(x, run, Casts.Apply);

    /// <summary>How many cells are not zero; stored ones may be.</summary>
    public static long NonZeros<T>(CsrMatrix<T> x) where T : unmanaged, INumber<T>
    {
        long count = 0;
        for (long at = x.Offsets[0]; at < x.Offsets[x.Rows]; at++) count += T.IsZero(x.Values[at]) ? 0 : 1;
        GC.KeepAlive(x);
        return count;
    }

    delegate void Piecewise<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<TTo> to);

    static CsrMatrix<TTo> Each<TFrom, TTo>(CsrMatrix<TFrom> x, TaskRunner? run, Piecewise<TFrom, TTo> kernel) where TFrom : unmanaged where TTo : unmanaged
    {
        var result = x.WithNewValues<TTo>();
        long first = x.Offsets[0], stored = x.Stored;
        int pieces = checked((int)((stored + Piece - 1) / Piece));
        if (run is null || pieces < 4)
            for (int i = 0; i < pieces; i++) One(i);
        else run(pieces, One);
        GC.KeepAlive(x);
        return result;

        void One(int i)
        {
            long at = (long)i * Piece;
            int length = (int)Math.Min(Piece, stored - at);
            kernel(new(x.Values + first + at, length), new(result.Values + first + at, length));
        }
    }
}
