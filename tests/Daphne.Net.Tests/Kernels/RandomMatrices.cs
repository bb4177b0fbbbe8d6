using System.Numerics;
using Daphne.Net.Data;

namespace Daphne.Net.Tests.Kernels;

/// <summary>Seeded matrices for laws about kernels.</summary>
static class RandomMatrices
{
    /// <summary>Small whole numbers -9 … 9 (0 … 9 for unsigned types): exact in every type, and equal values are common.</summary>
    public static DenseMatrix<T> Whole<T>(long rows, long cols, int seed) where T : unmanaged, INumber<T>
    {
        var random = new Random(seed);
        bool signed = T.CreateSaturating(-1) < T.Zero;
        return Make(rows, cols, () => T.CreateTruncating(random.Next(signed ? -9 : 0, 10)));
    }

    /// <summary>Floats of either sign over many magnitudes, so that any change in the order of a sum shows in its last digits.</summary>
    public static DenseMatrix<T> Floats<T>(long rows, long cols, int seed) where T : unmanaged, IFloatingPoint<T>
    {
        var random = new Random(seed);
        return Make(rows, cols, () => T.CreateTruncating((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-6, 7))));
    }

    static DenseMatrix<T> Make<T>(long rows, long cols, Func<T> cell) where T : unmanaged =>
        DenseMatrix<T>.Copy(Enumerable.Range(0, (int)(rows * cols)).Select(_ => cell()).ToArray(), rows, cols);

    /// <summary>A matrix made cell by cell: the naive side of a comparison.</summary>
    public static DenseMatrix<T> Build<T>(long rows, long cols, Func<long, long, T> cell) where T : unmanaged =>
        DenseMatrix<T>.Copy(Enumerable.Range(0, (int)(rows * cols)).Select(i => cell(i / cols, i % cols)).ToArray(), rows, cols);

    /// <summary>Asserts equal shapes and cells, bit for bit.</summary>
    public static void AssertSame<T>(DenseMatrix<T> expected, DenseMatrix<T> actual, string what) where T : unmanaged
    {
        Assert.True((expected.Rows, expected.Cols) == (actual.Rows, actual.Cols), $"{what}: {actual.Rows}x{actual.Cols} instead of {expected.Rows}x{expected.Cols}");
        for (long i = 0; i < expected.Cells; i++)
        {
            T e = expected.Span(i, 1)[0], a = actual.Span(i, 1)[0];
            if (Datum.ToBits(e) != Datum.ToBits(a)) Assert.Fail($"{what}: cell [{i / expected.Cols}, {i % expected.Cols}] is {a} instead of {e}");
        }
    }
}
