using System.Collections.Immutable;
using System.Text;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Kernels;

/// <summary>Seeded frames of every value type for laws about kernels, and their cells as text.</summary>
static class RandomFrames
{
    static readonly string[] words = ["", "a", "ab", "aaa", "aab", "aaaa", "aaaaaa", "aaaaab", "b", "Z", "é", "ü", "\u4e2d", "\U0001F600", "\uE000", "a\0", "a\0\0"];

    /// <summary>Columns of types drawn at random, labelled c0, c1, …</summary>
    public static Frame Make(int rows, int cols, int seed)
    {
        var random = new Random(seed);
        ValueTypeCode[] types = [.. ValueTypes.All.Where(t => t != ValueTypeCode.Size)];
        return Make(rows, [.. Enumerable.Range(0, cols).Select(_ => types[random.Next(types.Length)])], seed);
    }

    /// <summary>Columns of these types. Values are few, so that equal ones are common.</summary>
    public static Frame Make(int rows, ValueTypeCode[] types, int seed)
    {
        var random = new Random(seed);
        return new(rows, [.. types.Select(t => Column(t, rows, random))], [.. types.Select((_, i) => $"c{i}")]);
    }

    /// <summary>A column of one value type.</summary>
    public static Matrix Column(ValueTypeCode type, int rows, Random random)
    {
        if (type == ValueTypeCode.Str) return new StringMatrix([.. Enumerable.Range(0, rows).Select(_ => words[random.Next(words.Length)])], rows, 1);
        return DenseMatrix.Dispatch<Cells, Matrix>(type, new(rows, random));
    }

    /// <summary>The print form: header and every cell.</summary>
    public static string Text(DataObject value) => Printer.ToText(Datum.Of(value));

    /// <summary>The cells row by row, without the header.</summary>
    public static string[] Lines(DataObject value) => Text(value).Split('\n')[1..^1];

    readonly struct Cells(int rows, Random random) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged
        {
            var draw = random;
            return DenseMatrix<T>.Copy([.. Enumerable.Range(0, rows).Select(_ => Cell<T>(draw))], rows, 1);
        }

        static T Cell<T>(Random random) where T : unmanaged
        {
            if (typeof(T) == typeof(double)) return (T)(object)(random.Next(9) switch { 0 => double.NaN, 1 => -0.0, var n => n - 4.5 });
            if (typeof(T) == typeof(float)) return (T)(object)(random.Next(9) switch { 0 => float.NaN, 1 => -0.0f, var n => n - 4.5f });
            return Datum.FromBits<T>(typeof(T) == typeof(bool) ? (ulong)random.Next(2) : (ulong)random.Next(-4, 5));
        }
    }
}
