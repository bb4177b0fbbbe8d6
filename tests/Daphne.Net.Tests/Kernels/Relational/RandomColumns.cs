using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Kernels;

/// <summary>Seeded columns of every value type in which values repeat, and their cells as values that compare across types.</summary>
static class RandomColumns
{
    static readonly string[] texts = ["", "a", "ab", "b", "B", "ä", "\uFFFD", "\U0001F600", "\U00010000", "\uE000z", "a\0"];

    /// <summary>The types a column can have; sizes are stored like ui64.</summary>
    public static ValueTypeCode[] Types { get; } = [.. ValueTypes.All.Where(t => t != ValueTypeCode.Size)];

    public static Matrix Make(ValueTypeCode type, int rows, Random random) => type switch
    {
        ValueTypeCode.Str => new StringMatrix([.. Enumerable.Range(0, rows).Select(_ => texts[random.Next(texts.Length)])], rows, 1),
        ValueTypeCode.F64 => Numbers<double>(rows, random),
        ValueTypeCode.F32 => Numbers<float>(rows, random),
        ValueTypeCode.UI64 => Numbers<ulong>(rows, random),
        ValueTypeCode.SI64 => Numbers<long>(rows, random),
        ValueTypeCode.UI32 => Numbers<uint>(rows, random),
        ValueTypeCode.SI32 => Numbers<int>(rows, random),
        ValueTypeCode.UI8 => Numbers<byte>(rows, random),
        ValueTypeCode.SI8 => Numbers<sbyte>(rows, random),
        _ => Numbers<bool>(rows, random),
    };

    // Corner values, and a few small numbers that every type has.
    static DenseMatrix<T> Numbers<T>(int rows, Random random) where T : unmanaged
    {
        T[] pool = [.. Cells.Random<T>(6, random.Next()), .. Enumerable.Range(0, 4).Select(i => Small<T>(i))];
        return DenseMatrix<T>.Copy(Enumerable.Range(0, rows).Select(_ => pool[random.Next(pool.Length)]).ToArray(), rows, 1);
    }

    static T Small<T>(int i) where T : unmanaged => typeof(T) == typeof(bool) ? (T)(object)(i % 2 == 1) : (T)Convert.ChangeType(i, typeof(T), null);

    public static object Cell(Matrix column, long row) => column switch
    {
        StringMatrix m => m[row, 0],
        DenseMatrix<double> m => m[row, 0],
        DenseMatrix<float> m => (double)m[row, 0],
        DenseMatrix<ulong> m => (BigInteger)m[row, 0],
        DenseMatrix<long> m => (BigInteger)m[row, 0],
        DenseMatrix<uint> m => (BigInteger)m[row, 0],
        DenseMatrix<int> m => (BigInteger)m[row, 0],
        DenseMatrix<byte> m => (BigInteger)m[row, 0],
        DenseMatrix<sbyte> m => (BigInteger)m[row, 0],
        DenseMatrix<bool> m => (BigInteger)(m[row, 0] ? 1 : 0),
        _ => throw new ArgumentException(column.Header),
    };

    /// <summary>The exact value of a cell: whole numbers as one type whatever the column's, so that equality is that of values; a nan equals itself.</summary>
    public static object Value(Matrix column, long row) =>
        Cell(column, row) is double x && double.IsFinite(x) && x == Math.Floor(x) ? new BigInteger(x) : Cell(column, row);

    public static bool IsNaN(Matrix column, long row) => Cell(column, row) is double.NaN;

    /// <summary>Columns joined by '|' as text; equal where all values are.</summary>
    public static string Key(IReadOnlyList<Matrix> columns, long row) => string.Join('|', columns.Select(c => $"{Value(c, row)}"));
}
