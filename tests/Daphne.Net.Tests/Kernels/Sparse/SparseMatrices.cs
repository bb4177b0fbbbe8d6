using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels.Sparse;

/// <summary>Pairs of equal matrices, one dense and one sparse, and their comparison: to the bit, but a zero has no sign.</summary>
static class SparseMatrices
{
    /// <summary>Shapes with and without rows, columns and tails; the wide ones reach beyond blocks, strips and segments.</summary>
    public static readonly (int Rows, int Cols)[] Shapes = [(0, 0), (0, 5), (5, 0), (1, 1), (1, 37), (37, 1), (7, 9), (40, 33), (3, 5000), (5000, 2), (130, 70), (600, 12)];

    public static DenseMatrix<T> Dense<T>(int rows, int cols, double share, int seed) where T : unmanaged, INumber<T>
    {
        var random = new Random(seed);
        return RandomMatrices.Build(rows, cols, (_, _) => random.NextDouble() >= share ? T.Zero
            : typeof(T) == typeof(double) || typeof(T) == typeof(float) ? T.CreateTruncating((random.NextDouble() - 0.4) * Math.Pow(2, random.Next(-6, 7)))
            : T.CreateTruncating(random.Next(1, 100)));
    }

    public static (DenseMatrix<T> Dense, CsrMatrix<T> Sparse) Pair<T>(int rows, int cols, double share, int seed) where T : unmanaged, INumber<T>
    {
        var dense = Dense<T>(rows, cols, share, seed);
        return (dense, Compression.ToSparse(dense));
    }

    public static void AssertSame<T>(DenseMatrix<T> expected, Matrix actual, string what) where T : unmanaged, INumber<T>
    {
        if (actual is CsrMatrix<T> sparse) CheckOrder(sparse, what);
        var cells = actual as DenseMatrix<T> ?? Compression.ToDense((CsrMatrix<T>)actual);
        Assert.True((expected.Rows, expected.Cols) == (cells.Rows, cells.Cols), $"{what}: {cells.Rows}x{cells.Cols} instead of {expected.Rows}x{expected.Cols}");
        for (long i = 0; i < expected.Cells; i++)
        {
            T e = expected.Span(i, 1)[0], a = cells.Span(i, 1)[0];
            if (!(T.IsZero(e) && T.IsZero(a)) && !Kernels.Cells.Same(e, a)) Assert.Fail($"{what}: cell [{i / expected.Cols}, {i % expected.Cols}] is {a} instead of {e}");
        }
    }

    static unsafe void CheckOrder<T>(CsrMatrix<T> x, string what) where T : unmanaged
    {
        for (long r = 0; r < x.Rows; r++)
        {
            var columns = x.ColumnsOf(r);
            for (int i = 0; i < columns.Length; i++)
                if (columns[i] < (i == 0 ? 0 : columns[i - 1] + 1) || columns[i] >= x.Cols) Assert.Fail($"{what}: the columns of row {r} do not ascend");
        }
    }
}
