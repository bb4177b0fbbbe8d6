using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// Matrix products with a sparse operand, with the bits of the dense product (see <see cref="ProductSum{T}"/>), except where the right operand is one column.
/// Null where the dense kernel decides, because zero meets infinity or nan.
/// </summary>
public static unsafe class SparseMatMul
{
    /// <summary>a @ b for a sparse a.</summary>
    /// <exception cref="RaisedException">The inner dimensions differ.</exception>
    public static DenseMatrix<T>? Left<T>(CsrMatrix<T> a, DenseMatrix<T> b, TaskRunner? run = null) where T : unmanaged, INumber<T>
    {
        Check(a, b);
        if (!Finite.All(b)) return null;
        var result = DenseMatrix<T>.Allocate(a.Rows, b.Cols);
        if (b.Cols == 1) SparseRows.Run(a, run, (first, end) =>
        {
            for (long r = first; r < end; r++) result.Cell0[r] = Dot(a, r, b.Cell0);
        });
        else SparseRows.Run(a, run, (first, end) =>
        {
            using var row = new ProductRow<T>(b.Cols);
            for (long r = first; r < end; r++) row.Compute(a, r, b.Cell0, result.Cell0 + r * b.Cols);
        }, b.Cols);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        return result;
    }

    /// <summary>a @ b for a sparse b.</summary>
    /// <exception cref="RaisedException">The inner dimensions differ.</exception>
    public static DenseMatrix<T>? Right<T>(DenseMatrix<T> a, CsrMatrix<T> b, TaskRunner? run = null) where T : unmanaged, INumber<T>
    {
        Check(a, b);
        if (!Finite.All(a) || !Finite.All(b)) return null;
        var result = DenseMatrix<T>.Allocate(a.Rows, b.Cols);
        const long task = 1 << 17;
        long each = Math.Max(1, task / (b.Stored + b.Rows + 1));
        int tasks = checked((int)((a.Rows + each - 1) / each));
        if (run is null || tasks < 2) Rows(0, a.Rows);
        else run(tasks, i => Rows(i * each, Math.Min(a.Rows, (i + 1) * each)));
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        return result;

        void Rows(long first, long end)
        {
            var sums = new ProductSum<T>[b.Cols];
            for (long r = first; r < end; r++)
            {
                Array.Clear(sums);
                T* row = result.Cell0 + r * b.Cols, factors = a.Cell0 + r * a.Cols;
                for (int k = 0; k < a.Cols; k++)
                    for (long at = b.Offsets[k]; at < b.Offsets[k + 1]; at++) sums[b.Columns[at]].Add(k, factors[k], b.Values[at]);
                for (long c = 0; c < b.Cols; c++) row[c] = sums[c].Total;
            }
        }
    }

    /// <summary>a @ b for two sparse matrices, sparse: the cells are counted first, then computed.</summary>
    /// <exception cref="RaisedException">The inner dimensions differ.</exception>
    public static CsrMatrix<T>? Both<T>(CsrMatrix<T> a, CsrMatrix<T> b, TaskRunner? run = null) where T : unmanaged, INumber<T>
    {
        Check(a, b);
        if (!Finite.All(a) || !Finite.All(b)) return null;
        using var counts = new Scratch<long>(a.Rows);
        long* count = counts.Cell0;
        SparseRows.Run(a, run, (first, end) =>
        {
            var seen = new long[b.Cols];
            for (long r = first; r < end; r++)
            {
                long n = 0;
                for (long at = a.Offsets[r]; at < a.Offsets[r + 1]; at++)
                    foreach (int c in b.ColumnsOf(a.Columns[at]))
                        if (seen[c] != r + 1)
                        {
                            seen[c] = r + 1;
                            n++;
                        }
                count[r] = n;
            }
        }, 4);
        long stored = 0;
        for (long r = 0; r < a.Rows; r++) stored += count[r];
        var result = CsrMatrix<T>.Allocate(a.Rows, b.Cols, stored);
        Compression.Offsets(count, result);
        SparseRows.Run(a, run, (first, end) => Fill(a, b, result, first, end), 8);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        return result;
    }

    static void Fill<T>(CsrMatrix<T> a, CsrMatrix<T> b, CsrMatrix<T> result, long first, long end) where T : unmanaged, INumber<T>
    {
        var seen = new long[b.Cols];
        var sums = new ProductSum<T>[b.Cols];
        for (long r = first; r < end; r++)
        {
            long to = result.Offsets[r];
            for (long at = a.Offsets[r]; at < a.Offsets[r + 1]; at++)
            {
                T factor = a.Values[at];
                for (long k = b.Offsets[a.Columns[at]]; k < b.Offsets[a.Columns[at] + 1]; k++)
                {
                    int c = b.Columns[k];
                    if (seen[c] != r + 1)
                    {
                        seen[c] = r + 1;
                        sums[c] = default;
                        result.Columns[to++] = c;
                    }
                    sums[c].Add(a.Columns[at], factor, b.Values[k]);
                }
            }
            var columns = new Span<int>(result.Columns + result.Offsets[r], (int)(to - result.Offsets[r]));
            columns.Sort();
            for (int i = 0; i < columns.Length; i++) result.Values[result.Offsets[r] + i] = sums[columns[i]].Total;
        }
    }

    // The one sum that has not the bits of the dense product: looking for the borders of its blocks takes three times as long as the sum itself. Four chains,
    // so that an addition does not wait for the one before it; how they are joined is part of the result.
    static T Dot<T>(CsrMatrix<T> a, long row, T* x) where T : unmanaged, INumber<T>
    {
        long at = a.Offsets[row], end = a.Offsets[row + 1];
        int* columns = a.Columns;
        T* values = a.Values;
        T s = T.Zero, t = T.Zero, u = T.Zero, v = T.Zero;
        for (; at <= end - 4; at += 4)
        {
            s += values[at] * x[columns[at]];
            t += values[at + 1] * x[columns[at + 1]];
            u += values[at + 2] * x[columns[at + 2]];
            v += values[at + 3] * x[columns[at + 3]];
        }
        for (; at < end; at++) s += values[at] * x[columns[at]];
        return s + t + (u + v);
    }

    static void Check(Matrix a, Matrix b)
    {
        if (a.Cols != b.Rows) throw Diag.InnerDimensions.Raise("'@'", a.Shape(), b.Shape());
    }
}
