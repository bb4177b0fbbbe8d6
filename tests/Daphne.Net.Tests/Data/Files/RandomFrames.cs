using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Data.Files;

/// <summary>Frames of any shape and types, with text that needs quoting, for laws over files.</summary>
static class RandomFrames
{
    static readonly string[] words = ["", "plain", "a,b", "q\"q", "two\nlines", " sp ", "ünï", "\"", "'", "1.5", "\\n", "x\r\ny"];

    public static Frame Make(Random random, long rows, int cols) =>
        Make(rows, [.. Enumerable.Range(0, cols).Select(_ => ValueTypes.All[random.Next(ValueTypes.All.Count)]).Select(t => t == ValueTypeCode.Size ? ValueTypeCode.UI64 : t)], random);

    public static Frame Make(long rows, ValueTypeCode[] types, Random random) =>
        new(rows, [.. types.Select(t => Matrix(t, rows, 1, random))], [.. types.Select((t, i) => $"{words[i % words.Length]}{i}")]);

    public static Matrix Matrix(ValueTypeCode type, long rows, long cols, Random random)
    {
        if (type != ValueTypeCode.Str) return DenseMatrix.Dispatch<Numbers, Matrix>(type, new(rows, cols, random));
        var matrix = StringMatrix.Allocate(rows, cols, out var cells);
        foreach (ref string cell in cells) cell = words[random.Next(words.Length)] + (random.Next(3) == 0 ? random.Next(1000).ToString() : "");
        return matrix;
    }

    /// <summary>What differs between two frames; null if nothing does. Numbers count by their bits, except that all nan are the same.</summary>
    public static string? Difference(Frame a, Frame b)
    {
        if (a.Header != b.Header) return $"{a.Header} and {b.Header}";
        for (int j = 0; j < a.Cols; j++)
            if (Difference(a[j], b[j]) is { } difference) return $"column {j}: {difference}";
        return null;
    }

    public static string? Difference(Matrix a, Matrix b)
    {
        if (a.Header != b.Header) return $"{a.Header} and {b.Header}";
        if (a is StringMatrix x) return x.Span.SequenceEqual(((StringMatrix)b).Span) ? null : "other strings";
        return DenseMatrix.Dispatch<Same, bool>(a, new(b)) ? null : "other cells";
    }

    readonly struct Numbers(long rows, long cols, Random random) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged
        {
            var matrix = DenseMatrix<T>.Allocate(rows, cols);
            foreach (ref T cell in matrix.WritableSpan(0, (int)matrix.Cells))
            {
                ulong bits = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
                cell = random.Next(5) == 0 ? default
                    : typeof(T) == typeof(double) ? (T)(object)(random.Next(9) == 0 ? double.NaN : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300)))
                    : typeof(T) == typeof(float) ? (T)(object)(((float)random.NextDouble() - 0.5f) * 1e3f)
                    : typeof(T) == typeof(bool) ? (T)(object)((bits & 1) == 1) : Datum.FromBits<T>(bits);
            }
            return matrix;
        }
    }

    readonly struct Same(Matrix other) : IMatrixVisitor<bool>
    {
        public bool Visit<T>(DenseMatrix<T> matrix) where T : unmanaged => matrix.ToArray().SequenceEqual(((DenseMatrix<T>)other).ToArray());
    }
}
